"""A database of its own for one dry run: in memory while a step runs, kept between steps as bytes."""

import sqlite3
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar, Final, cast

from sqlalchemy import JSON, Table, Text, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from engine import database
from engine.models import Base, UtcDateTime
from engine.setup import Setup

_OURS: Final = "engine.models"


class ScratchBase(DeclarativeBase):
    """The base of the tables that no other database has."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        str: Text,
        dict[str, Any]: JSON,
        list[str]: JSON,
    }


class Step(ScratchBase):
    """One thing the player did, with where its traces end."""

    __tablename__ = "dry_run_step"

    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """begun, started, completed, jumped, sent or retried."""
    now: Mapped[datetime]
    """What the run's clock shows after the step."""
    facts: Mapped[dict[str, Any]]
    """Plain JSON: what was done, and the variables that were made up for it."""
    flows: Mapped[list[str]]
    """The sequence flows that tokens took."""
    last_event_id: Mapped[int]
    last_mail_id: Mapped[int]


class Scratch:
    """An SQLite database in memory, for one thread; nothing of it is shared with any other database."""

    def __init__(self, content: bytes | None = None) -> None:
        """Open an empty database with the engine's tables, or what ``content`` returned."""
        self._engine = database.open_engine("sqlite://")
        if content is not None:
            self._connection().deserialize(content)
            return
        tables = [
            cast("Table", mapper.local_table)
            for mapper in Base.registry.mappers
            if mapper.class_.__module__.startswith(_OURS)
        ]
        Base.metadata.create_all(self._engine, tables=tables)
        ScratchBase.metadata.create_all(self._engine)

    def factory(self, setup: Setup) -> sessionmaker[Session]:
        """Return a maker of sessions that carry ``setup``."""
        return database.session_factory(self._engine, setup)

    def content(self) -> bytes:
        """Return everything, to be opened again."""
        return self._connection().serialize()

    def close(self) -> None:
        """Forget everything."""
        self._engine.dispose()

    def _connection(self) -> sqlite3.Connection:
        """Return the one connection this thread has."""
        raw = self._engine.raw_connection()
        try:
            return cast("sqlite3.Connection", raw.driver_connection)
        finally:
            raw.close()


@contextmanager
def tried(factory: sessionmaker[Session]) -> Generator[Session]:
    """Open a session of which nothing remains, whatever is done in it."""
    with factory() as session:
        try:
            yield session
        finally:
            session.rollback()


def steps_of(session: Session) -> list[Step]:
    """Return what was done so far, in order."""
    return list(session.scalars(select(Step).order_by(Step.number)))


def add_step(  # noqa: PLR0913  # the columns of a step
    session: Session,
    kind: str,
    *,
    now: datetime,
    facts: Mapping[str, Any],
    flows: list[str],
    last_event_id: int,
    last_mail_id: int,
) -> None:
    """Write down a step. Flushes."""
    session.add(
        Step(
            kind=kind,
            now=now,
            facts=dict(facts),
            flows=flows,
            last_event_id=last_event_id,
            last_mail_id=last_mail_id,
        )
    )
    session.flush()
