"""Reads decision tables: every cell once, refusing a table that would answer otherwise than it is written."""

from collections.abc import Sequence
from typing import Final

from engine.dmn.output_reading import Outputs, listed
from engine.dmn.reader import child_text, dmn_child, dmn_children, text_of, type_ref_of
from engine.dmn.rule_reading import Rules
from engine.dmn.site import Site, typed
from engine.dmn.tables import Input, Table
from engine.feel.compiler import Code
from engine.ingest.xml import Node

MOST_RULES: Final = 3_000
MOST_COLUMNS: Final = 500
MOST_CELLS: Final = 20_000


def read_table(node: Node, site: Site) -> Code:
    """Return the code of the table ``node``; what is wrong with it is reported.

    The table itself is kept with the unit of the site, for those who look at its rules.
    """
    rules = list(dmn_children(node, "rule"))
    if (refused := _refuse_size(node, rules, site)) is not None:
        return refused
    inputs = [_input(one, number, site) for number, one in enumerate(dmn_children(node, "input"), 1)]
    columns = list(dmn_children(node, "output"))
    if not columns:
        return site.report("table_empty")
    outputs = Outputs(node, columns, site)
    annotations = [text_of(one.get("name")) for one in dmn_children(node, "annotation")]
    reading = Rules(inputs, outputs, annotations, site)
    table = Table(
        spot=site.spot,
        choice=outputs.choice(node),
        inputs=inputs,
        outputs=outputs.outputs,
        rules=[reading.read(rule, number) for number, rule in enumerate(rules, 1)],
    )
    site.unit.tables.append(table)
    return table.evaluate


def _refuse_size(node: Node, rules: Sequence[Node], site: Site) -> Code | None:
    columns = len(list(dmn_children(node, "input", "output", "annotation")))
    sizes = (
        (len(rules), MOST_RULES, "dòng", "rules"),
        (columns, MOST_COLUMNS, "cột", "columns"),
        (columns * len(rules), MOST_CELLS, "ô", "cells"),
    )
    for size, limit, what_vi, what_en in sizes:
        if size > limit:
            return site.report("table_too_big", limit=limit, what_vi=what_vi, what_en=what_en)
    return None


def _input(node: Node, number: int, site: Site) -> Input:
    expression = dmn_child(node, "inputExpression")
    text = "" if expression is None else child_text(expression, "text")
    label = text_of(node.get("label")) or text_of(text) or str(number)
    place = site.inside(f"cột “{label[:60]}”", f"column “{label[:60]}”")
    type_ = place.type_of(type_ref_of(expression))
    code = typed(place.expression(text), type_, place.spot)
    allowed = dmn_child(node, "inputValues")
    tests_text = "" if allowed is None else child_text(allowed, "text").strip()
    tests = place.inside("giá trị cho phép", "allowed values").tests(tests_text) if tests_text else None
    return Input(label[:60], type_, listed(code, tests, place.spot), tests)
