"""Makes values up: plausible for what expressions do with a variable, else for its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from engine.clock import CITY_ZONE
from engine.dry_runs.shapes import Shape, kind_of
from engine.feel import Value

_MOST: Final = 6
_DEPTH: Final = 6
_ENDINGS: Final = (
    (("unit_code",), "unit"),
    (("_on", "_date", "date"), "date"),
    (("_at",), "moment"),
    (("_count", "_days", "_id", "_number", "amount", "count", "number", "total"), "number"),
    (("_ids", "_list", "_codes", "_rows"), "list"),
)
_BEGINNINGS: Final = ("is_", "has_", "can_", "may_", "needs_", "was_")


@dataclass(frozen=True)
class Stock:
    """What values may name: there are these units and people, and it is this moment."""

    units: Sequence[str]
    """Codes."""
    people: Sequence[str]
    """User names."""
    now: datetime


def candidates(name: str, shape: Shape, stock: Stock, *, depth: int = 0) -> list[Value]:
    """Return a few values that lead to different answers of the conditions on a variable; at least one.

    The same question always gets the same answer.
    """
    if depth > _DEPTH:
        return [None]
    if shape.entries and "list" not in shape.kinds:
        inner = {key: candidates(key, entry, stock, depth=depth + 1) for key, entry in shape.entries.items()}
        return [{key: values[0] for key, values in inner.items()}]
    kind = _kind(name, shape)
    if kind == "list":
        items = candidates(name.removesuffix("s"), _item(shape), stock, depth=depth + 1)
        return [(items * 2)[:2], []]
    if kind in {"unit", "person"}:
        codes = stock.units if kind == "unit" else stock.people
        return [*codes[:_MOST]] or [f"({name})"]
    return _plain(kind, name, shape, stock.now)


def _item(shape: Shape) -> Shape:
    """What one item of a list is; entries read off the list itself are entries of its items."""
    return shape.item or Shape(entries=shape.entries)


def _kind(name: str, shape: Shape) -> str:
    for kind in ("list", "unit", "person", "moment", "date", "number", "boolean"):
        if kind in shape.kinds and not (kind == "boolean" and "text" in shape.kinds):
            return kind
    if "text" in shape.kinds:
        return "text"
    if name.startswith(_BEGINNINGS):
        return "boolean"
    return next((kind for endings, kind in _ENDINGS if name.endswith(endings)), "text")


def _plain(kind: str, name: str, shape: Shape, now: datetime) -> list[Value]:
    today = now.astimezone(CITY_ZONE).date()
    given = [value for value in shape.literals if kind_of(value) == kind]
    match kind:
        case "boolean":
            return [True, False]
        case "number":
            return _numbers(given)
        case "date":
            days = [value for value in given if isinstance(value, date)]
            return [*days[: _MOST - 1], today + timedelta(days=14)]
        case "moment":
            return [datetime.combine(today + timedelta(days=14), time(9), CITY_ZONE)]
        case _:
            return [*given[: _MOST - 1], f"({name})"] if given else [f"({name})"]


def _numbers(given: Sequence[Value]) -> list[Value]:
    """Numbers round those compared with, the greater ones first: ``count > 0`` is to be true first."""
    found: dict[Decimal, None] = {}
    for value in given:
        if isinstance(value, Decimal):
            found.update(dict.fromkeys((value + 1, value, value - 1)))
    near = [number for number in found if number >= 0 or min(found) == max(found)]
    return list(near[: 2 * _MOST]) or [Decimal(1)]
