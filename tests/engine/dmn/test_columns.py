"""A column that is cut leads every value to the rules whose cells it passes, and to no others."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dmn.columns import cut
from engine.feel import Value, YearsMonthsDuration, parse_unary_tests

NUMBERS = [
    "< 3",
    ">= 3",
    "[2..4]",
    "(2..5)",
    "]2..5[",
    "not(3)",
    "1, 5",
    "> 4",
    "3",
    "!= 2",
    "null",
    "true",
    "[7..1]",
]
TEXTS = ['"a"', '"b", "c"', 'not("a")', '!= "b"', "null", '["a", "c"]', "not(null)"]
DAYS = ['< date("2026-09-02")', '[date("2026-09-01")..date("2026-09-03")]', 'not(date("2026-09-02"))']
SPANS = ['> duration("P1D")', 'duration("PT36H"), duration("P3D")']
MONTHS = ['>= duration("P1Y")', '< duration("P6M")', 'duration("P7M")']
TRUTHS = ["true", "false", "not(true)", "null"]

VALUES: dict[type, st.SearchStrategy[Value]] = {
    Decimal: st.decimals(-1, 9, places=1).map(Decimal),
    str: st.sampled_from(["a", "b", "c", "d", "", "…"]),
    date: st.integers(0, 6).map(lambda days: date(2026, 8, 30) + timedelta(days=days)),
    timedelta: st.integers(0, 90).map(lambda hours: timedelta(hours=hours)),
    YearsMonthsDuration: st.integers(0, 20).map(YearsMonthsDuration),
    bool: st.booleans(),
}
CELLS = {
    Decimal: NUMBERS,
    str: TEXTS,
    date: DAYS,
    timedelta: SPANS,
    YearsMonthsDuration: MONTHS,
    bool: TRUTHS,
}


@pytest.mark.parametrize("kind", CELLS, ids=lambda kind: kind.__name__)
@settings(max_examples=60, deadline=None)
@given(choice=st.data())
def test_pieces_agree_with_the_cells(kind: type, choice: st.DataObject) -> None:
    texts = choice.draw(st.lists(st.sampled_from(CELLS[kind]), min_size=1, max_size=6))
    value = choice.draw(st.none() | VALUES[kind])
    cells = {number: parse_unary_tests(text) for number, text in enumerate(texts, 1)}

    pieces = cut(cells, len(cells) + 1, kind)

    assert pieces is not None
    passed = sum(1 << (number - 1) for number, tests in cells.items() if tests.evaluate(value, {}) is True)
    assert pieces.rules_of(value) == passed | 1 << len(cells)


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["> limit"], Decimal),
        (["? * 2 > 4"], Decimal),
        (["> 10 - ?"], Decimal),
        (["> now()"], None),
        (["> today()"], date),
        (["1", '"a"'], None),
        (['< "m"'], str),
        (['["a".."m"]'], str),
        (['> time("10:00:00")'], None),
    ],
)
def test_column_that_is_not_known_from_its_cells_is_not_cut(texts: Sequence[str], kind: type | None) -> None:
    cells = {number: parse_unary_tests(text) for number, text in enumerate(texts, 1)}

    assert cut(cells, len(cells), kind) is None


def test_value_of_another_type_is_not_known() -> None:
    pieces = cut({1: parse_unary_tests("> 3")}, 1, Decimal)

    assert pieces is not None
    assert pieces.rules_of("a") is None
