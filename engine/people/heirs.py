"""Who stands in for a unit that was abolished: its successor, or whoever succeeded that one since.

The one place that knows: roles reach back through it (``authority``), groups, receivers and new instances of
an abolished unit go to its heir.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from sqlalchemy import CTE, BindParameter, Date, and_, bindparam, select
from sqlalchemy.orm import Session

from engine.models import Unit

ON: Final[BindParameter[date]] = bindparam("on", type_=Date)
"""The day the statements of ``engine.people`` ask about."""


def is_abolished(unit: Unit, *, on: date) -> bool:
    """Whether the unit's last day is over."""
    return unit.valid_until is not None and unit.valid_until < on


def heir_of(unit: Unit, *, on: date) -> Unit:
    """Return who stands in for the unit that day: the unit itself until its last day is over."""
    while is_abolished(unit, on=on) and unit.successor is not None:
        unit = unit.successor
    return unit


def holder_of(unit: Unit) -> Unit:
    """Return who has what was the unit's by now: for judging the past, where no day is at hand."""
    while unit.handed_over_at is not None and unit.successor is not None:
        unit = unit.successor
    return unit


def heirs_of(session: Session, codes: Iterable[str], *, on: date) -> Mapping[str, str]:
    """Return the code of the heir for each code of a unit; codes that no unit has are left out."""
    wanted = set(codes)
    if not wanted:
        return {}
    found = session.scalars(select(Unit).where(Unit.code.in_(wanted)))
    return {unit.code: heir_of(unit, on=on).code for unit in found}


def is_same_body(one: Unit, other: Unit, *, on: date) -> bool:
    """Whether two units are one by that day, as one succeeded the other or a third succeeded both."""
    return heir_of(one, on=on).id == heir_of(other, on=on).id


def predecessors_of(session: Session, unit: Unit, *, on: date) -> list[Unit]:
    """Return the units that this one has succeeded by that day, directly or through others, by name."""
    earlier = select(LINEAGE.c.unit_id).where(LINEAGE.c.heir_id == unit.id)
    found = select(Unit).where(Unit.id.in_(earlier)).order_by(Unit.search_text, Unit.id)
    return list(session.scalars(found, {"on": on}))


def ids_of_body(session: Session, code: str) -> set[int]:
    """Return the ids of the unit of that code and of all that have gone into it; none where none has it."""
    found = set(session.scalars(select(Unit.id).where(Unit.code == code)))
    newest = found
    while newest:
        gone = select(Unit.id).where(Unit.successor_id.in_(newest), Unit.handed_over_at.is_not(None))
        newest = set(session.scalars(gone)) - found
        found = found | newest
    return found


def _lineage() -> CTE:
    """Return pairs: an abolished unit and each unit that has succeeded it, directly or through others."""
    is_over = and_(Unit.successor_id.is_not(None), Unit.valid_until < ON)
    direct = select(Unit.id.label("unit_id"), Unit.successor_id.label("heir_id")).where(is_over)
    lineage = direct.cte("lineage", recursive=True)
    further = (
        select(lineage.c.unit_id, Unit.successor_id).join(Unit, Unit.id == lineage.c.heir_id).where(is_over)
    )
    return lineage.union(further)


LINEAGE: Final = _lineage()
