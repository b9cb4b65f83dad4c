"""The engine's tables as migrations make them, and databases that came about by these."""

import os
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, make_url

from engine import database, schema
from engine.models import Base
from engine.schema import ENGINE_VERSIONS, Schema

TABLES: Final = Schema(Base.metadata, (ENGINE_VERSIONS,))


@contextmanager
def migrated_database(kind: str, folder: Path) -> Generator[Engine]:
    """Give a database of its own, ``sqlite`` or ``postgresql``, that came about by migrations."""
    if kind == "sqlite":
        yield from _opened(f"sqlite:///{folder / 'vinhdanh.sqlite3'}")
        return
    server = os.environ.get("VINHDANH_TEST_POSTGRESQL")
    if not server:
        pytest.skip("VINHDANH_TEST_POSTGRESQL names no server")
    name = f"vinhdanh_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        yield from _opened(make_url(server).set(database=name).render_as_string(hide_password=False))
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _opened(url: str) -> Generator[Engine]:
    engine = database.open_engine(url)
    schema.upgrade(engine, TABLES)
    yield engine
    engine.dispose()
