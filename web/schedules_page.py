"""What the list of schedules and the page of one show."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, schedules
from engine.models import DefinitionVersion, HistoryEvent, Schedule, ScheduledStart, Unit, VersionState
from engine.people import local_day
from engine.people.heirs import is_abolished
from engine.schedules import LastStart, Needs, Rhythm, Terms
from engine.text import fold
from web import formats, schedules_words, subjects
from web.i18n import gettext as _
from web.i18n import language, pick
from web.people_words import kind_names
from web.schedules_choices import with_choices
from web.schedules_form import value_words

SHOWN_STARTS: Final = 200
"""The page of a schedule shows so many of its last starts."""


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    schedule: Schedule
    process: str
    rhythm: str
    units: str
    chip: tuple[str, str]
    last: LastStart | None


@dataclass(frozen=True)
class Made:
    """One occurrence that was started, with what became of each unit's start."""

    starts: Sequence[ScheduledStart]
    """By the name of the unit."""

    @property
    def failed(self) -> int:
        """How many starts wait for another try."""
        return sum(one.became is None for one in self.starts)


def find_rows(session: Session, keys: Collection[str] | None, *, is_ended: bool) -> list[Row]:
    """Return the schedules of these processes, the next to start first, or those that have ended."""
    found = schedules.find_schedules(session, keys=keys)
    shown = [one for one in found if (one.due_at is None) == is_ended]
    last = schedules.last_starts(session, [one.id for one in shown])
    names, unit_names = process_names(session), _unit_names(session, shown)
    usable = {version.key for version in schedules.find_startable(session)}
    return [
        Row(
            schedule=one,
            process=names.get(one.key, one.key),
            rhythm=schedules_words.rhythm_words(Rhythm.of(one)),
            units=schedules_words.units_words(one.unit_codes, one.unit_kind, unit_names),
            chip=schedules_words.state_of(one, is_startable=one.key in usable),
            last=last.get(one.id),
        )
        for one in shown
    ]


def show_facts(session: Session, schedule: Schedule, *, now: datetime) -> dict[str, Any]:
    """Return what the page of one schedule shows."""
    made = schedules.starts_of(session, schedule, limit=SHOWN_STARTS)
    became = [one.became for one in made]
    problems = schedules.problems_of(session, Terms.of(schedule), now=now, kept=Terms.of(schedule))
    needs = schedules.find_needs(session, schedule.key)
    is_running = schedule.due_at is not None
    unit_names = _all_unit_names(session, {one.unit_code for one in made})
    return {
        "schedule": schedule,
        "process": process_names(session).get(schedule.key, schedule.key),
        "rhythm": schedules_words.rhythm_words(Rhythm.of(schedule)),
        "chip_of": schedules_words.state_of(
            schedule, is_startable=needs is not None and needs.has_plain_start
        ),
        "units": schedules_words.units_words(
            schedule.unit_codes, schedule.unit_kind, _unit_names(session, [schedule])
        ),
        "unit_names": unit_names,
        "variables": variable_words(schedule, with_choices(session, needs) if needs is not None else None),
        "problems": [schedules_words.problem_words(one) for one in problems] if is_running else [],
        "coming": schedules.try_out(session, schedule, now=now),
        "moved": schedules_words.moved_words,
        "made": _made(made, unit_names),
        "about": subjects.of_instances(session, [one for one in became if one is not None]),
        "events": [(event, event_words(event)) for event in schedules.history_of(session, schedule)],
    }


def _made(starts: Sequence[ScheduledStart], unit_names: Mapping[str, str]) -> list[Made]:
    """Return the starts by occurrence, in it those that failed first."""
    by_day: dict[date, list[ScheduledStart]] = {}
    for one in starts:
        by_day.setdefault(one.occurs_on, []).append(one)

    def place(one: ScheduledStart) -> tuple[bool, str]:
        return one.became is not None, fold(unit_names.get(one.unit_code, ""))

    return [Made(sorted(group, key=place)) for group in by_day.values()]


def variable_words(schedule: Schedule, needs: Needs | None) -> list[tuple[str, str]]:
    """Return the start variables of a schedule as people read them."""
    asked = {one.name: one for one in needs.variables} if needs is not None else {}
    found: list[tuple[str, str]] = []
    for name, value in schedules.variables_of(schedule).items():
        variable = asked.get(name) or schedules.StartVariable(name, "text", is_needed=False)
        option = next((one for one in variable.options if one.value == value), None)
        said = value_words(value) if option is None else option.label.read(language())
        found.append((schedules_words.variable_label(variable), said))
    return found


def event_words(event: HistoryEvent) -> tuple[str, str]:
    """Say what was done to a schedule, and the details: what was changed, or why."""
    done = {
        "schedule_created": _("Lập lịch"),
        "schedule_changed": _("Sửa lịch"),
        "schedule_paused": _("Tạm dừng"),
        "schedule_resumed": _("Cho chạy tiếp"),
        "schedule_retired": _("Bỏ lịch"),
    }
    changes: Mapping[str, Any] = event.details.get("changes", {})
    said = [_change(name, values) for name, values in changes.items()]
    return done[event.kind], "; ".join(said) or event.details.get("reason", "")


def _change(name: str, values: Sequence[str] | None) -> str:
    names = {
        "name": _("tên"),
        "name_en": _("tên tiếng Anh"),
        "kind": _("nhịp"),
        "cron": _("dòng cron"),
        "first_on": _("ngày đầu"),
        "ends_on": _("ngày cuối"),
        "starts_at": _("giờ mở"),
        "shift": _("khi trùng ngày nghỉ"),
        "unit_codes": _("đơn vị"),
        "unit_kind": _("loại đơn vị"),
        "variables": _("nội dung khi bắt đầu"),
    }
    label = names.get(name, name)
    if values is None:
        return _("đổi %(what)s", what=label)
    before, after = (_value(name, value) for value in values)
    return _("%(what)s: %(before)s → %(after)s", what=label, before=before, after=after)


def _value(name: str, value: str) -> str:
    """Write a value of the history, which keeps it as plain text, as people read it."""
    if not value:
        return _("trống")
    if name == "kind":
        return schedules_words.rhythm_names().get(value, value)
    if name == "shift":
        return schedules_words.shift_names().get(value, value)
    if name == "unit_kind":
        return kind_names().get(value, value)
    if name in {"first_on", "ends_on"}:
        return formats.day(datetime.fromisoformat(value))
    return value.removesuffix(":00") if name == "starts_at" else value


def process_names(session: Session) -> dict[str, str]:
    """Return the names of the processes in use, and of those that were."""
    states = (VersionState.RETIRED, VersionState.PUBLISHED)
    found = session.execute(
        select(DefinitionVersion.key, DefinitionVersion.name, DefinitionVersion.name_en)
        .where(DefinitionVersion.state.in_(states))
        .order_by(DefinitionVersion.number)
    )
    return {key: pick(name, name_en) for key, name, name_en in found}


def units_by_kind(session: Session) -> list[tuple[str, str, list[Unit]]]:
    """Return the units there are today by kind: its code, its name, its units by name."""
    today = local_day(clock.now())
    there = [one for one in session.scalars(select(Unit)) if not is_abolished(one, on=today)]
    names = kind_names()
    kinds = sorted({one.kind for one in there}, key=lambda kind: names.get(kind, kind))
    return [
        (kind, names.get(kind, kind), sorted((one for one in there if one.kind == kind), key=_by_name))
        for kind in kinds
    ]


def _by_name(unit: Unit) -> str:
    return unit.search_text


def _unit_names(session: Session, shown: Sequence[Schedule]) -> dict[str, str]:
    """Return the names of units that stand alone in a schedule."""
    return _all_unit_names(session, {one.unit_codes[0] for one in shown if len(one.unit_codes) == 1})


def _all_unit_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    found = session.scalars(select(Unit).where(Unit.code.in_(codes)))
    return {unit.code: pick(unit.name, unit.name_en) for unit in found}
