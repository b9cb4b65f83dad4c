"""The ways through one diagram: what follows what, with links, and which events hang at which activity."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterator

from engine.diagram import Diagram, Element
from engine.ingest.structure import members


class Ways:
    """What leads where in a diagram, whether it is right or not. Boundary events are kept apart."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.members = members(diagram)
        self.boundaries: dict[str, list[Element]] = defaultdict(list)
        """Host -> the events at its border."""
        self.linked: dict[str, str] = {}
        """Throwing link event -> the one that catches."""
        for element in diagram.elements.values():
            if element.kind == "boundaryEvent" and element.attached_to:
                self.boundaries[element.attached_to].append(element)
        for inside in self.members.values():
            catches = {link_name(one): one.id for one in reversed(links(inside, "Catch"))}
            throws = ((one.id, link_name(one)) for one in links(inside, "Throw"))
            self.linked.update((throw, catches[name]) for throw, name in throws if name and name in catches)
        self._before: dict[str, list[str]] = defaultdict(list)
        self._after = {one.id: self._targets(one) for one in diagram.elements.values()}
        self._following = {
            name: [*targets, *(one.id for one in self.boundaries[name])]
            for name, targets in self._after.items()
        }
        for name, targets in self._after.items():
            for target in targets:
                self._before[target].append(name)

    def _targets(self, element: Element) -> list[str]:
        targets = [self.diagram.flows[flow_id].target_id for flow_id in element.outgoing]
        if element.id in self.linked:
            targets.append(self.linked[element.id])
        return [target for target in targets if target in self.diagram.elements]

    def successors(self, element: Element) -> list[str]:
        """Return the ids of the elements that follow, one for each flow or link."""
        return self._after[element.id]

    def following(self, element_id: str) -> list[str]:
        """Return the ids of the elements that follow, and of the events at its border."""
        return self._following.get(element_id, [])

    def predecessors(self, element: Element) -> list[str]:
        """Return the ids of the elements from which flows or links lead here, one for each."""
        return self._before.get(element.id, [])

    def origins(self, element: Element) -> list[str]:
        """Return what ``predecessors`` does; of a boundary event, the activity at which it hangs."""
        if element.kind != "boundaryEvent":
            return self.predecessors(element)
        host = element.attached_to
        return [host] if host is not None and host in self.diagram.elements else []

    def reach(self, begin: Collection[str], *, stop: Collection[str] = ()) -> set[str]:
        """Return ``begin`` and what a token there may come to, without going on from ``stop``."""
        reached = set(begin)
        waiting = deque(begin)
        while waiting:
            node = waiting.popleft()
            if node in stop:
                continue
            for target in self.following(node):
                if target not in reached:
                    reached.add(target)
                    waiting.append(target)
        return reached

    def starts(self, scope: str) -> Iterator[Element]:
        """Return the start events of a process or sub-process."""
        return (one for one in self.members.get(scope, []) if one.kind == "startEvent")

    def leaves(self, scope: str) -> Iterator[Element]:
        """Return where tokens of a process or sub-process end."""
        return (
            one
            for one in self.members.get(scope, [])
            if not self.successors(one) and not one.triggered_by_event
        )

    def handlers(self, scope: str) -> Iterator[Element]:
        """Return the event sub-processes that interrupt a process or sub-process."""
        inside = (one for one in self.members.get(scope, []) if one.triggered_by_event)
        return (one for one in inside if any(start.interrupting for start in self.starts(one.id)))


def links(inside: Collection[Element], way: str) -> list[Element]:
    """Return the link events among elements that ``Throw`` or ``Catch``."""
    kind = f"intermediate{way}Event"
    return [one for one in inside if one.kind == kind and one.event is not None and one.event.kind == "link"]


def link_name(element: Element) -> str:
    """Return the name of a link event."""
    return element.event.name.strip() if element.event is not None else ""


def ends_with(element: Element, *kinds: str) -> bool:
    """Whether the element is an end event of one of these kinds."""
    return element.kind == "endEvent" and element.event is not None and element.event.kind in kinds
