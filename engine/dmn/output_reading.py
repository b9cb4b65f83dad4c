"""Reads the outputs of decision tables: their types, allowed values, defaults, and how the table chooses."""

from dataclasses import replace
from typing import Final

from engine import feel
from engine.dmn.cells import LITTLE
from engine.dmn.errors import DecisionFailedError, NotFittingError
from engine.dmn.hit_policies import IN_ORDER_OF_OUTPUT, Aggregation, Choice, HitPolicy
from engine.dmn.reader import child_text, dmn_child, text_of, type_ref_of
from engine.dmn.site import Site, typed
from engine.dmn.spots import Spot
from engine.dmn.tables import Output, cell_spot
from engine.dmn.types import Type
from engine.feel import Environment, FeelLimitError, FeelSyntaxError, Limits, Run, Scope, UnaryTests, Value
from engine.feel.compiler import Code
from engine.ingest.xml import Node

_ORDERING: Final = Environment(limits=Limits(steps=5_000, size=10_000))
"""Lists of output values may be long."""


def listed(code: Code, tests: UnaryTests | None, spot: Spot) -> Code:
    """Return code that fails for a value that is not among those allowed; null is not tested."""
    if tests is None:
        return code

    def evaluate(scope: Scope) -> Value:
        value = code(scope)
        if value is not None and tests.within(value, scope) is not True:
            raise DecisionFailedError(spot, f"the value is none of those allowed: {tests.text.strip():.200}")
        return value

    return evaluate


class Outputs:
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

    def cell(self, position: int, text: str, rule_number: int, part_id: str) -> Code:
        """Return the code of an output entry."""
        column = self._read[position]
        place = replace(column.site, spot=cell_spot(self._site.spot, rule_number, column.label, part_id))
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
        return listed(typed(place.expression(text), self._type, place.spot), self._tests, place.spot)

    def _check_constant(self, value: Value, place: Site) -> None:
        """Refuse an answer that could never be given: of another type than the column, or not allowed."""
        run = Run(LITTLE)
        try:
            fitted = self._type.fit(value, run)
            is_allowed = fitted is None or self._is_listed(fitted, run)
        except NotFittingError as error:
            place.report("cell_unfit", reason=error, reason_vi=error.message_vi)
        except FeelLimitError:
            return
        else:
            if not is_allowed:
                place.report("value_not_listed", allowed=self._values)

    def _is_listed(self, value: Value, run: Run) -> bool:
        """Whether a value is among those allowed, as far as that is known without variables."""
        if self._tests is None or self._tests.names:
            return True
        return self._tests.within(value, Scope({}, None, run)) is True

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
            listed = feel.parse(f"[{text}]").evaluate({}, environment=_ORDERING) if text else None
        except (FeelSyntaxError, FeelLimitError):
            return []
        return listed if isinstance(listed, list) else []


def _allowed_of(type_: Type) -> str:
    tests = getattr(type_, "tests", None)
    return tests.text if isinstance(tests, UnaryTests) else ""
