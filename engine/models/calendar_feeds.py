"""The secret addresses under which people's calendars are read by their calendar programs."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class CalendarFeed(Base):
    """One secret address of a person's calendar; he has at most one that is not revoked."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        Index(
            "uq_calendar_feed_live_person_id",
            "person_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    """The token itself is kept nowhere: whoever reads the database cannot read the calendar."""
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_read_at: Mapped[datetime | None]
    """When a calendar program last asked; written now and then, not at each request."""
