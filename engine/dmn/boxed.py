"""Compiles boxed expressions: literals, contexts, lists, relations, invocations, functions and the rest."""

from collections.abc import Callable, Iterator
from typing import Final

from engine.dmn.calling import Parameter, make_function
from engine.dmn.errors import DecisionFailedError
from engine.dmn.reader import check_language, child_text, dmn_child, dmn_children, text_of, type_ref_of
from engine.dmn.repeating import compile_filter, compile_for, compile_quantified
from engine.dmn.site import DEEPEST, Site, typed
from engine.dmn.table_reading import read_table
from engine.dmn.types import type_name
from engine.feel import Function, Value
from engine.feel.compiler import Code
from engine.feel.measure import measure
from engine.feel.scope import Scope
from engine.ingest.xml import Node, local_name


def compile_logic(holder: Node, site: Site) -> Code:
    """Return the code of the one expression inside ``holder``, such as a decision or a binding."""
    found = [node for node in dmn_children(holder) if local_name(node) in _COMPILERS]
    if len(found) != 1:
        return site.report("logic_twice" if found else "logic_missing")
    return compile_boxed(found[0], site)


def compile_boxed(node: Node, site: Site) -> Code:
    """Return the code of an expression, whose value is brought into the shape of its type."""
    if site.depth > DEEPEST:
        return site.report("boxed_too_deep", limit=DEEPEST)
    check_language(node, site.spot, site.unit.source.problems)
    code = _COMPILERS[local_name(node)](node, site)
    return typed(code, site.type_of(type_ref_of(node)), site.spot)


def _literal(node: Node, site: Site) -> Code:
    return site.expression(child_text(node, "text"))


def _context(node: Node, site: Site) -> Code:
    """Entries see the ones before them; one without a name is the result."""
    entries: list[tuple[str, Code]] = []
    for entry in dmn_children(node, "contextEntry"):
        variable = dmn_child(entry, "variable")
        name = "" if variable is None else text_of(variable.get("name"))
        place = (
            site.inside(f"mục “{name}”", f"entry “{name}”") if name else site.inside("kết quả", "the result")
        )
        if name in (known for known, _ in entries):
            place.report("name_twice", value=name)
        code = compile_logic(entry, place)
        entries.append((name, typed(code, place.type_of(type_ref_of(variable)), place.spot)))
        site = site.binding(name)

    def evaluate(scope: Scope) -> Value:
        values: dict[str, Value] = {}
        inside = scope.inner(values)
        for name, code in entries:
            values[name] = code(inside)
        if "" in values:
            return values[""]
        measure(values, scope.run)
        return values

    return evaluate


def _list(node: Node, site: Site) -> Code:
    items = [
        compile_boxed(item, site.inside(f"phần tử {number}", f"item {number}"))
        for number, item in enumerate(_expressions(node), 1)
    ]

    def evaluate(scope: Scope) -> Value:
        values: Value = [item(scope) for item in items]
        measure(values, scope.run)
        return values

    return evaluate


def _relation(node: Node, site: Site) -> Code:
    columns = [text_of(column.get("name")) for column in dmn_children(node, "column")]
    if len(set(columns)) < len(columns):
        return site.report("name_twice", value=", ".join(columns))
    rows: list[list[Code]] = []
    for number, row in enumerate(dmn_children(node, "row"), 1):
        place = site.inside(f"dòng {number}", f"row {number}")
        cells = [compile_boxed(cell, place) for cell in _expressions(row)]
        if len(cells) != len(columns):
            return place.report("rule_width", found=len(cells), wanted=len(columns))
        rows.append(cells)

    def evaluate(scope: Scope) -> Value:
        values: Value = [
            {name: cell(scope) for name, cell in zip(columns, cells, strict=True)} for cells in rows
        ]
        measure(values, scope.run)
        return values

    return evaluate


def _expressions(node: Node) -> Iterator[Node]:
    return (child for child in dmn_children(node) if local_name(child) in _COMPILERS)


def _invocation(node: Node, site: Site) -> Code:
    """Calls a function by the names of its parameters."""
    called = dmn_child(node, "literalExpression")
    if called is None:
        return site.report("logic_missing")
    callee = compile_boxed(called, site.inside("hàm được gọi", "the called function"))
    arguments: dict[str, Code] = {}
    for binding in dmn_children(node, "binding"):
        parameter = dmn_child(binding, "parameter")
        name = "" if parameter is None else text_of(parameter.get("name"))
        place = site.inside(f"tham số “{name}”", f"parameter “{name}”")
        if name in arguments:
            place.report("name_twice", value=name)
        arguments[name] = compile_logic(binding, place)
    spot = site.spot

    def evaluate(scope: Scope) -> Value:
        function = callee(scope)
        if not isinstance(function, Function):
            raise DecisionFailedError(spot, "what is called is no function")
        return function.call_named(scope.run, {name: code(scope) for name, code in arguments.items()})

    return evaluate


def compile_function(node: Node, site: Site) -> tuple[list[Parameter], Code]:
    """Return the parameters and the body of a function definition."""
    kind = (node.get("kind") or "FEEL").strip()
    parameters = [
        Parameter(text_of(one.get("name")), site.type_of(type_ref_of(one)))
        for one in dmn_children(node, "formalParameter")
    ]
    names = [parameter.name for parameter in parameters]
    if kind != "FEEL":
        return parameters, site.report("external_function", value=kind)
    if len(set(names)) < len(names):
        return parameters, site.report("name_twice", value=", ".join(names))
    return parameters, compile_logic(node, site.binding(*names))


def _function(node: Node, site: Site) -> Code:
    """A function sees the variables of the place where it is written."""
    parameters, body = compile_function(node, site)
    spot = site.spot
    return lambda scope: make_function("", parameters, body, outer=lambda _: scope, spot=spot)


def _conditional(node: Node, site: Site) -> Code:
    parts: list[Code] = []
    for name, vi in (("if", "điều kiện"), ("then", "nếu đúng"), ("else", "nếu sai")):
        holder, place = dmn_child(node, name), site.inside(vi, name)
        parts.append(place.report("logic_missing") if holder is None else compile_logic(holder, place))
    condition, then, otherwise = parts
    spot = site.spot

    def evaluate(scope: Scope) -> Value:
        is_met = condition(scope)
        if is_met is not None and not isinstance(is_met, bool):
            raise DecisionFailedError(spot, f"the condition is a {type_name(is_met)}, neither true nor false")
        return (then if is_met else otherwise)(scope)

    return evaluate


_COMPILERS: Final[dict[str, Callable[[Node, Site], Code]]] = {
    "literalExpression": _literal,
    "decisionTable": read_table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": _function,
    "conditional": _conditional,
    "filter": lambda node, site: compile_filter(node, site, compile_logic),
    "for": lambda node, site: compile_for(node, site, compile_logic),
    "some": lambda node, site: compile_quantified(node, site, compile_logic),
    "every": lambda node, site: compile_quantified(node, site, compile_logic),
}
