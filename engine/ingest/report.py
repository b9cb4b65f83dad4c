"""Collects the problems of one file, each at its element."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from engine.diagram import Element, Flow, Process
from engine.ingest.messages import message, quote, visible
from engine.ingest.problems import Mend, Problem, Severity
from engine.ingest.xml import Node, is_bpmn

if TYPE_CHECKING:
    from engine.forms import FormProblem
    from engine.texts import TextProblem

MOST_PROBLEMS: Final = 200
Spot = Element | Flow | Process | Node | None


@dataclass
class Report:
    """The problems of ``file`` so far; the same problem at the same element counts once."""

    file: str
    problems: list[Problem] = field(default_factory=list[Problem])
    _seen: set[Problem] = field(default_factory=set[Problem])

    @property
    def has_errors(self) -> bool:
        """Whether anything found so far cannot run as drawn."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def add(self, code: str, spot: Spot = None, **parameters: str) -> None:
        """Note the problem ``code`` at ``spot``."""
        self._note(code, spot, None, parameters)

    def add_mended(self, code: str, spot: Spot, mend: Mend, /, **parameters: str) -> None:
        """Note the problem ``code`` at ``spot`` with what would put it right."""
        self._note(code, spot, mend, parameters)

    def _note(self, code: str, spot: Spot, mend: Mend | None, parameters: dict[str, str]) -> None:
        said = message(code, parameters)
        element_id, name = _place(spot)
        self._append(Problem(said.severity, code, element_id, quote(name), said.vi, said.en, self.file, mend))

    def add_ready(self, problem: Problem) -> None:
        """Note a problem that somebody else has put into words."""
        self._append(
            replace(
                problem,
                element_id=None if problem.element_id is None else quote(problem.element_id),
                element_name=quote(problem.element_name),
                part_id=quote(problem.part_id),
                message_vi=visible(problem.message_vi),
                message_en=visible(problem.message_en),
            )
        )

    def add_form_problem(self, found: "FormProblem") -> None:
        """Note what the reader of forms has found."""
        self.add_ready(
            Problem(
                severity=Severity(found.severity),
                code=found.code,
                element_id=found.element_id,
                element_name="",
                message_vi=found.message_vi,
                message_en=found.message_en,
                file=self.file,
            )
        )

    def add_text_problem(self, found: "TextProblem") -> None:
        """Note what the reader of mail and document texts has found."""
        self.add_ready(
            Problem(
                severity=Severity.ERROR,
                code=found.code,
                element_id=found.member or None,
                element_name="",
                message_vi=found.message_vi,
                message_en=found.message_en,
                file=self.file,
            )
        )

    def _append(self, problem: Problem) -> None:
        if problem in self._seen:
            return
        self._seen.add(problem)
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)
        elif len(self.problems) == MOST_PROBLEMS:
            said = message("too_many_problems", {})
            self.problems.append(
                Problem(said.severity, "too_many_problems", None, "", said.vi, said.en, self.file)
            )
        if problem.severity is Severity.ERROR and not self.has_errors:
            self.problems[-1] = problem


def _place(spot: Spot) -> tuple[str | None, str]:
    if spot is None:
        return None, ""
    if isinstance(spot, Element | Flow | Process):
        return quote(spot.id) or None, spot.name
    for node in (spot, *spot.iterancestors()):
        if is_bpmn(node) and node.get("id"):
            return quote(node.get("id", "")), node.get("name", "")
    return None, ""
