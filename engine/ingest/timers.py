"""Checks that timers and deadlines are real moments and that repetitions have a period."""

import re
from typing import Final

from engine.diagram import Diagram, Element, EventSpec
from engine.ingest.expressions import check_expression, check_text_or_expression
from engine.ingest.moments import is_moment, problem_of_cycle, problem_of_duration
from engine.ingest.report import Report

HIGHEST_PRIORITY: Final = 100


def check_timers(diagram: Diagram, report: Report) -> None:
    """Report timers that never come, and those that come without end."""
    for element in diagram.elements.values():
        if element.event is not None and element.event.kind == "timer":
            _check_timer(element, element.event, report)
        _check_schedule(element, report)


def _check_timer(element: Element, event: EventSpec, report: Report) -> None:
    if event.timer_kind is None or not event.timer:
        report.add("timer_missing", element)
        return
    if event.timer_kind == "timeCycle" and element.kind == "intermediateCatchEvent":
        report.add("timer_cycle_not_here", element)
    if event.timer.startswith("="):
        check_expression(event.timer, "timer", element, report=report)
        return
    if event.timer_kind == "timeDate":
        if not is_moment(event.timer):
            report.add("moment_malformed", element, value=event.timer, place="timer")
        return
    check = problem_of_cycle if event.timer_kind == "timeCycle" else problem_of_duration
    code = check(event.timer)
    if code is not None:
        report.add(code, element, value=event.timer)


def _check_schedule(element: Element, report: Report) -> None:
    for text, place in ((element.due_date, "due_date"), (element.follow_up_date, "follow_up_date")):
        if text is None or not text:
            continue
        check_text_or_expression(text, place, element, report=report)
        if not text.startswith("=") and not is_moment(text):
            report.add("moment_malformed", element, value=text, place=place)
    if element.priority:
        check_text_or_expression(element.priority, "priority", element, report=report)
        if not element.priority.startswith("=") and not _is_priority(element.priority):
            report.add("priority_malformed", element, value=element.priority)


def _is_priority(text: str) -> bool:
    return re.fullmatch(r"\d{1,3}", text, re.ASCII) is not None and int(text) <= HIGHEST_PRIORITY
