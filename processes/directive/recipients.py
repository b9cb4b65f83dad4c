"""Says who is meant by a line of a directive's recipients' list."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import people
from engine.models import Person, RoleHolding, Unit
from processes.directive.entry import ALL_UNITS


def people_of_group(session: Session, group: str, *, on: date) -> list[Person]:
    """Return the active people of ``role``, ``role@unit`` or ``role@*`` on a day, each once."""
    role, _at, unit_code = group.partition("@")
    if unit_code != ALL_UNITS:
        return people.people_holding(session, role, unit_code, on=on)
    units = (
        select(Unit.code).join(RoleHolding, RoleHolding.unit_id == Unit.id).where(RoleHolding.role == role)
    )
    found = [
        person
        for code in session.scalars(units.distinct().order_by(Unit.code)).all()
        for person in people.people_holding(session, role, code, on=on)
    ]
    return list(dict.fromkeys(found))
