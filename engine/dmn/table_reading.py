"""Reads decision tables: every cell once, refusing a table that would answer otherwise than it is written."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from engine import feel
from engine.dmn.cells import constants_of
from engine.dmn.errors import DecisionFailedError, NotFittingError
from engine.dmn.hit_policies import IN_ORDER_OF_OUTPUT, Aggregation, Choice, HitPolicy
from engine.dmn.reader import child_text, dmn_child, dmn_children, text_of, type_ref_of
from engine.dmn.site import Site, typed
from engine.dmn.spots import Spot
from engine.dmn.tables import Input, Output, Rule, Table, cell_spot
from engine.dmn.types import Type, plain_kind, type_name
from engine.feel import Environment, FeelLimitError, FeelSyntaxError, Run, Scope, UnaryTests, Value
from engine.feel.compiler import Code
from engine.ingest.xml import Node

MOST_RULES: Final = 5_000
MOST_COLUMNS: Final = 500
MOST_CELLS: Final = 100_000


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
    reading = _Outputs(node, columns, site)
    table = Table(
        spot=site.spot,
        choice=reading.choice(node),
        inputs=inputs,
        outputs=reading.outputs,
        rules=_rules(node, rules, inputs, reading=reading, site=site),
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
    return Input(label[:60], type_, _listed(code, tests, place.spot), tests)


def _listed(code: Code, tests: UnaryTests | None, spot: Spot) -> Code:
    """Return code that fails for a value that is not among those allowed; null is not tested."""
    if tests is None:
        return code

    def evaluate(scope: Scope) -> Value:
        value = code(scope)
        if value is not None and tests.within(value, scope) is not True:
            raise DecisionFailedError(spot, f"the value is none of those allowed: {tests.text.strip():.200}")
        return value

    return evaluate


class _Outputs:
    """The output columns of one table."""

    def __init__(self, node: Node, columns: list[Node], site: Site) -> None:
        self._site = site
        is_single = len(columns) == 1
        label = text_of(node.get("outputLabel")) if is_single else ""
        self._read = [_OutputColumn(one, label, number, site) for number, one in enumerate(columns, 1)]
        names = [column.name for column in self._read]
        for column in self._read if not is_single else []:
            if not column.name or names.count(column.name) > 1:
                column.site.report("output_name")
        self.outputs = [Output(column.name, column.default()) for column in self._read]

    def __len__(self) -> int:
        return len(self.outputs)

    def cell(self, position: int, text: str, rule_number: int) -> Code:
        """Return the code of an output entry."""
        column = self._read[position]
        place = replace(column.site, spot=cell_spot(self._site.spot, rule_number, column.label))
        return column.code(text, place)

    def choice(self, node: Node) -> Choice:
        """Return how the table chooses."""
        written = (node.get("hitPolicy") or HitPolicy.UNIQUE.value).strip()
        policy = next((policy for policy in HitPolicy if policy.value == written), None)
        if policy is None:
            self._site.report("hit_policy_unknown", value=written)
        policy = policy or HitPolicy.UNIQUE
        orders = [column.order() if policy in IN_ORDER_OF_OUTPUT else [] for column in self._read]
        if policy in IN_ORDER_OF_OUTPUT and not any(orders):
            self._site.report("order_missing", value=policy.value)
        return Choice(policy, self._aggregation(node, policy), orders, self._site.spot)

    def _aggregation(self, node: Node, policy: HitPolicy) -> Aggregation | None:
        written = (node.get("aggregation") or "").strip()
        if not written:
            return None
        found = next((one for one in Aggregation if one.value == written), None)
        if found is None:
            self._site.report("aggregation_unknown", value=written)
        elif policy is not HitPolicy.COLLECT or (len(self) > 1 and found is not Aggregation.COUNT):
            self._site.report("aggregation_unfit", value=written)
        return found


class _OutputColumn:
    """One output column: its name, type, allowed values and default."""

    def __init__(self, node: Node, table_label: str, number: int, site: Site) -> None:
        self.name = text_of(node.get("name"))
        self.label = text_of(node.get("label")) or self.name or table_label or str(number)
        self.site = site.inside(f"cột “{self.label}”", f"column “{self.label}”")
        self._type: Type = self.site.type_of(type_ref_of(node))
        allowed = dmn_child(node, "outputValues")
        self._values = "" if allowed is None else child_text(allowed, "text").strip()
        place = self.site.inside("giá trị cho phép", "allowed values")
        self._tests = place.tests(self._values) if self._values else None
        self._default = dmn_child(node, "defaultOutputEntry")

    def code(self, text: str, place: Site) -> Code:
        """Return the code of a cell."""
        if not text.strip():
            return place.report("cell_empty")
        self._check_constant(place.constant(text), place)
        return _listed(typed(place.expression(text), self._type, place.spot), self._tests, place.spot)

    def _check_constant(self, value: Value, place: Site) -> None:
        """Refuse an answer that could never be given: of another type than the column, or not allowed."""
        run = Run(Environment())
        try:
            fitted = self._type.fit(value, run)
        except NotFittingError as error:
            place.report("cell_unfit", reason=error)
            return
        if fitted is None or self._tests is None or self._tests.names:
            return
        if self._tests.within(fitted, Scope({}, None, run)) is not True:
            place.report("value_not_listed", allowed=self._values)

    def default(self) -> Code | None:
        """Return the code of the default output, if there is one."""
        text = "" if self._default is None else child_text(self._default, "text")
        if not text.strip():
            return None
        return self.code(text, self.site.inside("giá trị mặc định", "default value"))

    def order(self) -> list[Value]:
        """Return the allowed values, the most important first; none if they cannot be listed."""
        text = self._values or _allowed_of(self._type)
        try:
            listed = feel.parse(f"[{text}]").evaluate({}) if text else None
        except (FeelSyntaxError, FeelLimitError):
            return []
        return listed if isinstance(listed, list) else []


def _allowed_of(type_: Type) -> str:
    tests = getattr(type_, "tests", None)
    return tests.text if isinstance(tests, UnaryTests) else ""


def _rules(
    node: Node, rules: Sequence[Node], inputs: Sequence[Input], *, reading: _Outputs, site: Site
) -> list[Rule]:
    names = [text_of(one.get("name")) for one in dmn_children(node, "annotation")]
    return [
        _rule(one, number, inputs, reading=reading, names=names, site=site)
        for number, one in enumerate(rules, 1)
    ]


def _rule(  # noqa: PLR0913  # by keyword
    node: Node, number: int, inputs: Sequence[Input], *, reading: _Outputs, names: Sequence[str], site: Site
) -> Rule:
    tested = [child_text(entry, "text") for entry in dmn_children(node, "inputEntry")]
    answers = [child_text(entry, "text") for entry in dmn_children(node, "outputEntry")]
    notes = [child_text(entry, "text") for entry in dmn_children(node, "annotationEntry")]
    row = site.inside(f"dòng {number}", f"rule {number}")
    for found, wanted in ((len(tested), len(inputs)), (len(answers), len(reading))):
        if found != wanted:
            row.report("rule_width", found=found, wanted=wanted)
    cells = [
        (column, tests)
        for column, (text, one) in enumerate(zip(tested, inputs, strict=False))
        if (tests := _cell(text, one, number, site)) is not None
    ]
    return Rule(
        number=number,
        id=node.get("id", ""),
        cells=tuple(cells),
        outputs=tuple(
            reading.cell(position, text, number) for position, text in enumerate(answers[: len(reading)])
        ),
        annotations={
            (names[place] if place < len(names) else "") or str(place + 1): text
            for place, text in enumerate(notes)
            if text.strip()
        }
        | _description(node),
    )


def _description(node: Node) -> dict[str, str]:
    """A remark of dmn-js stands in the description of the rule."""
    text = child_text(node, "description").strip()
    return {"": text} if text else {}


def _cell(text: str, column: Input, number: int, site: Site) -> UnaryTests | None:
    """Return the tests of a cell; None where every value passes, as in an empty one."""
    if text.strip() in {"", "-"}:
        return None
    place = replace(site, spot=cell_spot(site.spot, number, column.label))
    tests = place.tests(text)
    if tests is not None:
        _check_kind(tests, column, place)
    return tests


def _check_kind(tests: UnaryTests, column: Input, place: Site) -> None:
    """Refuse to compare a column with values of another type, which would never pass and never say so."""
    kind = plain_kind(column.type)
    for value in (constants_of(tests) or []) if kind is not None else []:
        if value is not None and type(value) not in {kind, bool}:
            place.report("cell_type", wanted=column.type.name, found=type_name(value))
