"""Functions of lists give new lists; places count from 1, and from -1 at the end."""

import pytest

from engine import feel

# Each expression stands beside one that says its value more plainly.
GIVES = [
    ("list contains([1, null], null)", "true"),
    ('list contains([1, 2], "1")', "false"),
    ("sublist([4, 5, 6], 1, 2)", "[4, 5]"),
    ("sublist([4, 5, 6], -2)", "[5, 6]"),
    ("sublist([4, 5, 6], 2, 5)", "null"),
    ("append([1], 2, [3])", "[1, 2, [3]]"),
    ("append(1, 2)", "[1, 2]"),
    ("append(null, 1)", "null"),
    ("concatenate([1, 2], [3])", "[1, 2, 3]"),
    ("insert before([1, 3], 2, 2)", "[1, 2, 3]"),
    ("insert before(list: [1, 3], position: -1, newItem: 2)", "[1, 2, 3]"),
    ("insert before([1], 3, 2)", "null"),
    ("remove([1, 2, 3], -1)", "[1, 2]"),
    ("remove([1], 2)", "null"),
    ("reverse([1, 2, 3])", "[3, 2, 1]"),
    ("index of([1, 2, 1], 1)", "[1, 3]"),
    ("index of([1, null], null)", "[2]"),
    ("union([1, 2], [2, null])", "[1, 2, null]"),
    ("distinct values([1, 1.0, 2, [1], [1], null, null])", "[1, 2, [1], null]"),
    ("duplicate values([1, 2, 1])", "[1]"),
    ("flatten([1, [2, [3]]])", "[1, 2, 3]"),
    ("sort([3, 1, 2], function(a, b) a > b)", "[3, 2, 1]"),
    ('sort(list: ["b", "a"], precedes: function(a, b) a < b)', '["a", "b"]'),
    ("sort([3, 1, 2])", "[1, 2, 3]"),
    ("sort([3, 1, 2], function(a, b) null)", "null"),
    ("sort([3, 1, 2], function(a) true)", "null"),
    ("sort([])", "[]"),
    ('sort([1, "a"])', "null"),
    ("list replace([2, 4], function(item, newItem) item < newItem, 3)", "[3, 4]"),
    ("list replace([2, 4, 7], -1, 8)", "[2, 4, 8]"),
    ("list replace(list: [2], position: 1, newItem: 3)", "[3]"),
    ("list replace([2], 2, 3)", "null"),
    ("list replace([2], function(item, newItem) null, 3)", "null"),
    ("is empty([])", "true"),
    ("partition([1, 2, 3], 2)", "[[1, 2], [3]]"),
    ("partition([1], 0)", "null"),
]


@pytest.mark.parametrize(("text", "plainly"), GIVES)
def test_a_function_of_lists_gives(text: str, plainly: str) -> None:
    assert feel.evaluate(text, {}) == feel.evaluate(plainly, {})
