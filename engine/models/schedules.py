"""Recurring starts, the working calendar, and the pulse of the workers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class Schedule(Base):
    """A recurring start of a definition for chosen units."""

    __tablename__ = "schedule"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    """The definition to start."""
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    rhythm: Mapped[str]
    """once, monthly, quarterly, half_yearly, yearly."""
    first_on: Mapped[date]
    shift_to_working_day: Mapped[bool] = mapped_column(default=True)
    unit_codes: Mapped[list[str]]
    variables: Mapped[dict[str, Any]]
    """Start variables, as ``engine.feel.to_json`` gives them."""
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """The next start; none when it has ended."""
    is_paused: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ScheduledStart(Base):
    """One start a schedule has made: once per occurrence and unit, whatever the number of workers."""

    __tablename__ = "scheduled_start"
    __table_args__ = (UniqueConstraint("schedule_id", "occurs_on", "unit_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedule.id"))
    occurs_on: Mapped[date]
    unit_code: Mapped[str]
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))


class CalendarDay(Base):
    """A day an official has decided otherwise than the rule: a holiday, or a weekend worked."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    name: Mapped[str]


class Heartbeat(Base):
    """When a worker was last alive."""

    __tablename__ = "heartbeat"

    worker: Mapped[str] = mapped_column(primary_key=True)
    beat_at: Mapped[datetime] = mapped_column(index=True)
