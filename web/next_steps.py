"""Reads off the diagram what happens after a task: the next steps of people, waits and ends."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from engine.diagram import Diagram, Element, Flow
from web.i18n import gettext as _
from web.i18n import pick

SHOWN = 4
LOOKED_AT = 200
"""Diagrams loop; no more elements than this are visited."""
STOPS = frozenset(
    {"userTask", "manualTask", "receiveTask", "intermediateCatchEvent", "endEvent", "callActivity"}
)


@dataclass(frozen=True)
class NextStep:
    """One step that may follow: its name, who does it, and on which branch."""

    name: str
    who: str


def after(diagram: Diagram, element_id: str, language: str) -> list[NextStep]:
    """Return the steps that may come next after ``element_id``, nearest first."""
    element = diagram.elements.get(element_id)
    if element is None:
        return []
    steps: dict[str, NextStep] = {}
    queue = deque(_followers(diagram, element))
    seen = {element_id}
    while queue and len(steps) < SHOWN and len(seen) < LOOKED_AT:
        branch, follower = queue.popleft()
        if follower.id in seen:
            continue
        seen.add(follower.id)
        if follower.kind in STOPS or _is_told(follower):
            name = follower.label(language) if follower.name else _generic(follower)
            steps[follower.id] = NextStep(name, _who(follower, branch))
        if follower.kind not in STOPS:
            queue.extend((branch or label, found) for label, found in _followers(diagram, follower))
    return list(steps.values())


def _followers(diagram: Diagram, element: Element) -> Iterator[tuple[str, Element]]:
    if element.kind == "subProcess":
        inside = [one for one in diagram.elements.values() if one.scope_id == element.id]
        starts = [one for one in inside if one.kind == "startEvent"]
        yield from (("", start) for start in starts)
    for flow_id in element.outgoing:
        flow = diagram.flows[flow_id]
        if flow.target_id in diagram.elements:
            yield _branch(element, flow), diagram.elements[flow.target_id]
    if element.kind == "endEvent" and element.scope_id in diagram.elements:
        scope = diagram.elements[element.scope_id]
        for flow_id in scope.outgoing:
            yield "", diagram.elements[diagram.flows[flow_id].target_id]


def _branch(element: Element, flow: Flow) -> str:
    """Say under which answer a flow is taken: the gateway's question and the flow's name."""
    asks = element.kind.endswith("Gateway") and bool(element.name) and bool(flow.name)
    answer = pick(flow.name, flow.name_en)
    return f"{pick(element.name, element.name_en)} {answer}" if asks else answer


def _is_told(element: Element) -> bool:
    return element.kind in {"serviceTask", "sendTask"} and bool(element.name)


def _who(element: Element, branch: str) -> str:
    if element.kind in {"serviceTask", "sendTask"}:
        who = _("hệ thống tự làm")
    elif element.kind == "endEvent":
        who = _("kết thúc quy trình")
    elif element.kind in {"intermediateCatchEvent", "receiveTask"}:
        who = _("quy trình chờ")
    else:
        who = pick(element.lane, element.lane_en)
    return " · ".join(part for part in (branch, who) if part)


def _generic(element: Element) -> str:
    return _("Kết thúc") if element.kind == "endEvent" else element.id
