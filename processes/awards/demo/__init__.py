"""Fills an empty house with an invented city, so that one can look round."""

from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from engine import database
from processes.awards.demo import story
from processes.awards.demo.people import Base, fill_base, load_base

__all__ = ["Base", "fill", "fill_base", "load_base"]


def fill(factory: sessionmaker[Session], now: datetime, *, password: str | None = None) -> None:
    """Fill an empty database: people, catalogue, definitions, and what they have done until ``now``.

    Everybody gets ``password``. Takes some ten seconds and many transactions: begin anew if it is broken off.
    """
    with database.transaction(factory) as session:
        fill_base(session, now=now - story.LOOKING_BACK, password=password)
    story.tell(factory, now)
