"""Passwords: hashed with argon2, checked in equal time for known and unknown names."""

from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import InvalidInputError
from engine.models import Person
from engine.text import fold, nfc

MIN_PASSWORD_LENGTH: Final = 8
_MAX_PASSWORD_LENGTH: Final = 200
_EASY_PARTS: Final = ("password", "matkhau", "123456", "qwerty", "abcdef", "111111", "000000", "iloveyou")
_HASHER: Final = PasswordHasher()


def hash_password(password: str) -> str:
    """Return what is stored instead of the password; takes about 0.1 s on purpose."""
    return _HASHER.hash(nfc(password))


def set_password(session: Session, person: Person, password: str) -> None:
    """Give a person a new password and sign him out everywhere. Flushes.

    Raises:
        InvalidInputError: it is too short, too long, or easily guessed; the message is for the log only.

    """
    problem = password_problem(person, password)
    if problem:
        raise InvalidInputError(f"the password of person {person.id} is {problem}")
    person.password_hash = hash_password(password)
    person.session_epoch += 1
    session.flush()


def password_problem(person: Person, password: str) -> str:
    """Return ``too_short``, ``too_long``, ``guessable``, or nothing if the password will do."""
    if len(password) < MIN_PASSWORD_LENGTH:
        return "too_short"
    if len(password) > _MAX_PASSWORD_LENGTH:
        return "too_long"
    plain = fold(password).replace(" ", "")
    is_guessable = len(set(plain)) < 4 or any(part in plain for part in (*_EASY_PARTS, person.username))  # noqa: PLR2004  # aaaaabbbbb
    return "guessable" if is_guessable else ""


def verify_password(session: Session, username: str, password: str) -> Person | None:
    """Return the active person whose name and password these are.

    An unknown name costs as much time as a wrong password. A hash of older strength is renewed; flushes.
    """
    person = session.scalar(select(Person).where(Person.username == username, Person.is_active))
    stored = person.password_hash if person is not None and person.password_hash else _dummy_hash()
    if not _matches(stored, password[:_MAX_PASSWORD_LENGTH]) or person is None or not person.password_hash:
        return None
    if _HASHER.check_needs_rehash(stored):
        person.password_hash = hash_password(password)
        session.flush()
    return person


def _matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, nfc(password))
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _dummy_hash() -> str:
    return _HASHER.hash("nobody has this password")
