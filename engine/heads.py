"""Who heads those who hold a role: whoever holds its head role, in the same unit where that is per unit."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from engine import setup
from engine.models import Person
from engine.people import people_holding


def head_groups(session: Session, groups: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the groups, role and unit code, that head others; a role may have no head."""
    roles = setup.of(session).roles
    heads = [(roles[role].head_role if role in roles else None, unit_code) for role, unit_code in groups]
    return [
        (head, unit_code if head in roles and roles[head].per_unit else "")
        for head, unit_code in heads
        if head is not None
    ]


def holders_of(session: Session, groups: Iterable[tuple[str, str]], *, on: date) -> list[Person]:
    """Return who may act in one of some groups that day, each once."""
    found = (
        person for role, unit_code in groups for person in people_holding(session, role, unit_code, on=on)
    )
    return list({person.id: person for person in found}.values())
