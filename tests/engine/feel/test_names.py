"""Names of several words, and with more than letters, are read by what is in scope."""

from decimal import Decimal

import pytest

from engine import feel
from engine.feel import FeelSyntaxError, Value

VARIABLES: dict[str, Value] = {
    "ngày sinh": "variable",
    "date of birth": "keyword inside",
    "in stock": True,
    "a": Decimal(5),
    "b": Decimal(2),
    "a-b": "minus inside",
    "Ada's score": Decimal(9),
    "Address line 1": "digits inside",
    "person": {
        "first name": "Ánh",
        "date of birth": "entry",
        "x+y": Decimal(3),
        "lines": [{"unit price": Decimal(2)}, {"unit price": Decimal(7)}],
    },
}
READ = [
    ("ngày sinh", "variable"),
    ("ngày\n  sinh", "variable"),
    ("date of birth", "keyword inside"),
    ("in stock and true", True),
    ("a-b", "minus inside"),
    ("a - b", Decimal(3)),
    ("Ada's score + 1", Decimal(10)),
    ("Address line 1", "digits inside"),
    ("person.first name", "Ánh"),
    ("person.date of birth", "entry"),
    ("person.x+y", Decimal(3)),
    ("person.lines[unit price > 3].unit price", [Decimal(7)]),
    ("{một hai: 1, r: một hai + 1}.r", Decimal(2)),
    ("{đơn giá+: 1, r: đơn giá+ + 1}.r", Decimal(2)),
    ("{a-b-c: 1}.a-b-c", Decimal(1)),
    ("{if: 1}.if", Decimal(1)),
    ('(function(họ tên: string, tuổi) họ tên)("A", 1)', "A"),
    ("for mỗi dòng in [1, 2] return mỗi dòng * 2", [Decimal(2), Decimal(4)]),
    ("[{họ tên: 1}, {họ tên: 2}][họ tên = 2].họ tên", [Decimal(2)]),
    ('substring(string: "foobar", start position: 3)', "obar"),
    ("sort([[1, 2], [1]], function(x, y) count(x) < count(y))", [[Decimal(1)], [Decimal(1), Decimal(2)]]),
    ("{độ dài: string length}.độ dài instance of function<string>->number", True),
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_a_name_is_read_as_far_as_it_is_known(text: str, expected: Value) -> None:
    assert feel.evaluate(text, VARIABLES) == expected


@pytest.mark.parametrize(
    "text", ["unknown name", "person.lines[unknown name = 1]", "{a b}", "{'a': 1}", "{1a: 1}"]
)
def test_words_in_a_row_that_nobody_knows_are_refused(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        feel.evaluate(text, VARIABLES)


def test_an_expression_names_what_it_reads_as_it_was_made_known() -> None:
    assert feel.parse("ngày  sinh = 1 or a-b = 2", VARIABLES).names == {"ngày sinh", "a-b"}
    assert feel.names("a + count(b)") == {"a", "b"}


def test_a_cell_knows_the_entries_of_its_value() -> None:
    assert feel.unary_test("?.unit price > a", {"unit price": Decimal(7)}, VARIABLES) is True
    assert feel.unary_test("in stock", True, VARIABLES) is True
