"""The rows of a list: which are on the page, and to which of the server's rows each belongs."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.feel import Value, to_json
from engine.forms.model import MAX_ROWS, Component

NEW: Final = "new"
"""The seal of a row that a person added."""
_SEAL_LENGTH: Final = 16


@dataclass(frozen=True)
class ListState:
    """A list as it stands on the page."""

    name: str = ""
    numbers: tuple[int, ...] = ()
    """The rows on the page, in order; those below ``known`` are the server's, the others were added."""
    known: int = 0
    may_change: bool = False
    max_rows: int = MAX_ROWS
    sent_as: Mapping[int, int] = field(default_factory=dict[int, int])
    """Under which number each row was sent, where it was."""
    seals: Mapping[int, str] = field(default_factory=dict[int, str])
    values: Mapping[int, dict[str, Value]] = field(default_factory=dict[int, dict[str, Value]])
    """The contexts of the rows; answers are put into them."""
    has_changed: bool = False
    """Whether rows came or went on the server since the page was made."""

    @property
    def next_number(self) -> int:
        """The number of a row that is added now."""
        return max([self.known, *(number + 1 for number in self.numbers)])


def open_list(
    component: Component, start: Value, *, sent: Sequence[int] | None, seal_of: Callable[[int], str]
) -> ListState:
    """Return the rows of a list: the server's (``start``) and those that were ``sent`` with the page."""
    rules, rows = component.rules, component.rows
    may_change = rows is None or rows.may_change
    known = [row for row in start if isinstance(row, dict)][:MAX_ROWS] if isinstance(start, list) else []
    seals = [_seal(component, row) for row in known]
    sent_as, lost = _align(seals, sent or [], seal_of)
    is_sealed = any(seal_of(number) for number in sent or [])
    if not may_change:
        numbers = list(range(len(known)))
    elif sent is not None:
        numbers = list(sent_as)
    else:
        numbers = list(range(len(known) if isinstance(start, list) or rows is None else rows.initial_count))
    return ListState(
        name=component.key,
        numbers=tuple(numbers),
        known=len(known),
        may_change=may_change,
        max_rows=rules.max_rows,
        sent_as=sent_as,
        seals={number: seals[number] if number < len(known) else NEW for number in numbers},
        values={number: dict(known[number]) if number < len(known) else {} for number in numbers},
        has_changed=lost or (is_sealed and not may_change and any(row not in sent_as for row in numbers)),
    )


def _align(
    seals: Sequence[str], sent: Sequence[int], seal_of: Callable[[int], str]
) -> tuple[dict[int, int], bool]:
    """Return which row was sent under which number, and whether a sent row is no longer there."""
    sent_as: dict[int, int] = {}
    lost = False
    for number in sent:
        seal = seal_of(number)
        row = _find(seals, number, seal, sent_as)
        if row is not None:
            sent_as[row] = number
        elif seal in {"", NEW}:
            sent_as[max([number, len(seals), *(taken + 1 for taken in sent_as)])] = number
        else:
            lost = True
    return sent_as, lost


def _find(seals: Sequence[str], number: int, seal: str, taken: Mapping[int, int]) -> int | None:
    """Find the server's row that was sent: the one in its place, else one with the same seal."""
    if seal == NEW:
        return None
    in_place = number < len(seals) and number not in taken
    if in_place and seal in {"", seals[number]}:
        return number
    return next((row for row, known in enumerate(seals) if known == seal and row not in taken), None)


def _seal(component: Component, row: Mapping[str, Value]) -> str:
    """A digest of what nobody can change on the page: the row's ids, or else all but its open fields."""
    open_names = {
        child.path[0]
        for child in component.walk()
        if child.path and child.list_number == component.number and child.read_only is not True
    }
    fixed = {name: value for name, value in row.items() if name not in open_names}
    ids = {name: value for name, value in fixed.items() if name == "id" or name.endswith("_id")}
    text = json.dumps(to_json(ids or fixed), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_SEAL_LENGTH]
