"""Checks that timers and deadlines are real moments and that repetitions have a period."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from engine import feel
from engine.clock import CITY_ZONE
from engine.diagram import Diagram, Element, EventSpec
from engine.ingest.expressions import check_expression, check_text_or_expression
from engine.ingest.moments import is_moment, problem_of_cycle, problem_of_duration, shortest_length
from engine.ingest.report import Report

HIGHEST_PRIORITY: Final = 100


def check_timers(diagram: Diagram, now: datetime | None, report: Report) -> None:
    """Report timers that never come, those that come without end, and moments that are past at ``now``."""
    for element in diagram.elements.values():
        if element.event is not None and element.event.kind == "timer":
            _check_timer(element, element.event, now, report=report)
        _check_schedule(element, now, report)


def _check_timer(element: Element, event: EventSpec, now: datetime | None, *, report: Report) -> None:
    if event.timer_kind is None or not event.timer:
        report.add("timer_missing", element)
        return
    if event.timer_kind == "timeCycle" and element.kind == "intermediateCatchEvent":
        report.add("timer_cycle_not_here", element)
    if event.timer.startswith("="):
        found = check_expression(event.timer, "timer", element, report=report)
        _check_constant(found, "timer", element, now, report=report)
        return
    if event.timer_kind == "timeDate":
        if not is_moment(event.timer):
            report.add("moment_malformed", element, value=event.timer, place="timer")
        else:
            _check_value(event.timer, "timer", element, now, report=report)
        return
    check = problem_of_cycle if event.timer_kind == "timeCycle" else problem_of_duration
    code = check(event.timer)
    if code is not None:
        report.add(code, element, value=event.timer)
    elif event.timer_kind == "timeDuration":
        _check_value(event.timer, "timer", element, now, report=report)


def _check_schedule(element: Element, now: datetime | None, report: Report) -> None:
    for text, place in ((element.due_date, "due_date"), (element.follow_up_date, "follow_up_date")):
        if text is None or not text:
            continue
        found = check_text_or_expression(text, place, element, report=report)
        _check_constant(found, place, element, now, report=report)
        if not text.startswith("=") and not is_moment(text):
            report.add("moment_malformed", element, value=text, place=place)
        elif not text.startswith("="):
            _check_value(text, place, element, now, report=report)
    if element.priority:
        check_text_or_expression(element.priority, "priority", element, report=report)
        if not element.priority.startswith("=") and not _is_priority(element.priority):
            report.add("priority_malformed", element, value=element.priority)


def _is_priority(text: str) -> bool:
    return re.fullmatch(r"\d{1,3}", text, re.ASCII) is not None and int(text) <= HIGHEST_PRIORITY


def _check_constant(
    expression: feel.Expression | None, place: str, element: Element, now: datetime | None, *, report: Report
) -> None:
    """Work out what is the same for every instance; the calendar of working days is not at hand."""
    if expression is None or expression.names or expression.text.strip() == "null":
        return
    functions = expression.functions
    if any("working" in one for one in functions) or (now is None and functions & {"now", "today"}):
        return
    try:
        value = expression.evaluate({}, environment=feel.Environment(now=now))
    except feel.FeelLimitError:
        report.add("feel_limit", element, place=place)
        return
    _check_value(value, place, element, now, report=report)


def _check_value(
    value: feel.Value, place: str, element: Element, now: datetime | None, *, report: Report
) -> None:
    """Report a length of time that does not lead forward, and a moment that is past."""
    said = value if isinstance(value, str) else feel.display(value)
    if value is None:
        report.add("deadline_nothing", element, place=place)
    elif _is_nothing(value):
        report.add("length_not_positive", element, place=place, value=said)
    elif now is not None and _is_past(value, now):
        report.add("deadline_past", element, place=place, value=said)


def _is_nothing(value: feel.Value) -> bool:
    if isinstance(value, str):
        length = shortest_length(value.removeprefix("-"))
        return length is not None and (value.startswith("-") or length <= timedelta())
    if isinstance(value, feel.YearsMonthsDuration):
        return value.total_months <= 0
    return isinstance(value, feel.DaysTimeDuration) and value <= timedelta()


def _is_past(value: feel.Value, now: datetime) -> bool:
    """Whether a moment is before ``now``; a day is not past before it ends."""
    if isinstance(value, str) and is_moment(value):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=CITY_ZONE)) < now.astimezone(UTC)
    return isinstance(value, date) and value < now.astimezone(CITY_ZONE).date()
