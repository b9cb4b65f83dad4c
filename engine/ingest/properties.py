"""Checks the properties of tasks and processes that we give a meaning; no slip in one passes in silence."""

import re
from difflib import get_close_matches
from typing import Final

from engine.diagram import Diagram, Element, Process
from engine.ingest.problems import Surroundings
from engine.ingest.report import Report
from engine.ingest.safeguards import MANDATORY, REQUIRES
from engine.ingest.variables import BRINGS, MAY_BRING, STARTED_BY
from engine.ingest.work import check_action, check_role
from engine.ladders import is_ladder

KNOWN: Final = frozenset(
    {"en", "record", "values", "page", "reminders", "not_same_person_as"}
    | {MANDATORY, REQUIRES, BRINGS, MAY_BRING, STARTED_BY}
)
_ANYWHERE: Final = (MANDATORY, REQUIRES, BRINGS, MAY_BRING, STARTED_BY)
_PAGE: Final = re.compile(r"[a-z][a-z0-9_]{0,79}")


def check_properties(diagram: Diagram, surroundings: Surroundings, report: Report) -> None:
    """Report properties that name what is not there, or cannot be read."""
    for process in diagram.processes.values():
        _check_ladder(process, report)
    for element in diagram.elements.values():
        _check_spelling(element, report)
        _check_beginners(element, surroundings, report)
        if element.kind == "userTask":
            _check_sources(element, surroundings, report)
            _check_words(element, report)
            _check_four_eyes(element, diagram, report)


def _check_spelling(element: Element, report: Report) -> None:
    """Note what is nearly a property that protects the process; a slip there would protect nothing."""
    for name in element.properties.keys() - KNOWN:
        near = next(iter(get_close_matches(name.lower(), _ANYWHERE, n=1)), None)
        if near is not None:
            report.add("property_near", element, value=name, near=near)


def _check_beginners(element: Element, surroundings: Surroundings, report: Report) -> None:
    """Report who may begin the process, where that is no role."""
    for role in element.listed(STARTED_BY):
        check_role(element, role, surroundings, report=report)


def _check_sources(element: Element, surroundings: Surroundings, report: Report) -> None:
    source, record = element.properties.get("values"), element.properties.get("record")
    if source and surroundings.form_sources is not None and source not in surroundings.form_sources:
        report.add("form_source_unknown", element, value=source)
    if record:
        check_action(element, record, surroundings, report=report)


def _check_words(element: Element, report: Report) -> None:
    for name in element.properties.keys() - KNOWN:
        if not get_close_matches(name.lower(), _ANYWHERE, n=1):
            report.add("property_unknown", element, value=name)
    page = element.properties.get("page")
    if page and _PAGE.fullmatch(page) is None:
        report.add("page_malformed", element, value=page)
    _check_ladder(element, report)


def _check_ladder(spot: Element | Process, report: Report) -> None:
    reminders = spot.properties.get("reminders")
    if reminders is not None and not is_ladder(reminders):
        report.add("reminders_malformed", spot, value=reminders)


def _check_four_eyes(element: Element, diagram: Diagram, report: Report) -> None:
    for name in element.listed("not_same_person_as"):
        other = diagram.elements.get(name)
        if other is None or other.kind != "userTask" or other.id == element.id:
            report.add("four_eyes_dangling", element, value=name)
