"""Reads what an event of a diagram catches or throws; references are looked up, never pasted into a query."""

from dataclasses import dataclass
from typing import Final

from engine.diagram import EventKind, EventSpec, TimerKind
from engine.ingest.xml import Node, bpmn, children, is_bpmn, local_name, zeebe

EVENT_KINDS: Final[dict[str, EventKind]] = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "terminateEventDefinition": "terminate",
    "linkEventDefinition": "link",
}
TIMER_KINDS: Final[tuple[TimerKind, ...]] = ("timeDate", "timeDuration", "timeCycle")
REFERENCES: Final = {
    "message": "messageRef",
    "signal": "signalRef",
    "error": "errorRef",
    "escalation": "escalationRef",
}


@dataclass(frozen=True)
class Definitions:
    """What events refer to, by kind and id: messages, signals, errors, escalations."""

    by_kind: dict[str, dict[str, Node]]

    def find(self, kind: str, reference: str | None) -> Node | None:
        """Return the definition that an event of ``kind`` refers to."""
        return self.by_kind.get(kind, {}).get(reference or "")


def read_definitions(root: Node) -> Definitions:
    """Return the definitions at the top of a diagram."""
    return Definitions(
        {kind: {node.get("id", ""): node for node in children(root, bpmn(kind))} for kind in REFERENCES}
    )


def event_definitions(node: Node) -> list[Node]:
    """Return the event definitions inside an event, known or not."""
    return [child for child in node if is_bpmn(child) and local_name(child).endswith("EventDefinition")]


def event_of(node: Node, definitions: Definitions) -> EventSpec | None:
    """Return what an event, or a receive or send task with a message, waits for or throws."""
    tag = local_name(node)
    if tag in {"receiveTask", "sendTask"}:
        return _named("message", node, definitions) if node.get("messageRef") else None
    if not tag.endswith("Event"):
        return None
    found = event_definitions(node)
    return _event(found[0], definitions) if found else EventSpec("none")


def _event(definition: Node, definitions: Definitions) -> EventSpec | None:
    kind = EVENT_KINDS.get(local_name(definition))
    if kind is None:
        return None
    if kind == "timer":
        return _timer(definition)
    if kind == "link":
        return EventSpec("link", name=definition.get("name", ""))
    return _named(kind, definition, definitions) if kind in REFERENCES else EventSpec(kind)


def _timer(definition: Node) -> EventSpec:
    for kind in TIMER_KINDS:
        node = definition.find(bpmn(kind))
        if node is not None:
            return EventSpec("timer", timer_kind=kind, timer=(node.text or "").strip())
    return EventSpec("timer")


def _named(kind: EventKind, node: Node, definitions: Definitions) -> EventSpec:
    found = definitions.find(kind, node.get(REFERENCES[kind]))
    if found is None:
        return EventSpec(kind)
    return EventSpec(
        kind,
        name=found.get("name", ""),
        code=found.get("errorCode", found.get("escalationCode", "")),
        correlation_key=_correlation_key(found),
    )


def _correlation_key(message: Node) -> str:
    for block in children(message, bpmn("extensionElements")):
        for subscription in children(block, zeebe("subscription")):
            return subscription.get("correlationKey", "").strip()
    return ""
