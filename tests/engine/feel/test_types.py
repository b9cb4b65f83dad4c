"""Types: which values are of them, what becomes of values where they are asked for, and their order."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine import feel
from engine.feel import Environment, FeelSyntaxError, Run, Type, Value, conform, conforms, make_function

TYPES: Mapping[str, Type] = {
    "tScores": feel.parse_type("list<number>"),
    "t Person": feel.parse_type("context<họ tên: string, tuổi: number>"),
    "shared.tCheck": feel.parse_type("function<string, number> -> boolean"),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 2] instance of tScores", True),
        ('[1, "a"] instance of tScores', False),
        ('{họ tên: "A", tuổi: 3, thêm: 1} instance of t Person', True),
        ('{họ tên: "A"} instance of t Person', False),
        ("[{họ tên: null, tuổi: 3}] instance of list<t Person>", True),
        ("(function(a: string, b: number) true) instance of shared.tCheck", True),
        ("(function(a, b) true) instance of shared.tCheck", True),
        ("(function(a: number, b: number) true) instance of shared.tCheck", False),
        ("(function(a: string) true) instance of shared.tCheck", False),
        ("(function(a: list<Any>) 1) instance of function<list<number>> -> Any", True),
        ("(function(a: list<number>) 1) instance of function<list<Any>> -> Any", False),
        ("count instance of function", True),
        ("upper case instance of function<string>->string", True),
        ("upper case instance of function<number>->string", False),
        ("[1..2] instance of range<number>", True),
        ('["a".."b"] instance of range<number>', False),
        ("null instance of Any", False),
        ("null instance of Null", True),
        ('@"P1D" instance of day time duration', True),
        ('@"2024-01-01" instance of date and time', False),
    ],
)
def test_a_value_is_of_a_type(text: str, expected: bool) -> None:
    assert feel.parse(text, types=TYPES).evaluate({}) is expected


@pytest.mark.parametrize(
    "text", ["foo", "list<foo>", "list<number", "list<number, string>", "context<number>", "", "1"]
)
def test_what_is_no_type_is_refused(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        feel.parse_type(text)


@pytest.mark.parametrize(
    ("value", "wanted", "expected"),
    [
        (Decimal(1), "number", Decimal(1)),
        ([Decimal(1)], "number", Decimal(1)),
        (Decimal(1), "list<number>", [Decimal(1)]),
        ("a", "list<number>", None),
        ([Decimal(1), Decimal(2)], "number", None),
        (date(2024, 1, 2), "date and time", datetime(2024, 1, 2, tzinfo=UTC)),
        (None, "number", None),
        ("a", "Any", "a"),
        ({"a": "x"}, "context<a: string>", {"a": "x"}),
        ({"b": "x"}, "context<a: string>", None),
    ],
)
def test_a_value_becomes_one_of_the_type(value: Value, wanted: str, expected: Value) -> None:
    assert conform(value, feel.parse_type(wanted), Run(Environment())) == expected


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        ("number", "Any", True),
        ("Null", "number", True),
        ("Any", "number", False),
        ("list<number>", "list<Any>", True),
        ("list", "list<number>", False),
        ("context<a: number, b: string>", "context<a: number>", True),
        ("context<a: number>", "context<a: number, b: string>", False),
        ("function<Any> -> number", "function<string> -> Any", True),
        ("function<string> -> number", "function<Any> -> number", False),
        ("function", "function<Any> -> Any", False),
    ],
)
def test_types_conform(given: str, wanted: str, expected: bool) -> None:
    assert conforms(feel.parse_type(given), feel.parse_type(wanted)) is expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("f(2)", Decimal(4)),
        ("f([2])", Decimal(4)),
        ("f(n: 2)", Decimal(4)),
        ('f("a")', None),
        ("f(null)", None),
        ("f()", None),
        ("f(m: 2)", None),
    ],
)
def test_arguments_have_to_be_of_the_types_of_the_parameters(call: str, expected: Value) -> None:
    double = feel.parse("n * 2", ("n",))
    made = make_function(
        Type("function", (("n", Type("number")),)),
        lambda run, arguments: double.within(feel.Scope(arguments, None, run)),
    )

    assert feel.evaluate(call, {"f": made}) == expected
    assert feel.evaluate(f"{{f: function(n: number) n * 2, r: {call}}}.r", {}) == expected


def test_an_argument_of_another_type_makes_the_result_null_even_if_nobody_reads_it() -> None:
    assert feel.evaluate('(function(n: number) 1)("a")', {}) is None
    assert feel.evaluate("(function(n: number) 1)(null)", {}) == Decimal(1)
