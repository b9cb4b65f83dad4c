"""Functions of text count characters as people write them: by code points, from 1."""

import pytest

from engine import feel

# Each expression stands beside one that says its value more plainly.
GIVES = [
    ('substring("thi đua", 5)', '"đua"'),
    ('substring("thi đua", -3, 2)', '"đu"'),
    ('substring("foobar", 3, 10)', '"obar"'),
    ('substring("foobar", 10)', '""'),
    ('substring("foobar", 0)', "null"),
    ('substring("foobar", 1, 0)', "null"),
    ('substring(string: "foobar", start position: 3)', '"obar"'),
    ('substring("a", "b")', "null"),
    ("substring()", "null"),
    ('string length("Quyết định")', "10"),
    (r'string length("\U01F40E")', "1"),
    ('upper case("hải phòng")', '"HẢI PHÒNG"'),
    ('lower case("ĐỨC")', '"đức"'),
    ('substring before("foobar", "bar")', '"foo"'),
    ('substring before("foobar", "xyz")', '""'),
    ('substring after("foobar", "ob")', '"ar"'),
    ('substring after("foobar", "")', '"foobar"'),
    ('substring after("", "a")', '""'),
    ('contains("foobar", "of")', "false"),
    ('contains("foobar", "")', "true"),
    ('starts with("foobar", "fo")', "true"),
    ('ends with("foobar", "r")', "true"),
    ('trim("  a b ")', '"a b"'),
    (r'is blank(" \t")', "true"),
    ('string join(["a", null, "b"], ", ")', '"a, b"'),
    ('string join(["a", "b"])', '"ab"'),
    ('string join(["a", "b"], ", ", "<", ">")', '"<a, b>"'),
    ('string join("a", "-")', '"a"'),
    ('string join([1, 2], "-")', "null"),
    ("string length(null)", "null"),
]


@pytest.mark.parametrize(("text", "plainly"), GIVES)
def test_a_function_of_text_gives(text: str, plainly: str) -> None:
    assert feel.evaluate(text, {}) == feel.evaluate(plainly, {})
