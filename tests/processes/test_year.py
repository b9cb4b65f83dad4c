"""A year of the demo city: what should start starts, what should be said is said, once, come what may."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Final

import pytest
from city_answers import ANSWERS, plans_of
from city_year import CityYear, days, moments_of
from expected_mails import by_reader, expected
from mail_servers import mail_server
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine import database, people, schedules, starting
from engine.calendar import at_local_time, load_calendar
from engine.models import Incident, Person, ProcessInstance, ScheduledStart, Unit
from engine.people import local_day
from engine.settings import Settings
from processes.awards import demo
from processes.awards.models import Directive, DirectiveTask
from processes.directive_task import extending
from web.app import create_app
from web.wiring import Installation

# The threads that Python 3.12 and later warn of are the mail server's: no child touches what they hold.
pytestmark = pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded, use of fork:DeprecationWarning"
)

FIRST: Final = date(2027, 1, 4)
LAST: Final = date(2027, 12, 31)
DOWN: Final = (date(2027, 8, 9), date(2027, 8, 15))
"""The week without a worker."""
ASKING: Final = "xa_kien_thuy"
TUESDAY: Final = 1
LEAST_KILLS: Final = 10
HABITS: Final = {
    "so_giao_duc": -1,
    "so_y_te": 0,
    "phuong_hong_bang": 1,
    "xa_kien_thuy": 3,
    "cong_ty_song_xanh": 7,
}


@pytest.fixture
def year(database_engine: Engine, tmp_path: Path) -> Iterator[CityYear]:
    with mail_server() as mail:
        settings = Settings(
            var=tmp_path,
            database_url=database_engine.url.render_as_string(hide_password=False),
            secret_key="a secret of this test, long enough",
            smtp_port=mail.port,
            secure_cookies=False,
        )
        installation: Installation = create_app(settings, engine=database_engine).extensions["vinhdanh"]
        start = at_local_time(FIRST, time(7, 0))
        with database.transaction(installation.factory) as session:
            demo.fill_base(session, now=start)
        yield CityYear(installation, mail, ANSWERS, HABITS, now=start)


def set_up(year: CityYear) -> None:
    """Let a plan of inspections be drawn up, this year's at once and the next's in November; give orders."""
    with database.transaction(year.installation.factory) as session:
        for rhythm, first_on in (("once", date(2027, 1, 5)), ("yearly", date(2027, 11, 15))):
            schedules.create_schedule(
                session,
                key="inspection_plan",
                name="Kế hoạch kiểm tra",
                rhythm=rhythm,
                first_on=first_on,
                unit_codes=[],
                now=year.now,
            )
        officer = session.scalars(select(Person).where(Person.username == "thamdinh")).one()
        starting.begin(
            session,
            "directive",
            "directive_received",
            unit_code="",
            starter=officer,
            authority=people.authority_of(session, officer, on=FIRST),
            now=year.now,
        )
    year.note()


def order_reports(year: CityYear) -> None:
    """Let the standing agency report on the directive every quarter."""
    with database.transaction(year.installation.factory) as session:
        schedules.create_schedule(
            session,
            key="directive_report",
            name="Báo cáo định kỳ",
            rhythm="quarterly",
            first_on=date(2027, 3, 20),
            unit_codes=[],
            variables={"directive_id": session.scalars(select(Directive.id)).one()},
            now=year.now,
        )


def ask_for_time(year: CityYear) -> None:
    """Let a unit ask for a later day for its task; what is open of it is given another deadline."""
    with database.transaction(year.installation.factory) as session:
        task = session.scalars(
            select(DirectiveTask).join(DirectiveTask.lead_unit).where(Unit.code == ASKING)
        ).one()
        officer = people.people_holding(session, "unit_officer", ASKING, on=local_day(year.now))[0]
        extending.ask_extension(
            session, task, actor=officer, wished_on=date(2027, 9, 30), reason="Chờ số liệu.", now=year.now
        )
    year.note()


def live(year: CityYear) -> None:
    """Live through the year: two workers every other day, a killed one each week, a week without any."""
    dice = random.Random(7)  # noqa: S311  # when to kill, no secret
    with database.transaction(year.installation.factory) as session:
        calendar = load_calendar(session)
    for day in days(FIRST, LAST):
        is_working = calendar.is_working_day(day)
        if day == date(2027, 2, 1):
            order_reports(year)
        if day == date(2027, 8, 2):
            year.now = at_local_time(day, time(7, 0))
            ask_for_time(year)
        for moment, is_work in moments_of(day, is_working=is_working):
            year.now = moment
            if is_work:
                year.let_people_work()
            elif not DOWN[0] <= day <= DOWN[1]:
                if is_working and day.weekday() == TUESDAY:
                    year.ring_and_be_killed(dice)
                year.ring(workers=2 if day.day % 2 else 1)


def started(session: Session, key: str) -> Counter[tuple[date, str]]:
    """Return what schedules have started of a process: the day and the unit."""
    query = select(ScheduledStart.occurs_on, ScheduledStart.unit_code, ProcessInstance.key).join(
        ProcessInstance, ScheduledStart.instance_id == ProcessInstance.id
    )
    return Counter((day, unit) for day, unit, found in session.execute(query) if found == key)


def test_a_year_starts_reminds_and_escalates_once(year: CityYear) -> None:
    set_up(year)
    live(year)

    with database.transaction(year.installation.factory) as session:
        calendar = load_calendar(session)
        assert session.scalars(select(Incident.message)).all() == []
        assert started(session, "inspection_plan") == Counter(
            [(date(2027, 1, 5), ""), (date(2027, 11, 15), "")]
        )
        assert started(session, "directive_report") == Counter(
            [(date(2027, month, 20), "") for month in (3, 6, 9, 12)]
        )
        assert started(session, "inspection") == Counter(
            (line.notice_on, line.unit.code) for line in plans_of(session) if line.notice_on <= LAST
        )
    assert any(len(earlier) > 1 for earlier in year.seen.values()), "no deadline was moved"
    things = [one for found in year.seen.values() for one in found]
    wanted = by_reader(expected(things, year.rings, calendar))
    found = by_reader(year.letters())
    # The children must have been in the middle of real work, else this shows nothing.
    assert year.kills > LEAST_KILLS
    assert found.keys() == wanted.keys()
    for address, letters in wanted.items():
        assert found[address] == letters, address
