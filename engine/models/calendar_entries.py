"""Dated things that are no tasks: sessions, visits, report days."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models.base import Base
from engine.models.instances import ProcessInstance
from engine.models.people import Person


class CalendarEntry(Base):
    """A dated thing in the calendars of its audience; once cancelled it stays, for calendars to say so."""

    __tablename__ = "calendar_entry"
    __table_args__ = (CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """Whose date it is, in the words of the layer above: ``meeting:5``."""
    title: Mapped[str]
    title_en: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    path: Mapped[str] = mapped_column(default="/")
    """Its page, below the address of the installation."""
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime | None]
    moved_from_at: Mapped[datetime | None]
    """When it was to start before it was last moved."""
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    ladder: Mapped[str]
    sequence: Mapped[int] = mapped_column(default=0)
    """Raised with each change, as calendars want it."""
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]

    instance: Mapped[ProcessInstance | None] = relationship()
    audience: Mapped[list["CalendarEntryAudience"]] = relationship(
        back_populates="entry", cascade="all, delete-orphan"
    )

    def label(self, language: str) -> str:
        """Return the title people read, in ``vi`` or ``en``."""
        return self.title_en if language == "en" and self.title_en else self.title


class CalendarEntryAudience(Base):
    """Whom an entry concerns: the holders of a role, in the whole city or in one unit, or one person."""

    __tablename__ = "calendar_entry_audience"
    __table_args__ = (
        CheckConstraint("(role = '') = (person_id IS NOT NULL)", name="role_or_person"),
        Index("ix_calendar_entry_audience_role_unit", "role", "unit_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("calendar_entry.id"), index=True)
    role: Mapped[str] = mapped_column(default="")
    unit_code: Mapped[str] = mapped_column(default="")
    """Empty: the role as held in the whole city."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    entry: Mapped[CalendarEntry] = relationship(back_populates="audience")
    person: Mapped[Person | None] = relationship()
