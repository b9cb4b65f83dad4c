"""Where a mail goes, and who gets it in the place of somebody who has no address."""

from datetime import date

from sqlalchemy.orm import Session

from engine import setup
from engine.heads import head_groups, holders_of
from engine.models import Person
from engine.people import authority_of, people_holding
from engine.text import is_mail_address


def usable_address(recipient: Person | str) -> str:
    """Return the address of a person, or outside, if a mail could reach it; else nothing."""
    address = (recipient.email or "" if isinstance(recipient, Person) else recipient).strip()
    return address if is_mail_address(address) else ""


def stand_ins_for(session: Session, person: Person, *, on: date) -> list[Person]:
    """Return who is told instead: the heads of the roles he holds, in the same unit, else the overseers.

    Only people with an address are named.
    """
    groups = sorted(authority_of(session, person, on=on).roles)
    heads = holders_of(session, head_groups(session, groups), on=on)
    overseer = setup.of(session).overseer_role
    overseers = people_holding(session, overseer, on=on) if overseer else []
    return _reachable(heads, person) or _reachable(overseers, person)


def _reachable(people: list[Person], person: Person) -> list[Person]:
    return [one for one in people if one.id != person.id and usable_address(one)]
