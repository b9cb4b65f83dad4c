"""Real databases for every test: SQLite in a file, and PostgreSQL where one is named.

``VINHDANH_TEST_POSTGRESQL`` names a server database whose user may create databases, for example
``postgresql://vinhdanh:vinhdanh@127.0.0.1:5432/vinhdanh_test``. Without it those tests skip.
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from factories import MONDAY
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, make_url, text
from sqlalchemy.orm import Session, sessionmaker

from engine import database
from engine.models import Base
from engine.setup import Setup


@pytest.fixture
def monday() -> datetime:
    """Return the moment most tests happen at."""
    return MONDAY


@pytest.fixture(scope="session")
def empty_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with all tables and no rows; each test works on a copy."""
    path = tmp_path_factory.mktemp("database") / "empty.sqlite3"
    engine = database.open_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Engine]:
    """Open a database of this test run's own, with all tables; it is dropped at the end."""
    server = os.environ.get("VINHDANH_TEST_POSTGRESQL")
    if not server:
        pytest.skip("VINHDANH_TEST_POSTGRESQL names no server")
    name = f"vinhdanh_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        engine = database.open_engine(
            make_url(server).set(database=name).render_as_string(hide_password=False)
        )
        Base.metadata.create_all(engine)
        yield engine
        engine.dispose()
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give an empty database of each kind; threads may open sessions of their own on it."""
    if request.param == "sqlite":
        path = tmp_path / "vinhdanh.sqlite3"
        shutil.copyfile(request.getfixturevalue("empty_sqlite_file"), path)
        engine = database.open_engine(f"sqlite:///{path}")
        yield engine
        engine.dispose()
    else:
        engine = request.getfixturevalue("postgresql")
        yield engine
        engine.dispose()
        _empty(engine)


def _empty(engine: Engine) -> None:
    """Empty the tables that hold rows: cheaper than emptying all."""
    tables = [f'"{table.name}"' for table in Base.metadata.sorted_tables]
    query = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})"  # noqa: S608 -- our own table names
        for table in tables
    )
    with engine.begin() as connection:
        filled = connection.scalars(text(query)).all()
        if filled:
            connection.execute(text(f"TRUNCATE {', '.join(filled)} RESTART IDENTITY CASCADE"))


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    """Return the wiring that sessions carry; a test module may override it."""
    return Setup(files=tmp_path / "files")


@pytest.fixture
def session_factory(database_engine: Engine, setup: Setup) -> sessionmaker[Session]:
    """Return a maker of sessions, for tests that need several transactions or threads."""
    return database.session_factory(database_engine, setup)


@pytest.fixture
def session(session_factory: sessionmaker[Session]) -> Iterator[Session]:
    """Give one open session. On SQLite it holds the write lock until the test commits."""
    with session_factory() as session:
        yield session
