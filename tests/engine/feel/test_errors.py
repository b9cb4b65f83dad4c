"""A refused text is told its place, what was expected there and what was found, in both languages."""

import pytest

from engine import feel
from engine.feel import FeelSyntaxError
from engine.feel.sentences import REASONS


@pytest.mark.parametrize(
    ("text", "position", "message", "message_vi"),
    [
        (
            "1 +",
            3,
            "expected a value, found end of the expression",
            "cần một giá trị nhưng gặp hết biểu thức",
        ),
        ("if a the 1", 5, "expected 'then', found 'the'", "cần “then” nhưng gặp 'the'"),
        ("1 2", 2, "expected an operator or the end", "cần một phép toán hoặc hết biểu thức"),
        ("'a'", 0, "text stands in double quotes", "chữ phải đặt trong dấu ngoặc kép"),
        ('1 + "a', 4, "a text is not closed", "chữ trong ngoặc kép chưa đóng"),
        ("a # b", 2, "the character '#' has no meaning here", "ký tự '#' không có nghĩa ở đây"),
        ("a.1", 1, "expected an operator or the end, found '.1'", "nhưng gặp '.1'"),
        ("a. + 1", 3, "expected a property, found '+'", "cần tên thuộc tính"),
        ("1 + tổng(a)", 4, "there is no function tổng()", "không có hàm tổng()"),
        ("a instance of tiền", 14, "there is no type 'tiền'", "không có kiểu dữ liệu 'tiền'"),
        ("{a: 1, a: 2}", 8, "the entry a stands twice", "mục a có hai lần"),
    ],
)
def test_a_refusal_says_what_is_missing_where(
    text: str, position: int, message: str, message_vi: str
) -> None:
    with pytest.raises(FeelSyntaxError) as refused:
        feel.parse(text)

    assert refused.value.position == position
    assert message in refused.value.message
    assert message_vi in refused.value.message_vi


def test_every_reason_is_told_in_both_languages() -> None:
    assert all(vi and en and vi != en for vi, en in REASONS.values())
