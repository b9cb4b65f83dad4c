"""Reads a diagram's XML into the facts of ``engine.diagram``: the one reading of the dialect."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.diagram import Diagram, Element, EventSpec, Flow, IoMapping, Loop, Process
from engine.ingest.events import Definitions, event_of, read_definitions
from engine.ingest.xml import Node, XmlRefusedError, bpmn, children, is_bpmn, local_name, parse, zeebe

ACTIVITIES: Final = frozenset(
    {
        *("task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask"),
        *("businessRuleTask", "callActivity", "subProcess", "transaction", "adHocSubProcess"),
    }
)
EVENTS: Final = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
GATEWAYS: Final = frozenset(
    {"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway"}
)
FLOW_NODES: Final = ACTIVITIES | EVENTS | GATEWAYS
SCOPES: Final = frozenset({"subProcess", "transaction", "adHocSubProcess"})


def read_diagram(name: str, content: bytes) -> Diagram:
    """Return the facts of the diagram ``content`` of the file ``name``, which has passed the checks.

    Raises:
        XmlRefusedError: it is no XML that we read, or no diagram.

    """
    return read_tree(name, parse(content))


def read_tree(name: str, root: Node) -> Diagram:
    """Return the facts of the diagram whose tree is ``root``; what is missing or odd stays empty.

    Raises:
        XmlRefusedError: the root is no BPMN definitions.

    """
    if root.tag != bpmn("definitions"):
        raise XmlRefusedError("not_a_diagram")
    reading = _Reading(read_definitions(root))
    processes: dict[str, Process] = {}
    for node in executable_processes(root):
        process = _process(node)
        processes[process.id] = process
        reading.read_process(node, process)
    return Diagram(file=name, processes=processes, elements=reading.elements(), flows=reading.flows)


def executable_processes(root: Node) -> Iterator[Node]:
    """Return the processes that run; the others are drawn only, as pools of outsiders are."""
    return (node for node in children(root, bpmn("process")) if node.get("isExecutable") == "true")


def flow_nodes(scope: Node) -> Iterator[Node]:
    """Return the flow nodes directly in ``scope``."""
    return (node for node in scope if is_bpmn(node) and local_name(node) in FLOW_NODES)


def extensions(node: Node) -> Iterator[Node]:
    """Return the extension elements of ``node``."""
    for block in children(node, bpmn("extensionElements")):
        yield from block


def extension(node: Node, name: str) -> Node | None:
    """Return the first extension element of ``node`` that has this name in the dialect."""
    return next((child for child in extensions(node) if child.tag == zeebe(name)), None)


def lanes_by_element(process: Node) -> dict[str, list[Node]]:
    """Return the innermost lanes that name each element; two of them contradict each other."""
    found: dict[str, list[Node]] = defaultdict(list)
    for lane in process.iter(bpmn("lane")):
        for reference in children(lane, bpmn("flowNodeRef")):
            found[(reference.text or "").strip()].append(lane)
    return {element_id: _innermost(lanes) for element_id, lanes in found.items()}


def _innermost(lanes: list[Node]) -> list[Node]:
    outer = {id(ancestor) for lane in lanes for ancestor in lane.iterancestors()}
    return [lane for lane in lanes if id(lane) not in outer]


def text_of(value: str | None) -> str:
    """Return ``value`` in the normal form in which all text is kept."""
    return unicodedata.normalize("NFC", value or "")


def pairs(node: Node, name: str, *, item: str, key: str) -> dict[str, str]:
    """Return the names and values of ``zeebe:properties`` or ``zeebe:taskHeaders``."""
    holder = extension(node, name)
    if holder is None:
        return {}
    return {entry.get(key, ""): text_of(entry.get("value")) for entry in children(holder, zeebe(item))}


def properties_of(node: Node) -> dict[str, str]:
    """Return the properties of an element or process."""
    return pairs(node, "properties", item="property", key="name")


def _process(node: Node) -> Process:
    lanes = {element: found[-1] for element, found in lanes_by_element(node).items()}
    properties = properties_of(node)
    return Process(
        id=node.get("id", ""),
        name=text_of(node.get("name")),
        name_en=properties.get("en", ""),
        executable=True,
        lanes={element: text_of(lane.get("name")) for element, lane in lanes.items()},
        lanes_en={element: properties_of(lane).get("en", "") for element, lane in lanes.items()},
        properties=properties,
    )


@dataclass(frozen=True)
class _Place:
    node: Node
    process: Process
    scope_id: str

    @property
    def id(self) -> str:
        return self.node.get("id", "")


@dataclass
class _Reading:
    definitions: Definitions
    flows: dict[str, Flow] = field(default_factory=dict[str, Flow])
    places: list[_Place] = field(default_factory=list[_Place])

    def read_process(self, node: Node, process: Process) -> None:
        scopes = [node]
        while scopes:
            scope = scopes.pop()
            self._read_flows(scope)
            for child in flow_nodes(scope):
                self.places.append(_Place(child, process, scope.get("id", "")))
                if local_name(child) in SCOPES:
                    scopes.append(child)

    def _read_flows(self, scope: Node) -> None:
        for node in children(scope, bpmn("sequenceFlow")):
            condition = node.find(bpmn("conditionExpression"))
            flow = Flow(
                id=node.get("id", ""),
                source_id=node.get("sourceRef", ""),
                target_id=node.get("targetRef", ""),
                name=text_of(node.get("name")),
                name_en=properties_of(node).get("en", ""),
                condition=None if condition is None else (condition.text or "").strip(),
            )
            self.flows[flow.id] = flow

    def elements(self) -> dict[str, Element]:
        outgoing: dict[str, list[str]] = defaultdict(list)
        incoming: dict[str, list[str]] = defaultdict(list)
        for flow in self.flows.values():
            outgoing[flow.source_id].append(flow.id)
            incoming[flow.target_id].append(flow.id)
        return {
            place.id: _element(
                place,
                incoming=tuple(incoming[place.id]),
                outgoing=tuple(outgoing[place.id]),
                event=event_of(place.node, self.definitions),
            )
            for place in self.places
        }


def _element(
    place: _Place, *, incoming: tuple[str, ...], outgoing: tuple[str, ...], event: EventSpec | None
) -> Element:
    node = place.node
    documentation = node.find(bpmn("documentation"))
    properties = properties_of(node)
    assignment = _attributes(node, "assignmentDefinition")
    schedule = _attributes(node, "taskSchedule")
    script = _attributes(node, "script")
    decision = _attributes(node, "calledDecision")
    called = _attributes(node, "calledElement")
    return Element(
        id=place.id,
        kind=local_name(node),
        process_id=place.process.id,
        scope_id=place.scope_id,
        name=text_of(node.get("name")),
        name_en=properties.get("en", ""),
        documentation=text_of(None if documentation is None else documentation.text),
        lane=place.process.lanes.get(place.id, ""),
        lane_en=place.process.lanes_en.get(place.id, ""),
        incoming=incoming,
        outgoing=outgoing,
        default_flow=node.get("default"),
        properties=properties,
        headers=pairs(node, "taskHeaders", item="header", key="key"),
        inputs=_mappings(node, "input"),
        outputs=_mappings(node, "output"),
        form_id=_attributes(node, "formDefinition").get("formId"),
        assignee=assignment.get("assignee"),
        candidate_groups=assignment.get("candidateGroups"),
        candidate_users=assignment.get("candidateUsers"),
        due_date=schedule.get("dueDate"),
        follow_up_date=schedule.get("followUpDate"),
        priority=_attributes(node, "priorityDefinition").get("priority"),
        action=_attributes(node, "taskDefinition").get("type"),
        script=script.get("expression"),
        result_variable=script.get("resultVariable", decision.get("resultVariable")),
        called_decision=decision.get("decisionId"),
        called_process=called.get("processId"),
        propagate_all_child_variables=called.get("propagateAllChildVariables") != "false",
        propagate_all_parent_variables=called.get("propagateAllParentVariables") != "false",
        loop=_loop(node),
        event=event,
        attached_to=node.get("attachedToRef"),
        interrupting=node.get("cancelActivity", node.get("isInterrupting")) != "false",
        triggered_by_event=node.get("triggeredByEvent") == "true",
    )


def _attributes(node: Node, name: str) -> Mapping[str, str]:
    found = extension(node, name)
    return {} if found is None else dict(found.attrib)


def _mappings(node: Node, name: str) -> tuple[IoMapping, ...]:
    holder = extension(node, "ioMapping")
    if holder is None:
        return ()
    return tuple(
        IoMapping(source=entry.get("source", ""), target=entry.get("target", ""))
        for entry in children(holder, zeebe(name))
    )


def _loop(node: Node) -> Loop | None:
    marker = node.find(bpmn("multiInstanceLoopCharacteristics"))
    if marker is None:
        return None
    facts = _attributes(marker, "loopCharacteristics")
    condition = marker.find(bpmn("completionCondition"))
    return Loop(
        sequential=marker.get("isSequential") == "true",
        input_collection=facts.get("inputCollection", ""),
        input_element=facts.get("inputElement") or None,
        output_collection=facts.get("outputCollection") or None,
        output_element=facts.get("outputElement") or None,
        completion_condition=None if condition is None else (condition.text or "").strip() or None,
    )
