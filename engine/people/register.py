"""The register of units and people: added, renamed, found."""

import re
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import InvalidInputError
from engine.models import Person, Unit
from engine.text import escape_like, fold, nfc, sort_key

_CODE: Final = re.compile(r"[a-z0-9_]{1,60}")
_USERNAME: Final = re.compile(r"[a-z0-9._-]{1,60}")
_FIND_LIMIT: Final = 50


def create_unit(  # noqa: PLR0913  # the columns of a unit
    session: Session,
    *,
    code: str,
    name: str,
    kind: str,
    name_en: str = "",
    parent: Unit | None = None,
) -> Unit:
    """Add a unit. ``code`` is what candidate groups name: lower-case letters, digits and ``_``. Flushes.

    Raises:
        InvalidInputError: the code is malformed or taken.

    """
    if not _CODE.fullmatch(code):
        raise InvalidInputError(f"unit code {code!r} is not made of a-z, 0-9 and _")
    if session.scalar(select(Unit.id).where(Unit.code == code)):
        raise InvalidInputError(f"unit code {code!r} is taken")
    unit = Unit(
        code=code,
        name=nfc(name),
        name_en=nfc(name_en),
        kind=kind,
        parent=parent,
        search_text=fold(f"{name} {name_en} {code}"),
    )
    session.add(unit)
    session.flush()
    return unit


def create_person(  # noqa: PLR0913  # the columns of a person
    session: Session,
    *,
    username: str,
    full_name: str,
    email: str | None = None,
    job_title: str = "",
    unit: Unit | None = None,
    language: str = "vi",
) -> Person:
    """Add somebody who can sign in once ``set_password`` gave him a password. Flushes.

    Raises:
        InvalidInputError: the username is malformed or taken, or the name is empty.

    """
    if not _USERNAME.fullmatch(username) or not full_name.strip():
        raise InvalidInputError(f"username {username!r} or the name is malformed")
    if session.scalar(select(Person.id).where(Person.username == username)):
        raise InvalidInputError(f"username {username!r} is taken")
    person = Person(username=username, full_name="", email=(email or "").strip() or None, language=language)
    person.unit = unit
    rename_person(person, full_name=full_name, job_title=job_title)
    session.add(person)
    session.flush()
    return person


def rename_person(person: Person, *, full_name: str, job_title: str) -> None:
    """Set the names and what lists are sorted and searched by."""
    person.full_name = " ".join(nfc(full_name).split())
    person.job_title = nfc(job_title).strip()
    person.sort_key = sort_key(full_name)
    person.search_text = fold(f"{full_name} {person.username} {job_title}")


def find_people(
    session: Session, query: str = "", *, unit: Unit | None = None, limit: int = _FIND_LIMIT
) -> list[Person]:
    """Return active people whose name, username or job title holds each word of ``query``, marks ignored."""
    found = select(Person).where(Person.is_active).order_by(Person.sort_key, Person.id).limit(limit)
    for word in query.split():
        found = found.where(Person.search_text.like(f"%{escape_like(word)}%", escape="\\"))
    if unit is not None:
        found = found.where(Person.unit_id == unit.id)
    return list(session.scalars(found))


def find_units(session: Session, query: str = "", *, limit: int = 500) -> list[Unit]:
    """Return units whose name or code holds each word of ``query``, marks ignored."""
    found = select(Unit).order_by(Unit.search_text, Unit.id).limit(limit)
    for word in query.split():
        found = found.where(Unit.search_text.like(f"%{escape_like(word)}%", escape="\\"))
    return list(session.scalars(found))


def find_unit(session: Session, code: str) -> Unit | None:
    """Return the unit of that code."""
    return session.scalar(select(Unit).where(Unit.code == code))
