"""Puts into words where instances stand: steps with their numbers, and what one instance waits for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from engine import definitions
from engine.diagram import Element
from engine.instances import Place, Span, Standing, Wait, is_watch
from engine.models import DefinitionVersion
from web import deadlines
from web.deadlines import Deadline
from web.element_words import event_words, kind_words
from web.i18n import gettext as _
from web.i18n import language, ngettext, pick

LEVELS: Final = 4
"""How many shades the drawing has, besides none."""
_WORKING_DAY: Final = timedelta(hours=8)


@dataclass(frozen=True)
class StepRow:
    """One element with what stands there, as people read it."""

    element_id: str
    name: str
    kind: str
    process: str
    """The called process that holds it; empty for the drawn one."""
    standing: Standing
    span: Span | None
    usual: str
    """How long it usually takes, in words; empty where nobody knows."""
    is_drawn: bool
    """Whether the drawing at hand has it."""


@dataclass(frozen=True)
class PlaceLine:
    """What one instance waits for, one line each."""

    steps: Sequence[str]
    since: datetime | None
    deadline: Deadline | None
    holders: Sequence[str]


class Steps:
    """The elements of a definition's versions, with the drawn version first."""

    def __init__(
        self, session: Session, drawn: DefinitionVersion, versions: Iterable[DefinitionVersion]
    ) -> None:
        self._session = session
        self._drawn = drawn
        self._versions = versions
        self._main = _elements(session, drawn, main_only=True)
        self._known = _elements(session, drawn)
        self._kinds = kind_words()
        self._events = event_words()

    def rows(self, standings: Iterable[Standing], spans: Mapping[str, Span]) -> list[StepRow]:
        """Return a row for each element where something stands, then for those that somebody has passed."""
        found = list(standings)
        empty = [
            Standing(one) for one in spans.keys() - {one.element_id for one in found} if one in self._known
        ]
        order = {element_id: place for place, element_id in enumerate(self._known)}
        empty.sort(key=lambda one: order[one.element_id])
        return [self._row(one, spans.get(one.element_id)) for one in [*found, *empty]]

    def marks(self, rows: Iterable[StepRow]) -> dict[str, dict[str, Any]]:
        """Return what the drawing shows on each element, by its id."""
        shown = [row for row in rows if row.element_id in self._main]
        most = max((row.standing.instances for row in shown), default=0)
        longest = max((_weight(row.span) for row in shown), default=0.0)
        return {
            row.element_id: {
                "count": row.standing.instances,
                "byCount": _level(row.standing.instances, most),
                "byTime": _level(_weight(row.span), longest),
                "usual": row.usual,
                "overdue": row.standing.overdue,
                "incidents": row.standing.incidents,
                "says": _sentence(row),
            }
            for row in shown
        }

    def name(self, element_id: str) -> str:
        """Return what people call an element, as the newest version that has it calls it."""
        element = self.find(element_id)
        return element.label(language()) if element else element_id

    def find(self, element_id: str) -> Element | None:
        """Return the element in the drawn version, else in the newest that has it."""
        if element_id in self._known:
            return self._known[element_id]
        for version in self._versions:
            elements = _elements(self._session, version)
            if element_id in elements:
                return elements[element_id]
        return None

    def place_line(self, place: Place, now: datetime) -> PlaceLine:
        """Say where an instance waits, since when, until when and at whom."""
        stands = [wait for wait in place.waits if not is_watch(self.find(wait.element_id))]
        due_at = min((wait.due_at for wait in stands if wait.kind == "task" and wait.due_at), default=None)
        return PlaceLine(
            steps=list(dict.fromkeys(self.name(wait.element_id) for wait in stands)),
            since=min((wait.since for wait in stands if wait.since), default=None),
            deadline=deadlines.describe(due_at, now),
            holders=list(dict.fromkeys(holder_of(wait) for wait in stands)),
        )

    def _row(self, standing: Standing, span: Span | None) -> StepRow:
        element = self.find(standing.element_id)
        return StepRow(
            element_id=standing.element_id,
            name=self.name(standing.element_id) or _("Cả quy trình"),
            kind=self._kind(element),
            process=self._process(element),
            standing=standing,
            span=span,
            usual=span_in_words(span),
            is_drawn=standing.element_id in self._known,
        )

    def _kind(self, element: Element | None) -> str:
        if element is None:
            return ""
        kind = self._kinds.get(element.kind, element.kind)
        event = self._events.get(element.event.kind) if element.event else None
        return f"{kind}, {event}" if event else kind

    def _process(self, element: Element | None) -> str:
        if element is None or element.process_id == self._drawn.key:
            return ""
        program = definitions.program_of(self._session, self._drawn.id)
        found = (
            diagram.processes[element.process_id]
            for diagram in program.diagrams.values()
            if element.process_id in diagram.processes
        )
        process = next(found, None)
        return pick(process.name, process.name_en) if process else element.process_id


def span_in_words(span: Span | None) -> str:
    """Return a usual time in working days, below one in hours or minutes; empty without one."""
    if span is None:
        return ""
    if span.working_days > 0:
        return ngettext("%(num)s ngày làm việc", "%(num)s ngày làm việc", span.working_days)
    hours = round(span.elapsed / timedelta(hours=1))
    if hours:
        return ngettext("%(num)s giờ", "%(num)s giờ", hours)
    return ngettext("%(num)s phút", "%(num)s phút", max(1, round(span.elapsed / timedelta(minutes=1))))


def holder_of(wait: Wait) -> str:
    """Say who holds what is waited for: a person, nobody yet, the clock or another process."""
    if wait.kind == "timer":
        return _("hẹn giờ")
    if wait.kind == "message":
        return _("chờ tin báo")
    return wait.task.assignee.full_name if wait.task and wait.task.assignee else _("chưa ai nhận")


def _elements(session: Session, version: DefinitionVersion, *, main_only: bool = False) -> dict[str, Element]:
    """Return the elements of a version by id; those of its main diagram come first."""
    diagrams = definitions.program_of(session, version.id).diagrams.values()
    ordered = sorted(diagrams, key=lambda one: version.key not in one.processes)
    wanted = ordered[:1] if main_only else ordered
    return {element.id: element for diagram in wanted for element in diagram.elements.values()}


def _weight(span: Span | None) -> float:
    """Return a number that grows with a usual time, in working days."""
    if span is None:
        return 0.0
    return span.working_days or min(span.elapsed / _WORKING_DAY, 0.99)


def _level(value: float, most: float) -> int:
    """Return the shade of a value: 0 for nothing, 4 for the most."""
    return -int(-LEVELS * value // most) if value and most else 0


def _sentence(row: StepRow) -> str:
    """Say all that the marks of an element say, for ears."""
    parts = [f"{row.name}: " + ngettext("%(num)s đang ở đây", "%(num)s đang ở đây", row.standing.instances)]
    if row.usual:
        parts.append(_("thường mất %(time)s", time=row.usual))
    if row.standing.overdue:
        parts.append(ngettext("%(num)s quá hạn", "%(num)s quá hạn", row.standing.overdue))
    if row.standing.incidents:
        parts.append(ngettext("%(num)s sự cố", "%(num)s sự cố", row.standing.incidents))
    return ", ".join(parts)
