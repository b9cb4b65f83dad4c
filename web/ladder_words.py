"""Says a ladder of reminders in words, and on which days a sample deadline would be reminded of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.calendar import Calendar, at_end_of_day
from engine.ladders import Ladder
from engine.people import local_day
from engine.reminders.ladder import rungs_of
from web import formats
from web.i18n import gettext as _
from web.i18n import language, ngettext


@dataclass(frozen=True)
class SampleDay:
    """One day of the preview and what would be sent that morning."""

    day: date
    texts: Sequence[str]


@dataclass(frozen=True)
class Sample:
    """What a deadline would lead to. ``free`` names the holidays between, which reminders pass over."""

    due_on: date
    days: Sequence[SampleDay]
    free: Sequence[str]


def lines_of(ladder: Ladder, overseer: str) -> list[str]:
    """Return one sentence per kind of rung; ``overseer`` is the name of the role that oversees deadlines."""
    lines: list[str] = []
    if ladder.before:
        listed = ", ".join(str(one) for one in ladder.before)
        lines.append(_("Trước hạn %(days)s ngày làm việc", days=listed))
    if ladder.on_due_day:
        lines.append(_("Vào ngày đến hạn"))
    if ladder.after:
        lines.append(
            ngettext(
                "Quá hạn: nhắc mỗi ngày trong %(num)s ngày làm việc",
                "Quá hạn: nhắc mỗi ngày trong %(num)s ngày làm việc",
                ladder.after,
            )
        )
    for days, whom in ((ladder.head, _("lãnh đạo của người giữ việc")), (ladder.overseer, overseer)):
        if days is not None:
            lines.append(
                ngettext(
                    "Quá hạn %(num)s ngày làm việc: báo %(whom)s",
                    "Quá hạn %(num)s ngày làm việc: báo %(whom)s",
                    days,
                    whom=whom,
                )
            )
    return lines or [_("Không nhắc")]


def sample_of(ladder: Ladder, due_on: date, calendar: Calendar, overseer: str) -> Sample:
    """Return the mornings on which a deadline at the end of ``due_on`` would be reminded of."""
    rungs = sorted(rungs_of(ladder, at_end_of_day(due_on), calendar), key=lambda rung: rung.moment)
    words = {
        "before": _("nhắc trước hạn"),
        "due": _("nhắc đến hạn"),
        "after": _("nhắc quá hạn"),
        "head": _("báo lãnh đạo của người giữ việc"),
        "overseer": _("báo %(whom)s", whom=overseer),
    }
    texts: dict[date, list[str]] = {}
    for rung in rungs:
        texts.setdefault(local_day(rung.moment), []).append(words[rung.kind])
    days = [SampleDay(day, found) for day, found in texts.items()]
    first, last = (min([due_on, *texts]), max([due_on, *texts]))
    return Sample(due_on, days, _free_between(first, last, calendar))


def _free_between(first: date, last: date, calendar: Calendar) -> list[str]:
    """Name the holidays of a span; plain weekends are known to everybody."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [
        f"{formats.weekday_and_day(day)}: {name}"
        for day in days
        if not calendar.is_working_day(day) and (name := calendar.holiday_name(day, language()))
    ]
