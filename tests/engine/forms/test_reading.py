"""Numbers, dates and text as people write them."""

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.forms.moments import read_date, read_time
from engine.forms.numbers import read_number, write_number
from engine.forms.patterns import matches
from engine.forms.texts import clean_text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.500", "1500"),
        ("1.5", "1.5"),
        ("1,5", "1.5"),
        ("1.500.000,50", "1500000.50"),
        ("1500000", "1500000"),
        ("1 500 000", "1500000"),
        ("1,500,000", "1500000"),
        ("1,500.25", "1500.25"),
        ("-3", "-3"),
        ("−3", "-3"),
        (".5", "0.5"),
    ],
)
def test_numbers_are_read_in_vietnamese_and_plain_notation(text: str, number: str) -> None:
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "x", "1e3", "1.50.0", "1,2,3", "0x10", "１２", "Infinity", "1_000", "9" * 35]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_number(text) is None


@given(st.decimals(min_value=-(10**15), max_value=10**15, allow_nan=False, allow_infinity=False, places=2))
def test_a_written_number_is_read_back(number: Decimal) -> None:
    assert read_number(write_number(number)) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1/2/2026", date(2026, 2, 1)),
        ("01022026", date(2026, 2, 1)),
        ("2026-02-01", date(2026, 2, 1)),
        ("29/02/2025", None),
        ("x", None),
    ],
)
def test_days_come_first(text: str, day: date | None) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("9:00", time(9)),
        ("09h30", time(9, 30)),
        ("14 giờ", None),
        ("14giờ", time(14)),
        ("0930", time(9, 30)),
        ("24:00", None),
    ],
)
def test_times_have_24_hours(text: str, hour: time | None) -> None:
    assert read_time(text) == hour


def test_text_is_normalised_and_harmful_characters_are_refused() -> None:
    assert clean_text("Hòa\u0301 ") == "Hòá"
    assert clean_text("a\u202eb") is None
    assert clean_text("a\tb") == "a\tb"
    assert clean_text("a\r\nb", many_lines=True) == "a\nb"


def test_a_pattern_that_blows_up_elsewhere_is_quick_here() -> None:
    assert not matches("^(a+)+$", "a" * 20_000 + "!")


@given(st.text())
def test_no_text_breaks_the_readers(text: str) -> None:
    read_number(text)
    read_date(text)
    read_time(text)
    clean_text(text)
