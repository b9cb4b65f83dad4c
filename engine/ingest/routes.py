"""Follows the flows: what is never reached, what never ends, what is too long or too deep to run."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from engine import feel
from engine.diagram import Element, Flow
from engine.ingest.components import strongly_connected
from engine.ingest.report import Report
from engine.ingest.structure import scopes
from engine.ingest.ways import Ways, link_name, links

LONGEST_CHAIN: Final = 250
DEEPEST_NESTING: Final = 30
_FRAMES_OF_NESTING: Final = 4
_WAITING: Final = frozenset({"userTask", "receiveTask", "eventBasedGateway", "callActivity"})


def check_routes(ways: Ways, report: Report) -> None:
    """Report links that lead nowhere, dead parts, endless cycles, joins that wait for ever, long chains."""
    routes = _Routes(ways, report)
    for inside in ways.members.values():
        routes.check_links(inside)
        routes.check_reach(inside)
        routes.check_cycles(inside)
        routes.check_joins(inside)
    routes.check_depth()


class _Routes:
    """The ways through one diagram."""

    def __init__(self, ways: Ways, report: Report) -> None:
        self.ways = ways
        self.diagram = ways.diagram
        self.report = report
        self.waiting_scopes = scopes_that_wait(ways)

    def check_links(self, inside: list[Element]) -> None:
        """Report link events of a scope that do not fit."""
        caught: set[str] = set()
        for element in links(inside, "Catch"):
            name = link_name(element)
            if name in caught:
                self.report.add("link_twice", element, value=name)
            caught.add(name)
        for element in links(inside, "Throw"):
            if element.id not in self.ways.linked:
                self.report.add("link_dangling", element, value=link_name(element))

    def check_reach(self, inside: list[Element]) -> None:
        """Report elements that no token ever reaches."""
        caught = set(self.ways.linked.values())
        begin: list[Element] = []
        for element in inside:
            if element.kind == "startEvent" or element.triggered_by_event:
                begin.append(element)
            elif element.kind != "boundaryEvent" and not element.incoming and element.id not in caught:
                begin.append(element)
                self.report.add("no_incoming", element)
        reached = self.ways.reach([element.id for element in begin])
        for element in inside:
            if element.id not in reached:
                self.report.add("unreachable", element)

    def check_cycles(self, inside: list[Element]) -> None:
        """Report cycles in which nobody and nothing is waited for, and which nothing can leave."""
        automatic = {element.id: element for element in inside if not waits(element, self.waiting_scopes)}
        graph = {
            element.id: [target for target in self.ways.successors(element) if target in automatic]
            for element in automatic.values()
        }
        for component in strongly_connected(graph):
            cycle = set(component)
            is_cycle = len(cycle) > 1 or component[0] in graph[component[0]]
            if is_cycle and not any(self._leaves(automatic[node], cycle) for node in cycle):
                ordered = [element for element in inside if element.id in cycle]
                ids = ", ".join(element.id for element in ordered)
                self.report.add("automatic_cycle", ordered[0], value=ids)

    def _leaves(self, element: Element, cycle: set[str]) -> bool:
        """Whether a token at ``element`` may leave the cycle instead of staying in it."""
        if any(
            event.event and event.event.kind in {"error", "escalation"}
            for event in self.ways.boundaries[element.id]
        ):
            return True
        if element.kind == "inclusiveGateway":
            flows: Iterable[Flow] = (self.diagram.flows[flow_id] for flow_id in element.outgoing)
        elif element.kind == "exclusiveGateway":
            flows = self._live_flows(element)
        else:
            return False
        return any(flow.target_id not in cycle for flow in flows)

    def _live_flows(self, element: Element) -> list[Flow]:
        """Return the flows of an exclusive gateway that its constant conditions leave open."""
        default = [
            self.diagram.flows[flow_id] for flow_id in element.outgoing if flow_id == element.default_flow
        ]
        live: list[Flow] = []
        for flow_id in element.outgoing:
            flow = self.diagram.flows[flow_id]
            if flow in default:
                continue
            value = _constant_condition(flow)
            if value is not False:
                live.append(flow)
            if value is True:
                return live
        return live + default

    def check_joins(self, inside: list[Element]) -> None:
        """Report parallel joins upstream of which nothing makes a second token."""
        for element in inside:
            is_join = element.kind == "parallelGateway" and len(element.incoming) > 1
            if is_join and not self._comes_from_split(element):
                self.report.add("deadlock", element)

    def _comes_from_split(self, element: Element) -> bool:
        """Whether something upstream makes two tokens of one."""
        found: set[str] = set()
        waiting = deque([element])
        while waiting:
            for name in self.ways.origins(waiting.popleft()):
                before = self.diagram.elements[name]
                if self._splits(before):
                    return True
                if name not in found:
                    found.add(name)
                    waiting.append(before)
        return False

    def _splits(self, element: Element) -> bool:
        if any(not event.interrupting for event in self.ways.boundaries[element.id]):
            return True
        chooses = element.kind in {"exclusiveGateway", "eventBasedGateway"}
        return len(element.outgoing) > 1 and not chooses

    def check_depth(self) -> None:
        """Report chains and nestings that the engine could only follow by deep recursion."""
        depths: dict[str, int] = {}
        for scope in reversed(scopes(self.diagram)):
            spot = self.diagram.processes.get(scope) or self.diagram.elements[scope]
            if isinstance(spot, Element) and self._nesting(spot) > DEEPEST_NESTING:
                self.report.add("nesting_too_deep", spot, limit=str(DEEPEST_NESTING))
                return
            depths[scope] = self._chain(self.ways.members[scope], depths)
            if depths[scope] > LONGEST_CHAIN:
                self.report.add("chain_too_long", spot, limit=str(LONGEST_CHAIN))
                return

    def _nesting(self, element: Element) -> int:
        levels = 1
        while element.scope_id in self.diagram.elements:
            element = self.diagram.elements[element.scope_id]
            levels += 1
        return levels

    def _chain(self, inside: list[Element], depths: Mapping[str, int]) -> int:
        """Return how deep a walk along the flows goes that visits each element once."""
        deepest = 0
        visited: set[str] = set()
        waiting = [(element.id, 1) for element in reversed(inside) if not element.incoming]
        while waiting:
            node, depth = waiting.pop()
            if node in visited:
                continue
            visited.add(node)
            element = self.diagram.elements[node]
            deepest = max(deepest, depth + depths.get(node, -_FRAMES_OF_NESTING) + _FRAMES_OF_NESTING)
            waiting.extend((target, depth + 1) for target in reversed(self.ways.successors(element)))
        return deepest


def waits(element: Element, waiting_scopes: Collection[str]) -> bool:
    """Whether a token rests at the element, until a person, a message or the clock lets it go on."""
    if element.kind == "intermediateCatchEvent":
        return element.event is None or element.event.kind != "link"
    return element.kind in _WAITING or element.id in waiting_scopes


def scopes_that_wait(ways: Ways) -> set[str]:
    """Return the sub-processes inside which something is waited for."""
    found: set[str] = set()
    elements = ways.diagram.elements
    for element in elements.values():
        scope = element.scope_id
        is_wait = element.kind in _WAITING or element.kind == "intermediateCatchEvent"
        while is_wait and scope in elements and scope not in found:
            found.add(scope)
            scope = elements[scope].scope_id
    return found


def _constant_condition(flow: Flow) -> object:
    """Return the value of a condition that is the same for every instance; None where it is not."""
    if flow.condition is None or not flow.condition.startswith("="):
        return None
    try:
        expression = feel.parse(flow.condition[1:])
        return None if expression.names else expression.evaluate({})
    except (feel.FeelSyntaxError, feel.FeelLimitError):
        return None
