"""Chooses the units to inspect in a year: by time, by risk signs, and by a draw that can be made again."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.calendar import Calendar, load_calendar
from engine.models import Unit
from engine.people import local_day
from processes.awards.errors import AnswerError
from processes.awards.inspection_facts import UnitFacts, gather_unit_facts
from processes.awards.models import InspectionPlan, PlannedInspection

LAST_VISIT: Final = (11, 15)
"""Month and day: later visits would be concluded after the year's summary."""
SIGNS: Final = ("late_remedies", "open_remedies", "returned_dossiers", "complaints", "late_reports")
"""Risk signs: names of counts in ``UnitFacts`` and of their thresholds in ``ChoiceRule``, the worst first."""
_NEVER: Final = 1000
"""Sorts a unit that was never inspected before all others."""


@dataclass(frozen=True)
class ChoiceRule:
    """By what units are chosen. A threshold of 0 turns its sign off."""

    LARGEST: ClassVar[int] = 500
    """No number of a rule is greater."""
    years: int = 3
    """A unit is due when it was not inspected for so many years."""
    late_remedies: int = 1
    open_remedies: int = 1
    returned_dossiers: int = 3
    complaints: int = 1
    late_reports: int = 2
    most_units: int = 20
    """How many units there is time for. Those with risk signs come in any case, then the longest waiting."""
    random_units: int = 2
    random_percent: int = 0
    """How many of the rest are drawn: so many units, or so many of a hundred where that is more."""
    notice_days: int = 20
    """Working days between the notice and the visit."""
    cross_clusters: tuple[str, ...] = ()
    """Codes of the clusters whose members inspect one another this year."""

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "ChoiceRule":
        """Return the rule a plan keeps; what it does not say is the default."""
        numbers = {
            field.name: value
            for field in fields(cls)
            if isinstance(value := kept.get(field.name), int) and 0 <= value <= cls.LARGEST
        }
        crossing: Sequence[str] = kept.get("cross_clusters", ())
        return cls(**numbers, cross_clusters=tuple(crossing))

    def as_json(self) -> dict[str, Any]:
        """Return what a plan keeps of the rule."""
        return asdict(self) | {"cross_clusters": list(self.cross_clusters)}


class Choice(NamedTuple):
    """A unit that was chosen, and on what grounds: ``name:count``, ``never_inspected`` or ``random``."""

    facts: UnitFacts
    grounds: list[str]


class Proposal(NamedTuple):
    """A unit as the plan proposes it."""

    unit_code: str
    grounds: list[str]
    notice_on: date
    visit_on: date
    inspecting_unit_code: str
    """Empty: the standing agency inspects."""


def new_seed() -> str:
    """Return a seed nobody can guess before it is drawn."""
    return secrets.token_hex(8)


def lot(seed: str, year: int, unit_code: str) -> str:
    """Return the lot of a unit: the SHA-256 of ``seed:year:unit_code``; the smallest lots are drawn.

    Anybody can compute it with any tool, and it depends on no other unit and on no order.
    """
    return hashlib.sha256(f"{seed}:{year}:{unit_code}".encode()).hexdigest()


def choose_units(facts: Sequence[UnitFacts], rule: ChoiceRule, *, seed: str, year: int) -> list[Choice]:
    """Return the units to inspect, the most urgent first. The same facts and seed give the same units."""
    grounds = {one: list(grounds_of(one, rule, year=year)) for one in facts}
    risky = [one for one in facts if any(_is_sign(ground) for ground in grounds[one])]
    due = [one for one in facts if grounds[one] and one not in risky]

    def urgency(one: UnitFacts) -> tuple[int, int, str]:
        return -sum(map(_is_sign, grounds[one])), -_waited(one, year), lot(seed, year, one.code)

    chosen = sorted(risky, key=urgency)
    chosen += sorted(due, key=urgency)[: max(0, rule.most_units - len(chosen))]
    rest = sorted((one for one in facts if not grounds[one]), key=lambda one: lot(seed, year, one.code))
    drawn = rest[: random_size(len(rest), rule)]
    return [Choice(one, grounds[one]) for one in chosen] + [Choice(one, ["random"]) for one in drawn]


def random_size(rest: int, rule: ChoiceRule) -> int:
    """Return how many of ``rest`` units are drawn."""
    percent = -(-rest * rule.random_percent // 100)
    return min(rest, max(rule.random_units, percent))


def grounds_of(one: UnitFacts, rule: ChoiceRule, *, year: int) -> Iterator[str]:
    """Yield the grounds on which a unit is to be inspected, risk signs first."""
    for sign in SIGNS:
        count, threshold = getattr(one, sign), getattr(rule, sign)
        if threshold and count >= threshold:
            yield f"{sign}:{count}"
    waited = _waited(one, year)
    if rule.years and waited >= rule.years:
        yield "never_inspected" if one.last_inspected_year is None else f"not_inspected:{waited}"


def _is_sign(ground: str) -> bool:
    return ground.partition(":")[0] in SIGNS


def _waited(one: UnitFacts, year: int) -> int:
    """Return for how many years the unit was not inspected."""
    since = one.last_inspected_year or one.known_since_year
    return _NEVER if since is None else year - since


def propose_units(  # noqa: PLR0913  # what is known, by which rule and draw, on which days
    facts: Sequence[UnitFacts],
    rule: ChoiceRule,
    *,
    seed: str,
    year: int,
    calendar: Calendar | None = None,
    not_before: date | None = None,
) -> list[Proposal]:
    """Return the units to inspect with their days, spread over the quarters, the most urgent first.

    Raises:
        AnswerError: the year has no day left for a visit.

    """
    chosen = choose_units(facts, rule, seed=seed, year=year)
    slots = visit_slots(len(chosen), rule, year=year, calendar=calendar or Calendar(), not_before=not_before)
    return [
        Proposal(
            choice.facts.code,
            choice.grounds,
            notice_on,
            visit_on,
            choice.facts.inspected_by if choice.facts.cluster in rule.cross_clusters else "",
        )
        for choice, (notice_on, visit_on) in zip(chosen, slots, strict=True)
    ]


def visit_slots(
    count: int, rule: ChoiceRule, *, year: int, calendar: Calendar, not_before: date | None = None
) -> list[tuple[date, date]]:
    """Return ``count`` pairs of notice and visit, in order of time, evenly over what is left of the quarters.

    Both are working days outside the weeks of Tết; no notice comes before ``not_before``.
    """
    if count == 0:
        return []
    quarters: dict[int, list[tuple[date, date]]] = {}
    for slot in _days(rule, year, calendar, not_before or date(year, 1, 1)):
        quarters.setdefault((slot[1].month - 1) // 3, []).append(slot)
    if not quarters:
        raise AnswerError(
            f"Năm {year} không còn ngày để báo trước {rule.notice_days} ngày làm việc và kiểm tra xong"
            f" trước 15/11. Lập kế hoạch cho năm {year + 1}.",
            f"{year} has no day left for a visit before 15 November with a notice {rule.notice_days} working"
            f" days ahead. Draw up the plan of {year + 1}.",
        )
    found: list[tuple[date, date]] = []
    for place, slots in enumerate(quarters.values()):
        share = count * (place + 1) // len(quarters) - count * place // len(quarters)
        found += [slots[(2 * number + 1) * len(slots) // (2 * share)] for number in range(share)]
    return found


def _days(rule: ChoiceRule, year: int, calendar: Calendar, first: date) -> Iterator[tuple[date, date]]:
    """Yield each day a visit may be made, after the day of its notice."""
    begin, end = date(year, 1, 1), date(year, *LAST_VISIT)
    numbers = range(begin.toordinal(), end.toordinal() + 1)
    feast = {
        day.isocalendar()[:2]
        for day in map(date.fromordinal, numbers)
        if "Tết" in (name := calendar.holiday_name(day))
        and "Dương lịch" not in name
        and not calendar.is_working_day(day)
    }
    free = [
        day
        for day in map(date.fromordinal, numbers)
        if calendar.is_working_day(day) and day.isocalendar()[:2] not in feast
    ]
    for place, visit_on in enumerate(free[rule.notice_days :]):
        if free[place] >= first:
            yield free[place], visit_on


def propose(session: Session, plan: InspectionPlan, *, now: datetime) -> list[PlannedInspection]:
    """Write the units proposed by the plan's rule and seed; lines added by hand stay. Flushes.

    The plan keeps the facts it was chosen on: ``draw_again`` needs them after they have changed.
    """
    today = local_day(now)
    rule = ChoiceRule.read(plan.rule)
    facts = gather_unit_facts(session, year=plan.year, on=today)
    calendar = load_calendar(session)
    plan.rule = rule.as_json() | {"facts_on": f"{today}", "facts": [one.as_json() for one in facts]}
    plan.lines = [line for line in plan.lines if "by_hand" in line.grounds]
    session.flush()
    first = max(date(plan.year, 1, 1), calendar.add_working_days(today, 1))
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    by_hand = {line.unit_id for line in plan.lines}
    for one in propose_units(
        facts, rule, seed=plan.seed, year=plan.year, calendar=calendar, not_before=first
    ):
        if units[one.unit_code].id not in by_hand:
            plan.lines.append(
                PlannedInspection(
                    unit=units[one.unit_code],
                    inspecting_unit=units.get(one.inspecting_unit_code),
                    grounds=one.grounds,
                    notice_on=one.notice_on,
                    visit_on=one.visit_on,
                )
            )
    session.flush()
    return plan.lines


def draw_again(plan: InspectionPlan) -> list[Choice]:
    """Choose once more from what the plan keeps, without the database; days have no part in it."""
    rule = ChoiceRule.read(plan.rule)
    return choose_units(kept_facts(plan), rule, seed=plan.seed, year=plan.year)


def kept_facts(plan: InspectionPlan) -> list[UnitFacts]:
    """Return the facts that a plan was chosen on."""
    kept: list[dict[str, Any]] = plan.rule.get("facts", [])
    return [UnitFacts(**one) for one in kept]
