"""The files of a draft: read, written under the eyes of others, added, taken away."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from engine import bundles, text
from engine.drafts import blank
from engine.errors import ConflictError, InvalidInputError, NotFoundError
from engine.ingest import Problem, find_obstacles, find_processes
from engine.models import DefinitionDraft, DraftEdit, Person


class DraftConflictError(ConflictError):
    """The file is not what the editor has seen: somebody saved it since, or took it away."""

    def __init__(self, message: str, *, sha256: str, edit: DraftEdit | None) -> None:
        super().__init__(message)
        self.sha256 = sha256
        """What is stored now; empty where the file is gone."""
        self.edit = edit
        """Who did it last, and when; None where nobody has changed the file in this draft."""


class UnreadableError(InvalidInputError):
    """Files that no editor could open; ``problems`` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{one.file}: {one.message_en}" for one in problems[:10]))
        self.problems = problems


@dataclass(frozen=True)
class DraftFile:
    """One file as it is stored now."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The digest by which an editor says which state it has seen."""
        return digest(self.content)


def digest(content: bytes) -> str:
    """Return the SHA-256 of one file, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def files_of(draft: DefinitionDraft) -> dict[str, bytes]:
    """Return the files of ``draft`` by name.

    Raises:
        BundleDamagedError: what is stored is not what was stored.

    """
    return bundles.unpack(draft.content, draft.sha256)


def read_file(draft: DefinitionDraft, name: str) -> DraftFile:
    """Return one file.

    Raises:
        NotFoundError: the draft has no such file.

    """
    content = files_of(draft).get(name)
    if content is None:
        raise NotFoundError(f"draft {draft.id} has no file {name!r}")
    return DraftFile(name, content)


def write_file(  # noqa: PLR0913  # what is written, over what, by whom
    session: Session,
    draft: DefinitionDraft,
    name: str,
    content: bytes,
    *,
    expected_sha256: str,
    editor: Person,
    now: datetime,
) -> DraftFile:
    """Put ``content`` in the place of what the editor has seen, whose digest he gives. Flushes.

    Raises:
        DraftConflictError: the stored file has another digest, or is gone.
        UnreadableError: no editor could open it again.

    """
    refuse_unreadable({name: content})
    files = _lock(session, draft)
    stored = digest(files[name]) if name in files else ""
    if stored != expected_sha256:
        raise DraftConflictError(
            f"draft {draft.id}, {name!r}: stored {stored}, expected {expected_sha256}",
            sha256=stored,
            edit=last_edit(session, draft, name),
        )
    if files[name] != content:
        keep(session, draft, {**files, name: content}, editor=editor, now=now)
        note_edits(session, draft, [name], editor=editor, now=now)
    return DraftFile(name, content)


def add_file(  # noqa: PLR0913  # what is added, by whom
    session: Session,
    draft: DefinitionDraft,
    name: str,
    content: bytes,
    *,
    editor: Person,
    now: datetime,
    replace: bool = False,
) -> DraftFile:
    """Add a file; with ``replace`` it may take the place of one of that name. Flushes.

    Raises:
        ConflictError: there is one of that name.
        UnreadableError: no editor could open it.
        InvalidInputError: the name is no file name of a definition.

    """
    refuse_unreadable({name: content})
    files = _lock(session, draft)
    if name in files and not replace:
        raise ConflictError(f"draft {draft.id} has a file {name!r} already")
    keep(session, draft, {**files, name: content}, editor=editor, now=now)
    note_edits(session, draft, [name], editor=editor, now=now)
    return DraftFile(name, content)


def add_blank(  # noqa: PLR0913  # what is added, by whom
    session: Session,
    draft: DefinitionDraft,
    kind: str,
    file_id: str,
    *,
    name: str,
    editor: Person,
    now: datetime,
) -> DraftFile:
    """Add a new file of one of ``blank.KINDS``, named after its id. Flushes.

    Raises:
        ConflictError: there is one of that name.
        InvalidInputError: no such kind, or ``file_id`` is no id.

    """
    if kind not in blank.KINDS:
        raise InvalidInputError(f"no such kind of file: {kind!r}")
    suffix, make = blank.KINDS[kind]
    content = make(file_id, text.nfc(name.strip()) or file_id)
    return add_file(session, draft, f"{file_id}{suffix}", content, editor=editor, now=now)


def remove_file(
    session: Session, draft: DefinitionDraft, name: str, *, editor: Person, now: datetime
) -> None:
    """Take a file away; the main diagram stays. Flushes.

    Raises:
        NotFoundError: there is none of that name.
        InvalidInputError: it is the main diagram.

    """
    files = _lock(session, draft)
    if name not in files:
        raise NotFoundError(f"draft {draft.id} has no file {name!r}")
    if name == main_file(draft.key, files):
        raise InvalidInputError(f"draft {draft.id} needs its main diagram {name!r}")
    del files[name]
    keep(session, draft, files, editor=editor, now=now)
    note_edits(session, draft, [name], editor=editor, now=now)


def main_file(key: str, files: Mapping[str, bytes]) -> str:
    """Return the name of the diagram that holds the process ``key``, else of the first diagram.

    Raises:
        InvalidInputError: there is no diagram.

    """
    diagrams = sorted(name for name in files if name.endswith(".bpmn"))
    if not diagrams:
        raise InvalidInputError("a definition needs a diagram")
    holders = (name for name in diagrams if any(one.id == key for one in find_processes(files[name])))
    return next(holders, diagrams[0])


def refuse_unreadable(files: Mapping[str, bytes]) -> None:
    """Refuse files that no editor could open.

    Raises:
        UnreadableError: some are of that kind.

    """
    problems = find_obstacles(files)
    if problems:
        raise UnreadableError(problems)


def keep(
    session: Session, draft: DefinitionDraft, files: Mapping[str, bytes], *, editor: Person, now: datetime
) -> None:
    """Store ``files`` as the content of ``draft``, whose names follow its main process. Flushes.

    Raises:
        InvalidInputError: a name is no file name of a definition, or there is too much.

    """
    draft.content = bundles.pack(files)
    draft.sha256 = bundles.digest(files)
    processes = find_processes(files[main_file(draft.key, files)])
    process = next((one for one in processes if one.id == draft.key), None)
    if process is not None:
        draft.name, draft.name_en = process.name or draft.key, process.name_en
    draft.updated_at = now
    draft.updated_by = editor
    session.flush()


def note_edits(
    session: Session, draft: DefinitionDraft, names: list[str], *, editor: Person, now: datetime
) -> None:
    """Remember that ``editor`` had a hand in these files. Flushes."""
    for name in names:
        edit = session.get(DraftEdit, (draft.id, name, editor.id))
        if edit is None:
            session.add(
                DraftEdit(draft_id=draft.id, file=name, person_id=editor.id, first_at=now, last_at=now)
            )
        else:
            edit.last_at = now
    session.flush()


def edits_of(session: Session, draft: DefinitionDraft) -> list[DraftEdit]:
    """Return who changed what, the latest first."""
    query = select(DraftEdit).where(DraftEdit.draft_id == draft.id).options(joinedload(DraftEdit.person))
    return list(session.scalars(query.order_by(DraftEdit.last_at.desc(), DraftEdit.file)))


def last_edit(session: Session, draft: DefinitionDraft, name: str) -> DraftEdit | None:
    """Return who changed a file last; None where nobody has in this draft."""
    query = select(DraftEdit).where(DraftEdit.draft_id == draft.id, DraftEdit.file == name)
    return session.scalars(query.order_by(DraftEdit.last_at.desc()).limit(1)).first()


def _lock(session: Session, draft: DefinitionDraft) -> dict[str, bytes]:
    """Keep other writers out until the transaction ends; return the files as they are now."""
    query = (
        select(DefinitionDraft)
        .where(DefinitionDraft.id == draft.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if session.scalars(query).first() is None:
        raise NotFoundError(f"draft {draft.id} is gone")
    return files_of(draft)
