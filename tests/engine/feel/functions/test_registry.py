"""The table of functions: what it holds stands in the documents, and calls fit what it says."""

import re
from pathlib import Path

import pytest

from engine import feel
from engine.feel import FeelSyntaxError
from engine.feel.functions.registry import FUNCTIONS

DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "feel.md"
REFUSED = {"uuid", "random number"}
"""What Camunda has and we have not, since it gives another value each time."""


def test_every_function_is_documented_and_no_other() -> None:
    section = DOCUMENT.read_text().split("## Functions")[1].split("## Where")[0]

    assert set(re.findall(r"`([a-z0-9 ]+)`", section)) == {*FUNCTIONS, "is defined", *REFUSED}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_gives_another_value_each_time_is_refused(name: str) -> None:
    with pytest.raises(FeelSyntaxError) as refused:
        feel.parse(f"{name}()")

    assert refused.value.code == "unknown_function"


@pytest.mark.parametrize(
    ("text", "plainly"),
    [
        ('contains(match: "a", string: "ab")', "true"),
        ('contains(string: "ab", mach: "a")', "null"),
        ('contains(string: "ab")', "null"),
        ('matches(input: "ab", pattern: "A", flags: null)', "false"),
        ("append(list: [1])", "[1]"),
        ("sum(list: [1, 2])", "3"),
        ("count([[1, 2]])", "1"),
        ('upper case(["a"])', '"A"'),
        ('upper case(["a", "b"])', "null"),
        ("abs(1, 2)", "null"),
    ],
)
def test_a_call_fits_or_is_null(text: str, plainly: str) -> None:
    assert feel.evaluate(text, {}) == feel.evaluate(plainly, {})
