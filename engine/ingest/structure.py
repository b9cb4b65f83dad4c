"""Checks that events, gateways, boundaries and flows are put together as the engine runs them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from engine.diagram import Diagram, Element
from engine.ingest.dialect import CONDITIONAL_GATEWAYS, EVENT_SUB_PROCESS_STARTS, EVENTS_HERE
from engine.ingest.events import EVENT_KINDS, event_definitions
from engine.ingest.reader import ACTIVITIES, EVENTS, GATEWAYS, executable_processes, extension
from engine.ingest.report import Report
from engine.ingest.xml import Node, is_bpmn, local_name

_THROWING: Final = frozenset({"endEvent", "intermediateThrowEvent"})


def check_structure(diagram: Diagram, root: Node, report: Report) -> None:
    """Report what cannot run as drawn, element by element."""
    for process in executable_processes(root):
        for node in process.iter():
            if is_bpmn(node) and local_name(node) in EVENTS:
                _check_event_node(node, report)
            elif is_bpmn(node) and local_name(node) == "userTask":
                _check_form_node(node, report)
    inside = members(diagram)
    for scope in scopes(diagram):
        _check_starts(scope, inside[scope], diagram, report=report)
    for element in diagram.elements.values():
        _check_event(element, report)
        _check_flows(element, diagram, report)
        if element.kind == "boundaryEvent":
            _check_boundary(element, diagram, report)
        if element.kind in GATEWAYS:
            _check_gateway(element, diagram, report)
    for rivals in _rivals(diagram):
        _check_rivals(rivals, report)


def scopes(diagram: Diagram) -> list[str]:
    """Return the ids of processes and sub-processes."""
    inner = [element.id for element in diagram.elements.values() if element.kind == "subProcess"]
    return [*diagram.processes, *inner]


def members(diagram: Diagram) -> Mapping[str, list[Element]]:
    """Return the elements directly in each process and sub-process."""
    found: dict[str, list[Element]] = {scope: [] for scope in scopes(diagram)}
    for element in diagram.elements.values():
        found.setdefault(element.scope_id, []).append(element)
    return found


def _check_event_node(node: Node, report: Report) -> None:
    definitions = event_definitions(node)
    if len(definitions) > 1:
        report.add("event_multiple", node)
        return
    kind = EVENT_KINDS.get(local_name(definitions[0])) if definitions else "none"
    if kind is not None and kind not in _kinds_here(node):
        report.add("start_kind" if local_name(node) == "startEvent" else "event_kind", node, kind=kind)


def _kinds_here(node: Node) -> frozenset[str]:
    parent = node.getparent()
    in_process = parent is not None and local_name(parent) == "process"
    if local_name(node) != "startEvent" or in_process:
        return EVENTS_HERE[local_name(node)]
    triggered = parent is not None and parent.get("triggeredByEvent") == "true"
    return EVENT_SUB_PROCESS_STARTS if triggered else frozenset({"none"})


def _check_form_node(node: Node, report: Report) -> None:
    form = extension(node, "formDefinition")
    if form is not None and (form.get("formKey") is not None or form.get("externalReference") is not None):
        report.add("form_outside", node)


def _check_starts(scope: str, inside: list[Element], diagram: Diagram, *, report: Report) -> None:
    spot = diagram.processes.get(scope) or diagram.elements[scope]
    starts = [element for element in inside if element.kind == "startEvent"]
    if not starts:
        report.add("start_missing", spot)
    plain = [start for start in starts if start.event is not None and start.event.kind == "none"]
    several = starts if scope not in diagram.processes else plain
    for extra in several[1:]:
        report.add("start_twice", extra)


def _check_event(element: Element, report: Report) -> None:
    event = element.event
    if element.kind == "receiveTask" and event is None:
        report.add("event_reference_missing", element)
    if event is None or event.kind not in {"message", "signal", "error", "escalation"}:
        return
    throws = element.kind in _THROWING or element.kind == "sendTask"
    if event.kind in {"message", "signal"} and not event.name.strip():
        if not (throws and element.action):
            report.add("event_name_missing", element)
    elif event.kind in {"error", "escalation"} and throws and not event.code:
        report.add("event_code_missing", element)
    catches_in_instance = not throws and not _starts_process(element)
    if event.kind == "message" and catches_in_instance and not event.correlation_key:
        report.add("key_missing", element)
    if event.kind == "error" and not element.interrupting:
        report.add("error_not_interrupting", element)


def _starts_process(element: Element) -> bool:
    return element.kind == "startEvent" and element.scope_id == element.process_id


def _check_flows(element: Element, diagram: Diagram, report: Report) -> None:
    if element.incoming and _takes_no_flow(element):
        report.add("flow_into", element)
    if element.outgoing and (
        element.kind == "endEvent" or element.triggered_by_event or _is_link(element, "Throw")
    ):
        report.add("flow_out_of", element)
    for flow_id in element.outgoing:
        flow = diagram.flows[flow_id]
        target = diagram.elements.get(flow.target_id)
        if target is not None and target.scope_id != element.scope_id:
            report.add("flow_crosses", flow)
        if flow.condition is not None and element.kind not in CONDITIONAL_GATEWAYS:
            report.add("condition_not_here", flow)
    if element.default_flow is not None and element.kind not in CONDITIONAL_GATEWAYS:
        report.add("default_not_here", element)


def _takes_no_flow(element: Element) -> bool:
    return (
        element.kind in {"startEvent", "boundaryEvent"}
        or element.triggered_by_event
        or _is_link(element, "Catch")
    )


def _is_link(element: Element, way: str) -> bool:
    return (
        element.kind == f"intermediate{way}Event"
        and element.event is not None
        and element.event.kind == "link"
    )


def _check_boundary(element: Element, diagram: Diagram, report: Report) -> None:
    host = diagram.elements.get(element.attached_to or "")
    fits = host is not None and host.kind in ACTIVITIES and host.scope_id == element.scope_id
    if not fits or (host is not None and host.triggered_by_event):
        report.add("boundary_host", element)


def _check_gateway(element: Element, diagram: Diagram, report: Report) -> None:
    if not element.outgoing:
        report.add("nowhere_to_go", element)
    if element.kind == "eventBasedGateway":
        _check_event_gateway(element, diagram, report)
    if element.kind not in CONDITIONAL_GATEWAYS:
        return
    if element.default_flow is not None and element.default_flow not in element.outgoing:
        report.add("reference_dangling", element, attribute="default", value=element.default_flow)
    if len(element.outgoing) > 1:
        _check_choice(element, diagram, report)


def _check_choice(element: Element, diagram: Diagram, report: Report) -> None:
    for flow_id in element.outgoing:
        flow = diagram.flows[flow_id]
        if flow_id == element.default_flow:
            if flow.condition is not None:
                report.add("default_condition", flow)
        elif flow.condition is None:
            report.add("condition_missing", element, value=flow.name or flow_id)


def _check_event_gateway(element: Element, diagram: Diagram, report: Report) -> None:
    targets = [diagram.elements.get(diagram.flows[flow_id].target_id) for flow_id in element.outgoing]
    if len(targets) == 1:
        report.add("event_gateway_single", element)
    for target in targets:
        fits = (
            target is not None and target.kind == "intermediateCatchEvent" and not _is_link(target, "Catch")
        )
        if target is not None and (not fits or len(target.incoming) > 1):
            report.add("event_gateway_target", target)


def _rivals(diagram: Diagram) -> Iterator[list[Element]]:
    """Return the groups of events that wait at the same place and moment."""
    groups: dict[tuple[str, str], list[Element]] = defaultdict(list)
    for element in diagram.elements.values():
        if element.kind == "boundaryEvent":
            groups["boundary", element.attached_to or ""].append(element)
        elif element.kind == "startEvent":
            groups["start", _start_scope(element, diagram)].append(element)
        elif element.kind == "eventBasedGateway":
            targets = (diagram.elements.get(diagram.flows[flow_id].target_id) for flow_id in element.outgoing)
            groups["gateway", element.id].extend(target for target in targets if target is not None)
    yield from groups.values()


def _start_scope(element: Element, diagram: Diagram) -> str:
    """Return the scope in which a start event waits: that of an event sub-process is the one around it."""
    holder = diagram.elements.get(element.scope_id)
    return (
        f"{holder.scope_id} handlers"
        if holder is not None and holder.triggered_by_event
        else element.scope_id
    )


def _check_rivals(rivals: list[Element], report: Report) -> None:
    seen: set[str] = set()
    for element in rivals:
        if element.event is None or element.event.kind != "message" or not element.event.name:
            continue
        if element.event.name in seen:
            report.add("message_twice", element, value=element.event.name)
        seen.add(element.event.name)
