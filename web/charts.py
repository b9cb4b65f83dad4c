"""Lays charts out on the server, so that they need no script: geometry here, SVG in a template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WIDTH = 400
BAR_HEIGHT = 19
ROW_HEIGHT = 60
_FIRST_BAR = 18
_FULL_SCALE = Decimal("1.25")
"""What the right edge of a chart of shares means: 1 is the target."""
_LINE_LEFT, _LINE_RIGHT, _LINE_TOP, _LINE_BOTTOM = 12, 388, 26, 138
_LINE_HEIGHT = 164
_HEADROOM = Decimal("1.18")


@dataclass(frozen=True)
class Measured:
    """A figure against what it is to reach; ``highest`` is the upper end of a range."""

    lowest: Decimal
    highest: Decimal | None
    value: Decimal | None


@dataclass(frozen=True)
class Bar:
    """One row of a chart of shares, in units of its view box."""

    text_y: int
    y: int
    width: float
    """Of what was reported."""
    range_width: float
    """From the target to the upper end of its range; 0 without one."""
    number_y: int
    number_x: float
    is_inside: bool
    """Whether the number stands on the bar."""
    aim_y: int
    """Where the words of the target stand, under the bar."""


@dataclass(frozen=True)
class ShareChart:
    """Bars that share one scale: how much of its target each figure has reached."""

    height: int
    aim_x: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Point:
    """A figure on the time axis."""

    x: float
    y: float
    anchor: str
    """Which way its number is written: start, middle or end."""


@dataclass(frozen=True)
class LineChart:
    """A figure over time against its target."""

    height: int
    left: int
    right: int
    bottom: int
    aim_y: float
    range_y: float | None
    """The upper end of the target's range."""
    path: str
    """The line through the points, as SVG writes it."""
    points: tuple[Point, ...]


def share_chart(rows: Sequence[Measured]) -> ShareChart:
    """Lay out one bar a row; the target of each is 1 on the common scale."""
    bars = tuple(_bar(row, number) for number, row in enumerate(rows))
    return ShareChart(ROW_HEIGHT * len(rows), _x(Decimal(1)), bars)


def line_chart(
    values: Sequence[tuple[date, Decimal]], *, measured: Measured, first: date, last: date
) -> LineChart:
    """Lay out figures between two days; the target is a level line, a range a band."""
    top = max([measured.highest or measured.lowest, *(value for _day, value in values)]) * _HEADROOM
    points = tuple(
        Point(*_place(day, value, first=first, last=last, top=top), _anchor(day, first, last))
        for day, value in values
    )
    return LineChart(
        height=_LINE_HEIGHT,
        left=_LINE_LEFT,
        right=_LINE_RIGHT,
        bottom=_LINE_BOTTOM,
        aim_y=_y(measured.lowest, top),
        range_y=_y(measured.highest, top) if measured.highest is not None else None,
        path="M" + "L".join(f"{one.x} {one.y}" for one in points) if points else "",
        points=points,
    )


def _bar(row: Measured, number: int) -> Bar:
    y = _FIRST_BAR + number * ROW_HEIGHT
    share = row.value / row.lowest if row.value is not None and row.lowest else Decimal(0)
    width = _x(max(Decimal(0), share))
    end = _x(row.highest / row.lowest) if row.highest is not None and row.lowest else 0.0
    is_inside = width > WIDTH / 3
    return Bar(
        text_y=y - 6,
        y=y,
        width=width,
        range_width=max(0.0, round(end - _x(Decimal(1)), 1)),
        number_y=y + 14,
        number_x=7 if is_inside else round(width + 6, 1),
        is_inside=is_inside,
        aim_y=y + BAR_HEIGHT + 13,
    )


def _x(share: Decimal) -> float:
    return round(float(min(share, _FULL_SCALE) / _FULL_SCALE) * WIDTH, 1)


def _place(day: date, value: Decimal, *, first: date, last: date, top: Decimal) -> tuple[float, float]:
    span = max(1, (last - first).days)
    share = min(1.0, max(0.0, (day - first).days / span))
    return round(_LINE_LEFT + share * (_LINE_RIGHT - _LINE_LEFT), 1), _y(value, top)


def _y(value: Decimal, top: Decimal) -> float:
    share = float(max(Decimal(0), value) / top) if top else 0.0
    return round(_LINE_BOTTOM - share * (_LINE_BOTTOM - _LINE_TOP), 1)


def _anchor(day: date, first: date, last: date) -> str:
    """Keep numbers near the edges inside."""
    share = (day - first).days / max(1, (last - first).days)
    if share < 1 / 8:
        return "start"
    return "end" if share > 7 / 8 else "middle"
