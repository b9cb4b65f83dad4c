"""The page on which administrators say when a process reminds."""

import re
from datetime import date, timedelta

import pytest
from city import City, person_named
from factories import bpmn, flow, publish, start_and_end, user_task
from sqlalchemy import select

from engine import clock, database, instances
from engine.calendar import Calendar
from engine.ladders import Ladder, parse_ladder, write_ladder
from engine.models import HistoryEvent, ProcessLadder, Reminder, Task
from web import ladder_words

PATH = "/ladders/work"
DUE = "=date and time(&quot;2036-11-28T17:00:00@Asia/Ho_Chi_Minh&quot;)"
NOTHING = {"before": "", "after": "", "head": "", "overseer": "", "due": None}
FIELDS = {"kind": "some", "before": "5, 1", "due": "on", "after": "3", "head": "2", "overseer": "4"}


@pytest.fixture
def town(city: City) -> City:
    """Return a city with a process that has two open tasks, one with a ladder of its own."""
    body = (
        start_and_end(),
        user_task("report", "unit_officer@so_y_te", due=DUE),
        user_task("alarm", "unit_officer@so_y_te", due=DUE, properties={"reminders": "due"}),
        flow("start", "report", "end"),
        flow("start", "alarm", "end"),
    )
    with database.transaction(city.installation.factory) as session:
        publish(session, "work", bpmn("work", *body))
        instances.start(session, "work", variables={}, title="BC-01", unit=None, actor=None, now=clock.now())
    city.app.config["WTF_CSRF_ENABLED"] = False
    return city


def planned(city: City, element_id: str) -> set[tuple[str, int]]:
    with city.installation.factory() as session:
        found = select(Reminder.kind, Reminder.occurrence).join(Task, Reminder.task_id == Task.id)
        return {
            (kind, number) for kind, number in session.execute(found.where(Task.element_id == element_id))
        }


def test_the_list_says_each_ladder_in_words_and_where_it_comes_from(town: City) -> None:
    page = town.client("process_administrator").get("/ladders").text

    assert "Trước hạn 2 ngày làm việc" in page
    assert "Như thường lệ" in page
    assert "1 việc có cách nhắc riêng trong sơ đồ" in page
    assert "<b>alarm</b>: Vào ngày đến hạn" in page


def test_a_saved_ladder_plans_open_tasks_anew(town: City) -> None:
    client = town.client("process_administrator")

    answer = client.post(PATH, data={**FIELDS, "act": "save"}, follow_redirects=True)

    assert "1 việc đang mở được lập lại lịch nhắc" in answer.text
    assert "Quản trị đặt" in answer.text
    assert planned(town, "report") == {
        *(("before", 5), ("before", 1), ("due", 1)),
        *(("after", 1), ("after", 2), ("after", 3), ("head", 1), ("overseer", 1)),
    }
    assert planned(town, "alarm") == {("due", 1)}
    with town.installation.factory() as session:
        event = session.scalars(
            select(HistoryEvent).where(HistoryEvent.kind == "process_ladder_changed")
        ).one()
        assert event.details["to"] == "before:5,before:1,due,after:3,head:2,overseer:4"
        assert event.actor_id == person_named(session, "process_administrator").id


def test_a_preview_saves_nothing(town: City) -> None:
    answer = town.client("process_administrator").post(
        PATH, data={**FIELDS, "act": "preview", "sample": "19/02/2027"}
    )

    assert answer.status_code == 200
    assert "Hạn 19/02/2027" in answer.text
    with town.installation.factory() as session:
        assert session.scalar(select(ProcessLadder)) is None


def test_a_process_follows_the_diagram_again(town: City) -> None:
    client = town.client("process_administrator")
    client.post(PATH, data={"kind": "none", "act": "save"})
    assert planned(town, "report") == set()

    client.post(PATH, data={"act": "reset"})

    assert ("before", 2) in planned(town, "report")
    assert "Quản trị đặt" not in client.get("/ladders").text


@pytest.mark.parametrize(
    ("fields", "name", "sentence"),
    [
        ({"before": "5, x"}, "before", "cách nhau bằng dấu phẩy"),
        ({"before": "3, 3"}, "before", "số khác nhau"),
        ({"before": "0"}, "before", "từ 1 đến 60"),
        ({"before": "1,2,3,4,5,6"}, "before", "tối đa 5 số"),
        ({"after": "21"}, "after", "từ 1 đến 20"),
        ({"head": "-1"}, "head", "từ 1 đến 60"),
        ({"overseer": "²"}, "overseer", "từ 1 đến 60"),
        (
            {"before": "", "after": "", "head": "", "overseer": "", "due": None},
            "before",
            "Chưa có lần nhắc nào",
        ),
    ],
)
def test_what_cannot_be_a_ladder_is_told_at_its_field(
    town: City, fields: dict[str, str | None], name: str, sentence: str
) -> None:
    typed = {key: value for key, value in {**FIELDS, **fields}.items() if value is not None}

    answer = town.client("process_administrator").post(PATH, data={**typed, "act": "save"})

    assert answer.status_code == 422
    wrong = re.findall(rf'id="f-{name}-wrong">.*?<span>(.*?)</span>', answer.text)
    assert len(wrong) == 1
    assert sentence in wrong[0]
    assert all(f'value="{value}"' in answer.text for value in typed.values() if value not in {"on", "some"})
    with town.installation.factory() as session:
        assert session.scalar(select(ProcessLadder)) is None


def test_a_day_that_is_none_is_told_at_its_field(town: City) -> None:
    answer = town.client("process_administrator").post(PATH, data={**FIELDS, "sample": "31/02/2027"})

    assert 'id="f-sample-wrong"' in answer.text


def test_the_agency_reads_and_changes_nothing(town: City) -> None:
    client = town.client("agency_head")

    assert "Đổi cách nhắc" not in client.get("/ladders").text
    assert client.get(PATH).status_code == 403
    assert client.post(PATH, data={**FIELDS, "act": "save"}).status_code == 403


def test_a_sample_passes_over_weekends_and_tet(city: City) -> None:
    with city.app.test_request_context("/"):
        ladder = parse_ladder("before:2,due,after:1")
        sample = ladder_words.sample_of(ladder, date(2027, 2, 20), Calendar(), "Trưởng ban")

    # 20/02/2027 is a Saturday: the last working day before it stands for the due day.
    assert [one.day for one in sample.days] == [date(2027, 2, 17), date(2027, 2, 19), date(2027, 2, 22)]


def test_holidays_within_a_sample_are_named(city: City) -> None:
    with city.app.test_request_context("/"):
        sample = ladder_words.sample_of(Ladder(before=(5,)), date(2027, 2, 15), Calendar(), "Trưởng ban")

    assert any("Tết" in one for one in sample.free)
    assert sample.days[0].day < date(2027, 2, 15) - timedelta(days=7)


@pytest.mark.parametrize("text", ["none", "due", "before:5,before:1,due,after:5,head:2,overseer:5"])
def test_a_written_ladder_is_read_as_it_was(text: str) -> None:
    assert write_ladder(parse_ladder(text)) == text
