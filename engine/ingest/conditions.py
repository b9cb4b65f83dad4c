"""Tries the conditions of a gateway on every case that can make a difference.

The conditions of most gateways compare variables with values that stand in the text. Such conditions change
only at these values, so a few cases stand for all: each value, one between two neighbours, one beyond either
end. What is found is no guess: the conditions themselves have been evaluated on it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, product
from math import prod
from typing import Final

from engine import feel
from engine.feel import Value
from engine.feel.cursor import Known as KnownNames
from engine.feel.nodes import (
    Between,
    Call,
    Comparison,
    In,
    ListLiteral,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Postfix,
    Property,
    RangeLiteral,
)
from engine.feel.parser import open_cursor, parse_whole
from engine.ingest.domains import Domain, Path, spoken_value

MOST_CASES: Final = 1_000
OTHER: Final = "…"
"""Stands for every text that no condition names."""
_OTHER_WORDS: Final = ("giá trị khác", "another value")
Constants = Mapping[Path, list[Value]]


@dataclass(frozen=True)
class Case:
    """Values of the variables that some conditions read."""

    values: Mapping[Path, Value]

    def variables(self) -> dict[str, Value]:
        """Return the variables as an expression reads them."""
        found: dict[str, Value] = {}
        for path, value in self.values.items():
            holder = found
            for step in path[:-1]:
                inner = holder.setdefault(step, {})
                holder = inner if isinstance(inner, dict) else {}
            holder[path[-1]] = value
        return found

    def spoken(self, domains: Mapping[Path, Domain]) -> tuple[str, str]:
        """Return the case in words, in Vietnamese and English."""
        parts = [_spoken(path, value, domains.get(path)) for path, value in self.values.items()]
        return "; ".join(vi for vi, _ in parts), "; ".join(en for _, en in parts)


@dataclass(frozen=True)
class Trial:
    """What the conditions of one gateway give in all cases."""

    cases: tuple[tuple[Case, tuple[int, ...]], ...]
    """Each case with the numbers of the conditions that are true in it."""
    is_complete: bool
    """Whether no other values can occur, because forms allow none."""


def try_conditions(texts: list[str], domains: Mapping[Path, Domain]) -> Trial | None:
    """Evaluate the conditions, each with its ``=``; None where they say more than can be tried."""
    constants: dict[Path, list[Value]] = defaultdict(list)
    expressions: list[feel.Expression] = []
    for text in texts:
        node = read_node(text)
        if node is None or not _collect(node, constants):
            return None
        expressions.append(feel.parse(text[1:]))
    columns = {path: _candidates(values, domains.get(path)) for path, values in constants.items()}
    if not columns or not all(columns.values()) or prod(map(len, columns.values())) > MOST_CASES:
        return None
    cases = [Case(dict(zip(columns, row, strict=True))) for row in product(*columns.values())]
    tried = tuple((case, _true_in(case, expressions)) for case in cases)
    return Trial(tried, all(path in domains or _is_boolean(constants[path]) for path in constants))


def read_node(text: str) -> Node | None:
    """Return what an expression with its ``=`` consists of; None where it is none."""
    if not text.startswith("="):
        return None
    try:
        return parse_whole(open_cursor(text[1:], KnownNames()))
    except (feel.FeelSyntaxError, RecursionError):
        return None


def path_of(node: Node) -> Path:
    """Return the variable that an expression is, with its properties; empty if it is something else."""
    if isinstance(node, Name):
        return (node.name,)
    if isinstance(node, Postfix) and isinstance(node.base, Name):
        steps = [step.name for step in node.steps if isinstance(step, Property)]
        return (node.base.name, *steps) if len(steps) == len(node.steps) else ()
    return ()


def _true_in(case: Case, expressions: list[feel.Expression]) -> tuple[int, ...]:
    variables = case.variables()
    return tuple(number for number, one in enumerate(expressions) if _is_true(one, variables))


def _is_true(expression: feel.Expression, variables: Mapping[str, Value]) -> bool:
    try:
        return expression.evaluate(variables) is True
    except feel.FeelLimitError:
        return False


def _collect(node: Node, found: dict[Path, list[Value]]) -> bool:
    """Gather which variable is compared with which values; return whether that is all the condition does."""
    path = path_of(node)
    if path:
        found[path].append(True)
        return True
    if isinstance(node, Logic):
        return all(_collect(operand, found) for operand in node.operands)
    negated = _negated(node)
    if negated is not None:
        return _collect(negated, found)
    if isinstance(node, Comparison | Between | In):
        return _collect_comparison(node, found)
    return isinstance(node, Literal) and isinstance(node.value, bool)


def _negated(node: Node) -> Node | None:
    if not isinstance(node, Postfix) or not isinstance(node.base, Literal) or len(node.steps) != 1:
        return None
    call, function = node.steps[0], node.base.value
    is_not = isinstance(function, feel.Function) and function.name == "not"
    return call.arguments[0] if is_not and isinstance(call, Call) and len(call.arguments) == 1 else None


def _collect_comparison(node: Comparison | Between | In, found: dict[Path, list[Value]]) -> bool:
    if isinstance(node, Comparison):
        is_mirrored = not path_of(node.left)
        subject, others = (node.right, [node.left]) if is_mirrored else (node.left, [node.right])
    elif isinstance(node, Between):
        subject, others = node.operand, [node.low, node.high]
    else:
        if any(test.uses_input for test in node.tests):
            return False
        subject, others = node.operand, [one for test in node.tests for one in _parts(test.operand)]
    path = path_of(subject)
    values = [value for one in others for value in _literal(one)]
    if not path or len(values) < len(others):
        return False
    found[path] += values
    return True


def _parts(node: Node) -> Iterator[Node]:
    if isinstance(node, RangeLiteral):
        yield from (node.start, node.end)
    elif isinstance(node, ListLiteral):
        yield from node.items
    else:
        yield node


def _literal(node: Node) -> list[Value]:
    """Return the text, number, truth value or null that stands there; nothing if it is something else."""
    if isinstance(node, Negation) and isinstance(node.operand, Literal):
        value = node.operand.value
        return [-value] if isinstance(value, Decimal) else []
    if isinstance(node, Literal) and isinstance(node.value, str | bool | Decimal | None):
        return [node.value]
    return []


def _is_boolean(values: Sequence[Value]) -> bool:
    return all(isinstance(value, bool) for value in values)


def _candidates(constants: list[Value], domain: Domain | None) -> list[Value]:
    """Return the values that stand for all; empty where the constants are of different kinds."""
    given = [value for value in dict.fromkeys(constants) if value is not None]
    is_empty = None in constants or (domain is not None and domain.may_be_empty)
    empty: list[Value] = [None] if is_empty else []
    if domain is not None and domain.values is not None:
        return [*domain.values, *empty]
    if not given or _is_boolean(given):
        return [True, False, *empty]
    texts = [value for value in given if isinstance(value, str)]
    if len(texts) == len(given):
        return [*texts, OTHER, *empty]
    numbers = [value for value in given if isinstance(value, Decimal)]
    return [*_points(numbers, domain), *empty] if len(numbers) == len(given) else []


def _points(numbers: list[Decimal], domain: Domain | None) -> list[Decimal]:
    """Return the numbers, what lies between and what lies beyond them, as far as a field allows it."""
    ordered = sorted(numbers)
    one = Decimal(1)
    points = {ordered[0] - one, ordered[-1] + one, *ordered}
    is_whole = domain is not None and domain.is_whole
    for low, high in pairwise(ordered):
        points.add(low + one if is_whole else (low + high) / 2)
    if domain is not None:
        points.update(bound for bound in (domain.minimum, domain.maximum) if bound is not None)
    return sorted(one for one in points if _is_allowed(one, domain))


def _is_allowed(number: Decimal, domain: Domain | None) -> bool:
    if domain is None:
        return True
    is_low = domain.minimum is not None and number < domain.minimum
    is_high = domain.maximum is not None and number > domain.maximum
    return not is_low and not is_high and (not domain.is_whole or number == number.to_integral_value())


def _spoken(path: Path, value: Value, domain: Domain | None) -> tuple[str, str]:
    name = ".".join(path)
    if value == OTHER:
        label = domain.label if domain else (name, name)
        return f"{label[0]} = {_OTHER_WORDS[0]}", f"{label[1]} = {_OTHER_WORDS[1]}"
    if domain is not None:
        return domain.spoken(value)
    vi, en = spoken_value(value)
    return f"{name} = {vi}", f"{name} = {en}"
