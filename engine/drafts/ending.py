"""Ends a draft: submitted as a version that a second person may publish, or thrown away."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from engine import definitions, history
from engine.definitions import NotPublishableError
from engine.drafts.checks import problems_of
from engine.drafts.contents import edits_of, files_of
from engine.errors import InvalidInputError
from engine.ingest import Severity
from engine.models import (
    DefinitionContributor,
    DefinitionDraft,
    DefinitionVersion,
    DraftEdit,
    DraftVisit,
    Person,
)


def submit(
    session: Session, draft: DefinitionDraft, *, comment: str, editor: Person, now: datetime
) -> DefinitionVersion:
    """Freeze a draft as the next version, which somebody who had no hand in it may publish. Flushes.

    Raises:
        NotPublishableError: it cannot run, or names what is not here.
        InvalidInputError: it is what it began as.

    """
    if not is_changed(draft):
        raise InvalidInputError(f"draft {draft.id} is version {draft.base_version_id} still")
    standing = [
        found for found in problems_of(session, draft, now=now) if found.severity is not Severity.NOTE
    ]
    if standing:
        raise NotPublishableError(f"draft {draft.id} has {len(standing)} problems", standing)
    version = definitions.create_draft(
        session, draft.key, files_of(draft), author=editor, now=now, comment=comment
    )
    for edit in edits_of(session, draft):
        session.add(
            DefinitionContributor(
                version_id=version.id, file=edit.file, person_id=edit.person_id, last_at=edit.last_at
            )
        )
    _end(session, draft, "draft_submitted", editor=editor, now=now, version=version)
    return version


def discard(session: Session, draft: DefinitionDraft, *, editor: Person, now: datetime) -> None:
    """Throw a draft away with all that was changed in it. Flushes."""
    _end(session, draft, "draft_discarded", editor=editor, now=now, version=None)


def is_changed(draft: DefinitionDraft) -> bool:
    """Whether the draft differs from the version it began as."""
    return draft.base_version is None or draft.base_version.sha256 != draft.sha256


def _end(  # noqa: PLR0913  # whose end, which
    session: Session,
    draft: DefinitionDraft,
    kind: str,
    *,
    editor: Person,
    now: datetime,
    version: DefinitionVersion | None,
) -> None:
    details = {
        "key": draft.key,
        "draft_id": draft.id,
        "sha256": draft.sha256,
        "number": version.number if version else None,
    }
    for rows in (DraftEdit, DraftVisit):
        session.execute(delete(rows).where(rows.draft_id == draft.id))
    session.delete(draft)
    session.flush()
    history.append(session, instance_id=None, kind=kind, actor=editor, now=now, details=details)
