"""Values written for other programs, and read from them."""

import pytest

from engine import feel

# Each expression stands beside one that says its value more plainly.
GIVES = [
    ('to base64("Hải")', '"SOG6o2k="'),
    (
        r'to json({a: [1, 2.50, null, true], b: @"2024-01-01", "c\"": "Đ"})',
        r'"{\"a\":[1,2.5,null,true],\"b\":\"2024-01-01\",\"c\\\"\":\"Đ\"}"',
    ),
    ("to json(null)", '"null"'),
    (r'from json("{\"a\": [1, 2.50, null]}")', "{a: [1, 2.5, null]}"),
    ('from json(to json({a: ["x", {b: 0.1}]}))', '{a: ["x", {b: 0.1}]}'),
    ('from json("[")', "null"),
    ('from json("NaN")', "null"),
    ('from json("1e99999")', "null"),
]


@pytest.mark.parametrize(("text", "plainly"), GIVES)
def test_an_encoding_gives(text: str, plainly: str) -> None:
    assert feel.evaluate(text, {}) == feel.evaluate(plainly, {})
