"""Where instances of a definition stand, since when, and how long steps usually take; on both databases."""

from datetime import datetime, timedelta

import pytest
from factories import LONG_AGO, bpmn, flow, person, start_and_end, user_task
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions, instances, tasks
from engine.calendar import load_calendar
from engine.models import DefinitionVersion, Incident, Person, ProcessInstance, Task, TaskState

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
KEY = "errand"
WATCHED = (
    '<boundaryEvent id="too_long" name="Quá lâu" attachedToRef="write" cancelActivity="false">'
    "<timerEventDefinition><timeDuration>P90D</timeDuration></timerEventDefinition></boundaryEvent>"
)


@pytest.fixture
def publisher(session: Session) -> Person:
    return person(session, "publisher")


@pytest.fixture
def clerk(session: Session) -> Person:
    return person(session, "clerk", [("officer", "")])


@pytest.fixture
def errand(session: Session, publisher: Person) -> DefinitionVersion:
    return publish(session, publisher, "write", "check")


def publish(session: Session, publisher: Person, *names: str) -> DefinitionVersion:
    steps = [user_task(name) for name in names]
    ways = flow("start", *names, "end") + flow("too_long", "end")
    diagram = bpmn(KEY, start_and_end(), *steps, WATCHED, ways)
    version = definitions.create_draft(session, KEY, {"errand.bpmn": diagram}, author=None, now=LONG_AGO)
    definitions.publish(session, version, publisher=publisher, now=LONG_AGO)
    return version


def start(session: Session, now: datetime, title: str = "") -> ProcessInstance:
    return instances.start(session, KEY, variables={}, title=title, actor=None, now=now)


def complete(session: Session, instance: ProcessInstance, actor: Person, now: datetime) -> None:
    waiting = (Task.instance_id == instance.id, Task.state == TaskState.OPEN)
    task = session.scalars(select(Task).where(*waiting)).one()
    assert tasks.complete_task(session, task, actor=actor, answers={}, now=now) is None


@pytest.mark.usefixtures("errand")
def test_instances_are_counted_where_their_tokens_stand(
    session: Session, clerk: Person, monday: datetime
) -> None:
    first, second, _third = (start(session, monday + number * HOUR) for number in range(3))
    complete(session, first, clerk, monday + 4 * HOUR)
    session.scalars(select(Task).where(Task.instance_id == second.id)).one().due_at = monday + 5 * HOUR
    session.flush()

    found = instances.find_standings(session, KEY, now=monday + 6 * HOUR)

    told = [(one.element_id, one.instances, one.oldest_at, one.overdue) for one in found]
    assert told == [("write", 2, monday + HOUR, 1), ("check", 1, monday + 4 * HOUR, 0)]


@pytest.mark.usefixtures("errand")
def test_what_has_ended_stands_nowhere(session: Session, clerk: Person, monday: datetime) -> None:
    for _step in ("write", "check"):
        [instance] = session.scalars(select(ProcessInstance)).all() or [start(session, monday)]
        complete(session, instance, clerk, monday)

    assert instances.find_standings(session, KEY, now=monday) == []


def test_versions_are_counted_together_or_one_by_one(
    session: Session, errand: DefinitionVersion, publisher: Person, monday: datetime
) -> None:
    start(session, monday)
    newer = publish(session, publisher, "write")
    start(session, monday)

    [both] = instances.find_standings(session, KEY, now=monday)
    [one] = instances.find_standings(session, KEY, version_id=newer.id, now=monday)

    assert (both.instances, sorted(both.version_ids)) == (2, [errand.id, newer.id])
    assert (one.instances, one.version_ids) == (1, [newer.id])


@pytest.mark.usefixtures("errand")
def test_an_incident_is_counted_at_the_step_that_failed(session: Session, monday: datetime) -> None:
    instance = start(session, monday)
    session.add(
        Incident(
            instance_id=instance.id,
            element_id="end",
            message="no",
            command={},
            failures=1,
            happened_at=monday,
        )
    )
    session.flush()

    found = {one.element_id: one for one in instances.find_standings(session, KEY, now=monday)}

    assert (found["end"].instances, found["end"].incidents) == (0, 1)
    assert found["write"].incidents == 0
    [place] = instances.find_places(session, KEY, element_id="end").places
    assert place.instance is instance
    assert place.incidents == 1


def test_the_usual_time_is_the_median_in_working_days(
    session: Session, errand: DefinitionVersion, clerk: Person, monday: datetime
) -> None:
    for took in (HOUR, 2 * DAY, 7 * DAY):
        complete(session, start(session, monday), clerk, monday + took)

    spans = instances.usual_spans(session, KEY, load_calendar(session), version_id=errand.id)

    assert spans == {"write": instances.Span(1, 2 * DAY)}  # the day between is a public holiday


@pytest.mark.usefixtures("errand")
def test_a_weekend_counts_for_nothing(session: Session, clerk: Person, monday: datetime) -> None:
    complete(session, start(session, monday + 4 * DAY), clerk, monday + 7 * DAY)

    assert instances.usual_spans(session, KEY, load_calendar(session))["write"].working_days == 1


@pytest.mark.usefixtures("errand")
def test_only_the_latest_completions_are_measured(
    session: Session, clerk: Person, monday: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.instances.standing.MEASURED", 1)
    complete(session, start(session, monday), clerk, monday + HOUR)
    complete(session, start(session, monday), clerk, monday + 3 * HOUR)

    assert instances.usual_spans(session, KEY, load_calendar(session))["write"].elapsed == 3 * HOUR


@pytest.mark.usefixtures("errand")
def test_places_come_oldest_first_and_are_found_without_marks(session: Session, monday: datetime) -> None:
    for number, title in enumerate(("Nguyễn Đức", "Trần An", "Nguyễn Bình")):
        start(session, monday - number * HOUR, title)

    everything = instances.find_places(session, KEY)
    found = instances.find_places(session, KEY, element_id="write", text="nguyen")

    assert [place.instance.title for place in everything.places] == ["Nguyễn Bình", "Trần An", "Nguyễn Đức"]
    assert [place.instance.title for place in found.places] == ["Nguyễn Bình", "Nguyễn Đức"]
    assert [wait.kind for wait in found.places[0].waits] == ["task"]
    assert instances.find_places(session, KEY, element_id="check").total == 0


@pytest.mark.usefixtures("errand")
def test_places_are_paged(session: Session, monday: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.instances.places.PAGE_SIZE", 2)
    for number in range(3):
        start(session, monday + number * HOUR, str(number))

    last = instances.find_places(session, KEY, page=9)

    assert [place.instance.title for place in last.places] == ["2"]
    assert (last.page, last.page_count, last.total) == (2, 2, 3)
