"""Finds the strongly connected components of a graph without recursion (Tarjan 1972)."""

from collections.abc import Iterator, Mapping, Sequence


def strongly_connected(graph: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Return the components of ``graph`` (node to its successors), those that others lead to first."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in graph:
        if root in order:
            continue
        walk = [(root, iter(graph[root]))]
        _enter(root, order=order, lowest=lowest, stack=stack, on_stack=on_stack)
        while walk:
            node, successors = walk[-1]
            following = next(successors, None)
            if following is None:
                walk.pop()
                if walk:
                    parent = walk[-1][0]
                    lowest[parent] = min(lowest[parent], lowest[node])
                if lowest[node] == order[node]:
                    yield _take(node, stack, on_stack)
            elif following not in order:
                walk.append((following, iter(graph.get(following, ()))))
                _enter(following, order=order, lowest=lowest, stack=stack, on_stack=on_stack)
            elif following in on_stack:
                lowest[node] = min(lowest[node], order[following])


def _enter(
    node: str, *, order: dict[str, int], lowest: dict[str, int], stack: list[str], on_stack: set[str]
) -> None:
    order[node] = lowest[node] = len(order)
    stack.append(node)
    on_stack.add(node)


def _take(node: str, stack: list[str], on_stack: set[str]) -> list[str]:
    position = stack.index(node)
    component = stack[position:]
    del stack[position:]
    on_stack.difference_update(component)
    return component
