"""Values come in from Python and JSON, go into the store and back, and are shown."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel
from engine.feel import Range, Value, YearsMonthsDuration


class Colour(StrEnum):
    """A text that is not exactly a ``str``."""

    RED = "red"


ZONES = st.sampled_from([None, UTC, timezone(timedelta(hours=-3, minutes=-30)), ZoneInfo("Asia/Ho_Chi_Minh")])
KEYS = st.one_of(
    st.sampled_from(["typename", "$type", "context", "number", "__proto__", "ngày"]), st.text(max_size=5)
)
SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=20),
    st.decimals(allow_nan=False, allow_infinity=False, places=None),
    st.dates(),
    st.times(timezones=ZONES),
    st.datetimes(timezones=ZONES),
    st.timedeltas(),
    st.integers(-(10**9), 10**9).map(YearsMonthsDuration),
    st.builds(Range, st.just(Decimal(1)), st.just(Decimal("2.50")), st.booleans(), st.booleans()),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4))
)


def exactly(value: Value) -> str:
    """Tell more than equality does: 1.0 from 1, one zone from another."""
    return repr(value)


@given(VALUES)
def test_stored_values_come_back_exactly(value: Value) -> None:
    stored = json.dumps(feel.to_json(value))

    assert exactly(feel.from_json(json.loads(stored))) == exactly(value)


@given(VALUES)
def test_every_value_can_be_shown(value: Value) -> None:
    assert isinstance(feel.display(value), str)


DAMAGED: list[object] = [
    *(1.5, {}, {"a": 1}, {"number": "một"}, {"number": []}, {"date": "2024-02-30"}, {"context": 1}),
    *({"range": [1]}, {"microseconds": "a"}, {"date": "2024-01-01", "time": "10:00:00"}, {"months": 10**30}),
]


@pytest.mark.parametrize("damaged", DAMAGED)
def test_damage_in_the_store_is_told(damaged: object) -> None:
    with pytest.raises(ValueError, match="stored"):
        feel.from_json(damaged)


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        (1, Decimal(1)),
        (0.1, Decimal("0.1")),
        (True, True),
        (Colour.RED, "red"),
        ((1, [None]), [Decimal(1), [None]]),
        ({"a": {"b": 2.5}}, {"a": {"b": Decimal("2.5")}}),
        (date(2024, 1, 1), date(2024, 1, 1)),
        (datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)),
        (time(1), time(1)),
    ],
)
def test_python_values_become_values_of_feel(given_value: object, expected: Value) -> None:
    assert exactly(feel.to_feel(given_value)) == exactly(expected)


@pytest.mark.parametrize("foreign", [float("nan"), float("inf"), b"a", object(), {1: 2}, {"a": {3}}])
def test_what_feel_does_not_know_is_refused(foreign: object) -> None:
    with pytest.raises(TypeError):
        feel.to_feel(foreign)


def test_a_value_that_contains_itself_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)

    with pytest.raises(TypeError):
        feel.to_feel(endless)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('[1.0, "a\\"b", null, true]', '[1, "a\\"b", null, true]'),
        ('{a: @"2024-01-01", "b c": 1}', "{a: 2024-01-01, b c: 1}"),
        ('@"2024-01-01T10:00:00.500@Asia/Ho_Chi_Minh"', "2024-01-01T10:00:00.5@Asia/Ho_Chi_Minh"),
        ('@"10:00:00-03:30"', "10:00:00-03:30"),
        ('@"-P1DT2H3M4.5S"', "-P1DT2H3M4.5S"),
        ('@"-P14M"', "-P1Y2M"),
        ("[1..2)", "[1..2)"),
        ("10 ** 3", "1000"),
        ("function(a, b) 1", "function(a, b)"),
    ],
)
def test_values_are_shown_as_feel_writes_them(text: str, shown: str) -> None:
    assert feel.display(feel.evaluate(text, {})) == shown
