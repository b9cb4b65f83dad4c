"""Inspections of units as people work with them: find, look up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from engine import people
from engine.errors import NotFoundError
from engine.models import Unit
from engine.people import Authority
from processes.awards import permissions
from processes.awards.holds import is_in_force, open_remedies
from processes.awards.inspection_figures import is_remedy_late, is_report_late
from processes.awards.inspection_words import KIND_NAMES
from processes.awards.models import Inspection, InspectionKind, InspectionState, Remedy, RemedyState
from processes.awards.stages import INSPECTION_STATE_NAMES, word

ONLY = ("open_remedies", "late", "held")
"""What a list may be narrowed to besides a state: remedies open; report or remedy late; awards on hold."""


@dataclass(frozen=True)
class InspectionQuery:
    """What a list of inspections is narrowed to; empty fields narrow nothing."""

    state: InspectionState | None = None
    year: int | None = None
    """The year in which it was opened."""
    unit_code: str = ""
    only: str = ""
    """One of ``ONLY``."""
    page: int = 1
    per_page: int = 30


@dataclass(frozen=True)
class InspectionRow:
    """One row of the list, in one language."""

    id: int
    code: str
    unit: str
    topic: str
    kind: InspectionKind
    kind_name: str
    kind_chip: str
    state_name: str
    chip: str
    is_awaiting_report: bool
    opened_at: datetime
    report_due_on: date | None
    reported_at: datetime | None
    is_report_late: bool
    visit_at: datetime | None
    remedy_count: int
    open_count: int
    late_count: int
    next_remedy_on: date | None
    """Until when the next open remedy is to be mended."""
    is_held: bool


@dataclass(frozen=True)
class InspectionPage:
    """One page of the list."""

    rows: list[InspectionRow]
    total: int
    page: int
    page_count: int


def find_inspections(
    session: Session, *, reader: Authority, query: InspectionQuery, on: date, language: str = "vi"
) -> InspectionPage:
    """Return one page of the inspections the reader may see, the newest first; lateness is as of ``on``."""
    narrowed = _narrowed(session, query, on).where(permissions.inspections_visible_to(reader))
    total = session.scalar(select(func.count()).select_from(narrowed.subquery())) or 0
    page_count = max(1, -(-total // query.per_page))
    page = min(max(query.page, 1), page_count)
    found = session.scalars(
        narrowed.options(selectinload(Inspection.remedies))
        .order_by(Inspection.id.desc())
        .limit(query.per_page)
        .offset((page - 1) * query.per_page)
    )
    return InspectionPage([_row(one, on, language) for one in found], total, page, page_count)


def _narrowed(session: Session, query: InspectionQuery, on: date) -> Select[Inspection]:
    found = select(Inspection)
    if query.state is not None:
        found = found.where(Inspection.state == query.state)
    if query.year is not None:
        found = found.where(Inspection.code.like(f"KT-{query.year:d}-%"))
    if query.unit_code:
        found = found.where(Inspection.unit_id.in_(people.ids_of_body(session, query.unit_code)))
    return found.where(_only(query.only, on)) if query.only in ONLY else found


def _only(what: str, on: date) -> ColumnElement[bool]:
    is_open = Inspection.remedies.any(Remedy.state != RemedyState.VERIFIED)
    if what == "open_remedies":
        return is_open
    if what == "held":
        return and_(Inspection.holds_awards, Inspection.hold_lifted_at.is_(None), is_open)
    is_unsent = and_(
        Inspection.reported_at.is_(None),
        Inspection.report_due_on < on,
        Inspection.state == InspectionState.AWAITING_REPORT,
    )
    return or_(
        is_unsent, Inspection.remedies.any(and_(Remedy.state != RemedyState.VERIFIED, Remedy.due_on < on))
    )


def _row(inspection: Inspection, on: date, language: str) -> InspectionRow:
    state, kind = INSPECTION_STATE_NAMES[inspection.state], KIND_NAMES[inspection.kind]
    pending = open_remedies(inspection)
    return InspectionRow(
        id=inspection.id,
        code=inspection.code,
        unit=unit_name(inspection.unit, language),
        topic=inspection.topic,
        kind=inspection.kind,
        kind_name=word(kind, language),
        kind_chip=kind[2],
        state_name=word(state, language),
        chip=state[2],
        is_awaiting_report=inspection.state is InspectionState.AWAITING_REPORT,
        opened_at=inspection.opened_at,
        report_due_on=inspection.report_due_on,
        reported_at=inspection.reported_at,
        is_report_late=is_report_late(inspection, on=on),
        visit_at=inspection.visit_at,
        remedy_count=len(inspection.remedies),
        open_count=len(pending),
        late_count=sum(is_remedy_late(remedy, on=on) for remedy in pending),
        next_remedy_on=min((remedy.due_on for remedy in pending), default=None),
        is_held=is_in_force(inspection),
    )


def unit_name(unit: Unit, language: str) -> str:
    """Return a unit's name in ``vi`` or ``en``."""
    return (unit.name_en if language == "en" else "") or unit.name


def years_of(session: Session) -> Sequence[int]:
    """Return the years in which inspections were opened, the latest first."""
    codes = session.scalars(select(func.substr(Inspection.code, 4, 4)).distinct())
    return sorted((int(text) for text in codes if text.isdecimal()), reverse=True)


def get_inspection(session: Session, inspection_id: int, *, reader: Authority) -> Inspection:
    """Return an inspection the reader may see.

    Raises:
        NotFoundError: there is none, or it is none of his.

    """
    found = session.get(Inspection, inspection_id)
    if found is None or not permissions.can_see_inspection(reader, found):
        raise NotFoundError(f"no inspection {inspection_id} for person {reader.person_id}")
    return found
