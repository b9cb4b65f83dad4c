"""Checks which processes call which, over all files of a bundle."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from engine import feel
from engine.diagram import Diagram, Element
from engine.ingest.components import strongly_connected
from engine.ingest.report import Report

DEEPEST_CALLS: Final = 30


def check_calls(diagrams: Mapping[str, Diagram], reports: Mapping[str, Report]) -> None:
    """Report calls of what is not there, calls in a circle, and calls nested too deeply."""
    known = {process for diagram in diagrams.values() for process in diagram.processes}
    graph: dict[str, list[str]] = {process: [] for process in known}
    calls: list[tuple[Report, Element, str]] = []
    for name, diagram in diagrams.items():
        for element in diagram.elements.values():
            target = _called(element, reports[name])
            if target is None:
                continue
            if target not in known:
                reports[name].add("process_missing", element, value=target)
            else:
                graph[element.process_id].append(target)
                calls.append((reports[name], element, target))
    _check_circles(graph, calls)


def check_process_ids(diagrams: Mapping[str, Diagram], reports: Mapping[str, Report]) -> None:
    """Report processes of several files that share an id."""
    files: dict[str, list[str]] = defaultdict(list)
    for name, diagram in diagrams.items():
        for process in diagram.processes:
            files[process].append(name)
    for process, names in files.items():
        for name in names if len(names) > 1 else []:
            reports[name].add("process_twice", diagrams[name].processes[process], value=process)


def _called(element: Element, report: Report) -> str | None:
    """Return the process that a call activity calls whatever the variables are."""
    if element.kind != "callActivity":
        return None
    called = element.called_process
    if not called:
        report.add("call_none", element)
        return None
    if not called.startswith("="):
        return called
    try:
        expression = feel.parse(called[1:])
        value = None if expression.names else expression.evaluate({})
    except (feel.FeelSyntaxError, feel.FeelLimitError):
        return None
    return value if isinstance(value, str) else None


def _check_circles(graph: Mapping[str, list[str]], calls: list[tuple[Report, Element, str]]) -> None:
    component_of: dict[str, list[str]] = {}
    depth: dict[str, int] = {}
    for component in strongly_connected(graph):
        below = [depth[target] for process in component for target in graph[process] if target in depth]
        for process in component:
            component_of[process] = component
        depth.update(dict.fromkeys(component, 1 + max(below, default=0)))
    for report, element, target in calls:
        if target in component_of[element.process_id]:
            report.add("call_cycle", element, value=", ".join(sorted(component_of[target])))
        elif depth[element.process_id] > DEEPEST_CALLS:
            report.add("call_too_deep", element, limit=str(DEEPEST_CALLS))
