"""A small city to walk processes in: a unit, the agency, a council of three, and all definitions."""

from datetime import timedelta
from pathlib import Path

import pytest
from institution import MONDAY, Institution
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from engine import database, definitions, people
from engine.setup import Setup
from processes import wiring
from processes.awards import catalogue
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
    return Setup(
        roles=wiring.ROLES,
        actions=wiring.ACTIONS,
        form_sources=wiring.FORM_SOURCES,
        files=tmp_path / "files",
        keys=tmp_path / "keys",
        sees_everything=wiring.SEES_EVERYTHING,
        administers=wiring.ADMINISTERS,
    )


@pytest.fixture
def city(session_factory: sessionmaker[Session], database_engine: Engine) -> Institution:
    """Give a city with its people, its catalogue and its published definitions."""
    found = Institution(session_factory, database_engine)
    with database.transaction(session_factory) as session:
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
            found.staff[name] = person.id
        catalogue.load_catalogue(session)
        _open_round(session)
        author, publisher = found.person(session, "secretary"), found.person(session, "clerk")
        for folder in wiring.DEFINITIONS:
            if (folder / f"{folder.name}.bpmn").exists():
                definitions.publish_folder(session, folder, author=author, publisher=publisher, now=MONDAY)
    return found


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
