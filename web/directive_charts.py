"""Charts of a directive's targets against what was reported, with the sentences that state their finding."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from processes.awards.directive_page import Reach, TargetRow
from processes.awards.models.directives import DirectiveTarget
from web import charts, formats
from web.i18n import gettext as _
from web.i18n import ngettext, pick

ONE_COLUMN = 4
"""So many targets stand under one another; more stand in two columns."""


@dataclass(frozen=True)
class TargetChart:
    """One target: its words, and its figures over time where there are any."""

    row: TargetRow
    name: str
    aim: str
    """What is to be reached, in words: ``11,5 - 12%``."""
    value: str
    finding: str
    chip: tuple[str, str]
    """Colour and word of where the last figure lies."""
    line: charts.LineChart | None


@dataclass(frozen=True)
class ShareChart:
    """Some targets in one chart, with the figures of its bars."""

    layout: charts.ShareChart
    targets: tuple[TargetChart, ...]


@dataclass(frozen=True)
class TargetCharts:
    """All targets of a directive: how far each is on a common scale, and a chart each over time."""

    finding: str
    shares: tuple[ShareChart, ...]
    """In one or two columns."""
    targets: tuple[TargetChart, ...]


def of_targets(rows: Sequence[TargetRow]) -> TargetCharts | None:
    """Lay out the targets of a directive; None where it has none."""
    if not rows:
        return None
    targets = tuple(_target(row) for row in rows)
    half = (len(targets) + 1) // 2 if len(targets) > ONE_COLUMN else len(targets)
    return TargetCharts(
        finding=_finding(Counter(row.reach for row in rows), len(rows)),
        shares=tuple(_shares(part) for part in (targets[:half], targets[half:]) if part),
        targets=targets,
    )


def amount(value: Decimal) -> str:
    """Write a figure with as many decimals as it has."""
    return formats.number(value.normalize())


def with_measure(number: str, measure: str) -> str:
    """Write a number with its unit of measure; a percent sign follows without a space."""
    return f"{number}{measure}" if measure.startswith("%") else f"{number} {measure}"


def aim_of(target: DirectiveTarget) -> str:
    """Write what a target asks for: one number, or a range."""
    number = amount(target.lowest)
    if target.highest is not None and target.highest != target.lowest:
        number = f"{number} - {amount(target.highest)}"
    return with_measure(number, pick(target.measure, target.measure_en))


def _shares(targets: tuple[TargetChart, ...]) -> ShareChart:
    return ShareChart(charts.share_chart([_measured(one.row) for one in targets]), targets)


def _measured(row: TargetRow) -> charts.Measured:
    return charts.Measured(row.target.lowest, row.target.highest, row.last.value if row.last else None)


def _target(row: TargetRow) -> TargetChart:
    target, measured = row.target, _measured(row)
    values = [(one.day, one.value) for one in row.values]
    span = (row.task.starts_on, max([row.task.due_on, *(day for day, _value in values)]))
    return TargetChart(
        row=row,
        name=pick(target.name, target.name_en),
        aim=aim_of(target),
        value=with_measure(amount(row.last.value), pick(target.measure, target.measure_en))
        if row.last
        else "",
        finding=_finding_of(row),
        chip=_chip(row.reach),
        line=charts.line_chart(values, measured=measured, first=span[0], last=span[1]) if values else None,
    )


def _finding(reaches: Counter[Reach], total: int) -> str:
    """State in one sentence what the chart of all targets shows."""
    reached, behind = reaches[Reach.REACHED], reaches[Reach.BEHIND] + reaches[Reach.MISSED]
    if not behind:
        return ngettext(
            "%(reached)s trên %(num)s chỉ tiêu đã đạt, không chỉ tiêu nào chậm so với tiến độ",
            "%(reached)s trên %(num)s chỉ tiêu đã đạt, không chỉ tiêu nào chậm so với tiến độ",
            total,
            reached=reached,
        )
    return ngettext(
        "%(reached)s trên %(num)s chỉ tiêu đã đạt, %(behind)s chỉ tiêu chậm",
        "%(reached)s trên %(num)s chỉ tiêu đã đạt, %(behind)s chỉ tiêu chậm",
        total,
        reached=reached,
        behind=behind,
    )


def _finding_of(row: TargetRow) -> str:
    if row.share is None:
        return _("Chưa có số liệu")
    percent = formats.number(round(row.share * 100, 1).normalize())
    sentences = {
        Reach.REACHED: _("Đã đạt: %(percent)s%% mức giao", percent=percent),
        Reach.ON_PATH: _("Đúng tiến độ: %(percent)s%% mức giao", percent=percent),
        Reach.BEHIND: _("Chậm so với tiến độ: %(percent)s%% mức giao", percent=percent),
        Reach.MISSED: _("Không đạt: %(percent)s%% mức giao", percent=percent),
    }
    return sentences[row.reach]


def _chip(reach: Reach) -> tuple[str, str]:
    return {
        Reach.REACHED: ("ok", _("Đạt")),
        Reach.ON_PATH: ("info", _("Đúng tiến độ")),
        Reach.BEHIND: ("warn", _("Chậm")),
        Reach.MISSED: ("stop", _("Không đạt")),
        Reach.UNREPORTED: ("", _("Chưa báo cáo")),
    }[reach]
