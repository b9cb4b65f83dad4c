"""What is refused when an expression is read, what is stopped when it runs; nothing else is ever raised."""

import json
import sys
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.feel import Environment, FeelLimitError, FeelSyntaxError, Limits, Value
from engine.feel.functions.registry import FUNCTIONS

REFUSED = [
    ("", "syntax"),
    ("1 +", "syntax"),
    ("(1", "syntax"),
    ("import os", "syntax"),
    ("'abc'", "syntax"),
    ("(x := 1)", "syntax"),
    ("1 << 40", "syntax"),
    ("1 if true else 2", "syntax"),
    ("lambda x: x", "syntax"),
    ("a == b", "syntax"),
    ('"abc', "syntax"),
    ("1 /* một", "syntax"),
    ("{a: 1, a: 2}", "syntax"),
    ('"\\uD83D"', "syntax"),
    ("f(1, b: 2)", "unknown_function"),
    ('eval("1")', "unknown_function"),
    ('open("/etc/hostname")', "unknown_function"),
    ("random number()", "unknown_function"),
    ("__import__", "reserved_name"),
    ("a.__class__", "reserved_name"),
    ("{__a: 1}", "reserved_name"),
    ('function(x) external {java: {class: "a"}}', "external_function"),
    ("9" * 7000, "too_big_number"),
    ("1e7000", "too_big_number"),
    ('matches("a", "(?=a)")', "bad_pattern"),
    ('matches("a", "(a)\\\\1")', "bad_pattern"),
    ('replace("a", "(", "b")', "bad_pattern"),
    ("1" + " " * 50_000, "too_long"),
    ("(" * 101 + "1" + ")" * 101, "too_deep"),
    ("-" * 101 + "1", "too_deep"),
    ("if true then " * 101 + "1" + " else 2" * 101, "too_deep"),
    ("1" + " = 1" * 101, "too_deep"),
    ("[" + ", ".join(['matches("a", "[a-z-[aeiou]]")'] * 201) + "]", "too_deep"),
    ("{a: " * 101 + "1" + "}" * 101, "too_deep"),
    ("for " + ", ".join(f"a{i} in [1]" for i in range(21)) + " return 1", "too_deep"),
]


@pytest.mark.parametrize(("text", "code"), REFUSED, ids=[text[:30] for text, _ in REFUSED])
def test_a_bad_text_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(FeelSyntaxError) as refused:
        feel.parse(text)

    assert refused.value.code == code
    assert 0 <= refused.value.position <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        " + ".join(["1"] * 10_000),
        " or ".join(["false"] * 5_000),
        "if false then 0 else " * 2_000 + "1",
        "1" + " ** 1" * 9_000,
        "a" + ".b" * 20_000,
        "(" * 99 + "1" + ")" * 99,
        "not(" * 99 + "true" + ")" * 99,
    ],
    ids=lambda text: text[:20],
)
def test_length_alone_is_no_nesting(text: str) -> None:
    feel.parse(text).evaluate({})


STOPPED = [
    "sum(for i in 1..1000000000 return 1)",
    "for i in 1..60 return concatenate(partial, partial, [i])",
    "{f: function(g, n) 1 + g(g, n + 1), r: f(f, 0)}.r",
    "[" + ", ".join(["long"] * 100) + "]",
    'replace(long, "a", long)',
    'matches(long, "\\\\w{90}")',
    'for i in 1..100 return matches("a", "\\\\w{30}" + string(i))',
    'for i in 1..100 return matches("a", "[\\\\w-[" + string(i) + "]]{20}")',
    "context put({}, for i in 1..3000 return string(i), 1)",
]


@pytest.mark.parametrize("text", STOPPED)
def test_what_asks_for_too_much_is_stopped(text: str) -> None:
    with pytest.raises(FeelLimitError):
        feel.parse(text).evaluate({"long": "a" * 500_000})


def test_shared_lists_count_as_often_as_they_would_be_written() -> None:
    entries = ", ".join(f"a{i}: [a{i - 1}, a{i - 1}]" for i in range(1, 40))

    with pytest.raises(FeelLimitError):
        feel.parse(f"{{a0: [1], {entries}}}.a0").evaluate({})


def test_the_caller_may_set_the_limits() -> None:
    expression = feel.parse("sum(for i in 1..100 return i)")

    assert expression.evaluate({}) == Decimal(5050)
    with pytest.raises(FeelLimitError):
        expression.evaluate({}, environment=Environment(limits=Limits(steps=100)))


def test_a_nearly_full_stack_is_a_limit_too() -> None:
    def deeper(levels: int) -> Value:
        return deeper(levels - 1) if levels else feel.parse("(" * 90 + "x" + ")" * 90).evaluate({})

    with pytest.raises((FeelSyntaxError, FeelLimitError)):
        deeper(sys.getrecursionlimit() - 200)


def test_an_expression_tells_what_it_reads() -> None:
    expression = feel.parse(
        "for d in dossiers return"
        " {a: d.x, b: a + dossier.unit.code + limit, c: others[points > limit and item > 1]}"
    )

    assert expression.names == {"dossiers", "dossier", "limit", "others", "points"}
    assert expression.paths == {("dossier", "unit", "code")}
    assert expression.filter_names == {"points"}
    assert feel.parse("now() + duration(text)").functions == {"now", "duration"}


WORDS = st.sampled_from(
    [
        *(
            "1",
            "0",
            "-1",
            "1e999",
            ".5",
            "10",
            "99999",
            "a",
            "b",
            "item",
            "partial",
            "null",
            "true",
            "false",
            "?",
        ),
        *(
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            "..",
            ".",
            "+",
            "-",
            "*",
            "/",
            "**",
            "=",
            "!=",
            "<",
            "<=",
            ">",
        ),
        *(
            "@",
            "->",
            "`",
            "`é`",
            "if",
            "then",
            "else",
            "for",
            "in",
            "return",
            "some",
            "every",
            "satisfies",
            "and",
        ),
        *(
            "or",
            "between",
            "instance of",
            "function",
            "external",
            "not",
            '"a"',
            '"P1D"',
            '"2024-01-31"',
            '"[',
        ),
        *("date", "time", "duration", "string", "number", "list", "context", "range", "count", "sum", "sort"),
        *("replace", "matches", "split", "flatten", "concatenate", "is defined", "years and months duration"),
        *("context put", "get value", "date and time", "//", "\n", "/*", "*/"),
    ]
)
VARIABLES: Mapping[str, Value] = {"a": [Decimal(1), "x", None], "b": {"item": Decimal(2)}}


def check(text: str) -> None:
    try:
        value = feel.parse(text).evaluate(VARIABLES)
    except (FeelSyntaxError, FeelLimitError):
        return
    json.dumps(feel.to_json(value))
    feel.display(value)


@settings(max_examples=600, deadline=None)
@given(st.lists(WORDS, max_size=25).map(" ".join))
def test_no_sequence_of_words_raises_anything_else(text: str) -> None:
    check(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_no_text_raises_anything_else(text: str) -> None:
    check(text)
    check(f'"{text}"')


LEAVES = [
    *(
        "1",
        "-2.5",
        "1e6144",
        "1e-6143",
        "0",
        "2 ** 70",
        "null",
        "true",
        '"a"',
        '"(a"',
        '"PT1S"',
        "[]",
        "[1, 2]",
    ),
    *('["a", null]', "{k: 1}", "[1..3]", "(> 2)", "function(a) a", "function(a, b) null", "count"),
    *(
        '@"2024-02-29"',
        '@"9999-12-31"',
        '@"P1Y"',
        '@"PT36H"',
        '@"-P999999999D"',
        '@"10:00:00@Asia/Ho_Chi_Minh"',
    ),
    *(
        '@"2024-01-01T00:00:00Z"',
        '@"0001-01-01T00:00:00+07:00"',
        '@"9999-12-31T23:59:59-07:00"',
        '@"00:00:00"',
    ),
]
OPERATORS = ["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or", "in"]
PROPERTIES = [
    "year",
    "weekday",
    "hour",
    "time offset",
    "timezone",
    "days",
    "hours",
    "years",
    "months",
    "start",
    "k",
]


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_takes_every_pair_of_values(operator: str) -> None:
    for left in LEAVES:
        for right in LEAVES:
            check(f"{left} {operator} {right}")


def test_every_value_takes_every_step() -> None:
    for leaf in LEAVES:
        for name in PROPERTIES:
            check(f"({leaf}).{name}")
        check(f"-({leaf})")
        for other in LEAVES:
            check(f"({leaf})[{other}]")
            check(f"for i in {leaf} return {other}")
            check(f"{leaf} between {other} and {leaf}")


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(st.sampled_from(LEAVES), max_size=4))
def test_every_function_takes_every_value(name: str, arguments: list[str]) -> None:
    check(f"{name}({', '.join(arguments)})")


def test_a_function_of_a_known_name_may_come_from_outside() -> None:
    double = feel.evaluate("function(n) n * 2", {})

    assert feel.evaluate("double it(4)", {"double it": double}) == Decimal(8)
