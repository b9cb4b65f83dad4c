"""Turns the item definitions of decision models into types."""

from typing import Final

from engine import feel
from engine.dmn.reader import Source, child_text, dmn_child, dmn_children, text_of, type_ref_of
from engine.dmn.sources import Library
from engine.dmn.spots import Spot
from engine.dmn.syntax import report_syntax
from engine.dmn.types import ANY, BUILT_IN, ContextType, FunctionType, ListType, NarrowedType, Type
from engine.ingest.xml import Node

DEEPEST_TYPE: Final = 20
MOST_PARTS: Final = 1_000


class Types:
    """The types of a library; each item definition is read once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[tuple[str, str], Type] = {}
        self._open: list[tuple[str, str]] = []

    def known_to(self, source: Source) -> dict[str, feel.Type]:
        """Read every item definition; return the types that expressions of ``source`` may name."""
        found = {name: self._named(name, source).in_feel for name in source.item_definitions}
        for prefix, imported in self._library.imported(source):
            for name in imported.item_definitions:
                found[f"{prefix}.{name}" if prefix else name] = self._named(name, imported).in_feel
        return found

    def find(self, reference: str, source: Source, spot: Spot) -> Type:
        """Return the type that ``reference`` means in ``source``; one that is missing is reported."""
        name = reference.removeprefix("feel:")
        if not name:
            return ANY
        found = self._own(name, source) or BUILT_IN.get(name) or self._imported(name, source)
        if found is None:
            source.problems.add("type_unknown", spot, value=reference)
        return found or ANY

    def _own(self, name: str, source: Source) -> Type | None:
        return self._named(name, source) if name in source.item_definitions else None

    def _imported(self, name: str, source: Source) -> Type | None:
        for prefix, imported in self._library.imported(source):
            inner = name.removeprefix(f"{prefix}.") if prefix else name
            if (inner != name or not prefix) and inner in imported.item_definitions:
                return self._named(inner, imported)
        return None

    def _named(self, name: str, source: Source) -> Type:
        key = source.namespace, name
        if key in self._known:
            return self._known[key]
        node = source.item_definitions[name]
        spot = Spot(node.get("id") or name, name)
        if key in self._open:
            source.problems.add("type_cycle", spot, value=name)
            return ANY
        if len(self._open) >= DEEPEST_TYPE:
            source.problems.add("boxed_too_deep", spot, limit=DEEPEST_TYPE)
            return ANY
        self._open.append(key)
        self._known[key] = self._of_bounded_size(
            self._define(node, source, name=name, spot=spot), source, spot
        )
        self._open.pop()
        return self._known[key]

    def _of_bounded_size(self, type_: Type, source: Source, spot: Spot) -> Type:
        """Types that share their parts may unfold without end; what is too big is refused."""
        parts = [type_]
        for count, part in enumerate(parts):
            parts += part.parts
            if count > MOST_PARTS:
                source.problems.add("type_too_big", spot, value=type_.name, limit=MOST_PARTS)
                return ANY
        return type_

    def _define(self, node: Node, source: Source, *, name: str, spot: Spot, depth: int = 0) -> Type:
        if depth > DEEPEST_TYPE:
            source.problems.add("boxed_too_deep", spot, limit=DEEPEST_TYPE)
            return ANY
        base = self._base(node, source, name=name, spot=spot, depth=depth)
        base = _narrowed(base, node, source, limits="allowedValues", name=name, spot=spot)
        if node.get("isCollection") == "true":
            base = ListType(base)
        return _narrowed(base, node, source, limits="typeConstraint", name=name, spot=spot)

    def _base(self, node: Node, source: Source, *, name: str, spot: Spot, depth: int) -> Type:
        components = list(dmn_children(node, "itemComponent"))
        function = dmn_child(node, "functionItem")
        if components:
            return ContextType(name, self._components(components, source, spot=spot, depth=depth))
        if function is not None:
            return self._function(function, source, name=name, spot=spot)
        return self.find(type_ref_of(node), source, spot)

    def _function(self, node: Node, source: Source, *, name: str, spot: Spot) -> Type:
        parameters = [
            (text_of(one.get("name")), self.find(type_ref_of(one), source, spot))
            for one in dmn_children(node, "parameters")
        ]
        result = self.find(text_of(node.get("outputTypeRef")), source, spot)
        return FunctionType(name, tuple(parameters), result)

    def _components(self, nodes: list[Node], source: Source, *, spot: Spot, depth: int) -> dict[str, Type]:
        found: dict[str, Type] = {}
        for node in nodes:
            name = text_of(node.get("name"))
            inner = spot.inside(f"thành phần “{name}”", f"component “{name}”")
            if name in found or not name:
                source.problems.add("name_twice" if name else "name_missing", inner, value=name)
            found[name] = self._define(node, source, name=name, spot=inner, depth=depth + 1)
        return found


def _narrowed(base: Type, node: Node, source: Source, *, limits: str, name: str, spot: Spot) -> Type:  # noqa: PLR0913  # by keyword
    holder = dmn_child(node, limits)
    text = "" if holder is None else child_text(holder, "text").strip()
    if not text:
        return base
    try:
        return NarrowedType(name, base, feel.parse_unary_tests(text))
    except feel.FeelSyntaxError as error:
        report_syntax(error, text, spot.inside("giá trị cho phép", "allowed values"), source.problems)
        return base
