"""Keeps account, while a decision is made, of which rules fired and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.feel import Environment, Value
from engine.feel.limits import Run


@dataclass(frozen=True)
class Hit:
    """A rule that fired."""

    number: int
    """Counted from 1, as the table shows it."""
    rule_id: str
    outputs: Mapping[str, Value]
    """By the name of the output; the only output of a table may have none: ``""``."""
    annotations: Mapping[str, str]
    """By the name of the annotation column."""


@dataclass(frozen=True)
class TableTrace:
    """One evaluation of a decision table."""

    element_id: str
    """The decision or business knowledge model that the table belongs to."""
    element_name: str
    hit_policy: str
    inputs: Mapping[str, Value]
    """By the label of the column."""
    hits: tuple[Hit, ...]
    """In the order of the table; for FIRST and UNIQUE just the one."""
    used_default: bool
    result: Value


@dataclass(frozen=True)
class Explanation:
    """How a decision came about."""

    value: Value
    tables: tuple[TableTrace, ...]
    """In the order in which they were evaluated."""
    decisions: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Every decision that was made on the way, by its name."""


class DecisionRun(Run):
    """The evaluation of a model under way: one meter for all of its expressions, and perhaps a trace."""

    __slots__ = ("tables",)

    def __init__(self, environment: Environment, *, traced: bool) -> None:
        super().__init__(environment)
        self.tables: list[TableTrace] | None = [] if traced else None


def note_table(run: Run, trace: TableTrace) -> None:
    """Keep the trace of a table, if somebody wants to know."""
    if isinstance(run, DecisionRun) and run.tables is not None:
        run.tables.append(trace)


def is_traced(run: Run) -> bool:
    """Whether somebody wants to know."""
    return isinstance(run, DecisionRun) and run.tables is not None
