"""Builds the graph that runs from the facts of a diagram; the ids of nodes come from the diagram's ids.

A name with a slash, which no id of a diagram has, belongs to a node that the diagram does not draw.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from engine.diagram import Diagram, Element
from engine.errors import InvalidInputError
from engine.spiff.activities import (
    CallActivity,
    RuleTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    SubProcess,
    UserTask,
)
from engine.spiff.events import Boundary, Catch, End, EventStart, Happened, StartEvent, Throw
from engine.spiff.nodes import (
    EventGateway,
    ExclusiveGateway,
    Exit,
    InclusiveGateway,
    Link,
    Node,
    ParallelGateway,
    PlainTask,
    ScopeEnd,
    ScopeStart,
    Split,
)
from engine.spiff.repetition import MultiInstance
from engine.spiff.workflow import ScopeSpec

_NODES: Final[Mapping[str, type[Node]]] = {
    "task": PlainTask,
    "manualTask": PlainTask,
    "userTask": UserTask,
    "serviceTask": ServiceTask,
    "sendTask": SendTask,
    "receiveTask": Catch,
    "scriptTask": ScriptTask,
    "businessRuleTask": RuleTask,
    "callActivity": CallActivity,
    "subProcess": SubProcess,
    "startEvent": StartEvent,
    "endEvent": End,
    "intermediateThrowEvent": Throw,
    "intermediateCatchEvent": Catch,
    "exclusiveGateway": ExclusiveGateway,
    "inclusiveGateway": InclusiveGateway,
    "parallelGateway": ParallelGateway,
    "eventBasedGateway": EventGateway,
}


def build_scopes(diagram: Diagram) -> Iterator[ScopeSpec]:
    """Build every process and sub-process of a diagram.

    Raises:
        InvalidInputError: it holds something that we do not execute.

    """
    for process in diagram.processes.values():
        inner = [element for element in diagram.elements.values() if element.process_id == process.id]
        yield _build(diagram, Element(process.id, "process", process.id, ""), inner)
        for element in inner:
            if element.kind == "subProcess":
                yield _build(diagram, element, inner)


def _build(diagram: Diagram, holder: Element, elements: Iterable[Element]) -> ScopeSpec:
    is_process = holder.kind == "process"
    scope = ScopeSpec(holder.id if is_process else f"{holder.process_id}/{holder.id}", is_process=is_process)
    inside = [element for element in elements if element.scope_id == holder.id]
    return _Builder(diagram, scope, holder, inside).build()


class _Builder:
    """Builds one scope."""

    def __init__(self, diagram: Diagram, scope: ScopeSpec, holder: Element, elements: list[Element]) -> None:
        self.diagram = diagram
        self.scope = scope
        self.elements = elements
        self.start = ScopeStart(scope, "/start", holder)
        self.end = ScopeEnd(scope, "/end", holder)
        self.entries: dict[str, Node] = {}
        """Where the flows to an element lead."""
        self.ways_out: dict[str, Node] = {}
        """Where the flows from an element start."""

    def build(self) -> ScopeSpec:
        self.scope.start, self.scope.end = self.start, self.end
        boundaries = [element for element in self.elements if element.kind == "boundaryEvent"]
        for element in self.elements:
            if element.kind != "boundaryEvent":
                self._add(element, [event for event in boundaries if event.attached_to == element.id])
        for element in self.elements:
            self._connect(element)
        self._connect_starts()
        self._find_sources()
        return self.scope

    def _add(self, element: Element, boundaries: list[Element]) -> None:
        node = self._node(element)
        self.entries[element.id] = self.ways_out[element.id] = node
        if boundaries:
            split = Split(self.scope, f"{element.id}/split", element, main=node)
            split.exits = [Exit(node), *(Exit(self._boundary(event)) for event in boundaries)]
            self.entries[element.id] = split

    def _node(self, element: Element) -> Node:
        kind = _kind(element)
        if element.loop is None:
            return kind(self.scope, element.id, element)
        child = kind(self.scope, f"{element.id}/each", element)
        return MultiInstance(self.scope, element.id, element, child=child, loop=element.loop)

    def _boundary(self, event: Element) -> Node:
        if event.event is None or event.event.kind == "none":
            raise InvalidInputError(f"{event.id} waits for nothing that is executed")
        happened = Happened(self.scope, f"{event.id}/happened", event)
        node = Boundary(self.scope, event.id, event, happened=happened)
        self.ways_out[event.id] = node if event.interrupting else happened
        return node

    def _connect(self, element: Element) -> None:
        source = self.ways_out.get(element.id)
        if source is None or element.triggered_by_event:
            return
        for flow_id in element.outgoing:
            flow = self.diagram.flows[flow_id]
            self._lead(source, flow.target_id, flow_id, flow.condition)
        if isinstance(source, Link) and element.kind == "intermediateThrowEvent":
            self._lead(source, self._link_target(element), f"{element.id}/link", None)
        if not source.exits:
            source.exits.append(Exit(self.end))

    def _lead(self, source: Node, target_id: str, flow_id: str, condition: str | None) -> None:
        target = self.entries.get(target_id)
        if target is None:
            raise InvalidInputError(f"flow {flow_id} leads to {target_id}, which is not in the same scope")
        source.exits.append(Exit(target, flow_id, condition or None))
        target.entries.append(flow_id)

    def _link_target(self, element: Element) -> str:
        for other in self.elements:
            if other.kind == "intermediateCatchEvent" and other.event == element.event:
                return other.id
        raise InvalidInputError(f"link {element.id} has no target")

    def _connect_starts(self) -> None:
        starts = [element for element in self.elements if element.kind == "startEvent"]
        if not starts:
            raise InvalidInputError(f"{self.start.element.id} has no start event")
        plain = [element for element in starts if element.event is None or element.event.kind == "none"]
        self.start.plain_start = (plain or starts)[0].id
        self.scope.start_ids = [element.id for element in starts]
        self.start.exits = [Exit(self.entries[element.id]) for element in starts]
        for element in self.elements:
            if element.triggered_by_event:
                self.start.exits.append(Exit(self._event_start(element)))

    def _event_start(self, element: Element) -> Node:
        """Build the wait for the start of an event sub-process, in the scope that it belongs to."""
        handler = self.entries[element.id]
        handler.exits.append(Exit(self.end))
        inner = (other for other in self.diagram.elements.values() if other.scope_id == element.id)
        start = next((other for other in inner if other.kind == "startEvent"), None)
        if start is None:
            raise InvalidInputError(f"event sub-process {element.id} has no start event")
        node = EventStart(self.scope, f"{element.id}/start", start, handler=handler)
        node.exits.append(Exit(handler))
        return node

    def _find_sources(self) -> None:
        """Find, for each flow into an inclusive gateway, the nodes from which a token can come by it."""
        before: dict[str, set[str]] = {}
        by_flow: dict[str, str] = {}
        for node in self.scope.task_specs.values():
            for way in (*node.exits, *([Exit(node.happened)] if isinstance(node, Boundary) else [])):
                before.setdefault(way.node.name, set()).add(node.name)
                if way.flow_id is not None:
                    by_flow[way.flow_id] = node.name
        for node in self.scope.task_specs.values():
            if isinstance(node, InclusiveGateway) and len(node.entries) > 1:
                node.sources = {flow: _reaching(by_flow[flow], node.name, before) for flow in node.entries}


def _reaching(source: str, gateway: str, before: Mapping[str, set[str]]) -> frozenset[str]:
    """Return the nodes that lead to ``source``, itself included, without passing ``gateway``."""
    found: set[str] = set()
    waiting = [source]
    while waiting:
        name = waiting.pop()
        if name not in found and name != gateway:
            found.add(name)
            waiting.extend(before.get(name, ()))
    return frozenset(found)


def _kind(element: Element) -> type[Node]:
    event = element.event
    if event is None and (element.kind.endswith("Event") or element.kind == "receiveTask"):
        raise InvalidInputError(f"{element.id} waits for or throws something that is not executed")
    if event is not None and event.kind == "link":
        return Link
    if element.kind in {"scriptTask", "businessRuleTask"} and element.action is not None:
        return ServiceTask
    kind = _NODES.get(element.kind)
    if kind is None:
        raise InvalidInputError(f"{element.id} is a {element.kind}, which is not executed")
    return kind
