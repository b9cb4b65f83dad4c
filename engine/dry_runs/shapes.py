"""Reads off expressions what their variables look like: compared with what, counted, looped over, joined."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, cast

from engine import feel
from engine.feel import Value
from engine.feel.cursor import Known
from engine.feel.nodes import (
    Between,
    Call,
    Chain,
    Comparison,
    Filter,
    For,
    If,
    In,
    ListLiteral,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Postfix,
    Property,
    Quantified,
    RangeLiteral,
)
from engine.feel.nodes import Iterator as Binding
from engine.feel.parser import open_cursor, parse_whole

_ARGUMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "count": ("list",),
    "sum": ("numbers",),
    "min": ("numbers",),
    "max": ("numbers",),
    "mean": ("numbers",),
    "all": ("list",),
    "any": ("list",),
    "not": ("boolean",),
    "list contains": ("list", ""),
    "string length": ("text",),
    "contains": ("text", "text"),
    "upper case": ("text",),
    "lower case": ("text",),
    "starts with": ("text", "text"),
    "add working days": ("date", "number"),
    "is working day": ("date",),
    "floor": ("number",),
    "ceiling": ("number",),
    "abs": ("number",),
}
"""What a built-in function takes; a function that is not here tells nothing."""


@dataclass
class Shape:
    """What is known of one variable, or of one entry or item inside it."""

    kinds: list[str] = field(default_factory=list[str])
    """text, number, boolean, date, moment, list, unit (its code) or person (a user name), as met."""
    literals: list[Value] = field(default_factory=list[Value])
    """What it is compared with."""
    entries: dict[str, "Shape"] = field(default_factory=dict[str, "Shape"])
    item: "Shape | None" = None

    def entry(self, name: str) -> "Shape":
        """Return the shape of an entry, known from now on."""
        return self.entries.setdefault(name, Shape())

    def items(self) -> "Shape":
        """Return the shape of its items: from now on it is a list."""
        self.note("list")
        if self.item is None:
            self.item = Shape()
        return self.item

    def note(self, kind: str) -> None:
        """Take note of a kind."""
        if kind and kind not in self.kinds:
            self.kinds.append(kind)

    def compare(self, value: Value) -> None:
        """Take note of a value that it is compared with."""
        if value is not None and value not in self.literals:
            self.literals.append(value)
        self.note(kind_of(value))


Scope = Mapping[str, Shape]


def kind_of(value: Value) -> str:
    """Return the kind of a value as shapes name it, empty for one that tells nothing."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, datetime):
        return "moment"
    kinds = {str: "text", Decimal: "number", date: "date", list: "list"}
    return next((kind for type_, kind in kinds.items() if isinstance(value, type_)), "")


class ShapeReader:
    """Gathers the shapes of variables from any number of expressions."""

    def __init__(self) -> None:
        self.shapes: dict[str, Shape] = {}

    def shape(self, name: str) -> Shape:
        """Return the shape of a variable, known from now on."""
        return self.shapes.setdefault(name, Shape())

    def read(self, text: str, kind: str = "") -> Shape | None:
        """Read an expression without its ``=`` whose value is of ``kind``; return its shape if it is a path.

        What cannot be read tells nothing: the check of the file names it.
        """
        try:
            node = parse_whole(open_cursor(text, Known()))
        except (feel.FeelSyntaxError, RecursionError):
            return None
        return self._visit(node, {}, kind)

    def alias(self, name: str, shape: Shape | None) -> None:
        """Let a variable be what another one is: what becomes known of either is known of both."""
        if shape is None or self.shapes.get(name) is shape:
            return
        known = self.shapes.get(name)
        if known is not None:
            _merge(shape, known)
        self.shapes[name] = shape

    def _visit(self, node: Node, scope: Scope, kind: str = "") -> Shape | None:
        """Read a part; return its shape where it is a variable or something inside one."""
        match node:
            case Name():
                shape = scope.get(node.name) or self.shape(node.name)
                shape.note(kind)
                return shape
            case Postfix():
                return self._path(node, scope, kind)
            case Comparison() | Between() | In():
                self._test(node, scope)
            case Chain():
                self._chain(node, scope)
            case For() | Quantified():
                self._loop(node, scope)
            case _:
                for part, kind_of_part in _parts(node, kind):
                    self._visit(part, scope, kind_of_part)
        return None

    def _test(self, node: Comparison | Between | In, scope: Scope) -> None:
        match node:
            case Comparison():
                pairs = [(node.left, node.right), (node.right, node.left)]
            case Between():
                pairs = [(node.operand, node.low), (node.operand, node.high)]
            case In():
                pairs = [(node.operand, test.operand) for test in node.tests]
        for one, other in pairs:
            self._compare(one, other, scope)

    def _compare(self, one: Node, other: Node, scope: Scope) -> None:
        shape = self._visit(one, scope)
        if shape is not None:
            for value in _values(other):
                shape.compare(value)

    def _chain(self, node: Chain, scope: Scope) -> None:
        """Read a sum or the like: ``"role@" + x`` tells that x is the code of a unit."""
        operands = [node.first, *(operand for _, operand in node.rest)]
        values = [operand.value for operand in operands if isinstance(operand, Literal)]
        kind = "text" if any(isinstance(value, str) for value in values) else "number"
        before: Node | None = None
        for operand in operands:
            is_unit = isinstance(before, Literal) and str(before.value).endswith("@")
            self._visit(operand, scope, "unit" if is_unit else kind if values else "")
            before = operand

    def _loop(self, node: For | Quantified, scope: Scope) -> None:
        inner = dict(scope)
        for binding in node.iterators:
            inner[binding.name] = self._bound(binding, inner)
        if isinstance(node, For):
            self._visit(node.body, inner)
        else:
            self._visit(node.condition, inner, "boolean")

    def _bound(self, binding: Binding, scope: Scope) -> Shape:
        if binding.end is not None:
            return Shape(["number"])
        source = self._visit(binding.source, scope, "list")
        return source.items() if source is not None else Shape()

    def _path(self, node: Postfix, scope: Scope, kind: str) -> Shape | None:
        first = node.steps[0]
        if isinstance(node.base, Name) and isinstance(first, Call):
            self._call(node.base.name, first, scope)
            return None
        shape = self._visit(node.base, scope)
        for step in node.steps:
            shape = self._step(step, shape, scope)
        if shape is not None:
            shape.note(kind)
        return shape

    def _step(self, step: Property | Filter | Call, shape: Shape | None, scope: Scope) -> Shape | None:
        if shape is None or isinstance(step, Call):
            return None
        if isinstance(step, Property):
            return (shape.item or shape).entry(step.name)
        item = shape.items()
        self._visit(step.condition, {**scope, **item.entries, "item": item})
        return item

    def _call(self, name: str, call: Call, scope: Scope) -> None:
        kinds = _ARGUMENTS.get(name, ())
        for number, argument in enumerate(call.arguments):
            kind = kinds[number] if number < len(kinds) else ""
            shape = self._visit(argument, scope, "list" if kind == "numbers" else kind)
            if shape is not None and kind == "numbers":
                shape.items().note("number")


def _values(node: Node) -> Iterator[Value]:
    """The values that a literal, a list of them or a range of them stands for."""
    match node:
        case Literal():
            yield node.value
        case ListLiteral():
            for item in node.items:
                yield from _values(item)
        case RangeLiteral():
            yield from _values(node.start)
            yield from _values(node.end)
        case _:
            return


def _parts(node: Node, kind: str) -> Iterator[tuple[Node, str]]:
    """The nodes inside a node, each with the kind of value that is wanted there."""
    match node:
        case Logic():
            yield from ((operand, "boolean") for operand in node.operands)
        case Negation():
            yield node.operand, "number"
        case If():
            for condition, result in node.branches:
                yield from ((condition, "boolean"), (result, kind))
            yield node.otherwise, kind
        case _:
            for one in fields(node):
                yield from ((inner, "") for inner in _nodes_in(getattr(node, one.name)))


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, tuple):
        for item in cast("tuple[object, ...]", value):
            yield from _nodes_in(item)
    elif is_dataclass(value) and not isinstance(value, type):
        yield cast("Node", value)


def _merge(target: Shape, other: Shape) -> None:
    for kind in other.kinds:
        target.note(kind)
    for value in other.literals:
        target.compare(value)
    for name, shape in other.entries.items():
        _merge(target.entry(name), shape)
    if other.item is not None:
        _merge(target.items(), other.item)
