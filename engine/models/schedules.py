"""Recurring starts, the working calendar, and the pulse of the workers."""

import enum
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models.base import Base, enum_type
from engine.models.history import Incident
from engine.models.instances import ProcessInstance

START_OF_WORK: Final = time(7, 30)
"""When in the day a schedule starts its instances, where nobody says otherwise."""


class Shift(enum.Enum):
    """Where an occurrence goes whose day is no working day."""

    NONE = "none"
    """It stays where it is."""
    FORWARD = "forward"
    """To the next working day."""
    BACKWARD = "backward"
    """To the last working day before."""


class Schedule(Base):
    """A recurring start of a definition for chosen units."""

    __tablename__ = "schedule"
    __table_args__ = (
        CheckConstraint("(rhythm = 'cron') = (cron <> '')", name="cron_iff_rhythm"),
        CheckConstraint("ends_on IS NULL OR ends_on >= first_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    """The definition to start."""
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    rhythm: Mapped[str]
    """once, monthly, quarterly, half_yearly, yearly, cron."""
    cron: Mapped[str] = mapped_column(default="")
    """Five fields as crontab has them; empty for every other rhythm."""
    first_on: Mapped[date]
    """The first occurrence; of a cron line, the day from which it counts."""
    ends_on: Mapped[date | None]
    """The last day an occurrence may fall on, before it is shifted."""
    starts_at: Mapped[time] = mapped_column(default=START_OF_WORK)
    """The time of day in the city; of a cron line, the line's own."""
    shift: Mapped[Shift] = mapped_column(enum_type(Shift), default=Shift.FORWARD)
    unit_codes: Mapped[list[str]]
    """The units chosen one by one; empty with a kind, or for a single start without a unit."""
    unit_kind: Mapped[str] = mapped_column(default="")
    """All units of this kind, as they are on the day of the start; empty if chosen one by one."""
    variables: Mapped[dict[str, Any]]
    """Start variables, as ``engine.feel.to_json`` gives them."""
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """The next start; none when it has ended."""
    is_paused: Mapped[bool] = mapped_column(default=False)
    retired_at: Mapped[datetime | None]
    """Since when it starts nothing for good; what it has started stays."""
    revision: Mapped[int] = mapped_column(default=0)
    """Raised by every change, so that nobody writes over what he has not seen."""
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ScheduledStart(Base):
    """One start a schedule has made: once per occurrence and unit, whatever the number of workers."""

    __tablename__ = "scheduled_start"
    __table_args__ = (UniqueConstraint("schedule_id", "occurs_on", "unit_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedule.id"))
    occurs_on: Mapped[date]
    """The day the rhythm names, before it is shifted."""
    unit_code: Mapped[str]
    started_at: Mapped[datetime]
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    """None where the start failed."""
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
    """What keeps a start that failed for another try; it knows the instance once that went through."""

    instance: Mapped[ProcessInstance | None] = relationship()
    incident: Mapped[Incident | None] = relationship()

    @property
    def became(self) -> ProcessInstance | None:
        """The instance it became, also where that took another try; None where it failed."""
        return self.instance or (self.incident.instance if self.incident is not None else None)


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
