"""Looks at a decision table as a whole: inputs that no rule covers, and rules that fire together.

Every column is cut into pieces whose values fare alike. The pieces of all columns are walked together, with
the rules that fire as bits.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from engine.dmn.hit_policies import HitPolicy
from engine.dmn.problems import Problems
from engine.dmn.tables import Table
from engine.feel import FeelLimitError, UnaryTests, Value, display

_MOST_STEPS: Final = 60_000
"""A table that takes more is not looked at further."""
_MOST_TOLD: Final = 3
_TOGETHER: Final = 2
_WITHOUT_HIT: Final = frozenset({HitPolicy.COLLECT})
"""Policies for which no hit is an answer like any other."""
_Example = tuple[Value, ...]


@dataclass(frozen=True)
class _Piece:
    """Values of one column that fare alike: one of them, and the rules that it passes, as bits."""

    example: Value
    rules: int


def check_coverage(table: Table, problems: Problems) -> None:
    """Note gaps, and rules that fire together in a UNIQUE table, each with an example."""
    columns = [_pieces(table, column) for column in range(len(table.inputs))]
    known = [column for column in columns if column is not None]
    if not table.rules or len(known) < len(columns):
        return
    walk = _Walk(known, _free_behind(table))
    if table.choice.policy is HitPolicy.UNIQUE:
        for example, first, second in walk.overlaps():
            spot = table.spot.inside(f"dòng {first}", f"rule {first}")
            problems.add("overlap", spot, other=second, example=_told(table, example))
    has_default = any(output.default is not None for output in table.outputs)
    if not has_default and table.choice.policy not in _WITHOUT_HIT:
        for example in walk.gaps():
            problems.add("gap", table.spot, example=_told(table, example))


@dataclass(frozen=True)
class _Walk:
    columns: Sequence[Sequence[_Piece]]
    free_behind: Sequence[int]
    """For each column, and for the end, the rules that let everything pass from there on."""

    def gaps(self) -> list[_Example]:
        """Return inputs that no rule covers."""
        ways = self._ways(lambda column, active: active & self.free_behind[column] != 0)
        return [example for example, _ in islice(ways, _MOST_TOLD)]

    def overlaps(self) -> list[tuple[_Example, int, int]]:
        """Return inputs for which two rules fire, with the numbers of the two; each two only once."""
        found: dict[tuple[int, int], _Example] = {}
        for example, active in self._ways(lambda _, active: active.bit_count() < _TOGETHER):
            first, second = islice(_numbers(active), _TOGETHER)
            found.setdefault((first, second), example)
            if len(found) == _MOST_TOLD:
                break
        return [(example, first, second) for (first, second), example in found.items()]

    def _ways(self, is_settled: Callable[[int, int], bool]) -> Iterator[tuple[_Example, int]]:
        """Give examples, with the rules that fire, for the ways through all columns that are not settled."""
        stack: list[tuple[_Example, int]] = [((), self.free_behind[-1])]
        seen: set[tuple[int, int]] = set()
        while stack and len(seen) < _MOST_STEPS:
            example, active = stack.pop()
            column = len(example)
            if is_settled(column, active):
                continue
            if column == len(self.columns):
                yield example, active
                continue
            for piece in reversed(self.columns[column]):
                way = column, active & piece.rules
                if way not in seen:
                    seen.add(way)
                    stack.append(((*example, piece.example), way[1]))


def _numbers(rules: int) -> Iterator[int]:
    return (place + 1 for place in range(rules.bit_length()) if rules >> place & 1)


def _free_behind(table: Table) -> list[int]:
    """Return for each column, and for the end, the rules whose cells from there on let everything pass."""
    free = [0] * (len(table.inputs) + 1)
    for rule in table.rules:
        last = max((cell.column for cell in rule.cells), default=-1)
        for column in range(last + 1, len(free)):
            free[column] |= 1 << (rule.number - 1)
    return free


def _pieces(table: Table, column: int) -> list[_Piece] | None:
    """Return the pieces that allowed values of a column fall into, each once; None if they are not known."""
    cut = table.columns[column]
    if cut is None:
        return _untested(table, column)
    allowed = table.inputs[column].allowed
    found: dict[int, _Piece] = {}
    for example, rules in zip(cut.examples, cut.rules, strict=True):
        if example is not None and (allowed is None or _is_allowed(allowed, example)):
            found.setdefault(rules, _Piece(example if cut.cuts else None, rules))
    return list(found.values())


def _untested(table: Table, column: int) -> list[_Piece] | None:
    """A column of whatever type that no cell tests lets everything pass."""
    if any(cell.column == column for rule in table.rules for cell in rule.cells):
        return None
    return [_Piece(None, (1 << len(table.rules)) - 1)]


def _is_allowed(allowed: UnaryTests, example: Value) -> bool:
    try:
        return allowed.evaluate(example, {}) is True
    except FeelLimitError:
        return False


def _told(table: Table, example: _Example) -> str:
    """Return the example in words, ``score = 5, unit = "x"``, without columns whose value does not matter."""
    return ", ".join(
        f"{column.label} = {display(value)}"
        for column, value in zip(table.inputs, example, strict=True)
        if value is not None
    )
