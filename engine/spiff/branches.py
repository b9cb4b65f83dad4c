"""Finds the branch by which a token that waits at a join would have come in another version."""

from engine.spiff.events import Boundary
from engine.spiff.fitting import Pair
from engine.spiff.nodes import Exit, Node
from engine.spiff.workflow import ScopeSpec


class Branches:
    """Which flow into a gateway stands for which of the old version: each for one, for all tokens alike."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        self._known: dict[str, dict[str | None, str | None]] = {}

    def find(self, gateway: Node, target: Node, flow: str | None) -> str | None:
        """Return the flow into ``target`` that stands for ``flow`` into ``gateway``; None if none does.

        It is the same flow, else one on the way from where the old flow came, rather a new one than an old.
        """
        known = self._known.setdefault(target.name, {})
        if flow not in known:
            free = [name for name in target.entries if name not in known.values()]
            known[flow] = flow if flow in free else self._instead_of(gateway, target, flow, free)
        return known[flow]

    def _instead_of(self, gateway: Node, target: Node, flow: str | None, free: list[str]) -> str | None:
        source = _source_of(self._pair.old, flow)
        if source is None:
            return None
        ahead = _leading(self._pair.new, self._pair.renamed(source), target).intersection(free)
        return min(ahead, key=lambda name: (name in gateway.entries, free.index(name)), default=None)


def _source_of(scope: ScopeSpec, flow: str | None) -> str | None:
    """Return the element from which a flow comes."""
    for node in scope.task_specs.values():
        if any(way.flow_id == flow for way in _ways_of(node)):
            return node.element.id
    return None


def _leading(scope: ScopeSpec, element_id: str, gateway: Node) -> set[str]:
    """Return the flows into a gateway that can be reached from an element without passing it before."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [node for node in scope.task_specs.values() if node.element.id == element_id]
    while waiting:
        node = waiting.pop()
        if node.name in seen or node is gateway:
            continue
        seen.add(node.name)
        ways = _ways_of(node)
        waiting.extend(way.node for way in ways)
        found.update(way.flow_id for way in ways if way.node is gateway and way.flow_id is not None)
    return found


def _ways_of(node: Node) -> list[Exit]:
    """Return the ways out of a node; an event at its edge that does not interrupt leads on beside it."""
    return [*node.exits, *([Exit(node.happened)] if isinstance(node, Boundary) else [])]
