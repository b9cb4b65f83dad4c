"""The application on a real database, people of every role, and a browser without a window for each."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from engine import clock, database, people
from engine.models import Base, Person, Unit
from engine.settings import Settings
from processes.awards.models import Dossier
from processes.awards.roles import ROLES
from web.app import create_app
from web.wiring import Installation

START = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
PASSWORD = "hoa phượng đỏ bên sông"
UNIT_CODES = {"so_y_te": "Sở Y tế", "so_xay_dung": "Sở Xây dựng"}


@dataclass(frozen=True)
class City:
    """One installation with people in it; ``person`` names them by their role."""

    app: Flask
    installation: Installation

    def client(self, username: str = "") -> FlaskClient:
        """Return a browser, signed in as ``username`` if one is given."""
        client = self.app.test_client()
        if username:
            with self.installation.factory() as session:
                person = session.query(Person).filter_by(username=username).one()
            now = clock.now().isoformat()
            with client.session_transaction() as kept:
                kept.update(
                    _user_id=f"{person.id}:{person.session_epoch}",
                    _fresh=True,
                    begun_at=now,
                    seen_at=now,
                    language="vi",
                )
        return client


def add_people(session: Session) -> None:
    """Add two units and one holder of every role; roles of a unit are held in ``so_y_te``."""
    units = {
        code: people.create_unit(session, code=code, name=name, kind="department")
        for code, name in UNIT_CODES.items()
    }
    for code, role in ROLES.items():
        person = people.create_person(session, username=code, full_name=f"Người giữ {role.name_vi}")
        unit: Unit | None = units["so_y_te"] if role.per_unit else None
        people.give_role(session, person, code, now=START, unit=unit)
    other = people.create_person(session, username="other_officer", full_name="Cán bộ đơn vị khác")
    people.give_role(session, other, "unit_officer", now=START, unit=units["so_xay_dung"])
    people.create_person(session, username="nobody", full_name="Người chưa có vai trò")


@pytest.fixture(scope="session")
def filled_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with tables and people; each test works on a copy."""
    path = tmp_path_factory.mktemp("web") / "filled.sqlite3"
    engine = database.open_engine(f"sqlite:///{path}")
    assert Dossier.metadata is Base.metadata
    Base.metadata.create_all(engine)
    settings = settings_for(path.parent)
    app = create_app(settings, engine=engine)
    with database.transaction(app.extensions["vinhdanh"].factory) as session:
        add_people(session)
    engine.dispose()
    return path


def settings_for(var: Path) -> Settings:
    """Return settings whose cookies work without TLS."""
    return Settings(
        var=var,
        database_url=f"sqlite:///{var / 'vinhdanh.sqlite3'}",
        secret_key="a secret of the tests, long enough",
        secure_cookies=False,
    )


@pytest.fixture
def city_engine(tmp_path: Path, filled_sqlite_file: Path) -> Iterator[Engine]:
    """Open a copy of the filled database."""
    path = tmp_path / "vinhdanh.sqlite3"
    shutil.copyfile(filled_sqlite_file, path)
    engine = database.open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def city(tmp_path: Path, city_engine: Engine) -> City:
    """Return the application with its people."""
    app = create_app(settings_for(tmp_path), engine=city_engine)
    return City(app, app.extensions["vinhdanh"])
