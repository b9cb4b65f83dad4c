"""Begins the one draft of a definition: from its newest version, from nothing, from files, from history."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer, joinedload

from engine import bundles, definitions, history, text
from engine.drafts import blank
from engine.drafts.contents import keep, main_file, note_edits, refuse_unreadable
from engine.errors import ConflictError, InvalidInputError, NotFoundError
from engine.ingest import find_processes
from engine.ingest.references import is_id
from engine.models import DefinitionDraft, DefinitionVersion, DraftEdit, Person, VersionState

LONGEST_KEY: Final = 60
LONGEST_NAME: Final = 200
_NO_KEY_LETTERS: Final = re.compile(r"[^a-z0-9]+")


def find_draft(session: Session, key: str) -> DefinitionDraft | None:
    """Return the draft of a definition; None where nobody is working on it."""
    return session.scalars(select(DefinitionDraft).where(DefinitionDraft.key == key)).first()


def find_drafts(session: Session) -> list[DefinitionDraft]:
    """Return all drafts without their content, by key."""
    shown = (defer(DefinitionDraft.content, raiseload=True), joinedload(DefinitionDraft.updated_by))
    return list(session.scalars(select(DefinitionDraft).options(*shown).order_by(DefinitionDraft.key)))


def get_draft(session: Session, draft_id: int) -> DefinitionDraft:
    """Return a draft. The caller has checked that the reader may edit definitions.

    Raises:
        NotFoundError: there is none: it was submitted or thrown away, or never was.

    """
    draft = session.get(DefinitionDraft, draft_id)
    if draft is None:
        raise NotFoundError(f"no draft {draft_id}")
    return draft


def open_draft(session: Session, key: str, *, editor: Person, now: datetime) -> DefinitionDraft:
    """Return the draft of a definition; where there is none, one of its newest version. Flushes.

    A version that waits for its second person is newer than the one in use, and is built upon.

    Raises:
        NotFoundError: there is no such definition.

    """
    draft = find_draft(session, key)
    if draft is not None:
        return draft
    base = newest(definitions.find_versions(session, key))
    if base is None:
        raise NotFoundError(f"no definition {key}")
    try:
        return _begin_with(session, base, "draft_opened", editor=editor, now=now)
    except ConflictError:
        # Somebody else has opened it in the same moment.
        draft = find_draft(session, key)
        if draft is None:
            raise
        return draft


def newest(versions: Sequence[DefinitionVersion]) -> DefinitionVersion | None:
    """Return what a draft builds upon, of versions newest first: what waits or is in use, else the last."""
    alive = (one for one in versions if one.state is not VersionState.RETIRED)
    return next(alive, versions[0] if versions else None)


def restore(
    session: Session, version: DefinitionVersion, *, editor: Person, now: datetime
) -> DefinitionDraft:
    """Begin a draft that is an earlier version again. Flushes.

    Raises:
        ConflictError: somebody is working on the definition.

    """
    draft = _begin_with(session, version, "draft_restored", editor=editor, now=now)
    note_edits(session, draft, list(definitions.files_of(version)), editor=editor, now=now)
    return draft


def create_new(session: Session, key: str, name: str, *, editor: Person, now: datetime) -> DefinitionDraft:
    """Begin a definition from nothing: a start and an end. Flushes.

    Raises:
        ConflictError: there is one of that key.
        InvalidInputError: the key is no id, or the name is missing or too long.

    """
    name = text.nfc(" ".join(name.split()))
    if not name or len(name) > LONGEST_NAME or len(key) > LONGEST_KEY:
        raise InvalidInputError(f"not a name and key of a process: {name!r}, {key!r}")
    files = {f"{key}.bpmn": blank.diagram(key, name)}
    if definitions.find_versions(session, key):
        raise ConflictError(f"there is a definition {key}")
    return _begin(session, key, files, None, kind="draft_opened", editor=editor, now=now)


def import_files(
    session: Session, files: Mapping[str, bytes], *, editor: Person, now: datetime
) -> DefinitionDraft:
    """Begin a draft with files from outside, which need not be right but must be readable. Flushes.

    Which definition it is says the process of the first diagram, one that runs before one that does not. Of a
    definition that is known, the files of its newest version stay where no file has their name.

    Raises:
        ConflictError: somebody is working on that definition.
        UnreadableError: no editor could open some of the files.
        InvalidInputError: there is no diagram.

    """
    refuse_unreadable(files)
    key = _key_of(files)
    if not definitions.find_versions(session, key):
        return _begin(session, key, files, None, kind="draft_imported", editor=editor, now=now)
    if find_draft(session, key) is not None:
        raise ConflictError(f"definition {key} has a draft")
    draft = open_draft(session, key, editor=editor, now=now)
    stored = dict(definitions.files_of(_base_of(draft)))
    given = dict(files)
    theirs, ours = main_file(key, given), main_file(key, stored)
    if ours not in given:
        given[ours] = given.pop(theirs)
    keep(session, draft, {**stored, **given}, editor=editor, now=now)
    changed = [name for name, content in given.items() if stored.get(name) != content]
    note_edits(session, draft, changed, editor=editor, now=now)
    return draft


def key_from(name: str) -> str:
    """Return the key that a process of that name gets: its words without marks, joined by ``_``."""
    key = _NO_KEY_LETTERS.sub("_", text.fold(name)).strip("_")[:LONGEST_KEY].strip("_")
    return key if is_id(key) else f"process_{key}".strip("_")


def _base_of(draft: DefinitionDraft) -> DefinitionVersion:
    if draft.base_version is None:
        raise NotFoundError(f"draft {draft.id} has no version it began as")
    return draft.base_version


def _key_of(files: Mapping[str, bytes]) -> str:
    diagrams = sorted(name for name in files if name.endswith(".bpmn"))
    if not diagrams:
        raise InvalidInputError("a definition needs a diagram")
    processes = [process for name in diagrams for process in find_processes(files[name])]
    processes.sort(key=lambda process: not process.executable)
    key = processes[0].id if processes else ""
    return key if is_id(key) and len(key) <= LONGEST_KEY else key_from(diagrams[0].removesuffix(".bpmn"))


def _begin_with(
    session: Session, version: DefinitionVersion, kind: str, *, editor: Person, now: datetime
) -> DefinitionDraft:
    """Begin with a version's files; who wrote what nobody has published yet, has written this as well."""
    files = definitions.files_of(version)
    draft = _begin(session, version.key, files, version, kind=kind, editor=editor, now=now)
    if version.published_at is None:
        session.add_all(_inherited(session, draft, version, files))
        session.flush()
    return draft


def _inherited(
    session: Session, draft: DefinitionDraft, version: DefinitionVersion, names: Iterable[str]
) -> list[DraftEdit]:
    hands = {
        (row.file, row.person_id): row.last_at for row in definitions.find_contributors(session, version)
    }
    if version.created_by_id is not None:
        for name in names:
            hands.setdefault((name, version.created_by_id), version.created_at)
    return [
        DraftEdit(draft_id=draft.id, file=name, person_id=person_id, first_at=at, last_at=at)
        for (name, person_id), at in hands.items()
    ]


def _begin(  # noqa: PLR0913  # what a draft begins with
    session: Session,
    key: str,
    files: Mapping[str, bytes],
    base: DefinitionVersion | None,
    *,
    kind: str,
    editor: Person,
    now: datetime,
) -> DefinitionDraft:
    draft = DefinitionDraft(
        key=key,
        base_version=base,
        name=base.name if base else key,
        name_en=base.name_en if base else "",
        sha256=bundles.digest(files),
        content=bundles.pack(files),
        created_at=now,
        created_by=editor,
        updated_at=now,
        updated_by=editor,
    )
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError as error:
        raise ConflictError(f"definition {key} has a draft") from error
    if base is None:
        keep(session, draft, files, editor=editor, now=now)
        note_edits(session, draft, list(files), editor=editor, now=now)
    details = {"key": key, "draft_id": draft.id, "base": base.number if base else None}
    history.append(session, instance_id=None, kind=kind, actor=editor, now=now, details=details)
    return draft
