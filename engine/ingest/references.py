"""Checks that ids are names, each used once, and that references lead to an element of the right kind."""

import re
from collections.abc import Iterator
from typing import Final

from engine.ingest.events import REFERENCES
from engine.ingest.reader import ACTIVITIES, FLOW_NODES, executable_processes, lanes_by_element
from engine.ingest.report import Report
from engine.ingest.xml import Node, bpmn, children, is_bpmn, local_name

LONGEST_ID: Final = 200
_ID: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NEED_IDS: Final = FLOW_NODES | {"process", "sequenceFlow", *REFERENCES}
_REFERENCE_KINDS: Final[dict[str, frozenset[str]]] = {
    "sourceRef": FLOW_NODES,
    "targetRef": FLOW_NODES,
    "default": frozenset({"sequenceFlow"}),
    "attachedToRef": ACTIVITIES,
    **{attribute: frozenset({kind}) for kind, attribute in REFERENCES.items()},
}


def is_id(text: str) -> bool:
    """Whether ``text`` may be the id of an element, process or form."""
    return len(text) <= LONGEST_ID and _ID.fullmatch(text) is not None


def check_references(root: Node, report: Report) -> None:
    """Report ids that are no names or used twice, and references that lead nowhere."""
    kinds = _check_ids(root, report)
    for node in _executed(root):
        for attribute, allowed in _REFERENCE_KINDS.items():
            value = node.get(attribute)
            if value is not None and kinds.get(value) not in allowed:
                report.add("reference_dangling", node, attribute=attribute, value=value)
    for process in executable_processes(root):
        _check_flow_lists(process, report)
        _check_lanes(process, kinds, report)


def _check_ids(root: Node, report: Report) -> dict[str, str]:
    """Return the kind of element by id."""
    kinds: dict[str, str] = {}
    for node in root.iter():
        if not is_bpmn(node):
            continue
        found, kind = node.get("id"), local_name(node)
        if found is None:
            if kind in _NEED_IDS:
                report.add("id_missing", node, kind=kind)
            continue
        if not is_id(found):
            report.add("id_malformed", node, value=found)
        if found in kinds:
            report.add("process_twice" if kind == "process" else "id_twice", node, value=found)
        kinds.setdefault(found, kind)
    return kinds


def _executed(root: Node) -> Iterator[Node]:
    """Return the nodes whose references matter when the diagram runs."""
    for process in executable_processes(root):
        yield from (node for node in process.iter() if is_bpmn(node) and local_name(node) != "association")


def _check_flow_lists(process: Node, report: Report) -> None:
    """Report elements that list other flows than those drawn: two readers would see two diagrams."""
    ends = {
        (attribute, flow.get("id", "")): flow.get(attribute)
        for flow in process.iter(bpmn("sequenceFlow"))
        for attribute in ("sourceRef", "targetRef")
    }
    for node in process.iter():
        if not is_bpmn(node) or local_name(node) not in FLOW_NODES:
            continue
        for tag, attribute in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
            for entry in children(node, bpmn(tag)):
                flow = (entry.text or "").strip()
                if ends.get((attribute, flow)) != node.get("id"):
                    report.add("flow_disagrees", node, value=flow)


def _check_lanes(process: Node, kinds: dict[str, str], report: Report) -> None:
    elements = {node.get("id"): node for node in process.iter() if is_bpmn(node)}
    for element_id, lanes in lanes_by_element(process).items():
        if element_id not in kinds:
            report.add("drawing_dangling", lanes[0], value=element_id)
        elif len(lanes) > 1:
            report.add("lane_twice", elements.get(element_id, lanes[0]))
