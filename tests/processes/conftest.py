"""A small city to walk processes in: a unit, the agency, a council of three, and all definitions."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from institution import MONDAY, Institution
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session, sessionmaker

from engine import database, definitions, people
from engine.models import Base
from engine.setup import Setup
from processes import wiring
from processes.awards import catalogue, successions
from processes.awards.models import AwardRound

STAFF = {
    "officer": ("unit_officer", "so_y_te"),
    "head": ("unit_head", "so_y_te"),
    "appraiser": ("appraisal_officer", ""),
    "agency": ("agency_head", ""),
    "secretary": ("council_secretary", ""),
    "member_1": ("council_member", ""),
    "member_2": ("council_member", ""),
    "chair": ("council_chair", ""),
    "clerk": ("clerk", ""),
    "chairman": ("chairman", ""),
    "inspector": ("inspector", ""),
}


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    """Return the wiring of the whole institution, with folders of the test's own."""
    return _wiring(tmp_path)


def _wiring(folder: Path) -> Setup:
    return Setup(
        roles=wiring.ROLES,
        actions=wiring.ACTIONS,
        form_sources=wiring.FORM_SOURCES,
        files=folder / "files",
        keys=folder / "keys",
        sees_everything=wiring.SEES_EVERYTHING,
        administers=wiring.ADMINISTERS,
        holds_up_succession=successions.is_voted_on,
        follow_succession=successions.take_over,
    )


@pytest.fixture(scope="session")
def settled_city(tmp_path_factory: pytest.TempPathFactory, empty_sqlite_file: Path) -> Iterator[Institution]:
    """Give a city nothing happens in: each test works on a copy, for publishing takes a second."""
    folder = tmp_path_factory.mktemp("city")
    shutil.copyfile(empty_sqlite_file, folder / "city.sqlite3")
    engine = database.open_engine(f"sqlite:///{folder / 'city.sqlite3'}")
    found = Institution(database.session_factory(engine, _wiring(folder)), engine)
    with database.transaction(found.factory) as session:
        _settle(session, found)
    yield found
    engine.dispose()


@pytest.fixture
def city(
    settled_city: Institution, session_factory: sessionmaker[Session], database_engine: Engine
) -> Institution:
    """Give a city with its people, its catalogue and its published definitions."""
    _copy_rows(settled_city.engine, database_engine)
    return Institution(session_factory, database_engine, staff=dict(settled_city.staff))


def _copy_rows(source: Engine, target: Engine) -> None:
    with source.connect() as reading, target.begin() as writing:
        for table in Base.metadata.sorted_tables:
            rows = [
                dict(row) for row in reading.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            if rows:
                writing.execute(insert(table), rows)
            if rows and "id" in table.c and target.dialect.name == "postgresql":
                counter = func.pg_get_serial_sequence(f'"{table.name}"', "id")
                writing.execute(select(func.setval(counter, max(row["id"] for row in rows))))


def _settle(session: Session, city: Institution) -> None:
    health = people.create_unit(session, code="so_y_te", name="Sở Y tế", kind="department")
    home = people.create_unit(session, code="so_noi_vu", name="Sở Nội vụ", kind="department")
    for name, (role, unit_code) in STAFF.items():
        person = people.create_person(
            session,
            username=name,
            full_name=name,
            email=f"{name}@example.org",
            unit=health if unit_code or name == "member_2" else home,
        )
        unit = health if unit_code else None
        people.give_role(session, person, role, unit=unit, starts_on=people.local_day(MONDAY), now=MONDAY)
        city.staff[name] = person.id
    catalogue.load_catalogue(session)
    _open_round(session)
    author, publisher = city.person(session, "secretary"), city.person(session, "clerk")
    for folder in wiring.DEFINITIONS:
        if (folder / f"{folder.name}.bpmn").exists():
            definitions.publish_folder(session, folder, author=author, publisher=publisher, now=MONDAY)


def _open_round(session: Session) -> None:
    today = people.local_day(MONDAY)
    session.add(
        AwardRound(
            code="2026",
            name="Khen thưởng năm 2026",
            name_en="Awards of 2026",
            year=2026,
            opens_on=today - timedelta(days=60),
            closes_on=today + timedelta(days=60),
        )
    )
