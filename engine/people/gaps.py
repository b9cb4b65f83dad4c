"""What keeps work from people: units without anybody in a role, people whom no mail reaches."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from engine.models import Person, RoleHolding, Unit
from engine.people.heirs import is_abolished

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Gap:
    """One thing that is missing.

    ``kind``: unknown (no unit has the code), gone (the unit was abolished), nobody (holds the role), ends
    (nobody holds it from a day on), no_address (nobody of those who hold it can be sent mail).
    """

    kind: str
    code: str
    unit: Unit | None = None
    role: str = ""
    since: date | None = None
    """From when on: of what ends, or is gone."""


def gaps_of_units(session: Session, codes: Iterable[str], *, roles: Sequence[str], on: date) -> list[Gap]:
    """Return what is missing in units for work that begins that day, in the order of codes and roles.

    Delegations fill no gap: they hold only while their giver does. Two queries.
    """
    wanted = list(dict.fromkeys(codes))
    units = {unit.code: unit for unit in session.scalars(select(Unit).where(Unit.code.in_(wanted)))}
    present = [unit for unit in units.values() if not is_abolished(unit, on=on)]
    held = _holdings(session, present, roles, on=on)
    found: list[Gap] = []
    for code in wanted:
        unit = units.get(code)
        if unit is None:
            found.append(Gap("unknown", code))
        elif unit.valid_until is not None and is_abolished(unit, on=on):
            found.append(Gap("gone", code, unit, since=unit.valid_until + _DAY))
        else:
            found += [
                gap for role in roles for gap in _of_role(unit, role, held.get((unit.id, role), []), on=on)
            ]
    return found


def roles_without_mail(session: Session, *, on: date) -> list[RoleHolding]:
    """Return the roles held that day by active people who have no address, by given name."""
    found = (
        select(RoleHolding)
        .join(Person, RoleHolding.person_id == Person.id)
        .where(Person.is_active, Person.email.is_(None), RoleHolding.starts_on <= on, _lasts(on))
        .order_by(Person.sort_key, RoleHolding.id)
    )
    return list(session.scalars(found))


def _lasts(on: date) -> ColumnElement[bool]:
    return or_(RoleHolding.ends_on.is_(None), RoleHolding.ends_on >= on)


def _holdings(
    session: Session, units: Collection[Unit], roles: Sequence[str], *, on: date
) -> dict[tuple[int, str], list[tuple[RoleHolding, Person]]]:
    query = (
        select(RoleHolding, Person)
        .join(Person, RoleHolding.person_id == Person.id)
        .where(
            RoleHolding.unit_id.in_([unit.id for unit in units]),
            RoleHolding.role.in_(roles),
            Person.is_active,
            _lasts(on),
        )
        .order_by(RoleHolding.starts_on, RoleHolding.id)
    )
    found: dict[tuple[int, str], list[tuple[RoleHolding, Person]]] = {}
    for holding, person in session.execute(query):
        found.setdefault((holding.unit_id or 0, holding.role), []).append((holding, person))
    return found


def _of_role(unit: Unit, role: str, held: Sequence[tuple[RoleHolding, Person]], *, on: date) -> list[Gap]:
    today = [person for holding, person in held if holding.starts_on <= on]
    if not today:
        return [Gap("nobody", unit.code, unit, role)]
    found: list[Gap] = []
    if not any(person.email for person in today):
        found.append(Gap("no_address", unit.code, unit, role))
    since = _vacant_since([holding for holding, _ in held], on=on)
    if since is not None and not is_abolished(unit, on=since):
        found.append(Gap("ends", unit.code, unit, role, since))
    return found


def _vacant_since(holdings: Sequence[RoleHolding], *, on: date) -> date | None:
    """Return the first day on which no holding, given by start, is in force; None where there is none."""
    vacant = on
    for holding in holdings:
        if holding.starts_on > vacant:
            break
        if holding.ends_on is None:
            return None
        vacant = max(vacant, holding.ends_on + _DAY)
    return vacant
