"""Who may act in which role on a day, himself or for somebody else."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from engine.clock import CITY_ZONE
from engine.models import Delegation, Person, RoleHolding, Unit


@dataclass(frozen=True)
class Authority:
    """What a person may act as on one day: roles with unit codes; an empty code is the whole city."""

    person_id: int
    roles: frozenset[tuple[str, str]] = field(default=frozenset())

    def holds(self, role: str, unit_code: str = "") -> bool:
        """Whether the role is held in that unit; a city-wide holding is no holding in a unit."""
        return (role, unit_code) in self.roles

    def holds_any(self, role: str) -> bool:
        """Whether the role is held anywhere."""
        return any(held == role for held, _ in self.roles)

    def units_of(self, role: str) -> frozenset[str]:
        """Return the codes of the units in which the role is held."""
        return frozenset(unit_code for held, unit_code in self.roles if held == role)


def local_day(now: datetime) -> date:
    """Return the day it is in the city."""
    return now.astimezone(CITY_ZONE).date()


def authority_of(session: Session, person: Person, *, on: date) -> Authority:
    """Return the roles a person holds on a day, with those delegated to him; none once he is inactive.

    A delegation gives no more than its giver holds on that day, and is not handed on.
    """
    if not person.is_active:
        return Authority(person.id)
    own = session.execute(_holdings(on).where(RoleHolding.person_id == person.id)).all()
    lent = session.execute(_lent_holdings(on).where(Delegation.taker_id == person.id)).all()
    return Authority(person.id, frozenset((role, code or "") for role, code in [*own, *lent]))


def people_holding(session: Session, role: str, unit_code: str = "", *, on: date) -> list[Person]:
    """Return the active people who may act in a role that day, delegates included, by given name."""
    in_unit = Unit.code == unit_code if unit_code else RoleHolding.unit_id.is_(None)
    holders = _holdings(on).where(RoleHolding.role == role, in_unit).with_only_columns(RoleHolding.person_id)
    takers = (
        _lent_holdings(on).where(RoleHolding.role == role, in_unit).with_only_columns(Delegation.taker_id)
    )
    people = (
        select(Person)
        .where(Person.is_active, or_(Person.id.in_(holders), Person.id.in_(takers)))
        .order_by(Person.sort_key, Person.id)
    )
    return list(session.scalars(people))


def _in_force(
    starts_on: InstrumentedAttribute[date], ends_on: InstrumentedAttribute[date | None], on: date
) -> ColumnElement[bool]:
    return and_(starts_on <= on, or_(ends_on.is_(None), ends_on >= on))


def _holdings(on: date) -> Select[str, str]:
    return (
        select(RoleHolding.role, Unit.code)
        .outerjoin(Unit, RoleHolding.unit_id == Unit.id)
        .where(_in_force(RoleHolding.starts_on, RoleHolding.ends_on, on))
    )


def _lent_holdings(on: date) -> Select[str, str]:
    giver = aliased(Person)
    same_unit = RoleHolding.unit_id.is_not_distinct_from(Delegation.unit_id)
    return (
        _holdings(on)
        .join(
            Delegation,
            and_(
                Delegation.giver_id == RoleHolding.person_id, Delegation.role == RoleHolding.role, same_unit
            ),
        )
        .join(giver, giver.id == Delegation.giver_id)
        .where(Delegation.starts_on <= on, Delegation.ends_on >= on, giver.is_active)
    )
