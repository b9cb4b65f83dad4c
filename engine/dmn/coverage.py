"""Looks at a decision table as a whole: inputs that no rule covers, and rules that fire together.

Every column is cut at the values its cells compare with; between two cuts all values fare alike, so that one
of them stands for all. The pieces of all columns are then walked together, with the rules that fire as bits.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain, islice, pairwise
from typing import Any, Final

from engine.dmn.cells import constants_of
from engine.dmn.hit_policies import HitPolicy
from engine.dmn.problems import Problems
from engine.dmn.tables import Table
from engine.dmn.types import plain_kind
from engine.feel import FeelLimitError, UnaryTests, Value, display

_MOST_STEPS: Final = 60_000
"""A table that takes more is not looked at further."""
_MOST_TOLD: Final = 3
_OTHER_TEXT: Final = "…"
"""Stands for any text that no cell names."""
_TOGETHER: Final = 2
_STEPS: Final[dict[type, Any]] = {
    Decimal: Decimal(1),
    date: timedelta(days=1),
    datetime: timedelta(days=1),
} | {timedelta: timedelta(days=1)}
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
    """Return the pieces of a column; None if some cell depends on more than the tested value."""
    cells = {rule.number: cell.tests for rule in table.rules for cell in rule.cells if cell.column == column}
    found = [constants_of(tests) for tests in cells.values()]
    if any(constants is None for constants in found):
        return None
    constants = [value for constants in found for value in constants or []]
    examples = _examples(constants, plain_kind(table.inputs[column].type))
    if examples is None or len(examples) * len(cells) > _MOST_STEPS:
        return None
    allowed = table.inputs[column].allowed
    if allowed is not None:
        examples = [example for example in examples if _passes(allowed, example)]
    everywhere = sum(1 << (rule.number - 1) for rule in table.rules if rule.number not in cells)
    pieces: dict[int, _Piece] = {}
    for example in examples:
        rules = everywhere | sum(
            1 << (number - 1) for number, tests in cells.items() if _passes(tests, example)
        )
        pieces.setdefault(rules, _Piece(example, rules))
    return list(pieces.values())


def _passes(tests: UnaryTests, value: Value) -> bool:
    try:
        return tests.evaluate(value, {}) is True
    except FeelLimitError:
        return False


def _examples(constants: list[Value], kind: type | None) -> list[Value] | None:
    """Return the constants and values between, below and above them; None where there is no telling."""
    listed = [value for value in constants if value is not None]
    kinds = {type(value) for value in listed} | ({kind} if kind is not None else set[type]())
    if not kinds:
        return [None]
    if len(kinds) > 1:
        return None
    (only,) = kinds
    if only is bool:
        return [True, False]
    if only is str:
        return [*dict.fromkeys(listed), _OTHER_TEXT]
    return _ordered_examples(listed, only)


def _ordered_examples(listed: list[Any], kind: type) -> list[Value] | None:
    """Cut the line of values at those listed; a kind without a step cannot be cut."""
    if kind not in _STEPS:
        return None
    step = _STEPS[kind]
    if not listed:
        return [None]
    try:
        cuts = sorted(set(listed))
        between = [_between(low, high, step) for low, high in pairwise(cuts)]
        found = [
            cuts[0] - step,
            *chain.from_iterable(zip(cuts, between, strict=False)),
            cuts[-1],
            cuts[-1] + step,
        ]
    except (TypeError, OverflowError):
        return None
    return [value for value in found if value is not None]


def _between(low: Any, high: Any, step: Any) -> Value:  # noqa: ANN401 -- all of one kind
    """Return a value between two, or None where there is none."""
    middle = low + (high - low) / 2 if not isinstance(low, date) or isinstance(low, datetime) else low + step
    return middle if low < middle < high else None


def _told(table: Table, example: _Example) -> str:
    """Return the example in words, ``score = 5, unit = "x"``, without columns whose value does not matter."""
    return ", ".join(
        f"{column.label} = {display(value)}"
        for column, value in zip(table.inputs, example, strict=True)
        if value is not None
    )
