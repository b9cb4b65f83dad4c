"""Begins drafts: with the newest version, with nothing, with files from outside, with an earlier version."""

from pathlib import PurePath

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import bundles, clock, drafts, exchange, text
from engine.drafts import UnreadableError
from engine.errors import ConflictError, InvalidInputError, NotFoundError
from engine.ingest.xml import MAX_BYTES
from engine.models import DefinitionVersion
from web.i18n import gettext as _
from web.studio_access import require_editor
from web.studio_files import refused_page
from web.transaction import transaction

pages = Blueprint("studio_beginning", __name__)


@pages.post("/definitions/<key>/draft")
def begin(key: str) -> ResponseReturnValue:
    """Open the draft of a process, or begin it with the newest version."""
    with transaction() as session:
        draft = drafts.open_draft(session, key, editor=require_editor(session), now=clock.now())
    return redirect(url_for("studio.show", draft_id=draft.id))


@pages.post("/studio/drafts")
def create() -> ResponseReturnValue:
    """Begin a process from nothing."""
    name = request.form.get("name", "")
    key = request.form.get("key", "").strip() or drafts.key_from(name)
    again = url_for("definitions.index", name=name, key=key, _anchor="quy-trinh-moi")
    with transaction() as session:
        editor = require_editor(session)
        try:
            draft = drafts.create_new(session, key, name, editor=editor, now=clock.now())
        except ConflictError:
            flash(_("Chưa tạo được: đã có quy trình mang mã %(key)s. Đặt mã khác.", key=key), "stop")
            return redirect(again)
        except InvalidInputError:
            flash(_("Chưa tạo được: ghi tên; mã chỉ gồm chữ không dấu, chữ số, dấu gạch dưới."), "stop")
            return redirect(again)
    return redirect(url_for("studio.show", draft_id=draft.id))


@pages.post("/studio/import")
def upload() -> ResponseReturnValue:
    """Begin a draft with files from outside: a diagram, several files, or a zip file."""
    with transaction() as session:
        editor = require_editor(session)
        try:
            draft = drafts.import_files(session, _posted_files(), editor=editor, now=clock.now())
        except UnreadableError as unreadable:
            return refused_page(unreadable)
        except ConflictError:
            flash(
                _("Quy trình này đang có bản nháp. Thay tệp trong bản nháp đó, hoặc bỏ bản nháp trước."),
                "stop",
            )
            return redirect(url_for("definitions.index"))
        except InvalidInputError:
            flash(_("Chưa mở được: cần một sơ đồ .bpmn, hoặc tệp .zip có sơ đồ bên trong."), "stop")
            return redirect(url_for("definitions.index"))
    flash(_("Đã mở thành bản nháp. Kiểm tra các vấn đề bên dưới trước khi gửi."), "ok")
    return redirect(url_for("studio.show", draft_id=draft.id, check=1))


@pages.post("/definitions/<int:version_id>/restore")
def restore(version_id: int) -> ResponseReturnValue:
    """Begin a draft that is an earlier version again."""
    with transaction() as session:
        editor, version = require_editor(session), session.get(DefinitionVersion, version_id)
        if version is None:
            raise NotFoundError(f"no version {version_id}")
        try:
            draft = drafts.restore(session, version, editor=editor, now=clock.now())
        except ConflictError:
            flash(_("Quy trình này đang có bản nháp. Gửi hoặc bỏ bản nháp đó trước."), "stop")
            return redirect(url_for("definitions.show", version_id=version_id))
    flash(_("Bản nháp bắt đầu từ bản %(n)s.", n=version.number), "ok")
    return redirect(url_for("studio.show", draft_id=draft.id))


def _posted_files() -> dict[str, bytes]:
    """Return the uploaded files by their plain names, zip files unpacked.

    Raises:
        InvalidInputError: a zip file cannot be read, or there is too much.

    """
    files: dict[str, bytes] = {}
    for posted in request.files.getlist("file"):
        name = text.nfc(PurePath(posted.filename or "").name)
        if name.lower().endswith(".zip"):
            files |= exchange.from_zip(posted.stream.read(bundles.MAX_BUNDLE_BYTES))
        elif name:
            files[name] = posted.stream.read(MAX_BYTES + 1)
    return files
