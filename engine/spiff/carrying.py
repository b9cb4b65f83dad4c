"""Carries the stored tokens of an instance from one program to another; nothing is executed here."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from SpiffWorkflow.util.task import TaskState

from engine.spiff.activities import CallActivity, SubProcess
from engine.spiff.branches import Branches
from engine.spiff.carried import Arrival, Carried, Renewal, Token, tree_of
from engine.spiff.events import Boundary, Catch, EventStart
from engine.spiff.fitting import Fate, Finding, Pair, Reason, entry_of, fits
from engine.spiff.nodes import EventGateway, InclusiveGateway, Node, ParallelGateway, ScopeEnd, Split
from engine.spiff.program import Program
from engine.spiff.repetition import MultiInstance
from engine.spiff.workflow import ScopeSpec


def carry(content: Mapping[str, Any], old: Program, new: Program, mapping: Mapping[str, str]) -> Carried:
    """Return the tokens of ``content``, which belongs to ``old``, as a state that belongs to ``new``."""
    elements = {name for diagram in new.diagrams.values() for name in diagram.elements}
    flows = {name for diagram in new.diagrams.values() for name in diagram.flows}
    inside = {key: (name, tokens) for key, name, tokens in content["scopes"]}
    carried = Carried({**content, "program": new.sha256, "scopes": []})
    carried.content["done"] = [name for name in content["done"] if name in elements]
    carried.content["taken"] = [name for name in content["taken"] if name in flows]

    def of_scope(old_name: str, new_name: str, tokens: list[list[Any]]) -> list[list[Any]]:
        pair = Pair(old.scopes[old_name], new.scopes[new_name], mapping, elements)
        return _ScopeCarrier(carried, pair, new.scopes, inside).carry(tokens)

    process = content["process"]
    carried.content["tokens"] = of_scope(process, process, content["tokens"])
    for key, (name, tokens) in inside.items():
        if key in carried.inner:
            carried.content["scopes"].append(
                [key, carried.inner[key], of_scope(name, carried.inner[key], tokens)]
            )
        else:
            carried.gone.update(token[0] for token in tokens)
    return carried


class _ScopeCarrier:
    """Carries the tokens of one scope."""

    def __init__(
        self,
        carried: Carried,
        pair: Pair,
        scopes: Mapping[str, ScopeSpec],
        inside: Mapping[str, tuple[str, Any]],
    ) -> None:
        self.carried = carried
        self.pair = pair
        self.scopes = scopes
        self.inside = inside
        self.tokens: list[list[Any]] = []
        self.branches = Branches(pair)

    def carry(self, tokens: list[list[Any]]) -> list[list[Any]]:
        root = tree_of(tokens, self.pair.old)
        self._put(root, -1, self.pair.new.start)
        for child in root.children:
            self._carry(child, 0)
        for node in _watches(self.pair.new):
            before = [each for each in _watches(self.pair.old) if self._renamed_start(each.name) == node.name]
            if not any(fits(each, node) for each in before):
                self._add(0, node, is_watch=True)
        return self.tokens

    def _carry(self, token: Token, parent: int) -> None:
        match token.node:
            case ScopeEnd():
                self._put(token, parent, self.pair.new.end)
            case EventStart():
                self._carry_watch(token, parent, self._renamed_start(token.node.name))
            case Split():
                self._carry_split(token, parent)
            case EventGateway():
                self._carry_event_gateway(token, parent)
            case _ if not token.is_live:
                self._carry_all(token.children, parent)
            case ParallelGateway() | InclusiveGateway():
                self._carry_join(token, parent)
            case _:
                self._carry_wait(token, parent)

    def _carry_all(self, tokens: Iterable[Token], parent: int) -> None:
        for token in tokens:
            self._carry(token, parent)

    # Waits, with what watches at their edge

    def _carry_split(self, split: Token, parent: int) -> None:
        main = next((child for child in split.children if child.node is _main_of(split.node)), None)
        edge = [child for child in split.children if isinstance(child.node, Boundary)]
        place = self._carry_wait(main, parent, split, edge) if main is not None else parent
        self._carry_all([child for child in split.children if child not in [main, *edge]], place)

    def _carry_wait(
        self, token: Token, parent: int, split: Token | None = None, edge: Iterable[Token] = ()
    ) -> int:
        """Carry an activity or event that waits; return where what hung beside it hangs now."""
        finding = self.pair.judge(token.node)
        self.carried.found(finding)
        if finding.target_id is None or finding.fate not in {Fate.STAYS, Fate.CARRIED}:
            self._leave([token, *edge])
            if finding.target_id is not None and finding.fate is Fate.RESTARTED:
                self._add(parent, entry_of(self.pair.new, finding.target_id), is_watch=False)
            return parent
        target = self.pair.new.task_specs[finding.target_id]
        before = _edge_of(split.node) if split is not None else {}
        new_split = self.pair.new.task_specs.get(f"{target.name}/split")
        if new_split is not None:
            holder = split or Token(uuid4().hex, new_split, TaskState.COMPLETED, {})
            parent = self._put(holder, parent, new_split)
        self._carry_inside(token, parent, target)
        after = _edge_of(new_split) if new_split is not None else {}
        for child in edge:
            self._carry_watch(child, parent, self._renamed(child.node.name))
        since = (token.id, *(child.id for child in token.children))
        for name, node in after.items():
            if not any(self._renamed(was) == name and fits(old, node) for was, old in before.items()):
                self._add(parent, node, is_watch=True, since=since)
        return parent

    def _carry_inside(self, token: Token, parent: int, target: Node) -> None:
        """Carry a token that waits on, and what runs inside it."""
        place = self._put(token, parent, target)
        self.carried.renewals.append(Renewal(UUID(token.id), token.node.element, target.element))
        if isinstance(target, MultiInstance):
            for child in token.children:
                self._carry_inside(child, place, target.child)
        if token.id not in self.inside:
            return
        name, _tokens = self.inside[token.id]
        if isinstance(target, SubProcess) and not isinstance(target, CallActivity):
            name = target.inner_key
        if name in self.scopes:
            self.carried.inner[token.id] = name
        else:
            self.carried.found(Finding(token.node.element.id, Fate.BLOCKED, reason=Reason.PROCESS_GONE))

    def _carry_watch(self, token: Token, parent: int, name: str) -> None:
        """Carry a wait at an edge; one that the new version does not have is called off."""
        target = self.pair.new.task_specs.get(name)
        if target is not None and fits(token.node, target):
            self._put(token, parent, target)
        else:
            self._leave([token])
            self.carried.dropped.append(token.node.element.id)

    # Gateways

    def _carry_event_gateway(self, token: Token, parent: int) -> None:
        finding = self.pair.judge(token.node)
        self.carried.found(finding)
        names = {way.node.name for way in token.node.exits}
        waits = [child for child in token.children if child.node.name in names]
        others = [child for child in token.children if child not in waits]
        if finding.target_id is None or finding.fate not in {Fate.STAYS, Fate.CARRIED}:
            self._leave([token, *waits])
            if finding.target_id is not None and finding.fate is Fate.RESTARTED:
                self._add(parent, entry_of(self.pair.new, finding.target_id), is_watch=False)
            self._carry_all(others, parent)
            return
        target = self.pair.new.task_specs[finding.target_id]
        place = self._put(token, parent, target)
        self._carry_all(others, place)
        self._carry_ways(waits, place, target)

    def _carry_ways(self, waits: list[Token], place: int, gateway: Node) -> None:
        """Carry the waits behind an event gateway, call off those that are gone, add those that are new."""
        ways = {way.node.element.id: way.node for way in gateway.exits}
        since = tuple(wait.id for wait in waits)
        for wait in waits:
            way = ways.get(self._renamed(wait.node.element.id))
            if way is not None and fits(_main_of(wait.node), _main_of(way)):
                self._carry(wait, place)
                del ways[way.element.id]
            else:
                self._leave([wait])
                self.carried.dropped.append(wait.node.element.id)
        for way in ways.values():
            self._add(place, way, is_watch=isinstance(way, Catch), since=since)

    def _carry_join(self, token: Token, parent: int) -> None:
        finding = self.pair.judge(token.node)
        target = self.pair.new.task_specs.get(finding.target_id or "")
        if finding.fate in {Fate.STAYS, Fate.CARRIED} and target is not None:
            branch = self.branches.find(token.node, target, token.facts.get("flow"))
            if branch is not None:
                self._put(replace(token, facts={**token.facts, "flow": branch}), parent, target)
                self.carried.found(finding)
                return
            finding = self.pair.ask(token.node, Reason.BRANCH_GONE)
            if token.node.element.id in self.pair.mapping:
                finding = Finding(token.node.element.id, Fate.RESTARTED, target.element.id)
        self.carried.found(finding)
        self._leave([token])
        if finding.fate is Fate.RESTARTED and finding.target_id is not None:
            self._add(parent, entry_of(self.pair.new, finding.target_id), is_watch=False)

    # The new tree

    def _put(self, token: Token, parent: int, node: Node) -> int:
        self.tokens.append([token.id, parent, node.name, token.state, token.facts])
        return len(self.tokens) - 1

    def _add(self, parent: int, node: Node, *, is_watch: bool, since: tuple[str, ...] = ()) -> None:
        token = Token(uuid4().hex, node, TaskState.FUTURE, {})
        self._put(token, parent, node)
        self.carried.arrivals.append(Arrival(UUID(token.id), is_watch, since))

    def _leave(self, tokens: Iterable[Token]) -> None:
        self.carried.gone.update(one.id for token in tokens for one in token.family())

    def _renamed(self, element_id: str) -> str:
        return self.pair.renamed(element_id)

    def _renamed_start(self, name: str) -> str:
        """Return what the wait for an event sub-process is called now."""
        return f"{self._renamed(name.removesuffix('/start'))}/start"


def _main_of(node: Node) -> Node:
    """Return the activity before which a split stands, or the node itself."""
    return node.main if isinstance(node, Split) else node


def _edge_of(split: Node) -> dict[str, Node]:
    """Return the waits on the edge of an activity by their names."""
    return {way.node.name: way.node for way in split.exits if isinstance(way.node, Boundary)}


def _watches(scope: ScopeSpec) -> list[Node]:
    """Return the waits for event sub-processes of a scope."""
    return [node for node in scope.task_specs.values() if isinstance(node, EventStart)]
