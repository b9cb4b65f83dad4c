"""Relations of points and ranges, which may exclude their ends, and ranges read from text."""

import pytest

from engine import feel

# Each expression stands beside one that says its value more plainly.
GIVES = [
    ("before(1, 10)", "true"),
    ("before([1..5), 5)", "true"),
    ("before([1..5], 5)", "false"),
    ("before((5..9], [1..5])", "false"),
    ("before(point1: 1, point2: 2)", "true"),
    ("after([5..9], (1..5))", "true"),
    ("after(5, [1..5))", "true"),
    ("meets([1..5], [5..10])", "true"),
    ("meets([1..5), [5..10])", "false"),
    ("met by([5..10], [1..5])", "true"),
    ("meets(1, [1..5])", "null"),
    ("overlaps([1..5], [5..8])", "true"),
    ("overlaps([1..5), [5..8])", "false"),
    ("overlaps before([1..5], [3..8])", "true"),
    ("overlaps before([1..5], [1..8])", "false"),
    ("overlaps after([3..8], [1..5])", "true"),
    ("finishes(5, [1..5])", "true"),
    ("finishes([3..5), [1..5))", "true"),
    ("finished by([1..5], 5)", "true"),
    ("includes([1..5], 3)", "true"),
    ("includes([1..5), 5)", "false"),
    ("includes(range: [1..9], point: 3)", "true"),
    ("during([2..3], [1..5])", "true"),
    ("during(point: 3, range: [1..5])", "true"),
    ("starts(1, [1..5])", "true"),
    ("starts((1..3), [1..5])", "false"),
    ("started by([1..10], 1)", "true"),
    ("coincides(1, 1)", "true"),
    ("coincides([1..5), [1..5))", "true"),
    ("coincides([1..5), [1..5])", "false"),
    ('before(@"2024-01-01", [@"2024-02-01"..@"2024-03-01"])', "true"),
    ('before(1, "a")', "null"),
    ('range("[1..3)")', "[1..3)"),
    (r'range("(\"a\"..\"c\"]")', '("a".."c"]'),
    (r'range("[date(\"2024-01-01\")..@\"2024-02-01\"]")', '[@"2024-01-01"..@"2024-02-01"]'),
    ('range("[3..1]")', "null"),
    ('range("[1 + 1..3]")', "null"),
]


@pytest.mark.parametrize(("text", "plainly"), GIVES)
def test_a_relation_holds(text: str, plainly: str) -> None:
    assert feel.evaluate(text, {}) == feel.evaluate(plainly, {})
