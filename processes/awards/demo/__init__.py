"""Fills an empty house with an invented city, so that one can look round."""

from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from engine import database
from engine.people import local_day
from processes.awards.demo import directive, inspections, story
from processes.awards.demo.people import Base, fill_base, load_base

__all__ = ["Base", "fill", "fill_base", "load_base"]


def fill(factory: sessionmaker[Session], now: datetime, *, password: str | None = None) -> None:
    """Fill an empty database: people, catalogue, definitions, and what they have done until ``now``.

    Everybody gets ``password``. It takes many transactions: begin anew if it is broken off.
    """
    with database.transaction(factory) as session:
        today = local_day(now - story.LOOKING_BACK)
        fill_base(session, now=inspections.begins(now), password=password, today=today)
    # First: it sends its mails of the past, and would send those of the others too.
    directive.tell(factory, now)
    story.tell(factory, now)
    # After the dossiers: the hold of an inspection would keep them from approval.
    inspections.tell(factory, now)
