"""Checks the texts of a bundle, and the steps that send them."""

from collections.abc import Mapping

from engine.diagram import Diagram, Element
from engine.ingest.expressions import check_expression
from engine.ingest.problems import Surroundings
from engine.ingest.report import Report
from engine.ingest.work import check_role
from engine.texts import ACTION, STARTER, TEXT_HEADER, TO_HEADER, Text, TextRefusedError, parse_text

Texts = Mapping[str, Text]
"""The texts of a bundle by id."""


def read_texts(files: Mapping[str, bytes], reports: Mapping[str, Report]) -> Texts:
    """Return the texts among ``files`` that can be used; what is wrong with the others is reported."""
    found: dict[str, Text] = {}
    for name, content in files.items():
        if not name.endswith(".text"):
            continue
        try:
            text = parse_text(content)
        except TextRefusedError as refused:
            for problem in refused.problems:
                reports[name].add_text_problem(problem)
            continue
        if text.id in found:
            reports[name].add("text_id_twice", value=text.id)
        found[text.id] = text
    return found


def check_mails(diagram: Diagram, texts: Texts, surroundings: Surroundings, *, report: Report) -> None:
    """Report steps that send no text of the bundle, or send it to nobody."""
    for element in diagram.elements.values():
        if element.action == ACTION:
            _check_text(element, texts, report)
            _check_receivers(element, surroundings, report)


def _check_text(element: Element, texts: Texts, report: Report) -> None:
    text_id = element.headers.get(TEXT_HEADER, "").strip()
    if not text_id:
        report.add("mail_text_none", element)
    elif text_id not in texts or texts[text_id].kind != "mail":
        report.add("mail_text_missing", element, value=text_id)


def _check_receivers(element: Element, surroundings: Surroundings, report: Report) -> None:
    to = element.headers.get(TO_HEADER, "").strip()
    if to.startswith("="):
        check_expression(to, "groups", element, report=report)
        return
    names = [name.strip() for name in to.split(",")]
    if not all(names):
        report.add("mail_to_none", element)
        return
    for name in names:
        if name != STARTER:
            check_role(element, name, surroundings, report=report)
