"""Tests of the text of ladders: what is read, and what is refused."""

import pytest

from engine.errors import InvalidInputError
from engine.ladders import Ladder, parse_ladder


@pytest.mark.parametrize(
    ("text", "ladder"),
    [
        ("before:3,due,after:1,head:2", Ladder(before=(3,), on_due_day=True, after=1, head=2)),
        ("before:1, before:5", Ladder(before=(5, 1))),
        ("overseer:4,head:2", Ladder(head=2, overseer=4)),
        ("none", Ladder()),
    ],
)
def test_a_ladder_is_read(text: str, ladder: Ladder) -> None:
    assert parse_ladder(text) == ladder


@pytest.mark.parametrize(
    "text",
    [
        "",
        "before:0",
        "due;head:2",
        "before:٣",
        "before:100000",
        "after:21",
        "head:2,head:3",
        "before:2,before:2",
        "none,due",
        "due," * 100 + "due",
    ],
)
def test_what_is_no_ladder_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_ladder(text)
