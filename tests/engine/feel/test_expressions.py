"""What expressions mean: operators, conditions, loops, filters, dates."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine import feel
from engine.feel import Range, Value, YearsMonthsDuration

VARIABLES = feel.to_feel(
    {
        "x": 5,
        "status": "ok",
        "nothing": None,
        "hồ_sơ": {"mã": "HS-01", "tiền": 1.5},
        "dossiers": [{"code": "a", "points": 3}, {"code": "b", "points": 7}, {"code": "c", "points": 9}],
        "count": 99,
    }
)


def value_of(text: str) -> Value:
    assert isinstance(VARIABLES, dict)
    return feel.parse(text).evaluate(VARIABLES)


# Each expression stands beside one that says the same more plainly.
ALIKE = [
    ("1 + 2 * 3 - 4 / 2", "5"),
    ("2 ** 3 ** 2", "64"),
    ("-2 ** 2", "4"),
    ("--1", "1"),
    ("0.1 + 0.2", "0.3"),
    (".5 * 1e2", "50"),
    ("1 / 3 * 3 = 1", "false"),
    ('"Hải " + "Phòng"', '"Hải Phòng"'),
    (r'"\u1EE6y \"ban\"\n"', '"Ủy \\"ban\\"\n"'),
    ("1 < 2 and 2 <= 2 and 3 > 2 and 3 >= 3 and 1 != 2", "true"),
    ("5 between 1 and 5", "true"),
    ("x in [1..5]", "true"),
    ("x in [1..5)", "false"),
    ("x in ]5..9[", "false"),
    ("x in (4..9)", "true"),
    ("x in > 4", "true"),
    ("x in (1, 2, > 4)", "true"),
    ("x in [1, 5]", "true"),
    ("x in (? > 4 and ? < 6)", "true"),
    ("x in (!= 4)", "true"),
    ("x in ((= 4), (= 5))", "true"),
    ("[(= 5)] = [(= 5)] and (= 5) != [5..5]", "true"),
    ("x between 6 and nothing", "false"),
    ("5 = x", "true"),
    ("if x > 3 then 1 else 2", "1"),
    ("if nothing then 1 else 2", "2"),
    ("if false then 1 else if true then 2 else 3", "2"),
    ("for i in 1..3 return i * i", "[1, 4, 9]"),
    ("for i in 3..1 return i", "[3, 2, 1]"),
    ("for a in [1, 2], b in [a, 10] return a * b", "[1, 10, 4, 20]"),
    ("for i in 1..4 return i + sum(partial)", "[null, null, null, null]"),
    ("for i in 1..4 return count(partial)", "[0, 1, 2, 3]"),
    ('for d in @"2024-01-30"..@"2024-02-01" return d.day', "[30, 31, 1]"),
    ("some d in dossiers satisfies d.points > 8", "true"),
    ("every d in dossiers satisfies d.points > 8", "false"),
    ("some i in [] satisfies true", "false"),
    ("every i in [] satisfies false", "true"),
    ("dossiers[points > 5].code", '["b", "c"]'),
    ("dossiers[item.points > x and points < 9].code", '["b"]'),
    ("dossiers[1].code", '"a"'),
    ("dossiers[-1].code", '"c"'),
    ("dossiers[4]", "null"),
    ("[1, 2, 3][item >= 2]", "[2, 3]"),
    ("{a: 1, b: a + 1}.b", "2"),
    ('{"một hai": 1}.một hai', "1"),
    ("(function(a, b) a - b)(b: 1, a: 3)", "2"),
    ("{add: function(n) n + x, r: add(1)}.r", "6"),
    ("hồ_sơ.tiền * 2", "3"),
    ("`hồ_sơ`.mã", '"HS-01"'),
    ("count", "99"),
    ("x is defined and nothing is defined and not(y is defined)", "true"),
    ("is defined(hồ_sơ.mã) and not(is defined(hồ_sơ.tên))", "true"),
    ("1 // một\n + /* hai */ 1", "2"),
    ("x instance of number and not(x instance of string)", "true"),
    ("[1, 2] instance of list<number>", "true"),
    ('@"2024-01-31" + @"P1M"', 'date("2024-02-29")'),
    ('@"2024-03-31" - @"P1M"', 'date("2024-02-29")'),
    ('@"2024-01-31" - @"2024-01-01"', '@"P30D"'),
    ('@"2024-01-01T23:30:00+07:00" + @"PT1H"', '@"2024-01-02T00:30:00+07:00"'),
    ('@"2024-01-01T07:00:00@Asia/Ho_Chi_Minh" = @"2024-01-01T00:00:00Z"', "true"),
    ('@"2024-01-01T07:00:01+07:00" > @"2024-01-01T00:00:00Z"', "true"),
    ('@"2024-01-01T00:00:00Z".time offset', '@"PT0S"'),
    ('@"10:00:00.25" = @"10:00:00"', "true"),
    ('@"2024-01-01T10:00:00.75" <= @"2024-01-01T10:00:00.25"', "true"),
    ('@"23:30:00" + @"PT1H"', '@"00:30:00"'),
    ('@"P1DT12H" * 2', '@"P3D"'),
    ('@"P1Y" / 2', '@"P6M"'),
    ('@"P1D" / @"PT6H"', "4"),
    ('@"-P1DT2H".hours', "-2"),
    ('@"P1Y2M".months', "2"),
    ('date("2024-01-06").weekday', "6"),
]


@pytest.mark.parametrize(("text", "plainly"), ALIKE)
def test_an_expression_means_what_it_says(text: str, plainly: str) -> None:
    assert value_of(text) == value_of(plainly)


NULL = [
    *("y", "y.z", "x.z", "nothing.a.b", "1 / 0", "10 ** 10000", "-10 ** 6200", "-status", "1 < 2 < 3"),
    *('1 + "1"', '1 = "1"', '1 < "1"', "true < false", "null < 1", "1 and true", "for i in nothing return i"),
    *(
        "5 in [1..null]",
        "5 between null and 9",
        "[1, 2][1.5]",
        "[1, 2][10 ** 40]",
        "[1, 2][0]",
        '[1, 2]["a"]',
    ),
    *('@"9999-12-31" + @"P1D"', '@"P1D" * 10 ** 30', '@"hôm nay"', '@"P1Y" + @"P1D"', '@"P1D" / 0'),
    *('@"2024-01-01T00:00:00" < @"2024-01-01T00:00:00Z"', '@"2024-01-01" < @"2024-01-01T00:00:00"'),
    *("for i in 1..2.5 return i", "for i in [0.5..2] return i", 'for i in "a".."c" return i'),
    *("(function(a) a)()", "(function(a) a)(b: 1)", "(1)(2)"),
]


@pytest.mark.parametrize("text", NULL)
def test_what_makes_no_sense_is_null(text: str) -> None:
    assert value_of(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null and false", False),
        ("null and true", None),
        ("null or true", True),
        ("null or false", None),
        ("not(null)", None),
        ("null = null", True),
        ("1 != null", True),
    ],
)
def test_logic_has_three_values(text: str, expected: bool | None) -> None:
    assert value_of(text) is expected


def test_values_are_of_the_promised_types() -> None:
    assert value_of('[1, "a", true, @"2024-01-02", @"P1M", @"PT1S", [1..2), {a: null}]') == [
        Decimal(1),
        "a",
        True,
        date(2024, 1, 2),
        YearsMonthsDuration(1),
        timedelta(seconds=1),
        Range(Decimal(1), Decimal(2), start_included=True, end_included=False),
        {"a": None},
    ]
