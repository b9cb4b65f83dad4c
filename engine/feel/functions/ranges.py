"""Functions that compare points and ranges (DMN 1.3, 10.3.4.9), and the making of ranges."""

from collections.abc import Callable
from typing import Final

from engine.feel.comparison import equal, is_in_range, less
from engine.feel.functions.registry import built_in
from engine.feel.limits import Environment, Run
from engine.feel.values import Range, Value


def make_range(start: Value, end: Value, *, start_included: bool, end_included: bool) -> Range | None:
    """Return a range; None if the ends have no order, or if both are open."""
    if start is None and end is None:
        return None
    if start is not None and end is not None and less(start, end) is None:
        return None
    return Range(start, end, start_included and start is not None, end_included and end is not None)
