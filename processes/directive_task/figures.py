"""Writes figures as officials do: ``106.761,592``, ranges with a dash, and whether a target is reached."""

from decimal import Decimal

from processes.awards.models import DirectiveTarget


def number_text(value: Decimal, *, english: bool = False) -> str:
    """Return a number without trailing zeros: ``106.761,592``, in English ``106,761.592``."""
    plain = f"{value.normalize():,f}"
    return plain if english else plain.translate(str.maketrans(",.", ".,"))


def plain_number(value: Decimal) -> Decimal:
    """Return a number of the database without its trailing zeros, as a person would type it."""
    return Decimal(f"{value.normalize():f}")


def target_text(target: DirectiveTarget, *, english: bool = False) -> str:
    """Return what is to be reached, with its unit: ``11,5 - 12 %``."""
    figures = [target.lowest, *([target.highest] if target.highest is not None else [])]
    span = " - ".join(number_text(one, english=english) for one in figures)
    return f"{span} {measure_of(target, english=english)}"


def value_text(target: DirectiveTarget, value: Decimal, *, english: bool = False) -> str:
    """Return a figure of a target with its unit: ``10,9 %``."""
    return f"{number_text(value, english=english)} {measure_of(target, english=english)}"


def name_of(target: DirectiveTarget, *, english: bool = False) -> str:
    """Return the name of a target in a language."""
    return (target.name_en if english else "") or target.name


def measure_of(target: DirectiveTarget, *, english: bool = False) -> str:
    """Return the unit of measure in a language."""
    return (target.measure_en if english else "") or target.measure


def is_reached(target: DirectiveTarget, value: Decimal) -> bool:
    """Whether a figure reaches the target: its lower end, where it is a range."""
    return value >= target.lowest
