"""Plans that bring running instances to another version, and what became of each instance."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models.base import Base, enum_type
from engine.models.definitions import DefinitionVersion
from engine.models.instances import ProcessInstance
from engine.models.people import Person

_IS_TO_DO = "state IN ('waiting', 'undoing')"


class MigrationState(enum.Enum):
    """Where the migration of one instance stands."""

    WAITING = "waiting"
    MIGRATED = "migrated"
    SKIPPED = "skipped"
    UNDOING = "undoing"
    UNDONE = "undone"


class MigrationPlan(Base):
    """One decision of an administrator: which version, which element becomes which, and why."""

    __tablename__ = "migration_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    target_version_id: Mapped[int] = mapped_column(ForeignKey("definition_version.id"), index=True)
    mapping: Mapped[dict[str, Any]]
    """Element of an older version -> element of the target version, for those that do not simply stay."""
    reason: Mapped[str]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    target_version: Mapped[DefinitionVersion] = relationship()
    created_by: Mapped[Person] = relationship()
    instances: Mapped[list["InstanceMigration"]] = relationship(back_populates="plan")


class InstanceMigration(Base):
    """What a plan did with one instance, and all that is needed to take it back."""

    __tablename__ = "instance_migration"
    __table_args__ = (
        UniqueConstraint("plan_id", "instance_id"),
        Index(
            "ix_instance_migration_to_do",
            "id",
            sqlite_where=text(_IS_TO_DO),
            postgresql_where=text(_IS_TO_DO),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("migration_plan.id"))
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), index=True)
    from_version_id: Mapped[int] = mapped_column(ForeignKey("definition_version.id"))
    known_revision: Mapped[int]
    """The revision the administrator saw; an instance that has moved on since is left alone."""
    state: Mapped[MigrationState] = mapped_column(enum_type(MigrationState), default=MigrationState.WAITING)
    problem: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Why it was left alone or could not be taken back: ``code`` and, where it has one, ``element``."""
    applied_at: Mapped[datetime | None]
    left_revision: Mapped[int | None]
    """The revision the migration left; it can be taken back while the instance still has it."""
    workflow: Mapped[bytes | None] = mapped_column(deferred=True)
    """The tokens before."""
    variables: Mapped[bytes | None] = mapped_column(deferred=True)
    """The variables before."""
    rows: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    """The rows before, where the migration changed them, as ``engine.migration.journal`` writes them."""
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    plan: Mapped[MigrationPlan] = relationship(back_populates="instances")
    instance: Mapped[ProcessInstance] = relationship()
    from_version: Mapped[DefinitionVersion] = relationship()
    undone_by: Mapped[Person | None] = relationship()
