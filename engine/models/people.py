"""Who works here: units, people, the roles they hold, who acts for whom."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models.base import Base


class Unit(Base):
    """An organisation in which people hold roles.

    One that was abolished stays, with its last day and its successor: what names it is found there.
    """

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("successor_id <> id", name="not_its_own_successor"),
        CheckConstraint("successor_id IS NULL OR valid_until IS NOT NULL", name="succeeded_from_a_day_on"),
        CheckConstraint("handed_over_at IS NULL OR successor_id IS NOT NULL", name="handed_over_to_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """Lower case, as candidate groups name it: ``head@sales``."""
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    """department, commune, body, enterprise ... (content, not logic)."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    search_text: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    """Its last day."""
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    """Who takes over what it had, from the day after its last."""
    handed_over_at: Mapped[datetime | None]
    """When its open work went to the successor; None while that is still to come."""

    parent: Mapped["Unit | None"] = relationship(foreign_keys=[parent_id], remote_side="Unit.id")
    successor: Mapped["Unit | None"] = relationship(foreign_keys=[successor_id], remote_side="Unit.id")


class Person(Base):
    """Somebody who can sign in."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    job_title: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="vi")
    password_hash: Mapped[str | None]
    session_epoch: Mapped[int] = mapped_column(default=0)
    """Raised to sign the person out everywhere."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    sort_key: Mapped[str] = mapped_column(default="", index=True)
    search_text: Mapped[str] = mapped_column(default="")

    unit: Mapped[Unit | None] = relationship(lazy="joined")
    holdings: Mapped[list["RoleHolding"]] = relationship(back_populates="person")


class RoleHolding(Base):
    """Who holds a role, in which unit (none: the whole city), from when to when (both days included)."""

    __tablename__ = "role_holding"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index("ix_role_holding_role_unit", "role", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="holdings")
    unit: Mapped[Unit | None] = relationship(lazy="joined")


class Delegation(Base):
    """One person acts for another in one of his roles, for some days."""

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("giver_id <> taker_id", name="not_to_oneself"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    taker_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str]

    giver: Mapped[Person] = relationship(foreign_keys=[giver_id])
    taker: Mapped[Person] = relationship(foreign_keys=[taker_id])
    unit: Mapped[Unit | None] = relationship()
