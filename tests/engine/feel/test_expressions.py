"""What expressions mean: operators, conditions, loops, filters, functions, dates."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine import feel
from engine.feel import Environment, Range, Value, YearsMonthsDuration

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
    ("sort([3, 1, 2], function(a, b) a > b)", "[3, 2, 1]"),
    ("hồ_sơ.tiền * 2", "3"),
    ("`hồ_sơ`.mã", '"HS-01"'),
    ("count([1, 2])", "2"),
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
    ('@"23:30:00" + @"PT1H"', '@"00:30:00"'),
    ('@"P1DT12H" * 2', '@"P3D"'),
    ('@"P1Y" / 2', '@"P6M"'),
    ('@"P1D" / @"PT6H"', "4"),
    ('@"-P1DT2H".hours', "-2"),
    ('@"P1Y2M".months', "2"),
    ('date("2024-01-06").weekday', "6"),
    ('day of week(@"2024-01-06")', '"Saturday"'),
    ('years and months duration(@"2020-01-31", @"2024-01-30")', '@"P3Y11M"'),
    ('last day of month(@"2024-02-10")', '@"2024-02-29"'),
    ('substring("thi đua", 5)', '"đua"'),
    ('substring("thi đua", -3, 2)', '"đu"'),
    ('replace("a1b2", "([a-z])([0-9])", "$2$1")', '"1a2b"'),
    ('replace("a.b", ".", "x", "q")', '"axb"'),
    ('matches("HẢI PHÒNG", "hải", "i")', "true"),
    ('split("a;b;;c", ";")', '["a", "b", "", "c"]'),
    ('extract("HS-1, HS-22", "[0-9]+")', '["1", "22"]'),
    ('string join(["a", null, "b"], ", ")', '"a, b"'),
    ('string([1, "a", null, {b: @"P1D"}])', r'"[1, \"a\", null, {b: P1D}]"'),
    ("string(1.50)", '"1.5"'),
    ('number("1.234.567,8", ".", ",")', "1234567.8"),
    ("decimal(2.5, 0)", "2"),
    ("round half up(2.5, 0)", "3"),
    ("floor(-1.5)", "-2"),
    ("modulo(-12, 5)", "3"),
    ("even(10 ** 30)", "true"),
    ("mean(1, 2, 3)", "2"),
    ("median([8, 2, 5, 3])", "4"),
    ("mode([6, 3, 9, 6, 6, 3, 3])", "[3, 6]"),
    ("max([1, 5, 3])", "5"),
    ("all([true, null])", "null"),
    ("any([true, null])", "true"),
    ("distinct values([1, 1.0, 2, [1], [1]])", "[1, 2, [1]]"),
    ("duplicate values([1, 2, 1])", "[1]"),
    ("union([1, 2], [2, 3])", "[1, 2, 3]"),
    ("flatten([1, [2, [3]]])", "[1, 2, 3]"),
    ("index of([1, 2, 1], 1)", "[1, 3]"),
    ("insert before([1, 3], 2, 2)", "[1, 2, 3]"),
    ("remove([1, 2, 3], -1)", "[1, 2]"),
    ("list replace([2, 4], function(a, b) a < b, 3)", "[3, 4]"),
    ("partition([1, 2, 3], 2)", "[[1, 2], [3]]"),
    ('get value({a: {b: 1}}, ["a", "b"])', "1"),
    ('context put({a: 1}, ["b", "c"], 2)', "{a: 1, b: {c: 2}}"),
    ("context(get entries({a: 1}))", "{a: 1}"),
    ("context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}"),
    ("get or else(nothing, 1)", "1"),
    ("before([1..5), 5)", "true"),
    ("overlaps([1..5], [5..8])", "true"),
    ("overlaps before([1..5], [3..8])", "true"),
    ("includes([1..5], 3) and during(3, [1..5])", "true"),
]


@pytest.mark.parametrize(("text", "plainly"), ALIKE)
def test_an_expression_means_what_it_says(text: str, plainly: str) -> None:
    assert value_of(text) == value_of(plainly)


NULL = [
    *(
        "y",
        "y.z",
        "x.z",
        "nothing.a.b",
        "1 / 0",
        '1 + "1"',
        '1 = "1"',
        '1 < "1"',
        "10 ** 10000",
        "-10 ** 6200",
    ),
    *("true < false", "null < 1", "5 in [1..null]", "1 and true", "not(1)", "for i in nothing return i"),
    *('date("2024-02-30")', "date(10000, 1, 1)", '@"9999-12-31" + @"P1D"', '@"P1D" * 10 ** 30', '@"hôm nay"'),
    *('time("25:00:00")', 'time("10:00:00+99:99")', 'date and time("2024-01-01T00:00:00@Nơi/Nào")'),
    *('duration("P999999999999999Y")', 'number("1e999999")', 'number("một")', 'number("1_000")', "sqrt(-1)"),
    *("substring()", 'substring("a", "b")', 'matches("a", nothing)', 'replace("a", "a", "$")', "sum([])"),
    *("[1, 2][1.5]", "[1, 2][10 ** 40]", "[1, 2][0]", "remove([1], 2)", "(function(a) a)()", "(1)(2)"),
    *("now()", "today()", 'add working days(@"2024-01-01", 1)', 'is working day(@"2024-01-01")'),
    *('sort([1, "a"])', 'min([1, "a"])', '@"2024-01-01T00:00:00" < @"2024-01-01T00:00:00Z"'),
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


def test_now_and_today_are_told_in_the_zone_of_the_environment() -> None:
    late = Environment(now=datetime(2024, 1, 1, 18, 0, tzinfo=UTC))

    assert feel.parse("today()").evaluate({}, environment=late) == date(2024, 1, 2)
    assert (
        feel.parse("string(now())").evaluate({}, environment=late) == "2024-01-02T01:00:00@Asia/Ho_Chi_Minh"
    )


class NoWeekends:
    """A calendar on which every weekday is worked."""

    def is_working_day(self, day: date) -> bool:
        """Whether it is a weekday."""
        return day.isoweekday() < 6

    def add_working_days(self, day: date, count: int) -> date:
        """Step over weekends."""
        step = 1 if count > 0 else -1
        while count:
            day += timedelta(days=step)
            count -= step * self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the weekdays, the first day excluded."""
        days = (start + timedelta(days=i) for i in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)


@pytest.mark.parametrize(
    ("text", "plainly"),
    [
        ('add working days(@"2024-01-05", 1)', '@"2024-01-08"'),
        ('add working days(date: @"2024-01-08T17:00:00+07:00", count: -1)', '@"2024-01-05T17:00:00+07:00"'),
        ('working days between(@"2024-01-05", @"2024-01-09")', "2"),
        ('is working day(@"2024-01-06")', "false"),
        ('next working day(@"2024-01-05T08:00:00")', '@"2024-01-05T08:00:00"'),
        ('next working day(@"2024-01-06T08:00:00")', '@"2024-01-08T08:00:00"'),
        ('add working days(@"2024-01-05", 10 ** 9)', "null"),
    ],
)
def test_working_days_are_those_of_the_calendar(text: str, plainly: str) -> None:
    environment = Environment(calendar=NoWeekends())

    assert feel.parse(text).evaluate({}, environment=environment) == value_of(plainly)


@pytest.mark.parametrize(
    ("cell", "value", "passes"),
    [
        ("-", None, True),
        ("5", 5, True),
        ("1, 5", 5, True),
        ("< 5", 5, False),
        ("[1..5]", 5, True),
        ("]1..5[, 9", 5, False),
        ("not(1, 2)", 5, True),
        ("not(> 4)", 5, False),
        ("not(true)", False, True),
        ("? > limit", 5, True),
        ("limit", 3, True),
        ("> limit", "a", None),
        ("null", None, True),
        ('"a", "b"', "b", True),
        ("count(list) = 2", 7, True),
        ("list", 2, True),
        ('starts with(?, "a")', "abc", True),
    ],
)
def test_a_cell_tests_a_value(cell: str, value: object, passes: bool | None) -> None:
    variables: dict[str, Value] = {"limit": Decimal(3), "list": [Decimal(1), Decimal(2)]}

    assert feel.parse_unary_tests(cell).evaluate(feel.to_feel(value), variables) is passes


def test_names_of_decision_models_may_have_several_words() -> None:
    variables: dict[str, Value] = {"Full Name": "Lê", "date of birth": date(2000, 1, 1), "a-b": Decimal(3)}

    assert feel.evaluate("Full Name", variables) == "Lê"
    assert feel.evaluate("date of birth.year + a-b", variables) == Decimal(2003)
