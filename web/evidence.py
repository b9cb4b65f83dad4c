"""What stands beside a task's form: the dossier, the council session or the inspection it is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine import clock
from engine.people import local_day
from processes.awards import council_page, dossier_page, inspection_page
from processes.awards.models import CouncilSession, Dossier, Inspection
from web.i18n import language
from web.subjects import Subject
from web.transaction import current_authority, current_person


@dataclass(frozen=True)
class Evidence:
    """A template and the facts it shows."""

    template: str
    facts: object


def of_subject(session: Session, about: Subject) -> Evidence | None:
    """Return the evidence for whoever may see the task; None where there is nothing to show."""
    gather = _GATHERERS.get(about.endpoint)
    return gather(session, about.number) if gather else None


def _of_dossier(session: Session, dossier_id: int) -> Evidence | None:
    dossier = session.get(Dossier, dossier_id)
    if dossier is None or not dossier.nominees:
        return None
    facts = dossier_page.dossier_facts(
        session, dossier, reader=current_authority(session), language=language(), on=local_day(clock.now())
    )
    return Evidence("dossiers/side.html", facts)


def _of_session(session: Session, session_id: int) -> Evidence | None:
    meeting = session.get(CouncilSession, session_id)
    if meeting is None:
        return None
    facts = council_page.session_facts(
        session, meeting, reader=current_person(session), language=language(), now=clock.now()
    )
    return Evidence("council/side.html", facts)


def _of_inspection(session: Session, inspection_id: int) -> Evidence | None:
    inspection = session.get(Inspection, inspection_id)
    if inspection is None:
        return None
    facts = inspection_page.inspection_facts(
        session, inspection, on=local_day(clock.now()), language=language()
    )
    return Evidence("inspections/side.html", facts)


_GATHERERS: Mapping[str, Callable[[Session, int], Evidence | None]] = {
    "dossiers.show": _of_dossier,
    "council.show": _of_session,
    "inspections.show": _of_inspection,
}
