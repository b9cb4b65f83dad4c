"""A checked diagram as frozen facts: the one reading of the dialect's elements and extensions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class IoMapping:
    """One ``zeebe:input`` or ``zeebe:output``; ``source`` is FEEL where it begins with ``=``, else text."""

    source: str
    target: str
    """A name or a path of names: ``a.b`` makes a context."""


@dataclass(frozen=True)
class Loop:
    """``zeebe:loopCharacteristics``; expressions with their leading ``=``."""

    sequential: bool
    input_collection: str
    input_element: str | None = None
    output_collection: str | None = None
    output_element: str | None = None
    completion_condition: str | None = None


EventKind = Literal["none", "timer", "message", "signal", "error", "escalation", "terminate", "link"]
TimerKind = Literal["timeDate", "timeDuration", "timeCycle"]


@dataclass(frozen=True)
class EventSpec:
    """What an event catches or throws."""

    kind: EventKind
    name: str = ""
    """Message, signal or link name (text, or FEEL with ``=``)."""
    code: str = ""
    """Error or escalation code; empty catches all."""
    timer_kind: TimerKind | None = None
    timer: str = ""
    """ISO 8601 written plainly, or FEEL with ``=``."""
    correlation_key: str = ""
    """FEEL with ``=``; only of messages."""


@dataclass(frozen=True)
class Element:
    """One flow node of a diagram. ``kind`` is its BPMN tag: ``userTask``, ``boundaryEvent`` ..."""

    id: str
    kind: str
    process_id: str
    scope_id: str
    """The process or sub-process that holds it."""
    name: str = ""
    name_en: str = ""
    documentation: str = ""
    lane: str = ""
    """The innermost lane's name: drawing, never authority."""
    lane_en: str = ""
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    """Ids of sequence flows."""
    default_flow: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    inputs: tuple[IoMapping, ...] = ()
    outputs: tuple[IoMapping, ...] = ()
    form_id: str | None = None
    assignee: str | None = None
    candidate_groups: str | None = None
    candidate_users: str | None = None
    due_date: str | None = None
    follow_up_date: str | None = None
    priority: str | None = None
    action: str | None = None
    """``zeebe:taskDefinition type`` of a service or send task, or of a throw or end message event."""
    script: str | None = None
    result_variable: str | None = None
    called_decision: str | None = None
    called_process: str | None = None
    propagate_all_child_variables: bool = True
    propagate_all_parent_variables: bool = True
    loop: Loop | None = None
    event: EventSpec | None = None
    attached_to: str | None = None
    interrupting: bool = True
    triggered_by_event: bool = False

    def label(self, language: str) -> str:
        """Return the name people read, in ``vi`` or ``en``."""
        return (self.name_en if language == "en" and self.name_en else self.name) or self.id

    def listed(self, name: str) -> list[str]:
        """Return the names that a property holds, which commas separate; none where it is missing."""
        return [one for text in self.properties.get(name, "").split(",") if (one := text.strip())]


@dataclass(frozen=True)
class Flow:
    """A sequence flow; ``condition`` is FEEL with its leading ``=``."""

    id: str
    source_id: str
    target_id: str
    name: str = ""
    name_en: str = ""
    condition: str | None = None


@dataclass(frozen=True)
class Process:
    """One process of a diagram."""

    id: str
    name: str
    name_en: str
    executable: bool
    lanes: Mapping[str, str] = field(default_factory=dict[str, str])
    """Element id -> innermost lane name."""
    lanes_en: Mapping[str, str] = field(default_factory=dict[str, str])
    properties: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Diagram:
    """One ``.bpmn`` file that passed ingest."""

    file: str
    processes: Mapping[str, Process]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
