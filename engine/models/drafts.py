"""Definitions being worked on: one draft each, who changes what in it, and who wrote what was submitted."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models.base import Base
from engine.models.definitions import DefinitionVersion
from engine.models.people import Person


class DefinitionDraft(Base):
    """The one working copy of a definition; its files may be broken until it is submitted as a version."""

    __tablename__ = "definition_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    base_version_id: Mapped[int | None] = mapped_column(ForeignKey("definition_version.id"))
    """The version it began as; None: it began with nothing, or with a file from outside."""
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str]
    content: Mapped[bytes]
    """The files, as ``engine.bundles`` packs them; read with their digest, as both change together."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    base_version: Mapped[DefinitionVersion | None] = relationship()
    created_by: Mapped[Person] = relationship(foreign_keys=[created_by_id])
    updated_by: Mapped[Person] = relationship(foreign_keys=[updated_by_id])


class DraftEdit(Base):
    """Somebody changed a file of a draft, or took it away."""

    __tablename__ = "draft_edit"

    draft_id: Mapped[int] = mapped_column(ForeignKey("definition_draft.id"), primary_key=True)
    file: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class DraftVisit(Base):
    """Somebody has a draft open; a visit that is not renewed is over."""

    __tablename__ = "draft_visit"

    draft_id: Mapped[int] = mapped_column(ForeignKey("definition_draft.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    file: Mapped[str]
    seen_at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class DefinitionContributor(Base):
    """Somebody had a hand in a file of a version, and may therefore not publish it."""

    __tablename__ = "definition_contributor"

    version_id: Mapped[int] = mapped_column(ForeignKey("definition_version.id"), primary_key=True)
    file: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    last_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
