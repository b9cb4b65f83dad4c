"""Gives numbers without gaps or doubles: the counter moves in the transaction that uses the number."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from processes.awards.models import RegisterCounter


def next_number(session: Session, kind: str, year: int) -> int:
    """Return the next number of a register and keep others waiting until this transaction ends.

    The upsert locks the counter's row: a rollback gives the number back, so that none is lost.
    """
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = (
        insert(RegisterCounter)
        .values(kind=kind, year=year, last_number=1)
        .on_conflict_do_update(
            index_elements=["kind", "year"], set_={"last_number": RegisterCounter.last_number + 1}
        )
        .returning(RegisterCounter.last_number)
    )
    return session.execute(statement).scalar_one()


def last_number(session: Session, kind: str, year: int) -> int:
    """Return the last number given, 0 if none."""
    query = select(RegisterCounter.last_number).where(
        RegisterCounter.kind == kind, RegisterCounter.year == year
    )
    return session.scalar(query) or 0


def code(prefix: str, year: int, number: int, width: int = 3) -> str:
    """Return a code such as ``HS-2026-0417``."""
    return f"{prefix}-{year}-{number:0{width}d}"
