"""Which component reads which: the order in which a form is worked out, and circles in it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter

from engine.feel import Expression
from engine.forms.model import Component, Path
from engine.forms.problems import Findings


def in_reading_order(components: Sequence[Component], findings: Findings) -> tuple[Component, ...]:
    """Return the components so that each stands behind those it reads; a circle is noted."""
    by_number = {component.number: component for component in components}
    index = _Index(components)
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for component in components:
        sorter.add(component.number, *index.needed_by(component))
    try:
        return tuple(by_number[number] for number in sorter.static_order())
    except CycleError as error:
        circle: list[int] = error.args[1]
        first = by_number[circle[0]]
        labels = ", ".join(by_number[number].key or by_number[number].id for number in circle[:6])
        findings.add("condition_cycle", element_id=first.id or None, key=first.key, names=labels)
        return ()


def names_read(components: Iterable[Component]) -> frozenset[str]:
    """Return the root names that conditions, options and computed fields read."""
    result: set[str] = set()
    for component in components:
        for path in _reads(component):
            result.update(path[:2] if path[0] in {"this", "parent"} else path[:1])
    return frozenset(result)


def _reads(component: Component) -> Iterator[Path]:
    for expression in _expressions(component):
        with_path = {path[0] for path in expression.paths}
        yield from expression.paths
        yield from ((name,) for name in expression.names if name not in with_path)
    if component.options and component.options.key:
        yield component.options.key


def _expressions(component: Component) -> Iterator[Expression]:
    candidates = (
        component.hide,
        component.read_only,
        component.expression,
        component.options and component.options.expression,
        component.table and component.table.source,
    )
    yield from (candidate for candidate in candidates if isinstance(candidate, Expression))


class _Index:
    """Finds the components that hold what a path reads."""

    def __init__(self, components: Sequence[Component]) -> None:
        self._by_root: dict[tuple[int | None, str], list[Component]] = defaultdict(list)
        self._by_list: dict[int, list[Component]] = defaultdict(list)
        for component in components:
            if component.path and component.kind != "group":
                self._by_root[component.list_number, component.path[0]].append(component)
            if component.list_number is not None:
                self._by_list[component.list_number].append(component)

    def needed_by(self, component: Component) -> set[int]:
        """Return the numbers of the components that must be settled before this one."""
        found: set[int] = set()
        for path in _reads(component):
            found.update(self._holding(path, component.list_number))
        if component.read_only is True:
            found.discard(component.number)  # what it reads of itself is there from the start
        if component.parent_number is not None:
            found.add(component.parent_number)
        return found

    def _holding(self, path: Path, list_number: int | None) -> Iterator[int]:
        if list_number is not None:
            if path[0] == "this":
                yield from self._matching(path[1:], list_number)
                return
            if self._by_root.get((list_number, path[0])):
                yield from self._matching(path, list_number)
                return
            path = path[1:] if path[0] == "parent" else path
        yield from self._matching(path, None)

    def _matching(self, path: Path, list_number: int | None) -> Iterator[int]:
        for component in self._in_reach(path, list_number):
            length = len(component.path)
            if component.path[: len(path)] != path[:length]:
                continue
            yield component.number
            if component.kind == "dynamiclist":
                yield from self._rows(component, path[length:])

    def _in_reach(self, path: Path, list_number: int | None) -> Sequence[Component]:
        if path:
            return self._by_root.get((list_number, path[0]), [])
        if list_number is None:
            return [found for (scope, _), some in self._by_root.items() if scope is None for found in some]
        return self._by_list.get(list_number, [])

    def _rows(self, component: Component, path: Path) -> Iterator[int]:
        if path:
            yield from self._matching(path, component.number)
        else:
            yield from (child.number for child in self._by_list[component.number])
