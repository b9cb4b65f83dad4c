"""What officers write about a dossier at each step: rows are added, never changed."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.models import Person
from processes.awards.models import AppraisalOpinion, Dossier, Nominee


def current_turn(session: Session, dossier: Dossier) -> int:
    """Return how often the dossier has been appraised, at least 1."""
    query = select(func.max(AppraisalOpinion.turn)).where(AppraisalOpinion.dossier_id == dossier.id)
    return session.scalar(query) or 1


def next_turn(session: Session, dossier: Dossier) -> int:
    """Return the number of the appraisal that is being written now."""
    query = select(func.max(AppraisalOpinion.turn)).where(
        AppraisalOpinion.dossier_id == dossier.id, AppraisalOpinion.step == "appraise_dossier"
    )
    return (session.scalar(query) or 0) + 1


def add_opinion(  # noqa: PLR0913  # the columns of an opinion
    session: Session,
    dossier: Dossier,
    *,
    step: str,
    verdict: str,
    text: str,
    author: Person,
    now: datetime,
    turn: int,
    nominee: Nominee | None = None,
) -> None:
    """Add an opinion on a nominee, or on the whole dossier. The caller flushes."""
    session.add(
        AppraisalOpinion(
            dossier_id=dossier.id,
            nominee_id=nominee.id if nominee else None,
            about=nominee.name if nominee else "",
            turn=turn,
            step=step,
            verdict=verdict,
            text=text,
            author_id=author.id,
            written_at=now,
        )
    )
