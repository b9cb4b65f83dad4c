"""Functions of text; places are counted from 1, and from -1 at the end."""

from decimal import Decimal
from typing import Final

from engine.feel.functions.registry import built_in
from engine.feel.limits import Run
from engine.feel.values import Value

_MAX_DIGITS: Final = 18


def whole(number: Decimal) -> int:
    """Return a whole number as such.

    Raises:
        ValueError: it has a fraction, or is too big to count anything.

    """
    if number != number.to_integral_value() or number.adjusted() >= _MAX_DIGITS:
        raise ValueError("a whole number is needed")
    return int(number)


@built_in("substring")
def substring(string: str, start_position: Decimal, length: Decimal | None = None) -> Value:
    """Return the part that begins at a place; without a length, up to the end."""
    start = int(start_position)
    if start == 0 or (length is not None and length < 1):
        return None
    begin = start - 1 if start > 0 else max(len(string) + start, 0)
    return string[begin:] if length is None else string[begin : begin + int(length)]


@built_in("string length")
def string_length(string: str) -> Value:
    """Return the number of characters."""
    return Decimal(len(string))


@built_in("upper case")
def upper_case(string: str) -> Value:
    """Return the text in capitals."""
    return string.upper()


@built_in("lower case")
def lower_case(string: str) -> Value:
    """Return the text in small letters."""
    return string.lower()


@built_in("substring before")
def substring_before(string: str, match: str) -> Value:
    """Return what stands before the first occurrence, or nothing."""
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@built_in("substring after")
def substring_after(string: str, match: str) -> Value:
    """Return what stands behind the first occurrence, or nothing."""
    return string.partition(match)[2] if match else string


@built_in("contains")
def contains(string: str, match: str) -> Value:
    """Whether one text occurs in the other."""
    return match in string


@built_in("starts with")
def starts_with(string: str, match: str) -> Value:
    """Whether the text begins so."""
    return string.startswith(match)


@built_in("ends with")
def ends_with(string: str, match: str) -> Value:
    """Whether the text ends so."""
    return string.endswith(match)


@built_in("trim")
def trim(string: str) -> Value:
    """Return the text without white space at its ends."""
    return string.strip()


@built_in("is blank")
def is_blank(string: str) -> Value:
    """Whether the text consists of white space or nothing."""
    return not string.strip()


@built_in("string join")
def string_join(run: Run, list_: list[Value], delimiter: str | None = None) -> Value:
    """Join the texts of a list; nulls are left out."""
    texts: list[str] = []
    for item in list_:
        if item is None:
            continue
        if not isinstance(item, str):
            return None
        run.grow(len(item) + len(delimiter or ""))
        texts.append(item)
    return (delimiter or "").join(texts)


@built_in("string join")
def string_join_in_brackets(
    run: Run, list_: list[Value], delimiter: str | None, prefix: str | None, suffix: str | None
) -> Value:
    """Join the texts of a list, with something before the first and behind the last."""
    joined = string_join(run, list_, delimiter)
    return f"{prefix or ''}{joined}{suffix or ''}" if isinstance(joined, str) else None
