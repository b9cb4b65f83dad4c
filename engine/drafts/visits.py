"""Who has a draft open just now, so that two do not draw the same element unawares."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from engine.models import DefinitionDraft, DraftVisit, Person

VISIT_SECONDS: Final = 60
"""How long a visit counts that is not renewed."""


def visit(session: Session, draft: DefinitionDraft, file: str, *, visitor: Person, now: datetime) -> None:
    """Note that ``visitor`` has ``file`` open. Flushes."""
    # Two windows of one person would both add the first visit: the draft's row keeps them in one line.
    session.execute(select(DefinitionDraft.id).where(DefinitionDraft.id == draft.id).with_for_update())
    found = session.get(DraftVisit, (draft.id, visitor.id), populate_existing=True)
    if found is None:
        session.add(DraftVisit(draft_id=draft.id, person_id=visitor.id, file=file, seen_at=now))
    else:
        found.file, found.seen_at = file, now
    session.flush()


def find_visits(
    session: Session, draft: DefinitionDraft, *, now: datetime, but: Person | None = None
) -> list[DraftVisit]:
    """Return who has the draft open, the latest first, without the person ``but``."""
    query = (
        select(DraftVisit)
        .where(DraftVisit.draft_id == draft.id, DraftVisit.seen_at > now - timedelta(seconds=VISIT_SECONDS))
        .options(joinedload(DraftVisit.person))
        .order_by(DraftVisit.seen_at.desc())
    )
    return [one for one in session.scalars(query) if but is None or one.person_id != but.id]
