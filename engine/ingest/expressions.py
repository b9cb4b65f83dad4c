"""Checks every place of a diagram that holds an expression or a name."""

import re
from typing import Final

from engine import feel
from engine.diagram import Diagram, Element, Loop
from engine.ingest.report import Report, Spot

_NAME: Final = re.compile(r"(?!__)[^\W\d]\w*")
_MOST_NAME: Final = 200
_EXCERPT: Final = 40


def check_expressions(diagram: Diagram, report: Report) -> None:
    """Report expressions that are no FEEL and names that are none."""
    for flow in diagram.flows.values():
        if flow.condition is not None:
            check_expression(flow.condition, "condition", flow, report=report)
    for element in diagram.elements.values():
        _check_mappings(element, report)
        _check_script(element, report)
        _check_event(element, report)
        if element.loop is not None:
            _check_loop(element, element.loop, report)
        if element.called_process is not None:
            check_text_or_expression(element.called_process, "called_process", element, report=report)
        if element.called_decision is not None:
            check_text_or_expression(element.called_decision, "decision", element, report=report)


def check_expression(text: str, place: str, spot: Spot, *, report: Report) -> feel.Expression | None:
    """Report ``text`` unless it is ``=`` and an expression; return that."""
    if not text.strip():
        report.add("feel_missing", spot, place=place)
        return None
    if not text.startswith("="):
        report.add("feel_missing_equals", spot, place=place, value=text)
        return None
    try:
        return feel.parse(text[1:])
    except feel.FeelSyntaxError as error:
        _report_syntax(error, text[1:], place, spot=spot, report=report)
        return None


def check_text_or_expression(text: str, place: str, spot: Spot, *, report: Report) -> feel.Expression | None:
    """Report ``text`` if it begins with ``=`` and is no expression; return the expression, if it is one."""
    return check_expression(text, place, spot, report=report) if text.startswith("=") else None


def constant(expression: feel.Expression | None) -> tuple[bool, feel.Value]:
    """Return whether the expression is the same for every instance, and its value if so.

    Raises:
        FeelLimitError: it asks for too much work.

    """
    if expression is None or expression.names:
        return False, None
    return True, expression.evaluate({})


def is_name(text: str) -> bool:
    """Whether ``text`` may name a variable."""
    return len(text) <= _MOST_NAME and _NAME.fullmatch(text) is not None


def is_path(text: str) -> bool:
    """Whether ``text`` is a name or names joined by dots."""
    return len(text) <= _MOST_NAME and all(is_name(step) for step in text.split("."))


def _report_syntax(error: feel.FeelSyntaxError, text: str, place: str, *, spot: Spot, report: Report) -> None:
    excerpt = text[error.position : error.position + _EXCERPT].strip() or text[:_EXCERPT]
    report.add(
        f"feel_{error.code}",
        spot,
        place=place,
        position=str(error.position + 1),
        value=excerpt,
        reason=error.message,
        reason_vi=error.message_vi,
    )


def _check_mappings(element: Element, report: Report) -> None:
    for mapping in element.inputs:
        check_text_or_expression(mapping.source, "input", element, report=report)
    for mapping in element.outputs:
        check_expression(mapping.source, "output", element, report=report)
    for mapping in (*element.inputs, *element.outputs):
        if not is_path(mapping.target):
            report.add("name_malformed", element, value=mapping.target, place="target")


def _check_script(element: Element, report: Report) -> None:
    if element.script is not None:
        check_expression(element.script, "script", element, report=report)
    elif element.kind == "scriptTask" and element.action is None:
        report.add("script_not_feel", element)
    if element.action is not None and (element.script is not None or element.called_decision is not None):
        report.add("work_twice", element)
    has_result = element.kind in {"scriptTask", "businessRuleTask"}
    if has_result and element.result_variable is not None and not is_name(element.result_variable):
        report.add("name_malformed", element, value=element.result_variable, place="result")


def _check_event(element: Element, report: Report) -> None:
    event = element.event
    if event is None:
        return
    if event.kind in {"message", "signal"}:
        check_text_or_expression(event.name, f"{event.kind}_name", element, report=report)
    if event.correlation_key:
        key = check_expression(event.correlation_key, "correlation_key", element, report=report)
        if key is not None and not key.names:
            report.add("constant_key", element)
    if event.code.startswith("="):
        report.add("event_code_text", element)


def _check_loop(element: Element, loop: Loop, report: Report) -> None:
    if not loop.input_collection:
        report.add("loop_missing", element)
    else:
        check_expression(loop.input_collection, "collection", element, report=report)
    if loop.completion_condition is not None:
        check_expression(loop.completion_condition, "completion", element, report=report)
    if loop.output_element is not None:
        check_expression(loop.output_element, "output_element", element, report=report)
    for name, place in ((loop.input_element, "loop_item"), (loop.output_collection, "loop_result")):
        if name is not None and not is_name(name):
            report.add("name_malformed", element, value=name, place=place)
    if (loop.output_collection is None) != (loop.output_element is None):
        report.add("loop_output", element)
