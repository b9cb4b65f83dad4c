"""The ballot box: sealed envelopes while it is open, single choices under random tokens afterwards.

None of these tables has a moment or a number that would show in which order members voted.
"""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.models import Base


class Choice(enum.IntEnum):
    """What one byte of an envelope says about one line."""

    EXCLUDED = 0
    AGREE = 1
    DISAGREE = 2
    BLANK = 3


class BallotSession(Base):
    """The public key of a council session's ballot, from opening to closing."""

    __tablename__ = "ballot_session"
    __table_args__ = (CheckConstraint("opening >= 1", name="opened_at_least_once"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"), primary_key=True)
    public_key: Mapped[bytes]
    opening: Mapped[int]
    """1, or more after a lost key: members vote again."""
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class BallotEnvelope(Base):
    """A member's last sealed sheet; deleted at closing."""

    __tablename__ = "ballot_envelope"
    __table_args__ = ({"sqlite_with_rowid": False},)

    session_id: Mapped[int] = mapped_column(ForeignKey("ballot_session.session_id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed: Mapped[bytes]


class BallotChoice(Base):
    """One choice on one line, of nobody known."""

    __tablename__ = "ballot_choice"
    __table_args__ = (
        CheckConstraint("choice BETWEEN 1 AND 3", name="a_real_choice"),
        Index("ix_ballot_choice_line_id_choice", "line_id", "choice"),
        {"sqlite_with_rowid": False},
    )

    token: Mapped[bytes] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("agenda_line.id"))
    choice: Mapped[int]


class BallotReceipt(Base):
    """The receipt code of an envelope that was opened and counted."""

    __tablename__ = "ballot_receipt"
    __table_args__ = ({"sqlite_with_rowid": False},)

    session_id: Mapped[int] = mapped_column(ForeignKey("ballot_session.session_id"), primary_key=True)
    code: Mapped[bytes] = mapped_column(primary_key=True)


class BallotTurnout(Base):
    """That a member's envelope lay in the box at closing: whether, not when."""

    __tablename__ = "ballot_turnout"
    __table_args__ = ({"sqlite_with_rowid": False},)

    session_id: Mapped[int] = mapped_column(ForeignKey("ballot_session.session_id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
