"""Who may act in which role on a day, himself or for somebody else."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from engine.clock import CITY_ZONE
from engine.models import Delegation, Person, RoleHolding, Unit
from engine.people.heirs import LINEAGE, ON, heirs_of


@dataclass(frozen=True)
class Authority:
    """What a person may act as on one day: roles with unit codes; an empty code is the whole city."""

    person_id: int
    roles: frozenset[tuple[str, str]] = field(default=frozenset())
    inherited: frozenset[tuple[str, str]] = field(default=frozenset())
    """The same roles in the abolished units that his units have succeeded: for what these left behind."""

    @property
    def reach(self) -> frozenset[tuple[str, str]]:
        """All roles that let him see and do what is there already, whatever unit began it."""
        return self.roles | self.inherited

    def holds(self, role: str, unit_code: str = "") -> bool:
        """Whether the role is held in that unit or its successor; a city-wide holding is none in a unit."""
        return (role, unit_code) in self.reach

    def holds_any(self, role: str) -> bool:
        """Whether the role is held anywhere."""
        return any(held == role for held, _ in self.roles)

    def units_of(self, role: str) -> frozenset[str]:
        """Return the codes of the units in which the role is held, not of those they have succeeded."""
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
    held = session.execute(_ROLES_OF_PERSON, {"on": on, "person_id": person.id}).all()
    own, inherited = (
        frozenset((row.role, row.code or "") for row in held if row.is_inherited is is_inherited)
        for is_inherited in (False, True)
    )
    return Authority(person.id, own, inherited)


def people_holding(session: Session, role: str, unit_code: str = "", *, on: date) -> list[Person]:
    """Return the active people who may act in a role that day, delegates included, by given name.

    For an abolished unit they are its heir's.
    """
    if not unit_code:
        return list(session.scalars(_HOLDERS_IN_CITY, {"on": on, "role": role}))
    found = _holders_in_unit(session, role, unit_code, on=on)
    if found:
        return found
    heir = heirs_of(session, [unit_code], on=on).get(unit_code, unit_code)
    return found if heir == unit_code else _holders_in_unit(session, role, heir, on=on)


def staffed_groups(session: Session, *, on: date) -> frozenset[str]:
    """Return the groups, ``role`` or ``role@unit``, in which some active person may act that day.

    A delegation adds none: it holds only while its giver does.
    """
    found = session.execute(_STAFFED, {"on": on})
    return frozenset(f"{role}@{unit_code}" if unit_code else role for role, unit_code in found)


def _holders_in_unit(session: Session, role: str, unit_code: str, *, on: date) -> list[Person]:
    return list(session.scalars(_HOLDERS_IN_UNIT, {"on": on, "role": role, "unit_code": unit_code}))


def _not_over(last_day: InstrumentedAttribute[date | None]) -> ColumnElement[bool]:
    return or_(last_day.is_(None), last_day >= ON)


def _holdings() -> Select[str, str]:
    """Return the roles held that day; a role in a unit is held no longer than there is the unit."""
    return (
        select(RoleHolding.role, Unit.code)
        .outerjoin(Unit, RoleHolding.unit_id == Unit.id)
        .where(RoleHolding.starts_on <= ON, _not_over(RoleHolding.ends_on), _not_over(Unit.valid_until))
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
        .where(Delegation.starts_on <= ON, Delegation.ends_on >= ON, giver.is_active)
    )


def _own(holdings: Select[str, str]) -> Select[str, str, bool]:
    return holdings.add_columns(literal(False).label("is_inherited"))


def _inherited(holdings: Select[str, str]) -> Select[str, str, bool]:
    """Return the same roles in the units that those of the holdings have succeeded."""
    earlier = aliased(Unit)
    is_inherited = literal(True).label("is_inherited")
    return (
        holdings.join(LINEAGE, LINEAGE.c.heir_id == RoleHolding.unit_id)
        .join(earlier, earlier.id == LINEAGE.c.unit_id)
        .with_only_columns(RoleHolding.role, earlier.code, is_inherited)
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
_PERSON: Final[BindParameter[int]] = bindparam("person_id", type_=Integer)
_OF_PERSON: Final = (
    _holdings().where(RoleHolding.person_id == _PERSON),
    _lent_holdings().where(Delegation.taker_id == _PERSON),
)
_ROLES_OF_PERSON: Final = union_all(*map(_own, _OF_PERSON), *map(_inherited, _OF_PERSON))
_HOLDERS_IN_UNIT: Final = _holders(Unit.code == bindparam("unit_code", type_=String))
_STAFFED: Final = _holdings().join(Person, Person.id == RoleHolding.person_id).where(Person.is_active)
_HOLDERS_IN_CITY: Final = _holders(RoleHolding.unit_id.is_(None))
