"""Functions of regular expressions find, replace, cut and extract."""

import pytest

from engine import feel

# Each expression stands beside one that says its value more plainly.
GIVES = [
    ('matches("HẢI PHÒNG", "hải", "i")', "true"),
    ('matches("foobar", "^fo*b")', "true"),
    ('matches(input: "foobar", pattern: "^b")', "false"),
    ('matches("a", null)', "null"),
    ('replace("a1b2", "([a-z])([0-9])", "$2$1")', '"1a2b"'),
    ('replace("a.b", ".", "x", "q")', '"axb"'),
    ('replace("a", "a", "$")', "null"),
    ('split("a;b;;c", ";")', '["a", "b", "", "c"]'),
    (r'split("John Doe", "\s")', '["John", "Doe"]'),
    ('split("a", ";")', '["a"]'),
    ('extract("HS-1, HS-22", "[0-9]+")', '["1", "22"]'),
]


@pytest.mark.parametrize(("text", "plainly"), GIVES)
def test_a_function_of_patterns_gives(text: str, plainly: str) -> None:
    assert feel.evaluate(text, {}) == feel.evaluate(plainly, {})
