"""The built-in functions of FEEL, one module for each subject."""

from typing import Final

from engine.feel.errors import FeelSyntaxError
from engine.feel.functions import (
    contexts,
    conversion,
    dates,
    encoding,
    lists,
    numbers,
    ranges,
    statistics,
    strings,
    working_days,
)
from engine.feel.functions.ranges import make_range
from engine.feel.functions.regex import refusal
from engine.feel.functions.registry import FUNCTIONS
from engine.feel.nodes import Literal, Node
from engine.feel.phrases import Phrases
from engine.feel.values import Function, Value

__all__ = ["PHRASES", "check_literal_pattern", "find", "make_range"]

_SUBJECTS: Final = (
    contexts,
    conversion,
    dates,
    encoding,
    lists,
    numbers,
    ranges,
    statistics,
    strings,
    working_days,
)
_PLACE_OF_FLAGS: Final = {"matches": 2, "replace": 3, "split": 2, "extract": 2}
"""The functions that take a pattern as their second argument."""


PHRASES: Final = Phrases((*FUNCTIONS, "is defined"))
"""The names of functions that consist of several words."""


def find(name: str) -> Function | None:
    """Return the built-in function of this name."""
    return FUNCTIONS.get(name)


def check_literal_pattern(function: Value, arguments: tuple[Node, ...], position: int) -> bool:
    """Refuse a call whose regular expression stands in the text and cannot be used; return whether one does.

    Raises:
        FeelSyntaxError: the pattern is not one of XPath's, or refers to something back.

    """
    if not isinstance(function, Function) or function.name not in _PLACE_OF_FLAGS:
        return False
    texts = [_text_of(argument) for argument in arguments]
    pattern = texts[1] if len(texts) > 1 else None
    place = _PLACE_OF_FLAGS[function.name]
    flags = texts[place] if len(texts) > place else ""
    if pattern is None or flags is None:
        return False
    if why := refusal(pattern, flags):
        raise FeelSyntaxError(
            "bad_pattern",
            position=position,
            code="bad_pattern",
            name=function.name,
            pattern=pattern[:60],
            why=why,
        )
    return True


def _text_of(node: Node) -> str | None:
    return node.value if isinstance(node, Literal) and isinstance(node.value, str) else None
