"""Reports texts that are no FEEL."""

from typing import Final

from engine.dmn.problems import Problems
from engine.dmn.sentences import SENTENCES
from engine.dmn.spots import Spot
from engine.feel import FeelSyntaxError

_EXCERPT: Final = 40


def report_syntax(error: FeelSyntaxError, text: str, spot: Spot, problems: Problems) -> None:
    """Note what is wrong with the text of a cell, and where in it."""
    excerpt = text[error.position : error.position + _EXCERPT].strip() or text[:_EXCERPT]
    code = f"feel_{error.code}"
    problems.add(
        code if code in SENTENCES else "feel_syntax",
        spot,
        position=error.position + 1,
        value=excerpt,
        reason=error.message,
        reason_vi=error.message_vi,
    )
