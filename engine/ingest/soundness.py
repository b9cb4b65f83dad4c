"""Follows tokens: which never end, which a join waits for in vain, which do the same work twice."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from engine.diagram import Element
from engine.ingest.components import strongly_connected
from engine.ingest.meeting import Meeting
from engine.ingest.report import Report
from engine.ingest.routes import scopes_that_wait, waits
from engine.ingest.ways import Ways, ends_with

MOST_STEPS: Final = 500_000
"""How far all walks together may go; a diagram that asks for more is too tangled to be judged."""
_CHOICES: Final = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway"})
_JOINS: Final = frozenset({"parallelGateway", "inclusiveGateway"})
_Branches = list[list[str]]


def check_soundness(ways: Ways, report: Report) -> None:
    """Report parts without an end, joins that starve, work done twice, and loops in which nobody acts."""
    budget = _Budget(ways)
    for inside in ways.members.values():
        _check_ends(inside, ways, report)
        _check_loops(inside, ways, report)
        meeting = Meeting([one.id for one in inside], ways)
        for element in inside:
            _check_choice(element, meeting.of(element.id), budget, report=report)
            _check_merges(element, meeting.of(element.id), budget, report=report)


class _Budget:
    """Walks through a diagram that are counted."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways
        self.left = MOST_STEPS

    def reach(self, begin: Collection[str], *, stop: Collection[str]) -> set[str]:
        """Return what ``Ways.reach`` does; nothing once the budget is spent."""
        if self.left <= 0:
            return set()
        found = self.ways.reach(begin, stop=stop)
        self.left -= len(found)
        return found


def _check_ends(inside: list[Element], ways: Ways, report: Report) -> None:
    """Report where tokens go round for ever, once for each such part, unless the whole is interrupted."""
    if not inside or _is_interrupted(inside[0].scope_id, ways):
        return
    graph = {one.id: ways.following(one.id) for one in inside}
    ending: set[str] = set()
    for component in strongly_connected(graph):
        following = {target for node in component for target in graph.get(node, ())}
        circles = len(component) > 1 or component[0] in following
        if not circles or following & ending:
            ending.update(component)
        elif not following - set(component):
            circle = [one for one in inside if one.id in component]
            if circle[0].id not in _found(report, "automatic_cycle") | _found(report, "unreachable"):
                report.add("endless", circle[0], value=_listed(circle))


def _is_interrupted(scope: str, ways: Ways) -> bool:
    """Whether something outside the flow may end a scope: an event sub-process, or a boundary event."""
    elements = ways.diagram.elements
    while True:
        if any(ways.handlers(scope)) or any(one.interrupting for one in ways.boundaries[scope]):
            return True
        if scope not in elements:
            return False
        scope = elements[scope].scope_id


def _check_loops(inside: list[Element], ways: Ways, report: Report) -> None:
    """Note cycles that no person, message or clock slows down: only their data end them."""
    resting = scopes_that_wait(ways)
    automatic = {one.id: one for one in inside if not waits(one, resting)}
    graph = {one.id: [n for n in _at_once(one, ways) if n in automatic] for one in automatic.values()}
    stuck = _found(report, "automatic_cycle")
    for component in strongly_connected(graph):
        if len(component) > 1 or component[0] in graph[component[0]]:
            cycle = [one for one in inside if one.id in component]
            if cycle[0].id not in stuck:
                report.add("automatic_loop", cycle[0], value=_listed(cycle))


def _at_once(element: Element, ways: Ways) -> Iterator[str]:
    """Return what follows an element without anything being waited for."""
    yield from ways.successors(element)
    for event in ways.boundaries[element.id]:
        if event.event is not None and event.event.kind in {"error", "escalation"}:
            yield event.id


def _choices(element: Element, ways: Ways) -> _Branches:
    """Return the ways of which a token takes some and not others."""
    following = ways.successors(element)
    if element.kind in _CHOICES:
        return [[target] for target in following]
    interrupting = [[one.id] for one in ways.boundaries[element.id] if one.interrupting]
    return [following, *interrupting] if interrupting else []


@dataclass(frozen=True)
class _Branch:
    feeds: frozenset[int]
    """The numbers of the flows into a join that a token on this branch may come by."""
    is_lost: bool
    """Whether such a token may end without having come to the join or back to the choice."""


def _check_choice(choice: Element, meeting: str | None, budget: _Budget, *, report: Report) -> None:
    """Report parallel joins that may wait in vain because a choice falls another way.

    Only what lies before the point where all its ways meet again can depend on it.
    """
    branches = _choices(choice, budget.ways)
    if len(branches) < 2:  # noqa: PLR2004  # nothing to choose
        return
    stuck = _found(report, "deadlock") | _found(report, "join_starves")
    stop = {choice.id, *filter(None, [meeting])}
    region = budget.reach([one for branch in branches for one in branch], stop=stop)
    for join in budget.ways.members[choice.scope_id]:
        is_join = join.kind == "parallelGateway" and len(join.incoming) > 1 and join.id != choice.id
        if is_join and join.id in region and join.id not in stuck:
            found = [_branch(one, choice, join, stop={*stop, join.id}, budget=budget) for one in branches]
            if _may_starve(found, len(join.incoming)):
                report.add("join_starves", join, value=choice.name or choice.id)


def _may_starve(branches: list[_Branch], flow_count: int) -> bool:
    """Whether one branch gives a join a part of its tokens that another withholds."""
    for one in branches:
        if one.feeds and len(one.feeds) < flow_count:
            others = (other for other in branches if one.feeds - other.feeds)
            if any(other.feeds or other.is_lost for other in others):
                return True
    return False


def _branch(begin: list[str], choice: Element, join: Element, *, stop: set[str], budget: _Budget) -> _Branch:
    ways = budget.ways
    reached = budget.reach([one for one in begin if one != choice.id], stop=stop)
    sources = [ways.diagram.flows[flow].source_id for flow in join.incoming]
    feeds = {
        number
        for number, source in enumerate(sources)
        if (source in reached - stop) or (source == choice.id and join.id in begin)
    }
    ends = (ways.diagram.elements[one] for one in reached - {join.id, choice.id})
    return _Branch(frozenset(feeds), any(_is_end(one, ways) for one in ends))


def _is_end(element: Element, ways: Ways) -> bool:
    """Whether a token ends here and leaves the others alone."""
    return not ways.successors(element) and not ends_with(element, "terminate", "error")


def _check_merges(element: Element, meeting: str | None, budget: _Budget, *, report: Report) -> None:
    """Note where branches that run at the same time meet unjoined: all that follows is done twice."""
    ways = budget.ways
    branches = _parallel(element, ways)
    if len(branches) < 2:  # noqa: PLR2004  # two tokens
        return
    inside = ways.members[element.scope_id]
    joins = {one.id for one in inside if one.kind in _JOINS and len(one.incoming) > 1}
    stop = {element.id, *joins, *filter(None, [meeting])}
    reached = [budget.reach(begin, stop=stop) for begin in branches]
    for one, other in combinations(range(len(branches)), 2):
        for node in reached[one] & reached[other]:
            merge = ways.diagram.elements[node]
            if node == element.id or merge.kind == "endEvent" or node in joins:
                continue
            mine, theirs = (
                {source for source in ways.predecessors(merge) if source in reached[number]}
                | ({element.id} if node in branches[number] else set[str]())
                for number in (one, other)
            )
            if mine - theirs and theirs - mine:
                report.add("done_twice", merge, value=element.name or element.id)
                return


def _parallel(element: Element, ways: Ways) -> _Branches:
    """Return the branches that leave an element at the same time."""
    following = ways.successors(element)
    if element.kind in _CHOICES - {"inclusiveGateway"}:
        return []
    beside = [[one.id] for one in ways.boundaries[element.id] if not one.interrupting]
    return [*([target] for target in following), *beside]


def _found(report: Report, code: str) -> set[str | None]:
    return {problem.element_id for problem in report.problems if problem.code == code}


def _listed(elements: list[Element]) -> str:
    return ", ".join(one.name or one.id for one in elements)
