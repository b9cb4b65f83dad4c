"""Finds what has surely happened whenever a token comes to an element, whatever way it took.

Facts are bits of an integer; -1 holds them all. The greatest solution is sought: facts are taken away until
nothing contradicts them, so that a way back changes nothing. A parallel join has what any of its branches
has; every other element only what all ways to it have. A sub-process gives what each of its ends has, or what
no token inside can avoid.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from functools import reduce

from engine.diagram import Element
from engine.ingest.structure import scopes
from engine.ingest.ways import Ways, ends_with

_EVERYTHING = -1
_CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway"})


class Guaranteed:
    """The facts that hold for certain ``before`` and ``after`` each element."""

    def __init__(self, ways: Ways, gives: Mapping[str, int], *, inside: Mapping[str, int]) -> None:
        """Take the facts that elements give when they are left, and sub-processes ``inside`` themselves."""
        self._ways, self._gives, self._inside = ways, gives, inside
        self._sure: dict[str, int] = {}
        elements = ways.diagram.elements
        for scope in reversed(scopes(ways.diagram)):
            if scope in elements:
                self._sure[scope] = self._unavoidable(scope)
        self.before = dict.fromkeys(elements, _EVERYTHING)
        self.after = dict.fromkeys(elements, _EVERYTHING)
        dependents = self._dependents()
        waiting = deque(elements.values())
        queued = set(elements)
        while waiting:
            element = waiting.popleft()
            queued.discard(element.id)
            before, after = self._enter(element), self._leave(element)
            if (before, after) == (self.before[element.id], self.after[element.id]):
                continue
            self.before[element.id], self.after[element.id] = before, after
            fresh = [one for one in (element.id, *dependents[element.id]) if one not in queued]
            queued.update(fresh)
            waiting.extend(elements[one] for one in fresh)

    def way_without(self, fact: int, target: Element) -> list[Element]:
        """Return one way to ``target``, on its level, without ``fact``; the target is the last."""
        elements = self._ways.diagram.elements
        way, seen = [target], {target.id}
        waiting: deque[list[Element]] = deque([way])
        while waiting:
            way = waiting.popleft()
            sources = [elements[one] for one in self._ways.origins(way[0])]
            lacking = [one for one in sources if one.id not in seen and not self._had(one, way[0]) & fact]
            if not sources:
                return way
            seen.update(one.id for one in lacking)
            waiting.extend([one, *way] for one in lacking)
        return way

    def _had(self, source: Element, target: Element) -> int:
        return self.before[source.id] if target.kind == "boundaryEvent" else self.after[source.id]

    def _enter(self, element: Element) -> int:
        if element.kind == "boundaryEvent":
            return self.before.get(element.attached_to or "", _EVERYTHING)
        sources = self._ways.predecessors(element)
        if element.kind == "startEvent" or element.triggered_by_event:
            return self._begin(element)
        if element.kind == "parallelGateway" and sources:
            return _any(self.after[one] for one in sources)
        return _all(self.after[one] for one in sources)

    def _begin(self, element: Element) -> int:
        holder = self._ways.diagram.elements.get(element.scope_id)
        if element.triggered_by_event:
            return _all(self.after[one.id] for one in self._ways.starts(element.scope_id))
        if holder is None:
            return 0
        return self.before[holder.id] | self._inside.get(holder.id, 0)

    def _leave(self, element: Element) -> int:
        facts = self.before[element.id] | self._gives.get(element.id, 0)
        if element.kind != "subProcess":
            return facts
        ends = [one for one in self._ways.leaves(element.id) if not ends_with(one, "error")]
        within = _all(self.after[one.id] for one in (*ends, *self._ways.handlers(element.id)))
        return facts | within | self._sure[element.id]

    def _unavoidable(self, scope: str) -> int:
        """Return what is done in a scope before it ends, whichever token does it."""
        inside = self._ways.members[scope]
        if any(self._ways.handlers(scope)) or any(ends_with(one, "terminate") for one in inside):
            return 0
        facts = {one.id: _EVERYTHING for one in inside}
        waiting, queued = deque(reversed(inside)), set(facts)
        while waiting:
            element = waiting.popleft()
            queued.discard(element.id)
            found = self._ahead(element, facts)
            if found == facts[element.id]:
                continue
            facts[element.id] = found
            fresh = [one for one in self._ways.origins(element) if one in facts and one not in queued]
            queued.update(fresh)
            waiting.extend(self._ways.diagram.elements[one] for one in fresh)
        return _all(facts[one.id] for one in self._ways.starts(scope))

    def _ahead(self, element: Element, facts: Mapping[str, int]) -> int:
        if ends_with(element, "error"):
            return _EVERYTHING
        own = self._gives.get(element.id, 0) | self._sure.get(element.id, 0)
        following = [facts[one] for one in self._ways.successors(element) if one in facts]
        if following:
            own |= _all(following) if element.kind in _CHOICES else _any(following)
        interrupting = (one for one in self._ways.boundaries[element.id] if one.interrupting)
        return own & _all(facts[one.id] for one in interrupting if one.id in facts)

    def _dependents(self) -> Mapping[str, list[str]]:
        """Return whose facts have to be looked at again when those of an element change."""
        elements = self._ways.diagram.elements
        found: dict[str, list[str]] = defaultdict(list)
        for element in elements.values():
            found[element.id] += self._ways.successors(element)
            found[element.id] += (one.id for one in self._ways.boundaries[element.id])
            if element.kind == "subProcess":
                found[element.id] += (one.id for one in self._ways.starts(element.id))
            if element.scope_id in elements:
                found[element.id].append(element.scope_id)
            if element.kind == "startEvent":
                handlers = (one for one in self._ways.members[element.scope_id] if one.triggered_by_event)
                found[element.id] += (one.id for one in handlers)
        return found


def _all(facts: Iterable[int]) -> int:
    """Return what is among each of the facts."""
    return reduce(lambda one, other: one & other, facts, _EVERYTHING)


def _any(facts: Iterable[int]) -> int:
    """Return what is among some of the facts."""
    return reduce(lambda one, other: one | other, facts, 0)
