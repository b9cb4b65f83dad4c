"""Functions of contexts give new contexts."""

import pytest

from engine import feel

# Each expression stands beside one that says its value more plainly.
GIVES = [
    ('get value({a: 1}, "a")', "1"),
    ('get value({a: {b: 1}}, ["a", "b"])', "1"),
    ('get value({a: 1}, "b")', "null"),
    ('get value(m: {a: 1}, key: "a")', "1"),
    ("get entries({a: 1})", '[{key: "a", value: 1}]'),
    ('context(get entries({a: 1, "b c": 2}))', '{a: 1, "b c": 2}'),
    ('context({key: "a", value: 1})', "{a: 1}"),
    ('context([{key: "a", value: 1}, {key: "a", value: 2}])', "null"),
    ("context([{key: null, value: 1}])", "null"),
    ('context put({a: 1}, "a", 2)', "{a: 2}"),
    ('context put({a: 1}, ["b", "c"], 2)', "{a: 1, b: {c: 2}}"),
    ('context put(context: {}, keys: ["a"], value: 1)', "{a: 1}"),
    ("context put({a: 1}, [], 2)", "null"),
    ('context put({a: 1}, ["a", "b"], 2)', "null"),
    ("context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}"),
    ("context merge([{a: 1}, null])", "null"),
]


@pytest.mark.parametrize(("text", "plainly"), GIVES)
def test_a_function_of_contexts_gives(text: str, plainly: str) -> None:
    assert feel.evaluate(text, {}) == feel.evaluate(plainly, {})
