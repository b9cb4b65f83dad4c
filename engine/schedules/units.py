"""For which units a schedule starts on a day: those chosen, or all of a kind as they are then."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.models import Unit
from engine.people.heirs import heir_of, is_abolished


@dataclass(frozen=True)
class UnitChoice:
    """The units a schedule names, loaded once to be asked about many days."""

    units: tuple[Unit, ...]
    is_by_kind: bool

    def on(self, day: date) -> tuple[Unit, ...]:
        """Return the units that are there on a day, each once.

        Of a kind these are all, new ones too. An abolished unit that was chosen gives way to its successor;
        without one it is left out.
        """
        if self.is_by_kind:
            there = [unit for unit in self.units if unit.valid_from is None or unit.valid_from <= day]
        else:
            there = list(dict.fromkeys(heir_of(unit, on=day) for unit in self.units))
        return tuple(unit for unit in there if not is_abolished(unit, on=day))


def load_choice(session: Session, *, unit_codes: Collection[str], unit_kind: str) -> UnitChoice:
    """Return all units of a kind, else those of the codes, in the order of the codes."""
    if unit_kind:
        of_kind = select(Unit).where(Unit.kind == unit_kind).order_by(Unit.search_text, Unit.id)
        return UnitChoice(tuple(session.scalars(of_kind)), is_by_kind=True)
    found = session.scalars(select(Unit).where(Unit.code.in_(unit_codes)))
    known = {unit.code: unit for unit in found}
    return UnitChoice(tuple(known[code] for code in unit_codes if code in known), is_by_kind=False)


def count_kinds(session: Session, *, on: date) -> dict[str, int]:
    """Return the kinds of units there are on a day, each with how many are of it."""
    is_there = (
        or_(Unit.valid_from.is_(None), Unit.valid_from <= on),
        or_(Unit.valid_until.is_(None), Unit.valid_until >= on),
    )
    counted = select(Unit.kind, func.count()).where(*is_there).group_by(Unit.kind).order_by(Unit.kind)
    return dict(session.execute(counted).tuples().all())
