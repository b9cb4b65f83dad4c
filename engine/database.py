"""Opens the database, SQLite or PostgreSQL, so that both behave alike."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Engine, Table, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from engine.setup import Setup

BUSY_TIMEOUT_MS = 10_000


def open_engine(url: str) -> Engine:
    """Return an engine for ``url``.

    SQLite runs in WAL with ``synchronous=FULL``, so that a power cut loses nothing acknowledged, and takes
    its write lock at the start of a transaction, so that two writers queue instead of failing half-way.
    """
    if url.startswith("postgresql:"):
        url = url.replace("postgresql:", "postgresql+psycopg:", 1)
    # Parameters are people's answers: they never reach an error message, and so never a log.
    engine = create_engine(url, pool_pre_ping=url.startswith("postgresql"), hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: BEGIN IMMEDIATE comes from the begin event.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:  # noqa: ANN401  # SQLAlchemy's event hands an untyped connection
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def table_of(model: type[DeclarativeBase]) -> Table:
    """Return the table of a model: many rows written to it at once cost half of what the model's cost."""
    return cast("Table", model.__table__)


def session_factory(engine: Engine, setup: Setup) -> sessionmaker[Session]:
    """Return a maker of sessions that carry ``setup`` (see ``engine.setup.of``)."""
    return sessionmaker(engine, expire_on_commit=False, info={"setup": setup})


@contextmanager
def transaction(factory: sessionmaker[Session]) -> Generator[Session]:
    """Open a session and commit at the end; roll back on any exception."""
    with factory() as session, session.begin():
        yield session
