"""What differs between two drawings of a process, apart from where things are drawn."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.comparison.facts import Change, Side, Subject, What
from engine.diagram import Diagram, Element, Flow, IoMapping
from engine.ingest import read_diagram
from engine.ingest.xml import parse

_DRAWING: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
_PROPERTIES_WITH_A_NAME: Final = frozenset(
    {"en", "reminders", "mandatory", "requires", "not_same_person_as", "record", "values"}
)


def compare(file: str, old: bytes, new: bytes) -> Iterator[Change]:
    """Yield the differences of two diagrams: processes, elements, ways, conditions.

    Raises:
        XmlRefusedError: one of them is no diagram that can be read.

    """
    return _Pair(file, read_diagram(file, old), read_diagram(file, new)).changes()


def without_drawing(content: bytes) -> bytes:
    """Return the diagram as canonical XML without what only says where and how things are drawn.

    Raises:
        XmlRefusedError: it is no XML that can be read.

    """
    root = parse(content)
    for drawing in list(root.iterchildren(f"{{{_DRAWING}}}BPMNDiagram")):
        root.remove(drawing)
    return etree.tostring(root, method="c14n2", strip_text=True)


@dataclass(frozen=True)
class _Pair:
    file: str
    old: Diagram
    new: Diagram

    def changes(self) -> Iterator[Change]:
        yield from self._processes()
        twins = _twins(self.old, self.new)
        for element in self.new.elements.values():
            before = self.old.elements.get(twins.get(element.id, ""))
            if before is None:
                yield Change(self.file, _subject(element), What.ADDED)
            else:
                yield from self._element(before, element, twins)
        kept = set(twins.values())
        for element in self.old.elements.values():
            if element.id not in kept:
                yield Change(self.file, _subject(element), What.REMOVED)
        yield from self._conditions(twins)

    def _processes(self) -> Iterator[Change]:
        for key in self.old.processes.keys() | self.new.processes.keys():
            old, new = self.old.processes.get(key), self.new.processes.get(key)
            one = new or old
            if one is None:
                continue
            subject = Subject("process", key, one.name, one.name_en)
            if old is None or new is None:
                yield Change(self.file, subject, What.REMOVED if new is None else What.ADDED)
                continue
            for what, before, after in (
                (What.NAME, old.name, new.name),
                (What.NAME_EN, old.name_en, new.name_en),
                (What.REMINDERS, old.properties.get("reminders", ""), new.properties.get("reminders", "")),
            ):
                if before != after:
                    yield Change(self.file, subject, what, Side(before), Side(after))

    def _element(self, old: Element, new: Element, twins: Mapping[str, str]) -> Iterator[Change]:
        subject = _subject(new)
        for what, read in _ASPECTS.items():
            before, after = read(old), read(new)
            if before != after:
                yield Change(self.file, subject, what, before, after)
        for name in sorted((old.properties.keys() | new.properties.keys()) - _PROPERTIES_WITH_A_NAME):
            was, now = old.properties.get(name, ""), new.properties.get(name, "")
            if was != now:
                named = Subject(subject.kind, subject.id, subject.name, subject.name_en, name)
                yield Change(self.file, named, What.PROPERTY, Side(was), Side(now))
        if _same_if_twin(old.attached_to, new.attached_to, twins):
            yield Change(
                self.file,
                subject,
                What.ATTACHED,
                _names(self.old, [old.attached_to or ""]),
                _names(self.new, [new.attached_to or ""]),
            )
        yield from self._ways(old, new, twins, subject)

    def _ways(
        self, old: Element, new: Element, twins: Mapping[str, str], subject: Subject
    ) -> Iterator[Change]:
        before = [self.old.flows[flow].target_id for flow in old.outgoing if flow in self.old.flows]
        after = [self.new.flows[flow].target_id for flow in new.outgoing if flow in self.new.flows]
        if Counter(before) != Counter(twins.get(target, f"+{target}") for target in after):
            yield Change(self.file, subject, What.ROUTE, _names(self.old, before), _names(self.new, after))
        old_default = self.old.flows.get(old.default_flow or "")
        new_default = self.new.flows.get(new.default_flow or "")
        if _target(old_default) != twins.get(_target(new_default), _target(new_default)):
            yield Change(
                self.file,
                subject,
                What.DEFAULT,
                _names(self.old, [_target(old_default)]),
                _names(self.new, [_target(new_default)]),
            )

    def _conditions(self, twins: Mapping[str, str]) -> Iterator[Change]:
        """Yield changed conditions and names of ways that lead from and to the same elements as before."""
        old_by_ends = {(flow.source_id, flow.target_id): flow for flow in self.old.flows.values()}
        for flow in self.new.flows.values():
            before = self.old.flows.get(flow.id) or old_by_ends.get(
                (twins.get(flow.source_id, ""), twins.get(flow.target_id, ""))
            )
            subject = _flow_subject(self.new, flow)
            if before is None:
                if flow.condition and flow.source_id in twins:
                    yield Change(self.file, subject, What.CONDITION, Side(), Side(flow.condition))
                continue
            for what, old, new in (
                (What.NAME, before.name, flow.name),
                (What.NAME_EN, before.name_en, flow.name_en),
                (What.CONDITION, before.condition or "", flow.condition or ""),
            ):
                if old != new:
                    yield Change(self.file, subject, what, Side(old), Side(new))


def _twins(old: Diagram, new: Diagram) -> dict[str, str]:
    """Return new id -> old id: the same id, else the only one of its kind and name on both sides."""
    twins = {key: key for key in new.elements if key in old.elements}
    lost = _by_kind_and_name(old, without=set(twins.values()))
    found = _by_kind_and_name(new, without=set(twins))
    for key, new_id in found.items():
        if key in lost:
            twins[new_id] = lost[key]
    return twins


def _by_kind_and_name(diagram: Diagram, *, without: set[str]) -> dict[tuple[str, str], str]:
    left = [element for key, element in diagram.elements.items() if key not in without and element.name]
    counted = Counter((element.kind, element.name) for element in left)
    return {
        (element.kind, element.name): element.id
        for element in left
        if counted[element.kind, element.name] == 1
    }


def _same_if_twin(old: str | None, new: str | None, twins: Mapping[str, str]) -> bool:
    return (old or "") != twins.get(new or "", new or "")


def _target(flow: Flow | None) -> str:
    return flow.target_id if flow else ""


def _names(diagram: Diagram, ids: list[str]) -> Side:
    elements = [diagram.elements[key] for key in ids if key in diagram.elements]
    vi = " · ".join(sorted(element.label("vi") for element in elements))
    return Side(vi, " · ".join(sorted(element.label("en") for element in elements)))


def _subject(element: Element) -> Subject:
    return Subject("element", element.id, element.name, element.name_en, element.kind)


def _flow_subject(diagram: Diagram, flow: Flow) -> Subject:
    ends = [diagram.elements.get(flow.source_id), diagram.elements.get(flow.target_id)]
    vi, en = (" → ".join(end.label(language) if end else "?" for end in ends) for language in ("vi", "en"))
    return Subject("flow", flow.id, flow.name or vi, flow.name_en or en, vi)


def _mappings(mappings: tuple[IoMapping, ...]) -> Side:
    return Side(
        "\n".join(
            f"{one.target} {one.source if one.source[:1] == '=' else '= ' + repr(one.source)}"
            for one in mappings
        )
    )


def _headers(element: Element) -> Side:
    return Side("\n".join(f"{name}: {value}" for name, value in sorted(element.headers.items())))


def _repetition(element: Element) -> Side:
    loop = element.loop
    if loop is None:
        return Side()
    parts = ["1→n" if loop.sequential else "1‖n", loop.input_collection, loop.input_element or ""]
    parts += [loop.output_collection or "", loop.output_element or "", loop.completion_condition or ""]
    return Side("; ".join(part for part in parts if part))


def _event(element: Element) -> Side:
    event = element.event
    return Side(f"{event.kind} {event.code}".strip()) if event else Side()


def _message(element: Element) -> Side:
    event = element.event
    if event is None or event.kind not in {"message", "signal", "link"}:
        return Side()
    return Side(f"{event.name} [{event.correlation_key}]" if event.correlation_key else event.name)


def _timer(element: Element) -> Side:
    return Side(element.event.timer) if element.event and element.event.kind == "timer" else Side()


def _called(element: Element) -> Side:
    passing = (element.propagate_all_parent_variables, element.propagate_all_child_variables)
    extra = "" if passing == (True, True) else f" (↓{passing[0]}, ↑{passing[1]})"
    return Side(f"{element.called_process}{extra}") if element.called_process else Side()


def _yes(*, flag: bool) -> Side:
    return Side("có", "yes") if flag else Side("không", "no")


_ASPECTS: Final[Mapping[What, Callable[[Element], Side]]] = {
    What.ID: lambda e: Side(e.id),
    What.KIND: lambda e: Side(e.kind),
    What.NAME: lambda e: Side(e.name),
    What.NAME_EN: lambda e: Side(e.name_en),
    What.DESCRIPTION: lambda e: Side(e.documentation),
    What.GROUP: lambda e: Side(e.candidate_groups or ""),
    What.ASSIGNEE: lambda e: Side(e.assignee or e.candidate_users or ""),
    What.MANDATORY: lambda e: Side(e.properties.get("mandatory", "")),
    What.REQUIRES: lambda e: Side(e.properties.get("requires", "")),
    What.SEPARATION: lambda e: Side(e.properties.get("not_same_person_as", "")),
    What.FORM: lambda e: Side(e.form_id or ""),
    What.DUE: lambda e: Side(e.due_date or ""),
    What.FOLLOW_UP: lambda e: Side(e.follow_up_date or ""),
    What.REMINDERS: lambda e: Side(e.properties.get("reminders", "")),
    What.PRIORITY: lambda e: Side(e.priority or ""),
    What.LANE: lambda e: Side(e.lane, e.lane_en),
    What.EVENT: _event,
    What.TIMER: _timer,
    What.MESSAGE: _message,
    What.INTERRUPTING: lambda e: _yes(flag=e.interrupting),
    What.ACTION: lambda e: Side(e.action or ""),
    What.RECORD: lambda e: Side(e.properties.get("record", "")),
    What.VALUES: lambda e: Side(e.properties.get("values", "")),
    What.HEADERS: _headers,
    What.DECISION: lambda e: Side(e.called_decision or ""),
    What.CALLED: _called,
    What.SCRIPT: lambda e: Side(e.script or ""),
    What.RESULT: lambda e: Side(e.result_variable or ""),
    What.INPUTS: lambda e: _mappings(e.inputs),
    What.OUTPUTS: lambda e: _mappings(e.outputs),
    What.REPETITION: _repetition,
}
