"""Where a token of one version goes in another: it stays, goes where it is told, or somebody must choose."""

import enum
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from engine.diagram import EventSpec
from engine.spiff.activities import SubProcess
from engine.spiff.events import Catch
from engine.spiff.nodes import Node, Split
from engine.spiff.repetition import MultiInstance
from engine.spiff.workflow import ScopeSpec
from engine.text import fold

_NEVER_ENTERED = frozenset({"startEvent", "boundaryEvent", "process"})


class Fate(enum.Enum):
    """What becomes of a token."""

    STAYS = "stays"
    CARRIED = "carried"
    """It waits on, at an element of the same kind: task, deadline and comments stay."""
    RESTARTED = "restarted"
    """What it waits for is called off, and it enters another element."""
    UNDECIDED = "undecided"
    """Somebody must choose where it goes."""
    BLOCKED = "blocked"
    """Nowhere: its work inside would be lost."""


class Reason(enum.Enum):
    """Why a token cannot simply stay."""

    GONE = "gone"
    OTHER_KIND = "other_kind"
    OTHER_EVENT = "other_event"
    """It waits for another message or signal."""
    OTHER_SCOPE = "other_scope"
    """The element stands in another sub-process, or no longer in one."""
    LOOP_CHANGED = "loop_changed"
    """Its repetitions run, and what is repeated or how they are counted is no longer the same."""
    PROCESS_GONE = "process_gone"
    """The process it has called is no longer in the bundle."""
    BRANCH_GONE = "branch_gone"
    """It waits at a join for others, and the branch it came by is no longer there."""
    EXPRESSION = "expression"
    """An expression of the new version fails on the instance's variables."""
    DAMAGED = "damaged"
    """The stored state cannot be read."""


@dataclass(frozen=True)
class Finding:
    """What becomes of the tokens that wait at one element. ``element_id`` is of the old version."""

    element_id: str
    fate: Fate
    target_id: str | None = None
    """Where they go, or what we propose."""
    reason: Reason | None = None
    choices: tuple[str, ...] = ()
    """The elements they may be sent to, in the order of the diagram."""

    @property
    def is_settled(self) -> bool:
        """Whether nobody needs to choose."""
        return self.fate in {Fate.STAYS, Fate.CARRIED, Fate.RESTARTED}


@dataclass(frozen=True)
class Pair:
    """One scope in two versions, and the administrator's mapping between their elements."""

    old: ScopeSpec
    new: ScopeSpec
    mapping: Mapping[str, str]
    elsewhere: Collection[str]
    """The elements of all scopes of the new version."""

    def renamed(self, element_id: str) -> str:
        """Return what an element is called in the new version."""
        return self.mapping.get(element_id, element_id)

    def judge(self, node: Node) -> Finding:
        """Return what becomes of a token at ``node`` of the old version."""
        element_id = node.element.id
        wanted = self.renamed(element_id)
        target = self.new.task_specs.get(wanted)
        if target is not None and fits(node, target):
            return Finding(element_id, Fate.STAYS if wanted == element_id else Fate.CARRIED, wanted)
        if element_id in self.mapping and self.may_restart(node, wanted):
            return Finding(element_id, Fate.RESTARTED, wanted)
        return self.ask(node, self._reason(node, target))

    def may_restart(self, node: Node, target_id: str) -> bool:
        """Whether a token at ``node`` may be called off and enter another element."""
        return may_reach(self.new, target_id) and not holds_work(node)

    def ask(self, node: Node, reason: Reason) -> Finding:
        """Return that somebody must choose where a token goes, or that it can go nowhere."""
        choices = tuple(self._choices(node))
        fate = Fate.UNDECIDED if choices else Fate.BLOCKED
        return Finding(node.element.id, fate, self._proposal(node, choices), reason, choices)

    def _reason(self, node: Node, target: Node | None) -> Reason:
        if target is None:
            return Reason.OTHER_SCOPE if node.element.id in self.elsewhere else Reason.GONE
        if isinstance(node, MultiInstance):
            return Reason.LOOP_CHANGED
        if isinstance(node, Catch) and isinstance(target, Catch) and node.event.kind == target.event.kind:
            return Reason.OTHER_EVENT
        return Reason.OTHER_KIND

    def _choices(self, node: Node) -> Iterator[str]:
        """Return where a token may go: anywhere in its scope; with work inside, to what is new and alike."""
        for name, target in self.new.task_specs.items():
            is_alike = name not in self.old.task_specs and fits(node, target)
            if may_reach(self.new, name) and (is_alike or not holds_work(node)):
                yield name

    def _proposal(self, node: Node, choices: tuple[str, ...]) -> str | None:
        """Propose what has its id or name, else what stands in its place, else what comes next or before."""
        alike = [name for name in choices if fits(node, self.new.task_specs[name])]
        ahead = neighbours(self.old)
        ranked = (
            [name for name in choices if name == node.element.id],
            [name for name in alike if _label(self.new.task_specs[name]) == _label(node) != ""],
            [name for name in alike if name not in self.old.task_specs and self._is_beside(node, name)],
            [name for name in nearest_first(node.element.id, ahead) if name in choices],
            [name for name in nearest_first(node.element.id, reverse(ahead)) if name in choices],
            list(choices) if len(choices) == 1 else [],
        )
        return next((names[0] for names in ranked if names), None)

    def _is_beside(self, node: Node, name: str) -> bool:
        """Whether a new element follows or precedes what the old one did."""
        before, after = neighbours(self.old), neighbours(self.new)
        return any(
            was.get(node.element.id, set()) & now.get(name, set())
            for was, now in ((before, after), (reverse(before), reverse(after)))
        )


def fits(old: Node, new: Node) -> bool:
    """Whether a token that waits at ``old`` may wait on at ``new`` as it is."""
    if isinstance(old, MultiInstance):
        return isinstance(new, MultiInstance) and old.loop == new.loop and fits(old.child, new.child)
    if isinstance(old, Catch):
        return type(old) is type(new) and isinstance(new, Catch) and _what(old) == _what(new)
    return type(old) is type(new) and old.element.triggered_by_event == new.element.triggered_by_event


def holds_work(node: Node) -> bool:
    """Whether something runs inside a token at this node, which could not go with it elsewhere."""
    return isinstance(node, MultiInstance | SubProcess)


def may_reach(scope: ScopeSpec, target_id: str) -> bool:
    """Whether a scope has an element of this id before which a token may be put from outside."""
    node = scope.task_specs.get(target_id)
    if node is None or node.name != node.element.id or node.element.kind in _NEVER_ENTERED:
        return False
    return not node.element.triggered_by_event


def entry_of(scope: ScopeSpec, element_id: str) -> Node:
    """Return the node where flows to an element lead: the waits on its edge begin there too."""
    return scope.task_specs.get(f"{element_id}/split") or scope.task_specs[element_id]


def neighbours(scope: ScopeSpec) -> dict[str, set[str]]:
    """Return, for each element, those that its flows lead to."""
    found: dict[str, set[str]] = {}
    for node in scope.task_specs.values():
        if not isinstance(node, Split):
            ahead = {way.node.element.id for way in node.exits if way.node is not scope.end}
            found.setdefault(node.element.id, set()).update(ahead)
    return found


def reverse(graph: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    """Return the graph with its arrows turned round."""
    found: dict[str, set[str]] = {}
    for source, targets in graph.items():
        for target in targets:
            found.setdefault(target, set()).add(source)
    return found


def nearest_first(start: str, graph: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Walk a graph away from ``start``, which is not among what is returned."""
    seen, waiting = {start}, deque([start])
    while waiting:
        for name in sorted(graph.get(waiting.popleft(), ())):
            if name not in seen:
                seen.add(name)
                waiting.append(name)
                yield name


def _what(catch: Catch) -> EventSpec:
    """Return what an event waits for; when a timer is due was worked out when the token came, and stays."""
    return replace(catch.event, timer_kind=None, timer="")


def _label(node: Node) -> str:
    return fold(node.element.name)
