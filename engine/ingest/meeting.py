"""Finds where all ways that leave an element come together again: its nearest post-dominator."""

from collections import deque
from collections.abc import Collection, Iterator

from engine.ingest.ways import Ways

_EVERYTHING = -1


class Meeting:
    """The meeting points of the elements of one scope."""

    def __init__(self, inside: Collection[str], ways: Ways) -> None:
        self._names = list(inside)
        self._bits = {name: 1 << number for number, name in enumerate(self._names)}
        self._behind = {name: [one for one in ways.following(name) if one in self._bits] for name in inside}
        self._met = self._solve()
        self._by_met = {met: name for name, met in self._met.items() if met != _EVERYTHING}
        """What lies behind the nearest of them is all that lies behind an element but itself."""

    def of(self, name: str) -> str | None:
        """Return the nearest element that every token leaving ``name`` comes to, if it comes to an end."""
        return self._by_met.get(self._met[name] & ~self._bits[name])

    def _solve(self) -> dict[str, int]:
        """Return the elements that cannot be avoided from each, as bits; -1 where no end is in reach."""
        before: dict[str, list[str]] = {name: [] for name in self._names}
        for name, behind in self._behind.items():
            for one in behind:
                before[one].append(name)
        met = dict.fromkeys(self._names, _EVERYTHING)
        waiting = deque(self._last_first())
        queued = set(waiting)
        while waiting:
            name = waiting.popleft()
            queued.discard(name)
            found = _EVERYTHING if self._behind[name] else 0
            for one in self._behind[name]:
                found &= met[one]
            found |= self._bits[name]
            if found == met[name]:
                continue
            met[name] = found
            fresh = [one for one in before[name] if one not in queued]
            queued.update(fresh)
            waiting.extend(fresh)
        return met

    def _last_first(self) -> Iterator[str]:
        """Yield all elements, those that follow before those they follow, as far as there is no way back."""
        seen: set[str] = set()
        for root in self._names:
            if root in seen:
                continue
            seen.add(root)
            walk = [(root, iter(self._behind[root]))]
            while walk:
                node, behind = walk[-1]
                fresh = next((one for one in behind if one not in seen), None)
                if fresh is None:
                    yield node
                    walk.pop()
                else:
                    seen.add(fresh)
                    walk.append((fresh, iter(self._behind[fresh])))
