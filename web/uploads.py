"""Gives back files that people handed in: always as a download, never shown inside the site."""

from flask import Blueprint, Response, send_file
from flask.typing import ResponseReturnValue

from engine import files
from web.security import FILE_POLICY
from web.transaction import current_person, reading

pages = Blueprint("uploads", __name__)


@pages.get("/files/<int:upload_id>")
def download(upload_id: int) -> ResponseReturnValue:
    """Send a file to somebody who may see the instance it belongs to."""
    with reading() as session:
        upload, path = files.open_upload(session, upload_id, reader=current_person(session))
        response: Response = send_file(
            path,
            mimetype=upload.media_type,
            as_attachment=True,
            download_name=upload.name,
            etag=upload.sha256,
        )
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response
