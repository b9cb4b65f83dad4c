"""The home page: what it shows to whom, where its lines lead, and how few queries it takes."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from city import City, open_round, person_named
from factories import bpmn, flow, publish, start_and_end, user_task
from sqlalchemy import Engine, event, select

from engine import calendar_entries, clock, database, instances, people
from engine.calendar import Calendar
from engine.models import DefinitionVersion, Heartbeat, Schedule, Task
from processes.awards.roles import ROLES

DAY = timedelta(days=1)
MOST_QUERIES = 40


def add_task(city: City, due_at: datetime | None, *, group: str = "unit_officer@so_y_te") -> int:
    """Start an instance with one task of ``group`` due at ``due_at``; return the task's id."""
    with database.transaction(city.installation.factory) as session:
        key = f"work_{group.replace('@', '_at_')}"
        if not session.scalar(select(DefinitionVersion.id).where(DefinitionVersion.key == key)):
            body = (start_and_end(), user_task("report", group), flow("start", "report", "end"))
            publish(session, key, bpmn(key, *body))
        started = instances.start(
            session,
            key,
            variables={},
            title="BC-01 · Báo cáo quý",
            unit=people.find_unit(session, "so_y_te"),
            actor=None,
            now=clock.now(),
        )
        task = session.scalars(select(Task).where(Task.instance_id == started.id)).one()
        task.due_at = due_at
        return task.id


def home(city: City, username: str) -> str:
    answer = city.client(username).get("/")
    assert answer.status_code == 200
    return answer.text


def panel(page: str, heading: str) -> str:
    """Return the panel with that heading."""
    begin = f'<div class="panel-head"><h2>{heading}'
    found = [one for one in re.findall(r"<section.*?</section>", page, re.DOTALL) if begin in one]
    assert len(found) == 1
    return str(found[0])


@contextmanager
def counted(engine: Engine) -> Generator[list[str]]:
    """Gather the statements that run meanwhile."""
    statements: list[str] = []

    def note(*what: object) -> None:
        statements.append(str(what[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("username", [*ROLES, "nobody"])
def test_every_role_has_a_home_page_when_nothing_waits(city: City, username: str) -> None:
    page = home(city, username)

    assert "Không có việc nào phải làm trong hôm nay" in panel(page, "Hôm nay cần tôi")
    assert "Chưa có gì trong 30 ngày tới" in page


def test_late_work_and_work_due_today_need_me_today(city: City) -> None:
    now = clock.now()
    late, today = add_task(city, now - 3 * DAY), add_task(city, now + timedelta(seconds=30))
    far = add_task(city, now + 20 * DAY)

    page = home(city, "unit_officer")

    block = panel(page, "Hôm nay cần tôi")
    assert f'href="/tasks/{late}"' in block
    assert f'href="/tasks/{today}"' in block
    assert f'href="/tasks/{far}"' not in block
    assert f'href="/tasks/{far}"' in panel(page, "30 ngày tới")


def test_work_beyond_thirty_days_is_not_on_the_page(city: City) -> None:
    task_id = add_task(city, clock.now() + 40 * DAY)

    assert f"/tasks/{task_id}" not in home(city, "unit_officer")


def test_the_head_sees_who_is_late_and_by_how_many_working_days(city: City) -> None:
    due_at = clock.now() - 14 * DAY
    task_id = add_task(city, due_at)
    days = Calendar().working_days_between(people.local_day(due_at), people.local_day(clock.now()))
    with database.transaction(city.installation.factory) as session:
        session.get_one(Task, task_id).assignee = person_named(session, "unit_officer")

    block = panel(home(city, "unit_head"), "Quá hạn trong đơn vị tôi")

    assert f'href="/tasks/{task_id}"' in block
    assert ROLES["unit_officer"].name_vi in block
    assert f"Quá hạn {days} ngày làm việc" in block


def test_the_head_of_the_agency_sees_what_is_late_in_the_agency_alone(city: City) -> None:
    of_agency = add_task(city, clock.now() - 5 * DAY, group="appraisal_officer")
    of_unit = add_task(city, clock.now() - 5 * DAY)

    block = panel(home(city, "agency_head"), "Quá hạn ở nơi tôi phụ trách")

    assert f'href="/tasks/{of_agency}"' in block
    assert f'href="/tasks/{of_unit}"' not in block


def test_another_unit_sees_nothing_of_it(city: City) -> None:
    task_id = add_task(city, clock.now() - 5 * DAY)

    assert f"/tasks/{task_id}" not in home(city, "other_officer")


def test_dated_things_stand_on_their_day_and_say_when_cancelled(city: City) -> None:
    now = clock.now()
    for number, starts_at in enumerate([now + timedelta(seconds=20), now + 4 * DAY, now + 5 * DAY]):
        with database.transaction(city.installation.factory) as session:
            calendar_entries.put_entry(
                session,
                key=f"meeting:{number}",
                title=f"Cuộc họp {number}",
                starts_at=starts_at,
                place="Phòng số 2",
                path=f"/council/{number}",
                audience=["unit_officer@so_y_te"],
                now=now,
            )
    with database.transaction(city.installation.factory) as session:
        calendar_entries.cancel_entry(session, "meeting:2", now=now)

    page = home(city, "unit_officer")

    assert "Cuộc họp 0" in panel(page, "Hôm nay cần tôi")
    coming = panel(page, "30 ngày tới")
    assert 'href="/council/1"' in coming
    assert re.search(r'class="is-off"><a href="/council/2">Cuộc họp 2</a> <span class="chip">Đã hủy', coming)


def test_a_start_by_schedule_is_announced_to_the_units_it_concerns(city: City) -> None:
    with database.transaction(city.installation.factory) as session:
        session.add(
            Schedule(
                key="inspection",
                name="Kiểm tra hằng năm",
                rhythm="yearly",
                first_on=people.local_day(clock.now()) + 10 * DAY,
                unit_codes=["so_y_te"],
                variables={},
                due_at=clock.now() + 10 * DAY,
            )
        )

    assert "Tự mở: Kiểm tra hằng năm" in home(city, "unit_officer")
    assert "Tự mở: Kiểm tra hằng năm" in home(city, "inspector")
    assert "Tự mở: Kiểm tra hằng năm" not in home(city, "other_officer")


def test_every_start_of_the_days_to_come_is_announced(city: City) -> None:
    with database.transaction(city.installation.factory) as session:
        session.add(
            Schedule(
                key="inspection",
                name="Nhắc hằng tuần",
                rhythm="cron",
                cron="30 7 * * 1",
                first_on=people.local_day(clock.now()),
                unit_codes=["so_y_te"],
                variables={},
                due_at=clock.now() + 7 * DAY,
            )
        )

    assert home(city, "unit_officer").count("Tự mở: Nhắc hằng tuần") >= 4


def test_an_officer_sees_where_the_dossiers_of_his_unit_stand(full_city: City) -> None:
    with database.transaction(full_city.installation.factory) as session:
        open_round(session, clock.now())

    page = home(full_city, "unit_officer")

    assert "/dossiers?stage=appraising" in panel(page, "Hồ sơ của đơn vị đang ở đâu")
    assert "Còn 30 ngày" in panel(page, "Kỳ xét đang nhận hồ sơ")


def test_the_appraiser_sees_the_dossiers_that_wait_longest(full_city: City) -> None:
    block = panel(home(full_city, "appraisal_officer"), "Hồ sơ chờ thẩm định lâu nhất")

    assert "HS-2026-0001 · Sở Y tế" in block
    assert re.search(r"\d+ ngày làm việc", block)


def test_administrators_see_incidents_and_versions_to_publish(full_city: City) -> None:
    page = home(full_city, "process_administrator")

    assert re.search(r"Sự cố chờ xử lý.*?chip--stop\">1<", page, re.DOTALL)
    assert re.search(r"Thư không gửi được.*?chip--stop\">1<", page, re.DOTALL)
    assert "/definitions/2" in panel(page, "Bản quy trình chờ công bố")


def test_the_auditor_sees_that_the_history_is_whole_until_it_is_not(full_city: City) -> None:
    whole = panel(home(full_city, "auditor"), "Nhật ký có nguyên vẹn không")
    with full_city.installation.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE history_event SET kind = 'forged' WHERE id = 2")

    assert "Nguyên vẹn" in whole
    assert "1 chỗ bị sửa" in panel(home(full_city, "auditor"), "Nhật ký có nguyên vẹn không")


def test_every_link_of_a_full_page_leads_somewhere(full_city: City) -> None:
    add_task(full_city, clock.now() - 5 * DAY)
    for username in ROLES:
        client = full_city.client(username)
        main = client.get("/").text.partition("<main")[2]
        links = {link.partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', main)}
        assert {link: client.get(link).status_code for link in links - {"/"}} == dict.fromkeys(
            links - {"/"}, 200
        )


@pytest.mark.parametrize("username", ["unit_officer", "unit_head", "appraisal_officer", "chairman"])
def test_more_work_costs_no_more_queries(city: City, username: str) -> None:
    def fill(times: int) -> None:
        for number in range(times):
            for group in ("unit_officer@so_y_te", "appraisal_officer", "chairman"):
                add_task(city, clock.now() + (number - 2) * DAY, group=group)

    def measure() -> int:
        with counted(city.installation.engine) as statements:
            home(city, username)
        return len(statements)

    fill(3)
    few = measure()
    fill(9)

    assert measure() == few
    assert few <= MOST_QUERIES


def beat(city: City, at: datetime) -> None:
    with database.transaction(city.installation.factory) as session:
        session.merge(Heartbeat(worker="one", beat_at=at))


@pytest.mark.parametrize("path", ["/", "/inbox", "/people", "/incidents"])
def test_administrators_are_told_on_every_page_that_no_worker_lives(city: City, path: str) -> None:
    client = city.client("system_administrator")
    assert "Hệ thống hẹn giờ chưa chạy lần nào" in client.get(path).text

    beat(city, clock.now())
    assert "thư nhắc, thời hạn và lịch định kỳ đang dừng" not in client.get(path).text

    beat(city, clock.now() - 3 * DAY)
    assert re.search(r"không chạy từ \d\d:\d\d ngày \d\d/\d\d/\d{4}", client.get(path).text)


def test_a_worker_that_just_beat_is_alive(city: City) -> None:
    beat(city, clock.now() - timedelta(minutes=2))

    assert 'role="alert"' not in home(city, "system_administrator")


def test_others_are_not_told_and_cost_no_query(city: City) -> None:
    with counted(city.installation.engine) as statements:
        page = city.client("unit_officer").get("/inbox").text

    assert "đang dừng" not in page
    assert not [one for one in statements if "heartbeat" in one]


def test_a_deadline_stands_once_on_the_page(city: City) -> None:
    task_id = add_task(city, clock.now() + DAY)

    page = home(city, "unit_officer")

    assert page.count(f'<a class="main-link" href="/tasks/{task_id}"') == 1
    assert f"/tasks/{task_id}" not in panel(page, "30 ngày tới")
