"""Tells which variables the elements of a diagram set, and names those that are read and never set."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from engine import feel
from engine.diagram import Diagram, Element, Flow
from engine.ingest.guaranteed import Guaranteed
from engine.ingest.report import Report
from engine.ingest.ways import Ways

if TYPE_CHECKING:
    from engine.forms import Form

BRINGS: Final = "brings"
"""The property by which an event says what comes with it: the names of variables."""
MAY_BRING: Final = "may_bring"
"""The property by which a start event says what a schedule may give it besides: the names of variables."""
STARTED_BY: Final = "started_by"
"""The property by which a start event says who may begin the process himself: roles."""
SET_BY_STARTER: Final = frozenset({"starter", "unit_code"})
"""What somebody's beginning sets: who he is, and for which unit."""
_EVERYTHING: Final = -1
_CLOSE: Final = 0.7


@dataclass(frozen=True)
class Setting:
    """The variables an element sets when it is left; ``is_open``: and maybe some that no file tells."""

    names: frozenset[str] = frozenset()
    is_open: bool = False


@dataclass
class Known:
    """What the files of a bundle say about variables."""

    forms: Mapping[str, "Form"]
    called: Collection[str] = ()
    """The processes that others call: they start with what their callers have."""
    names: set[str] = field(default_factory=set[str])
    """All variables that something sets."""

    @classmethod
    def of(cls, diagrams: Iterable[Diagram], forms: Mapping[str, "Form"]) -> "Known":
        """Return what these diagrams and forms say."""
        elements = [element for diagram in diagrams for element in diagram.elements.values()]
        known = cls(forms, {one.called_process for one in elements if one.called_process})
        for element in elements:
            known.names |= known.set_by(element).names | _local_names(element) | {*element.listed(MAY_BRING)}
        return known

    def set_by(self, element: Element) -> Setting:
        """Return what ``element`` sets."""
        starter = SET_BY_STARTER if element.properties.get(STARTED_BY, "").strip() else frozenset[str]()
        if element.properties.get(BRINGS, "").strip() or starter:
            return Setting(starter.union(element.listed(BRINGS)))
        names = {_root(mapping.target) for mapping in element.outputs}
        if element.loop is not None and element.loop.output_collection:
            names.add(element.loop.output_collection)
        if element.outputs:
            return Setting(frozenset(names))
        return self._own_results(element, names)

    def _own_results(self, element: Element, names: set[str]) -> Setting:
        if element.kind == "userTask":
            form = self.forms.get(element.form_id or "")
            is_open = bool(element.properties.get("record")) or (form is None and bool(element.form_id))
            return Setting(frozenset(names | set(form.keys if form else ())), is_open)
        if element.kind == "startEvent" and element.scope_id in self.called:
            return Setting(frozenset(names), is_open=True)
        if element.result_variable and element.action is None:
            return Setting(frozenset({*names, element.result_variable}))
        return Setting(frozenset(names), _is_open(element))


def check_variables(ways: Ways, known: Known, report: Report) -> None:
    """Note conditions and deadlines that read a variable which nothing sets, or not on every way to them."""
    reading = _Reading(ways, known, report)
    for flow in ways.diagram.flows.values():
        reading.check_condition(flow)
    reading.check_deadlines()


class _Reading:
    """What is read where in one diagram."""

    def __init__(self, ways: Ways, known: Known, report: Report) -> None:
        self.ways = ways
        self.known = known
        self.report = report
        self.elements = ways.diagram.elements
        self.opened = _behind_open(
            ways, {one.id for one in self.elements.values() if known.set_by(one).is_open}
        )

    def check_condition(self, flow: Flow) -> None:
        """Note the variables of a condition that nothing sets."""
        source = self.elements.get(flow.source_id)
        if source is None or source.id in self.opened or self._is_unquoted(flow):
            return
        for name in sorted(read_names(flow.condition) - self.known.names - self._local(source)):
            self._add("variable_unset", flow, name)

    def _is_unquoted(self, flow: Flow) -> bool:
        """Whether the names that nothing sets have been found to be words without quotation marks."""
        return any(one.code == "word_unquoted" and one.element_id == flow.id for one in self.report.problems)

    def check_deadlines(self) -> None:
        """Note the variables of deadlines and timers that need not have been set by then."""
        dated = {one.id: _deadline_names(one) for one in self.elements.values()}
        names = sorted({name for found in dated.values() for name in found})
        if not names:
            return
        bits = {name: 1 << number for number, name in enumerate(names)}
        certain = Guaranteed(
            self.ways,
            {one.id: self._given(one, bits) for one in self.elements.values()},
            inside={one.id: _bits(_local_names(one), bits) for one in self.elements.values()},
        )
        for element_id, wanted in dated.items():
            element = self.elements[element_id]
            for name in sorted(wanted - self._local(element)):
                if name not in self.known.names and element_id not in self.opened:
                    self._add("deadline_unset", element, name)
                elif not certain.before[element_id] & bits[name]:
                    way = certain.way_without(bits[name], element)
                    said = {"way": _spoken(way, "vi"), "way_en": _spoken(way, "en")}
                    self.report.add("deadline_maybe_unset", element, value=name, **said)

    def _given(self, element: Element, bits: Mapping[str, int]) -> int:
        setting = self.known.set_by(element)
        return _EVERYTHING if setting.is_open else _bits(setting.names, bits)

    def _local(self, element: Element) -> set[str]:
        """Return the names that exist at an element because of mappings and repetitions around it."""
        found = _local_names(element)
        host = self.elements.get(element.attached_to or "")
        scope = self.elements.get(element.scope_id)
        if host is not None:
            found |= _local_names(host)
        while scope is not None:
            found |= _local_names(scope)
            scope = self.elements.get(scope.scope_id)
        return found

    def _add(self, code: str, spot: Element | Flow, name: str) -> None:
        near = nearest(name, self.known.names)
        if near is None:
            self.report.add(code, spot, value=name)
        else:
            self.report.add(f"{code}_near", spot, value=name, near=near)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the name that is meant by a slip, if one is close."""
    return next(iter(get_close_matches(name, sorted(known), n=1, cutoff=_CLOSE)), None)


def read_names(text: str | None) -> set[str]:
    """Return the variables that an expression cannot do without; none where it asks if they are there."""
    if text is None or not text.startswith("="):
        return set()
    try:
        expression = feel.parse(text[1:])
    except feel.FeelSyntaxError:
        return set()
    if "is defined" in text or "null" in text or "get or else" in expression.functions:
        return set()
    return set(expression.names - expression.filter_names)


def _deadline_names(element: Element) -> set[str]:
    timer = element.event.timer if element.event is not None else None
    texts = (element.due_date, element.follow_up_date, timer)
    return {name for text in texts for name in read_names(text)}


def _local_names(element: Element) -> set[str]:
    found = {_root(mapping.target) for mapping in element.inputs}
    if element.loop is not None:
        found |= {"loopCounter", element.loop.input_element or "loopCounter"}
    return found


def _is_open(element: Element) -> bool:
    """Whether an element without mappings may set what only the institution or another process knows."""
    if element.kind == "callActivity":
        return element.propagate_all_child_variables
    catches = element.event is not None and element.event.kind in {"message", "signal", "error"}
    throws = element.kind in {"endEvent", "intermediateThrowEvent"}
    return element.action is not None or (catches and not throws) or element.called_decision is not None


def _behind_open(ways: Ways, opening: set[str]) -> set[str]:
    """Return the elements that come after one of ``opening``, or beside it in another event's handling."""
    elements = ways.diagram.elements
    begin: set[str] = set()
    for element_id in opening:
        element: Element | None = elements[element_id]
        while element is not None:
            begin.update(ways.successors(element))
            if element.triggered_by_event:
                begin.update(one.id for one in ways.members[element.scope_id])
            element = elements.get(element.scope_id)
    reached: set[str] = set()
    while begin:
        fresh = ways.reach(begin) - reached
        reached |= fresh
        begin = {one.id for node in fresh for one in ways.members.get(node, [])} - reached
    return reached


def _bits(names: Collection[str], bits: Mapping[str, int]) -> int:
    return sum(bits[name] for name in names if name in bits)


def _root(target: str) -> str:
    return target.partition(".")[0]


def _spoken(way: list[Element], language: str) -> str:
    return " → ".join(element.label(language) for element in way)
