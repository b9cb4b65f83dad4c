"""Compiles the boxed expressions that evaluate a part for each item: filter, for, some and every."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from engine import feel
from engine.dmn.errors import DecisionFailedError
from engine.dmn.reader import dmn_child, text_of
from engine.dmn.site import Site
from engine.dmn.types import type_name
from engine.feel import Value
from engine.feel.compiler import Code
from engine.feel.measure import measure
from engine.feel.scope import Scope
from engine.ingest.xml import Node, local_name

_CHARACTERS_PER_STEP: Final = 4
_ITEMS: Final = feel.parse("for item in source return item", ("source",))
"""Runs over lists and ranges as FEEL itself does."""
Compile = Callable[[Node, Site], Code]


@dataclass(frozen=True)
class _Repeated:
    """The part that is evaluated for each item of a list."""

    source: Code
    body: Code
    cost: int
    site: Site

    def items(self, scope: Scope) -> list[Value]:
        """Return what there is to go through.

        Raises:
            DecisionFailedError: it is nothing one can go through.

        """
        found = _ITEMS.within(scope.inner({"source": self.source(scope)}))
        if not isinstance(found, list):
            raise DecisionFailedError(self.site.spot, "what should be gone through is no list and no range")
        return found

    def value(self, scope: Scope) -> Value:
        """Return the value for one item, which costs steps."""
        scope.run.charge(self.cost)
        return self.body(scope)


def _read(
    node: Node, site: Site, compile_: Compile, *, parts: tuple[str, str], bound: Site
) -> _Repeated | None:
    source, body = (dmn_child(node, name) for name in parts)
    if source is None or body is None:
        return None
    length = sum(len(text) for text in body.itertext())
    return _Repeated(
        source=compile_(source, site.inside("danh sách", "the list")),
        body=compile_(body, bound.inside("biểu thức cho từng phần tử", "the expression for each item")),
        cost=1 + length // _CHARACTERS_PER_STEP,
        site=site,
    )


def _variable(node: Node) -> str:
    return text_of(node.get("iteratorVariable"))


def compile_for(node: Node, site: Site, compile_: Compile) -> Code:
    """Return the code that gives the value for each item; the body knows the values so far as ``partial``."""
    name = _variable(node)
    read = _read(node, site, compile_, parts=("in", "return"), bound=site.binding(name, "partial"))
    if read is None or not name:
        return site.report("logic_missing")
    uses_partial = any("partial" in text for text in node.itertext())

    def evaluate(scope: Scope) -> Value:
        results: list[Value] = []
        for item in read.items(scope):
            bound: dict[str, Value] = {name: item}
            if uses_partial:
                bound["partial"] = list(results)
                measure(bound["partial"], scope.run)
            results.append(read.value(scope.inner(bound)))
        measure(results, scope.run)
        return results

    return evaluate


def compile_quantified(node: Node, site: Site, compile_: Compile) -> Code:
    """Return the code that tells whether some or every item satisfies a condition; null if unknown."""
    name, decisive = _variable(node), local_name(node) == "some"
    read = _read(node, site, compile_, parts=("in", "satisfies"), bound=site.binding(name))
    if read is None or not name:
        return site.report("logic_missing")

    def evaluate(scope: Scope) -> Value:
        result: Value = not decisive
        for item in read.items(scope):
            value = read.value(scope.inner({name: item}))
            if value is decisive:
                return decisive
            result = result if isinstance(value, bool) else None
        return result

    return evaluate


def compile_filter(node: Node, site: Site, compile_: Compile) -> Code:
    """Return the code that keeps the items for which the match is true; another value than a truth fails."""
    bound = replace(site.binding("item"), in_filter=True)
    read = _read(node, site, compile_, parts=("in", "match"), bound=bound)
    if read is None:
        return site.report("logic_missing")

    def evaluate(scope: Scope) -> Value:
        kept: list[Value] = []
        for item in read.items(scope):
            outer = scope.inner({"item": item})
            chosen = read.value(outer.inner(item) if isinstance(item, dict) else outer)
            if chosen is not None and not isinstance(chosen, bool):
                raise DecisionFailedError(
                    read.site.spot, f"the match is a {type_name(chosen)}, not a truth value"
                )
            if chosen is True:
                kept.append(item)
        scope.run.grow(len(kept))
        return kept

    return evaluate
