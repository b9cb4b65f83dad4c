"""Keeps uploads under their digest: written whole or not at all, found only by those who may."""

import hashlib
import os
import tempfile
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, people, permissions, setup
from engine.errors import NotFoundError
from engine.files.checking import FileRefusedError, check_content, is_asked_for
from engine.files.names import clean_name
from engine.models import Person, ProcessInstance, Task, Upload

_ORPHAN_AGE: Final = timedelta(days=1)


def store_upload(  # noqa: PLR0913  # the file, and whose and whereto it is
    session: Session,
    content: bytes | BinaryIO,
    name: str,
    *,
    person: Person,
    now: datetime,
    task: Task | None = None,
    instance: ProcessInstance | None = None,
    accept: Collection[str] = (),
    present: Collection[str] = (),
) -> Upload:
    """Check a file and keep it; the same content is kept once. Flushes.

    ``accept`` are the endings and media types that are asked for, in lower case; none: all that are taken.
    ``present`` are the digests of what was handed in beside it.

    The bytes are on the disk before the row is; a transaction that is rolled back leaves an orphan, which
    ``find_orphans`` lists.

    Raises:
        FileRefusedError: too big, of a kind that is not taken or not asked for, or there already.

    """
    wiring = setup.of(session)
    data = _read(content, wiring.upload_limit_bytes)
    kind = check_content(data)
    if accept and not is_asked_for(kind, accept):
        raise FileRefusedError("not_asked_for", f"{kind.suffix} is not among {sorted(accept)}")
    digest = hashlib.sha256(data).hexdigest()
    if digest in present:
        raise FileRefusedError("twice", f"{digest} is there already")
    _write(path_of(wiring.files, digest), data)
    upload = Upload(
        sha256=digest,
        name=clean_name(name, kind.suffix),
        media_type=kind.media_type,
        size_bytes=len(data),
        uploaded_at=now,
        uploaded_by_id=person.id,
        task_id=task.id if task else None,
        instance_id=task.instance_id if task else instance.id if instance else None,
    )
    session.add(upload)
    session.flush()
    return upload


def open_upload(
    session: Session, upload_id: int, *, reader: Person, now: datetime | None = None
) -> tuple[Upload, Path]:
    """Return an upload and where its bytes are, to whoever handed it in or may see its instance today.

    Raises:
        NotFoundError: there is none, it is not his to see, or its bytes are gone.

    """
    upload = session.get(Upload, upload_id)
    if upload is None or not _may_see(session, upload, reader, now or clock.now()):
        raise NotFoundError(f"upload {upload_id} for person {reader.id}")
    path = path_of(setup.of(session).files, upload.sha256)
    if not path.is_file():
        raise NotFoundError(f"the bytes of upload {upload_id} are gone")
    return upload, path


def may_use_upload(session: Session, upload_id: int, *, task: Task, person: Person) -> bool:
    """Whether an answer to the task may name the upload: it belongs to its instance, or to nothing yet and to
    the person himself."""  # noqa: D205, D209  # one sentence
    upload = session.get(Upload, upload_id)
    if upload is None:
        return False
    if upload.instance_id is None:
        return upload.uploaded_by_id == person.id
    return upload.instance_id == task.instance_id


def find_orphans(session: Session, *, now: datetime) -> list[Path]:
    """Return files older than a day that no upload names: left by transactions that were rolled back."""
    folder = setup.of(session).files
    known = set(session.scalars(select(Upload.sha256).distinct()))
    newest = (now - _ORPHAN_AGE).timestamp()
    found: list[Path] = list(folder.glob("*/*")) if folder.is_dir() else []
    return sorted(path for path in found if path.name not in known and path.stat().st_mtime < newest)


def path_of(folder: Path, digest: str) -> Path:
    """Return where the bytes with this digest lie."""
    return folder / digest[:2] / digest


def _may_see(session: Session, upload: Upload, reader: Person, now: datetime) -> bool:
    if upload.uploaded_by_id == reader.id:
        return True
    if upload.instance_id is None:
        return False
    authority = people.authority_of(session, reader, on=people.local_day(now))
    return permissions.can_see_instance(session, authority, upload.instance_id)


def _read(content: bytes | BinaryIO, limit_bytes: int) -> bytes:
    data = content if isinstance(content, bytes) else content.read(limit_bytes + 1)
    if len(data) > limit_bytes:
        raise FileRefusedError("too_big", f"the file is larger than {limit_bytes} bytes")
    return data


def _write(path: Path, data: bytes) -> None:
    """Write under another name, make it safe on the disk, then rename: never half a file under its digest."""
    if path.is_file() and path.stat().st_size == len(data):
        path.touch()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename safe against power cuts, where the system lets a folder be opened."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
