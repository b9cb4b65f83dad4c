"""Functions that make one value of many take a list, or the items themselves."""

import pytest

from engine import feel

# Each expression stands beside one that says its value more plainly.
GIVES = [
    ("count([1, null])", "2"),
    ("count([])", "0"),
    ("count(null)", "null"),
    ("min([3, 1, 2])", "1"),
    ('min("b", "a")', '"a"'),
    ("max([1, 5, 3])", "5"),
    ('max(@"P1D", @"PT25H")', '@"PT25H"'),
    ('min([1, "a"])', "null"),
    ("min([])", "null"),
    ("sum(1, 2, 3)", "6"),
    ('sum([@"P1D", @"PT5H"])', '@"P1DT5H"'),
    ("sum([])", "null"),
    ("product([2, 3, 4])", "24"),
    ("mean(1, 2, 3)", "2"),
    ("mean([])", "null"),
    ("mean([1, null])", "null"),
    ("median([8, 2, 5, 3])", "4"),
    ("median([])", "null"),
    ("decimal(stddev(2, 4, 7, 5), 6)", "2.081666"),
    ("stddev([47])", "null"),
    ("mode([6, 3, 9, 6, 6, 3, 3])", "[3, 6]"),
    ("mode([])", "[]"),
    ("all([true, null])", "null"),
    ("all([false, null])", "false"),
    ("all([])", "true"),
    ("any([true, null])", "true"),
    ("any([false, null])", "null"),
    ("any([])", "false"),
]


@pytest.mark.parametrize(("text", "plainly"), GIVES)
def test_a_function_of_many_gives(text: str, plainly: str) -> None:
    assert feel.evaluate(text, {}) == feel.evaluate(plainly, {})
