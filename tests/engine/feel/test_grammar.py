"""Whatever the grammar allows is read, has a value, and means what simpler ways of writing it mean."""

import json
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.feel import FeelLimitError, FeelSyntaxError, Value
from engine.feel.tokens import tokenize

VARIABLES: dict[str, Value] = {
    "a": Decimal(3),
    "Full Name": "Lê Thị Ánh",
    "ngày sinh": feel.evaluate('@"1990-05-17"', {}),
    "rows": [{"unit price": Decimal(2), "n": Decimal(1)}, {"unit price": Decimal(7), "n": None}],
    "person": {"date of birth": None, "phone": {"home": "0225"}},
    "item": "outside",
}
LEAVES = st.sampled_from(
    [
        *(
            "0",
            "1",
            "-2.5",
            "1e3",
            ".5",
            "true",
            "false",
            "null",
            '""',
            '"Hải Phòng"',
            r'"\u0110\n"',
            "[]",
            "{}",
        ),
        *(
            '@"2024-02-29"',
            '@"10:30:00@Asia/Ho_Chi_Minh"',
            '@"P1Y2M"',
            '@"-PT36H"',
            "[1..5)",
            "(> 2)",
            "count",
        ),
        *VARIABLES,
        *("rows.unit price", "person.date of birth", "person.phone.home", "rows[1].n", "string length"),
    ]
)
BINARY = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in")
TYPES = ("Any", "number", "list<string>", "context<a: date>", "range<number>", "function<number>->string")
CALLS = (
    "count({})",
    "string({})",
    "not({})",
    "sum({}, 1)",
    "sort(list: {})",
    "is defined({})",
    "flatten([{}])",
)


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return expressions made of one or more smaller ones."""
    part = inner.map("({})".format)
    return st.one_of(
        st.tuples(part, st.sampled_from(BINARY), part).map(" ".join),
        st.tuples(st.sampled_from(CALLS), inner).map(lambda pair: pair[0].format(pair[1])),
        st.tuples(part, st.sampled_from(TYPES)).map(" instance of ".join),
        st.tuples(part, part, part).map(lambda t: f"if {t[0]} then {t[1]} else {t[2]}"),
        st.tuples(part, part, part).map(lambda t: f"{t[0]} between {t[1]} and {t[2]}"),
        st.tuples(part, part).map(lambda t: f"for each one in {t[0]}, j in [1, 2] return [each one, {t[1]}]"),
        st.tuples(part, part).map(lambda t: f"some x in {t[0]} satisfies x = {t[1]}"),
        st.tuples(part, part).map(lambda t: f"every x in {t[0]} satisfies x != {t[1]}"),
        st.tuples(part, part).map(lambda t: f"{t[0]}[item = {t[1]}]"),
        st.tuples(inner, inner).map(lambda t: f"{{first one: {t[0]}, b: [first one, {t[1]}]}}.b"),
        st.tuples(inner, inner).map(lambda t: f"(function(x y, z: number) [x y, z, {t[0]}])(1, {t[1]})"),
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        part.map("-{}".format),
    )


EXPRESSIONS = st.recursive(LEAVES, larger, max_leaves=8)


def parsed(text: str) -> feel.Expression:
    return feel.parse(text, VARIABLES, members=("unit price", "date of birth"))


def outcome(text: str) -> object:
    try:
        return feel.to_json(parsed(text).evaluate(VARIABLES))
    except FeelLimitError as error:
        return str(error)


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS)
def test_every_sentence_of_the_grammar_has_a_value(text: str) -> None:
    expression = parsed(text)
    before = json.dumps(feel.to_json(VARIABLES))
    try:
        value = expression.evaluate(VARIABLES)
    except FeelLimitError:
        return

    json.dumps(feel.to_json(value))
    feel.display(value)
    assert expression.names <= VARIABLES.keys() | {"count"}
    assert json.dumps(feel.to_json(VARIABLES)) == before


@settings(max_examples=200, deadline=None)
@given(EXPRESSIONS, st.sampled_from(["  ", "\n", "\t ", "\u00a0"]))
def test_white_space_and_brackets_mean_nothing(text: str, space: str) -> None:
    pieces = [text[token.start : token.end] for token in tokenize(text)]

    assert outcome(space.join(pieces)) == outcome(text)
    assert outcome(f"(/* một */ {text})") == outcome(text)


@settings(max_examples=200, deadline=None)
@given(
    EXPRESSIONS, st.integers(0, 200), st.sampled_from([")", "]", "..", "then", '"', ",", "return", "@", "'"])
)
def test_a_damaged_sentence_is_refused_at_a_place_or_read(text: str, place: int, damage: str) -> None:
    damaged = f"{text[:place]} {damage} {text[place:]}"
    error = refusal(damaged)

    assert error is None or (0 <= error.position <= len(damaged) and error.message and error.message_vi)


def refusal(text: str) -> FeelSyntaxError | None:
    try:
        parsed(text)
    except FeelSyntaxError as error:
        return error
    return None


NUMBERS = st.integers(-99, 99)


@given(st.lists(st.tuples(st.sampled_from("+-*"), st.integers(0, 99)), max_size=6), st.integers(0, 99))
def test_products_bind_more_strongly_than_sums(rest: list[tuple[str, int]], first: int) -> None:
    terms = [first]
    for operator, number in rest:
        if operator == "*":
            terms[-1] *= number
        else:
            terms.append(number if operator == "+" else -number)

    text = f"{first} " + " ".join(f"{operator} {number}" for operator, number in rest)
    assert feel.evaluate(text, {}) == Decimal(sum(terms))


TRUTHS = st.recursive(
    st.sampled_from([("true", True), ("false", False), ("null", None)]),
    lambda inner: st.one_of(
        inner.map(lambda one: (f"not({one[0]})", None if one[1] is None else not one[1])),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: joined("and", parts)),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: joined("or", parts)),
    ),
    max_leaves=8,
)


def joined(operator: str, parts: list[tuple[str, bool | None]]) -> tuple[str, bool | None]:
    """Join conditions; Kleene's logic is the least (or greatest) of false, unknown and true."""
    order = (False, None, True)
    ranks = [order.index(value) for _, value in parts]
    value = order[min(ranks) if operator == "and" else max(ranks)]
    return f" {operator} ".join(f"({text})" for text, _ in parts), value


@given(TRUTHS)
def test_logic_is_that_of_kleene(condition: tuple[str, bool | None]) -> None:
    text, value = condition

    assert feel.evaluate(text, {}) is value


@given(NUMBERS, NUMBERS, NUMBERS)
def test_between_and_ranges_say_the_same(x: int, low: int, high: int) -> None:
    plainly = feel.evaluate(f"{x} >= {low} and {x} <= {high}", {})

    assert feel.evaluate(f"{x} between {low} and {high}", {}) is plainly
    assert feel.evaluate(f"{x} in [{low}..{high}]", {}) is plainly
    assert feel.evaluate(f"includes([{low}..{high}], {x})", {}) is plainly
