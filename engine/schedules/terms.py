"""What somebody wants of a schedule, and everything that stands in its way: told at once, by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions
from engine.calendar import at_local_time, load_calendar
from engine.errors import InvalidInputError
from engine.feel import Value, from_json
from engine.models import DefinitionVersion, Schedule, Unit, VersionState
from engine.people import local_day
from engine.people.heirs import is_abolished
from engine.schedules.cron import InvalidCronError, read_cron
from engine.schedules.needs import Needs, needs_of
from engine.schedules.rhythms import CRON, RHYTHMS, Rhythm
from engine.schedules.units import load_choice

LONGEST_NAME: Final = 200
FURTHEST_YEARS: Final = 20
"""No schedule begins later than so many years from now."""
Code = Literal[
    "process_unknown",
    "process_retired",
    "no_plain_start",
    "name_missing",
    "name_long",
    "rhythm_unknown",
    "cron_fields",
    "cron_field",
    "cron_often",
    "cron_never",
    "first_past",
    "first_far",
    "end_before_start",
    "end_past",
    "never",
    "unit_unknown",
    "unit_abolished",
    "unit_missing",
    "kind_empty",
    "variable_missing",
]


@dataclass(frozen=True)
class Terms:
    """What a schedule says. ``unit_kind`` chooses all units of a kind, ``unit_codes`` single ones."""

    key: str
    name: str
    rhythm: Rhythm
    name_en: str = ""
    unit_codes: tuple[str, ...] = ()
    unit_kind: str = ""
    variables: Mapping[str, Value] = field(default_factory=dict[str, Value])

    @classmethod
    def of(cls, schedule: Schedule) -> "Terms":
        """Return what a schedule says now."""
        return cls(
            key=schedule.key,
            name=schedule.name,
            rhythm=Rhythm.of(schedule),
            name_en=schedule.name_en,
            unit_codes=tuple(schedule.unit_codes),
            unit_kind=schedule.unit_kind,
            variables=variables_of(schedule),
        )


@dataclass(frozen=True)
class Problem:
    """One thing that stands in the way. ``where`` is the field of ``Terms`` or ``Rhythm`` to put right."""

    where: str
    code: Code
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


class InvalidScheduleError(InvalidInputError):
    """The schedule cannot run, or not as it stands; ``problems`` says all that is wrong."""

    def __init__(self, terms: Terms, problems: list[Problem]) -> None:
        listed = "; ".join(f"{one.where}: {one.code} {dict(one.facts)}" for one in problems)
        super().__init__(f"schedule {terms.name!r} of {terms.key}: {listed}")
        self.problems = problems


def variables_of(schedule: Schedule) -> dict[str, Value]:
    """Return the start variables of a schedule."""
    given = from_json(schedule.variables)
    return given if isinstance(given, dict) else {}


def problems_of(session: Session, terms: Terms, *, now: datetime, kept: Terms | None = None) -> list[Problem]:
    """Return everything that keeps ``terms`` from being a schedule's.

    ``kept`` is what the schedule says already: its first day may lie in the past.
    """
    today = local_day(now)
    problems = [*_about_name(terms), *_about_process(session, terms)]
    when = [*_about_cron(terms.rhythm), *_about_days(terms.rhythm, today, kept.rhythm if kept else None)]
    if not when and _is_over(session, terms.rhythm, today):
        when = [_never(terms.rhythm)]
    return [*problems, *when, *_about_units(session, terms, today)]


def _about_name(terms: Terms) -> Iterator[Problem]:
    if not terms.name.strip():
        yield Problem("name", "name_missing")
    if max(len(terms.name), len(terms.name_en)) > LONGEST_NAME:
        yield Problem("name", "name_long", {"limit": LONGEST_NAME})


def _about_process(session: Session, terms: Terms) -> Iterator[Problem]:
    needs = find_needs(session, terms.key)
    if needs is None:
        known = select(DefinitionVersion.id).where(
            DefinitionVersion.key == terms.key, DefinitionVersion.state == VersionState.RETIRED
        )
        yield Problem("key", "process_retired" if session.scalar(known.limit(1)) else "process_unknown")
        return
    if not needs.has_plain_start:
        yield Problem("key", "no_plain_start")
    if needs.unit and not terms.unit_codes and not terms.unit_kind:
        yield Problem("unit_codes", "unit_missing")
    for one in needs.variables:
        if one.is_needed and terms.variables.get(one.name) in (None, ""):
            yield Problem(f"variables.{one.name}", "variable_missing")


def find_needs(session: Session, key: str) -> Needs | None:
    """Return what the version of ``key`` in use asks of a schedule; None where none is in use."""
    query = select(DefinitionVersion).where(
        DefinitionVersion.key == key, DefinitionVersion.state == VersionState.PUBLISHED
    )
    version = session.scalars(query.order_by(DefinitionVersion.number.desc()).limit(1)).first()
    return None if version is None else needs_of(session, version)


def find_startable(session: Session) -> list[DefinitionVersion]:
    """Return the versions in use that a schedule can start, by name."""
    found = [one for one in definitions.find_published(session) if needs_of(session, one).has_plain_start]
    return sorted(found, key=lambda one: one.name)


def _about_cron(rhythm: Rhythm) -> Iterator[Problem]:
    if rhythm.kind not in RHYTHMS:
        yield Problem("kind", "rhythm_unknown")
    if rhythm.kind != CRON:
        return
    try:
        read_cron(rhythm.cron)
    except InvalidCronError as error:
        codes: dict[str, Code] = {
            "fields": "cron_fields",
            "field": "cron_field",
            "often": "cron_often",
            "never": "cron_never",
        }
        yield Problem("cron", codes[error.reason], {"field": error.field})


def _about_days(rhythm: Rhythm, today: date, kept: Rhythm | None) -> Iterator[Problem]:
    is_kept = kept is not None and rhythm.first_on == kept.first_on
    if rhythm.first_on < today and not is_kept:
        yield Problem("first_on", "first_past", {"today": today})
    if rhythm.first_on.year > today.year + FURTHEST_YEARS:
        yield Problem("first_on", "first_far", {"year": today.year + FURTHEST_YEARS})
    if rhythm.ends_on is None:
        return
    if rhythm.ends_on < rhythm.first_on:
        yield Problem("ends_on", "end_before_start", {"first_on": rhythm.first_on})
    elif rhythm.ends_on < today:
        yield Problem("ends_on", "end_past", {"today": today})


def start_of_day(now: datetime) -> datetime:
    """Return the moment after which an occurrence of today still counts."""
    return at_local_time(local_day(now), time(0)) - timedelta(microseconds=1)


def _is_over(session: Session, rhythm: Rhythm, today: date) -> bool:
    midnight = at_local_time(today, time(0)) - timedelta(microseconds=1)
    return rhythm.settled().next_after(midnight, load_calendar(session)) is None


def _never(rhythm: Rhythm) -> Problem:
    """Say which field lets nothing be left: the end, or a first day that was moved into the past."""
    return Problem("first_on" if rhythm.ends_on is None else "ends_on", "never")


def _about_units(session: Session, terms: Terms, today: date) -> Iterator[Problem]:
    units = {one.code: one for one in session.scalars(select(Unit).where(Unit.code.in_(terms.unit_codes)))}
    unknown = [code for code in terms.unit_codes if code not in units]
    if unknown:
        yield Problem("unit_codes", "unit_unknown", {"codes": unknown})
    gone = [one.name for one in units.values() if is_abolished(one, on=today) and one.successor is None]
    if gone:
        yield Problem("unit_codes", "unit_abolished", {"names": gone})
    kind = terms.unit_kind
    if kind and not load_choice(session, unit_codes=(), unit_kind=kind).on(today):
        yield Problem("unit_kind", "kind_empty", {"kind": kind})
