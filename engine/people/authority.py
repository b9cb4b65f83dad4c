"""Who may act in which role on a day, himself or for somebody else."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    or_,
    select,
    union_all,
)
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
    held = session.execute(_ROLES_OF_PERSON, {"on": on, "person_id": person.id})
    return Authority(person.id, frozenset((role, unit_code or "") for role, unit_code in held))


def people_holding(session: Session, role: str, unit_code: str = "", *, on: date) -> list[Person]:
    """Return the active people who may act in a role that day, delegates included, by given name."""
    if unit_code:
        found = session.scalars(_HOLDERS_IN_UNIT, {"on": on, "role": role, "unit_code": unit_code})
    else:
        found = session.scalars(_HOLDERS_IN_CITY, {"on": on, "role": role})
    return list(found)


def staffed_groups(session: Session, *, on: date) -> frozenset[str]:
    """Return the groups, ``role`` or ``role@unit``, in which some active person may act that day.

    A delegation adds none: it holds only while its giver does.
    """
    found = session.execute(_STAFFED, {"on": on})
    return frozenset(f"{role}@{unit_code}" if unit_code else role for role, unit_code in found)


def _in_force(
    starts_on: InstrumentedAttribute[date], ends_on: InstrumentedAttribute[date | None]
) -> ColumnElement[bool]:
    return and_(starts_on <= _ON, or_(ends_on.is_(None), ends_on >= _ON))


def _holdings() -> Select[str, str]:
    return (
        select(RoleHolding.role, Unit.code)
        .outerjoin(Unit, RoleHolding.unit_id == Unit.id)
        .where(_in_force(RoleHolding.starts_on, RoleHolding.ends_on))
    )


def _lent_holdings() -> Select[str, str]:
    giver = aliased(Person)
    same_unit = RoleHolding.unit_id.is_not_distinct_from(Delegation.unit_id)
    return (
        _holdings()
        .join(
            Delegation,
            and_(
                Delegation.giver_id == RoleHolding.person_id, Delegation.role == RoleHolding.role, same_unit
            ),
        )
        .join(giver, giver.id == Delegation.giver_id)
        .where(Delegation.starts_on <= _ON, Delegation.ends_on >= _ON, giver.is_active)
    )


def _holders(in_unit: ColumnElement[bool]) -> Select[Person]:
    of_role = and_(RoleHolding.role == bindparam("role", type_=String), in_unit)
    holders = _holdings().where(of_role).with_only_columns(RoleHolding.person_id)
    takers = _lent_holdings().where(of_role).with_only_columns(Delegation.taker_id)
    return (
        select(Person)
        .where(Person.is_active, or_(Person.id.in_(holders), Person.id.in_(takers)))
        .order_by(Person.sort_key, Person.id)
    )


# Built once: composing these statements costs more than running them.
_ON: Final[BindParameter[date]] = bindparam("on", type_=Date)
_PERSON: Final[BindParameter[int]] = bindparam("person_id", type_=Integer)
_ROLES_OF_PERSON: Final = union_all(
    _holdings().where(RoleHolding.person_id == _PERSON),
    _lent_holdings().where(Delegation.taker_id == _PERSON),
)
_HOLDERS_IN_UNIT: Final = _holders(Unit.code == bindparam("unit_code", type_=String))
_STAFFED: Final = _holdings().join(Person, Person.id == RoleHolding.person_id).where(Person.is_active)
_HOLDERS_IN_CITY: Final = _holders(RoleHolding.unit_id.is_(None))
