"""The register of units and people: added, changed, found."""

import re
from datetime import date
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.errors import InvalidInputError
from engine.models import Person, Unit
from engine.text import escape_like, fold, is_mail_address, nfc, sort_key

_CODE: Final = re.compile(r"[a-z0-9_]{1,60}")
_USERNAME: Final = re.compile(r"[a-z0-9._-]{1,60}")
_FIND_LIMIT: Final = 50


class RegisterError(InvalidInputError):
    """A unit or person cannot be entered so.

    ``field`` is the parameter it went wrong at; ``code``: missing, malformed or taken.
    """

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field} is {code}")
        self.field = field
        self.code = code


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
        RegisterError: there is no name, or the code is malformed or taken.

    """
    if not name.strip():
        raise RegisterError("name", "missing")
    if not _CODE.fullmatch(code):
        raise RegisterError("code", "malformed")
    if session.scalar(select(Unit.id).where(Unit.code == code)):
        raise RegisterError("code", "taken")
    unit = Unit(
        code=code,
        name=nfc(name).strip(),
        name_en=nfc(name_en).strip(),
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
        RegisterError: there is no name, the username is malformed or taken, or the address malformed.

    """
    if not _USERNAME.fullmatch(username):
        raise RegisterError("username", "malformed")
    if session.scalar(select(Person.id).where(Person.username == username)):
        raise RegisterError("username", "taken")
    person = Person(username=username, language=language)
    change_person(session, person, full_name=full_name, job_title=job_title, email=email, unit=unit)
    return person


def change_person(  # noqa: PLR0913  # the columns of a person
    session: Session,
    person: Person,
    *,
    full_name: str,
    job_title: str,
    email: str | None,
    unit: Unit | None,
) -> None:
    """Set what others know of a person; no address: he gets no mail. Flushes.

    Raises:
        RegisterError: there is no name, or the address is malformed.

    """
    address = (email or "").strip()
    if not full_name.strip():
        raise RegisterError("full_name", "missing")
    if address and not is_mail_address(address):
        raise RegisterError("email", "malformed")
    person.full_name = " ".join(nfc(full_name).split())
    person.job_title = nfc(job_title).strip()
    person.email = address or None
    person.unit = unit
    person.sort_key = sort_key(full_name)
    person.search_text = fold(f"{full_name} {person.username} {job_title}")
    session.add(person)
    session.flush()


def find_people(
    session: Session,
    query: str = "",
    *,
    unit: Unit | None = None,
    without_address: bool = False,
    limit: int = _FIND_LIMIT,
) -> list[Person]:
    """Return active people whose name, username or job title holds each word of ``query``, marks ignored."""
    found = select(Person).where(Person.is_active).order_by(Person.sort_key, Person.id).limit(limit)
    for word in query.split():
        found = found.where(Person.search_text.like(f"%{escape_like(word)}%", escape="\\"))
    if unit is not None:
        found = found.where(Person.unit_id == unit.id)
    if without_address:
        found = found.where(Person.email.is_(None))
    return list(session.scalars(found))


def find_units(session: Session, query: str = "", *, on: date | None = None, limit: int = 500) -> list[Unit]:
    """Return units whose name or code holds each word of ``query``, marks ignored.

    With a day: those alone that are there on it.
    """
    found = select(Unit).order_by(Unit.search_text, Unit.id).limit(limit)
    for word in query.split():
        found = found.where(Unit.search_text.like(f"%{escape_like(word)}%", escape="\\"))
    if on is not None:
        found = found.where(or_(Unit.valid_until.is_(None), Unit.valid_until >= on))
    return list(session.scalars(found))


def find_unit(session: Session, code: str) -> Unit | None:
    """Return the unit of that code."""
    return session.scalar(select(Unit).where(Unit.code == code))
