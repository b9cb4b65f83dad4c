"""A schedule that cannot run is refused at its field; one that can is changed, tried out and remembered."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from factories import MONDAY, bpmn, flow, person, publish, start_and_end, unit, user_task
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from engine import people, schedules
from engine.calendar import override_day
from engine.errors import ConflictError, InvalidInputError, NotFoundError
from engine.models import DefinitionVersion, Person, Schedule, Shift, VersionState
from engine.schedules import InvalidScheduleError, Problem, Rhythm, Terms, problems_of

TODAY = people.local_day(MONDAY)
FRIDAY = date(2026, 11, 27)
BRINGS = '<zeebe:property name="brings" value="unit_code, topic, closes_on"/>'
MAY_BRING = '<zeebe:property name="may_bring" value="limit_days"/>'
ASK = b"""{"type": "default", "id": "ask", "components": [
  {"type": "textarea", "id": "a", "key": "topic", "label": "N\xe1\xbb\x99i dung", "label_en": "Matter"}]}"""


def start_event(*properties: str) -> str:
    """Return a start and an end; the start has properties."""
    facts = (
        f"<extensionElements><zeebe:properties>{''.join(properties)}</zeebe:properties></extensionElements>"
    )
    return start_and_end().replace('<startEvent id="start"/>', f'<startEvent id="start">{facts}</startEvent>')


@pytest.fixture
def creator(session: Session) -> Person:
    """Return who sets schedules up; three processes and two units are there."""
    publish(session, "plain", bpmn("plain", start_and_end(), user_task("read"), flow("start", "read", "end")))
    visit = bpmn("visit", start_event(BRINGS, MAY_BRING), user_task("read"), flow("start", "read", "end"))
    publish(session, "visit", visit, files={"ask.form": ASK})
    group = "=&quot;unit_head@&quot; + unit_code"
    publish(
        session,
        "report",
        bpmn("report", start_and_end(), user_task("write", group), flow("start", "write", "end")),
    )
    for code in ("so_y_te", "so_noi_vu"):
        unit(session, code)
    return person(session, "creator")


def terms(key: str = "plain", **others: Any) -> Terms:  # noqa: ANN401  # fields of terms and of the rhythm
    """Return terms that have no problem but for ``others``."""
    of_rhythm = {name: others.pop(name) for name in list(others) if name in Rhythm.__dataclass_fields__}
    when: dict[str, Any] = {"kind": "monthly", "first_on": FRIDAY, **of_rhythm}
    what: dict[str, Any] = {"name": "Họp giao ban", **others}
    return Terms(key=key, rhythm=Rhythm(**when), **what)


def told(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(one.where, one.code) for one in problems]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (terms(), []),
        (terms(first_on=TODAY), []),
        (terms(name=" "), [("name", "name_missing")]),
        (terms(name="x" * 201), [("name", "name_long")]),
        (terms("nothing"), [("key", "process_unknown")]),
        (terms(kind="daily"), [("kind", "rhythm_unknown")]),
        (terms(kind="cron", cron="0 8 * *"), [("cron", "cron_fields")]),
        (terms(kind="cron", cron="0 8 40 * *"), [("cron", "cron_field")]),
        (terms(kind="cron", cron="0 * 1 * *"), [("cron", "cron_often")]),
        (terms(kind="cron", cron="0 0 30 2 *"), [("cron", "cron_never")]),
        (terms(first_on=date(2026, 11, 22)), [("first_on", "first_past")]),
        (terms(first_on=date(2049, 1, 1)), [("first_on", "first_far")]),
        (terms(ends_on=date(2026, 11, 26)), [("ends_on", "end_before_start")]),
        (terms(kind="cron", cron="0 8 20 * *", ends_on=date(2026, 12, 19)), [("ends_on", "never")]),
        (terms(kind="once", first_on=date(2026, 11, 29), shift=Shift.BACKWARD), []),
        (terms(unit_codes=("so_y_te",)), []),
        (terms(unit_codes=("so_y_te", "nowhere")), [("unit_codes", "unit_unknown")]),
        (terms(unit_kind="commune"), [("unit_kind", "kind_empty")]),
        (terms("report"), [("unit_codes", "unit_missing")]),
        (terms("report", unit_kind="department"), []),
        (
            terms("visit", variables={"topic": ""}),
            [
                ("unit_codes", "unit_missing"),
                ("variables.topic", "variable_missing"),
                ("variables.closes_on", "variable_missing"),
            ],
        ),
        (
            terms("visit", unit_codes=("so_y_te",), variables={"topic": "A", "closes_on": FRIDAY}),
            [],
        ),
    ],
)
@pytest.mark.usefixtures("creator")
def test_all_that_is_wrong_is_told_at_its_field(
    session: Session, wanted: Terms, expected: list[tuple[str, str]]
) -> None:
    assert told(problems_of(session, wanted, now=MONDAY)) == expected

    if expected:
        with pytest.raises(InvalidInputError):
            schedules.set_up(session, wanted, actor=None, now=MONDAY)
        assert schedules.find_schedules(session) == []


@pytest.mark.usefixtures("creator")
def test_a_process_that_was_retired_is_named_so(session: Session) -> None:
    session.execute(
        update(DefinitionVersion).where(DefinitionVersion.key == "plain").values(state=VersionState.RETIRED)
    )

    assert told(problems_of(session, terms(), now=MONDAY)) == [("key", "process_retired")]


@pytest.mark.usefixtures("creator")
def test_a_unit_that_was_abolished_without_successor_is_named(session: Session) -> None:
    gone = unit(session, "so_y_te")
    gone.valid_until = date(2026, 10, 31)

    assert told(problems_of(session, terms(unit_codes=("so_y_te",)), now=MONDAY)) == [
        ("unit_codes", "unit_abolished")
    ]
    gone.successor = unit(session, "so_noi_vu")
    assert problems_of(session, terms(unit_codes=("so_y_te",)), now=MONDAY) == []


@pytest.mark.usefixtures("creator")
def test_a_single_day_moved_into_the_past_never_starts(session: Session) -> None:
    override_day(session, TODAY, is_working=False, name="Nghỉ")

    wanted = terms(kind="once", first_on=TODAY, shift=Shift.BACKWARD)

    assert told(problems_of(session, wanted, now=MONDAY)) == [("first_on", "never")]


@pytest.mark.usefixtures("creator")
def test_what_a_process_needs_is_read_off_its_start_and_its_forms(session: Session) -> None:
    needs = schedules.find_needs(session, "visit")

    assert needs is not None
    assert needs.unit
    found = [(one.name, one.kind, one.is_needed, one.label.en) for one in needs.variables]
    assert found == [
        ("topic", "text", True, "Matter"),
        ("closes_on", "date", True, ""),
        ("limit_days", "number", False, ""),
    ]


@pytest.mark.usefixtures("creator")
def test_processes_that_only_events_start_are_not_offered(session: Session) -> None:
    message = (
        '<startEvent id="start"><messageEventDefinition id="m" messageRef="ring"/></startEvent>'
        '<endEvent id="end"/>'
    )
    body = (message, user_task("read"), flow("start", "read", "end"))
    declared = '<message id="ring" name="ring"/>'
    publish(session, "called", bpmn("called", *body, declarations=declared))

    assert [version.key for version in schedules.find_startable(session)] == ["plain", "report", "visit"]
    assert told(problems_of(session, terms("called"), now=MONDAY)) == [("key", "no_plain_start")]


@pytest.fixture
def monthly(session: Session, creator: Person) -> Schedule:
    """Return a schedule for one unit, from this Friday on."""
    return schedules.set_up(session, terms(unit_codes=("so_y_te",)), actor=creator, now=MONDAY)


def changed(schedule: Schedule, session: Session, actor: Person, **others: Any) -> None:  # noqa: ANN401
    wanted = terms(unit_codes=("so_y_te",), **others)
    schedules.change(session, schedule, wanted, revision=schedule.revision, actor=actor, now=MONDAY)


def test_a_change_counts_from_now_on_and_is_remembered(
    session: Session, monthly: Schedule, creator: Person
) -> None:
    changed(monthly, session, creator, name="Họp quý", kind="quarterly", starts_at=time(14, 0))

    assert monthly.due_at == datetime.fromisoformat("2026-11-27T14:00:00+07:00")
    event = schedules.history_of(session, monthly)[0]
    assert (event.kind, event.actor) == ("schedule_changed", creator)
    assert event.details["changes"] == {
        "name": ["Họp giao ban", "Họp quý"],
        "kind": ["monthly", "quarterly"],
        "starts_at": ["07:30:00", "14:00:00"],
    }


def test_a_change_to_today_starts_at_once(session: Session, monthly: Schedule, creator: Person) -> None:
    changed(monthly, session, creator, first_on=TODAY)

    assert monthly.due_at == datetime.fromisoformat("2026-11-23T07:30:00+07:00")


def test_a_change_on_what_somebody_has_not_seen_is_refused(
    session: Session, monthly: Schedule, creator: Person
) -> None:
    seen = monthly.revision
    changed(monthly, session, creator, name="Họp quý")

    with pytest.raises(ConflictError):
        schedules.change(session, monthly, terms(), revision=seen, actor=creator, now=MONDAY)


def test_a_change_that_leaves_nothing_to_start_is_refused(
    session: Session, monthly: Schedule, creator: Person
) -> None:
    with pytest.raises(InvalidScheduleError) as refused:
        changed(monthly, session, creator, ends_on=date(2026, 11, 26))

    assert told(refused.value.problems) == [("ends_on", "end_before_start")]
    assert monthly.ends_on is None


def test_an_old_first_day_may_stay_but_no_new_one_be_past(
    session: Session, monthly: Schedule, creator: Person
) -> None:
    later = MONDAY + timedelta(days=10)
    kept = terms(name="Họp", unit_codes=("so_y_te",))
    schedules.change(session, monthly, kept, revision=monthly.revision, actor=creator, now=later)

    with pytest.raises(InvalidScheduleError):
        schedules.change(
            session, monthly, terms(first_on=TODAY), revision=monthly.revision, actor=creator, now=later
        )


def test_what_was_started_today_is_not_started_again_after_a_change(
    session: Session, session_factory: sessionmaker[Session], monthly: Schedule, creator: Person
) -> None:
    friday = datetime.fromisoformat("2026-11-27T09:00:00+07:00")
    session.commit()
    assert schedules.start_due(session_factory, now=friday) == 1
    session.refresh(monthly)

    wanted = terms(unit_codes=("so_y_te", "so_noi_vu"), starts_at=time(14, 0))
    schedules.change(session, monthly, wanted, revision=monthly.revision, actor=creator, now=friday)
    session.commit()

    assert schedules.start_due(session_factory, now=friday + timedelta(hours=8)) == 1
    assert {made.unit_code for made in schedules.starts_of(session, monthly, limit=9)} == {
        "so_y_te",
        "so_noi_vu",
    }


def test_a_retired_schedule_starts_nothing_and_takes_no_change(
    session: Session, session_factory: sessionmaker[Session], monthly: Schedule, creator: Person
) -> None:
    schedules.retire(session, monthly, actor=creator, now=MONDAY, reason="Đã có lịch khác")
    session.commit()

    assert schedules.start_due(session_factory, now=MONDAY + timedelta(days=300)) == 0
    assert schedules.try_out(session, monthly, now=MONDAY) == []
    with pytest.raises(ConflictError):
        schedules.resume(session, monthly, now=MONDAY)


def test_the_history_tells_who_did_what(session: Session, monthly: Schedule, creator: Person) -> None:
    schedules.pause(session, monthly, actor=creator, now=MONDAY, reason="Nghỉ hè")
    schedules.resume(session, monthly, actor=creator, now=MONDAY)
    other = schedules.set_up(session, terms(), actor=None, now=MONDAY)

    told_of = [(event.kind, event.actor_id) for event in schedules.history_of(session, monthly)]

    kinds = ("schedule_resumed", "schedule_paused", "schedule_created")
    assert told_of == [(kind, creator.id) for kind in kinds]
    assert [event.actor_id for event in schedules.history_of(session, other)] == [None]


def test_a_trial_tells_each_start_and_why_it_is_moved(session: Session, creator: Person) -> None:
    assert creator
    unit(session, "so_y_te").valid_until = date(2026, 12, 31)
    wanted = terms(first_on=date(2026, 12, 1), unit_kind="department")

    found = schedules.try_out(session, wanted, now=MONDAY)

    assert len(found) == 12
    assert [unit.code for unit in found[0].units] == ["so_noi_vu", "so_y_te"]
    new_year = found[1]
    assert (new_year.occurs_on, new_year.starts_on) == (date(2027, 1, 1), date(2027, 1, 4))
    assert new_year.holiday
    assert [unit.code for unit in new_year.units] == ["so_noi_vu"]


def test_a_trial_of_a_running_schedule_leaves_out_what_is_done(
    session: Session, session_factory: sessionmaker[Session], monthly: Schedule
) -> None:
    session.commit()
    friday = datetime.fromisoformat("2026-11-27T09:00:00+07:00")
    before = [one.occurs_on for one in schedules.try_out(session, monthly, now=friday, months=2)]
    session.commit()
    schedules.start_due(session_factory, now=friday)
    session.refresh(monthly)

    after = [one.occurs_on for one in schedules.try_out(session, monthly, now=friday, months=2)]

    assert before == [FRIDAY, date(2026, 12, 27)]
    assert after == [date(2026, 12, 27)]


def test_a_daily_trial_is_bounded(session: Session, creator: Person) -> None:
    assert creator
    wanted = terms(kind="cron", cron="0 8 * * *", shift=Shift.NONE)

    assert len(schedules.try_out(session, wanted, now=MONDAY, months=60)) == 400


def test_a_schedule_of_another_process_is_not_found(session: Session, monthly: Schedule) -> None:
    assert schedules.get_schedule(session, monthly.id, keys={"plain"}) is monthly

    with pytest.raises(NotFoundError):
        schedules.get_schedule(session, monthly.id, keys={"visit"})
