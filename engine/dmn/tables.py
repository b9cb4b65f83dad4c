"""Evaluates decision tables: which rules fire for these inputs, and what the table answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from engine.dmn.columns import Pieces, cut
from engine.dmn.errors import DecisionFailedError
from engine.dmn.hit_policies import Choice, HitPolicy, Outcome
from engine.dmn.spots import Spot
from engine.dmn.trace import Hit, TableTrace, is_traced, note_table
from engine.dmn.types import Type, plain_kind
from engine.feel import FeelLimitError, UnaryTests, Value
from engine.feel.compiler import Code
from engine.feel.scope import Scope


@dataclass(frozen=True)
class Input:
    """A column that is tested; its code fails unless the value is of its type and among those allowed."""

    label: str
    type: Type
    code: Code = field(repr=False)
    allowed: UnaryTests | None = None


@dataclass(frozen=True)
class Output:
    """A column that answers."""

    name: str
    default: Code | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """A tested cell; cells of a column that say the same have one ``slot``, so that they are tested once."""

    column: int
    slot: int
    tests: UnaryTests


@dataclass(frozen=True)
class Rule:
    """A row."""

    number: int
    """Counted from 1."""
    id: str
    cells: tuple[Cell, ...]
    """Without those where everything passes."""
    outputs: tuple[Code, ...] = field(repr=False)
    annotations: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A decision table whose cells have been read."""

    spot: Spot
    choice: Choice
    inputs: Sequence[Input]
    outputs: Sequence[Output]
    rules: Sequence[Rule]

    @cached_property
    def columns(self) -> list[Pieces | None]:
        """The columns cut into pieces, or None for those that cannot be; worked out when first asked."""
        cells: list[dict[int, UnaryTests]] = [{} for _ in self.inputs]
        for rule in self.rules:
            for cell in rule.cells:
                cells[cell.column][rule.number] = cell.tests
        return [
            cut(of_column, len(self.rules), plain_kind(column.type))
            for of_column, column in zip(cells, self.inputs, strict=True)
        ]

    def evaluate(self, scope: Scope) -> Value:
        """Return what the table answers; rules see the variables of ``scope``.

        Raises:
            DecisionFailedError: it cannot answer, or only by more work than is allowed.

        """
        values = [column.code(scope) for column in self.inputs]
        scope.run.charge(len(self.rules))
        hits = self._hits(values, scope)
        outcomes = [self._outcome(rule, scope) for rule in hits]
        result = self.choice.of(outcomes, scope.run) if outcomes else self._without_hit(scope)
        if is_traced(scope.run):
            self._trace(values, hits, outcomes, result=result, scope=scope)
        return result

    def _hits(self, values: list[Value], scope: Scope) -> list[Rule]:
        """Return the rules that fire: those the pieces leave, tested in the columns that are not cut."""
        left, open_columns = self._left(values)
        hits: list[Rule] = []
        passed: dict[int, bool] = {}
        while left:
            rule = self.rules[(left & -left).bit_length() - 1]
            left &= left - 1
            if not open_columns or self._fires(rule, values, scope, passed=passed):
                hits.append(rule)
                if self.choice.policy is HitPolicy.FIRST:
                    break
        return hits

    def _left(self, values: list[Value]) -> tuple[int, bool]:
        """Return the rules that the pieces of the columns leave, as bits, and whether some are still open."""
        left = (1 << len(self.rules)) - 1
        has_open = False
        for pieces, value in zip(self.columns, values, strict=True):
            rules = None if pieces is None else pieces.rules_of(value)
            has_open = has_open or rules is None
            left &= -1 if rules is None else rules
        return left, has_open

    def _fires(self, rule: Rule, values: list[Value], scope: Scope, *, passed: dict[int, bool]) -> bool:
        """Whether a rule fires; ``passed`` knows by slot what was tested before."""
        for cell in rule.cells:
            known = passed.get(cell.slot)
            if known is None:
                known = passed[cell.slot] = self._passes(cell, values, scope, rule=rule)
            if not known:
                return False
        return True

    def _passes(self, cell: Cell, values: list[Value], scope: Scope, *, rule: Rule) -> bool:
        try:
            return cell.tests.within(values[cell.column], scope) is True
        except FeelLimitError as error:
            spot = cell_spot(self.spot, rule.number, self.inputs[cell.column].label)
            raise DecisionFailedError(spot, str(error)) from error

    def _outcome(self, rule: Rule, scope: Scope) -> Outcome:
        columns = tuple(code(scope) for code in rule.outputs)
        return Outcome(rule.number, columns, self._joined(columns))

    def _joined(self, columns: Sequence[Value]) -> Value:
        """One output is its value, several are a context."""
        if len(self.outputs) == 1:
            return columns[0]
        return {output.name: value for output, value in zip(self.outputs, columns, strict=True)}

    def _without_hit(self, scope: Scope) -> Value:
        if all(output.default is None for output in self.outputs):
            return self.choice.of_none()
        return self._joined([output.default(scope) if output.default else None for output in self.outputs])

    def _trace(
        self, values: list[Value], hits: list[Rule], outcomes: list[Outcome], *, result: Value, scope: Scope
    ) -> None:
        names = [output.name for output in self.outputs]
        found = tuple(
            Hit(rule.number, rule.id, dict(zip(names, outcome.columns, strict=True)), rule.annotations)
            for rule, outcome in zip(hits, outcomes, strict=True)
        )
        inputs = {column.label: value for column, value in zip(self.inputs, values, strict=True)}
        trace = TableTrace(
            element_id=self.spot.element_id or "",
            element_name=self.spot.element_name,
            hit_policy=self.choice.policy.value,
            inputs=inputs,
            hits=found,
            used_default=not found and any(output.default is not None for output in self.outputs),
            result=result,
        )
        note_table(scope.run, trace)


def cell_spot(spot: Spot, number: int, label: str, part_id: str = "") -> Spot:
    """Return the place of the cell in rule ``number`` of the column ``label``; ``part_id`` is its own id."""
    inside = spot.inside(f"dòng {number}, cột “{label}”", f"rule {number}, column “{label}”")
    return replace(inside, part_id=part_id)
