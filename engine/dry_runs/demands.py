"""Reads off a definition what it asks of its surroundings: roles, actions, variables that others give."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine import feel
from engine.diagram import Diagram, Element
from engine.dmn import Model
from engine.dry_runs.shapes import Shape, ShapeReader
from engine.dry_runs.tables import inputs_of, load_models, read_table_shapes
from engine.forms import Form
from engine.ingest.variables import BRINGS
from engine.spiff import Program

_GROUP: Final = re.compile(r"([a-z][a-z0-9_]*)(@[a-z0-9_]*)?")
_TEXT: Final = re.compile(r'"([^"\\]*)"')
_GROUPS_OF_TEXT: Final = re.compile(r"[\s,]+")
_LOCAL: Final = frozenset({"loopCounter", "item", "partial"})


@dataclass(frozen=True)
class Demands:
    """What a definition cannot bring itself."""

    groups: frozenset[tuple[str, str]]
    """Role and unit code; ``@`` for a unit that only the variables know."""
    usernames: frozenset[str]
    actions: frozenset[str]
    form_sources: frozenset[str]
    started_with: tuple[str, ...]
    """Variables that must be there from the start."""
    given_by: Mapping[str, tuple[str, ...]]
    """Element id -> the variables that its action, its own page or its message is to give."""
    shapes: Mapping[str, Shape]
    read: frozenset[str]
    """Names that some expression of the diagrams reads."""


def read_demands(
    program: Program, key: str, forms: Mapping[str, Form], bundle: Mapping[str, bytes]
) -> Demands:
    """Return the demands of the process ``key`` and of all others of its bundle."""
    elements = {e.id: e for diagram in program.diagrams.values() for e in diagram.elements.values()}
    reader = ShapeReader()
    for diagram in program.diagrams.values():
        _read_shapes(diagram, reader)
    for form in forms.values():
        read_form_shapes(form, reader)
    for name, content in bundle.items():
        if name.endswith(".dmn"):
            read_table_shapes(content, reader)
    models = load_models(bundle)
    started_with, given_by = _Givers(program, elements, forms, models).find(key)
    return Demands(
        groups=frozenset(group for element in elements.values() for group in _groups(element)),
        usernames=frozenset(e.assignee for e in elements.values() if e.assignee and e.assignee[:1] != "="),
        actions=frozenset(name for element in elements.values() for name in _actions(element)),
        form_sources=frozenset(e.properties["values"] for e in elements.values() if "values" in e.properties),
        started_with=started_with,
        given_by=given_by,
        shapes=reader.shapes,
        read=frozenset(
            name
            for diagram in program.diagrams.values()
            for element in diagram.elements.values()
            for name in (*names_read(element, diagram, models), *_names(_expressions_of_outputs(element)))
        ),
    )


def names_read(element: Element, diagram: Diagram, models: Mapping[str, Model]) -> set[str]:
    """Return the variables that an element and the conditions behind it read; outputs are left out."""
    event, loop = element.event, element.loop
    texts = [mapping.source for mapping in element.inputs]
    texts += [element.candidate_groups or "", element.assignee or "", element.due_date or ""]
    texts += [element.follow_up_date or "", element.priority or "", element.script or ""]
    texts += [element.called_process or "", element.called_decision or ""]
    if event is not None:
        texts += [event.timer, event.name, event.correlation_key]
    if loop is not None:
        texts += [loop.input_collection, loop.completion_condition or ""]
    texts += [diagram.flows[flow_id].condition or "" for flow_id in element.outgoing]
    local = {mapping.target.split(".")[0] for mapping in element.inputs}
    local |= {loop.input_element} if loop is not None and loop.input_element else set[str]()
    decided = inputs_of(models, element.called_decision or "")
    return (_names(texts) | decided) - local - _LOCAL


def is_giver(element: Element) -> bool:
    """Whether variables come from outside at this element: an action, a page of its own or a message."""
    is_message = element.event is not None and element.event.kind == "message"
    catches = element.kind in {"intermediateCatchEvent", "boundaryEvent", "receiveTask", "startEvent"}
    if element.kind == "userTask":
        return "record" in element.properties or element.form_id is None
    return element.action is not None or (is_message and catches) or element.kind == "receiveTask"


class _Givers:
    """Finds out which variables each giver has to give: those read behind it, up to the next giver."""

    def __init__(
        self,
        program: Program,
        elements: Mapping[str, Element],
        forms: Mapping[str, Form],
        models: Mapping[str, Model],
    ) -> None:
        self._elements = elements
        self._models = models
        self._forms = forms
        self._diagram_of = {
            element_id: diagram for diagram in program.diagrams.values() for element_id in diagram.elements
        }
        self._explained = {name for element in elements.values() for name in self._sets(element)}

    def find(self, key: str) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
        """Return what the start must bring, and what each giver."""
        entries = [e for e in self._elements.values() if e.scope_id == key and e.kind == "startEvent"]
        entries += [e for e in self._elements.values() if e.triggered_by_event and e.scope_id == key]
        brought = {name for entry in entries for name in entry.listed(BRINGS)}
        started = (self._read_behind(entries, with_first=True) - self._explained) | brought
        given: dict[str, tuple[str, ...]] = {}
        for element in self._elements.values():
            if is_giver(element):
                names = self._own(element) or self._read_behind([element]) - self._explained - started
                given[element.id] = tuple(sorted(names))
        return tuple(sorted(started)), given

    def _own(self, element: Element) -> set[str]:
        """What the output mappings of a giver read: they alone reach the process."""
        form = self._forms.get(element.form_id or "")
        names = _names(_expressions_of_outputs(element)) - (form.keys if form else frozenset[str]())
        return names - {mapping.target.split(".")[0] for mapping in element.inputs}

    def _sets(self, element: Element) -> Iterator[str]:
        """The variables that an element sets by itself."""
        form = self._forms.get(element.form_id or "")
        if form is not None and not element.outputs:
            yield from form.keys
        yield from (mapping.target.split(".")[0] for mapping in element.outputs)
        if element.result_variable is not None:
            yield element.result_variable
        if element.loop is not None and element.loop.output_collection:
            yield element.loop.output_collection

    def _read_behind(self, entries: Iterable[Element], *, with_first: bool = False) -> set[str]:
        """Return what is read from the elements on up to the next givers, whose own inputs count."""
        found: set[str] = set()
        queue = deque((element, not with_first) for element in entries)
        seen: set[str] = set()
        while queue:
            element, is_first = queue.popleft()
            if element.id in seen:
                continue
            seen.add(element.id)
            diagram = self._diagram_of[element.id]
            found |= (
                self._conditions(element, diagram) if is_first else names_read(element, diagram, self._models)
            )
            if is_first or not is_giver(element):
                queue.extend((follower, False) for follower in self._followers(element, diagram))
        return found

    def _conditions(self, element: Element, diagram: Diagram) -> set[str]:
        return _names(diagram.flows[flow_id].condition or "" for flow_id in element.outgoing)

    def _followers(self, element: Element, diagram: Diagram) -> Iterator[Element]:
        """Where a token may go from an element: along flows, into and out of scopes, off its edge."""
        everything = diagram.elements.values()
        yield from (self._elements[diagram.flows[flow_id].target_id] for flow_id in element.outgoing)
        yield from (one for one in everything if one.attached_to == element.id)
        if element.kind == "subProcess":
            yield from (one for one in everything if one.scope_id == element.id and not one.incoming)
        if element.kind == "callActivity":
            called = (element.called_process or "").strip()
            yield from (e for e in self._elements.values() if e.scope_id == called and e.kind == "startEvent")
        scope = self._elements.get(element.scope_id)
        if element.kind == "endEvent" and scope is not None:
            yield from (self._elements[diagram.flows[flow_id].target_id] for flow_id in scope.outgoing)


def read_form_shapes(form: Form, reader: ShapeReader) -> None:
    """Take note of what the expressions, tables and options of a form do with their variables."""
    for component in form.all_components:
        if component.hide is not None:
            reader.read(component.hide.text, "boolean")
        if component.expression is not None:
            reader.read(component.expression.text)
        if component.table is not None:
            rows = reader.read(component.table.source.text, "list")
            for column in component.table.columns if rows is not None else ():
                rows.items().entry(column.path[0])  # type: ignore[union-attr]  # the loop is empty without
        if component.options is not None and component.options.expression is not None:
            reader.read(component.options.expression.text, "list")


def _read_shapes(diagram: Diagram, reader: ShapeReader) -> None:
    for flow in diagram.flows.values():
        if flow.condition:
            reader.read(flow.condition.removeprefix("="), "boolean")
    for element in diagram.elements.values():
        for mapping in (*element.inputs, *element.outputs):
            if mapping.source.startswith("=") and "." not in mapping.target:
                reader.alias(mapping.target, reader.read(mapping.source[1:]))
        _read_loop(element, reader)
        for text, kind in _typed_texts(element):
            if text.startswith("="):
                reader.read(text[1:], kind)


def _read_loop(element: Element, reader: ShapeReader) -> None:
    loop = element.loop
    if loop is None:
        return
    collection = reader.read(loop.input_collection.removeprefix("="), "list")
    if loop.input_element and collection is not None:
        reader.alias(loop.input_element, collection.items())
    if loop.completion_condition:
        reader.read(loop.completion_condition.removeprefix("="), "boolean")


def _typed_texts(element: Element) -> Iterator[tuple[str, str]]:
    yield element.candidate_groups or "", ""
    yield element.assignee or "", "person"
    yield element.due_date or "", "date"
    yield element.follow_up_date or "", "date"
    yield element.priority or "", "number"
    yield element.script or "", ""
    if element.event is not None:
        yield element.event.timer, "moment" if element.event.timer_kind == "timeDate" else ""
        yield element.event.correlation_key, ""


def _groups(element: Element) -> Iterator[tuple[str, str]]:
    """Role and unit of every group that the text or expression of an assignment spells out."""
    text = element.candidate_groups or ""
    parts = _TEXT.findall(text) if text.startswith("=") else _GROUPS_OF_TEXT.split(text)
    for part in parts:
        match = _GROUP.fullmatch(part.strip())
        if match is not None:
            yield match[1], (match[2] or "").removeprefix("@") or ("@" if match[2] else "")


def _actions(element: Element) -> Iterator[str]:
    if element.action is not None:
        yield element.action
    if "record" in element.properties:
        yield element.properties["record"]


def _expressions_of_outputs(element: Element) -> list[str]:
    return [mapping.source for mapping in element.outputs]


def _names(texts: Iterable[str]) -> set[str]:
    """Return the variables that those of the texts read that are expressions."""
    found: set[str] = set()
    for text in texts:
        if text.startswith("="):
            try:
                found |= feel.parse(text[1:]).names
            except feel.FeelSyntaxError:
                continue
    return found
