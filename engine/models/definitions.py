"""Numbered versions of process definitions."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models.base import Base, enum_type
from engine.models.people import Person


class VersionState(enum.Enum):
    """Where a version of a definition stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class DefinitionVersion(Base):
    """An immutable, numbered bundle: diagram, called diagrams, tables, forms, templates."""

    __tablename__ = "definition_version"
    __table_args__ = (UniqueConstraint("key", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    """The definition's name and folder, e.g. ``leave_request``; also the id of its main process."""
    number: Mapped[int]
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    state: Mapped[VersionState] = mapped_column(enum_type(VersionState), default=VersionState.DRAFT)
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    """The files, as ``engine.definitions`` packs them."""
    comment: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    created_by: Mapped[Person | None] = relationship(foreign_keys=[created_by_id])
    published_by: Mapped[Person | None] = relationship(foreign_keys=[published_by_id])
