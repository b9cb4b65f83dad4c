"""The application on a copy of a filled database, for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from city import PDF, START, City, add_objects, add_people, person_named, settings_for
from sqlalchemy import Engine

from engine import database, files
from engine.models import Base, Task
from processes.awards.models import Dossier
from web.app import create_app
from web.wiring import Installation


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


@pytest.fixture(scope="session")
def full_sqlite_file(tmp_path_factory: pytest.TempPathFactory, filled_sqlite_file: Path) -> Path:
    """Return a database with one object of every kind, most with the id 1; each test works on a copy."""
    path = tmp_path_factory.mktemp("full") / "full.sqlite3"
    shutil.copyfile(filled_sqlite_file, path)
    engine = database.open_engine(f"sqlite:///{path}")
    app = create_app(settings_for(path.parent), engine=engine)
    with database.transaction(app.extensions["vinhdanh"].factory) as session:
        add_objects(session)
    engine.dispose()
    return path


@pytest.fixture
def full_city(tmp_path: Path, full_sqlite_file: Path) -> Iterator[City]:
    """Return the application with people and one object of every kind."""
    path = tmp_path / "vinhdanh.sqlite3"
    shutil.copyfile(full_sqlite_file, path)
    engine = database.open_engine(f"sqlite:///{path}")
    app = create_app(settings_for(tmp_path), engine=engine)
    installation: Installation = app.extensions["vinhdanh"]
    with database.transaction(installation.factory) as session:
        task = session.get_one(Task, 1)
        officer = person_named(session, "unit_officer")
        files.store_upload(session, PDF, "to-trinh.pdf", person=officer, now=START, task=task)
    yield City(app, installation)
    engine.dispose()
