"""Says how much time is left: the chip, the moment in words, the group of the inbox."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.clock import CITY_ZONE
from web import formats
from web.i18n import gettext as _
from web.i18n import ngettext


@dataclass(frozen=True)
class Deadline:
    """A due moment as people read it. ``chip`` is the modifier of the chip's class, maybe empty."""

    chip: str
    left: str
    when: str


def describe(due_at: datetime | None, now: datetime) -> Deadline | None:
    """Say how much time is left until ``due_at``; None where there is no deadline."""
    if due_at is None:
        return None
    local, today = due_at.astimezone(CITY_ZONE), now.astimezone(CITY_ZONE).date()
    if due_at < now:
        return Deadline("late", _overdue(now - due_at), _moment(local, now))
    if local.date() == today:
        return Deadline("warn", _hours_left(due_at - now), _moment(local, now))
    days = (local.date() - today).days
    left = ngettext("Còn %(num)s ngày", "Còn %(num)s ngày", days)
    return Deadline("warn" if days == 1 else "", left, formats.weekday_and_day(local))


def of_day(due_on: date, today: date, *, soon_days: int = 1) -> Deadline:
    """Say how many days are left until the end of ``due_on``; so many or fewer are marked."""
    days = (due_on - today).days
    if days < 0:
        left = ngettext("Quá hạn %(num)s ngày", "Quá hạn %(num)s ngày", -days)
        return Deadline("late", left, formats.day(due_on))
    left = ngettext("Còn %(num)s ngày", "Còn %(num)s ngày", days) if days else _("Hết hạn hôm nay")
    return Deadline("warn" if days <= soon_days else "", left, formats.day(due_on))


def group_of(due_at: datetime | None, now: datetime) -> str:
    """Return the inbox group: late, today, week, later or none."""
    if due_at is None:
        return "none"
    if due_at < now:
        return "late"
    today = now.astimezone(CITY_ZONE).date()
    due_on = due_at.astimezone(CITY_ZONE).date()
    if due_on == today:
        return "today"
    return "week" if due_on <= today + timedelta(days=6 - today.weekday()) else "later"


def _moment(local: datetime, now: datetime) -> str:
    if local.date() == now.astimezone(CITY_ZONE).date():
        return _("%(time)s hôm nay", time=local.strftime("%H:%M"))
    return formats.weekday_and_day(local)


def _overdue(late: timedelta) -> str:
    if late >= timedelta(days=1):
        return ngettext("Quá hạn %(num)s ngày", "Quá hạn %(num)s ngày", late.days)
    hours = int(late / timedelta(hours=1))
    if hours:
        return ngettext("Quá hạn %(num)s giờ", "Quá hạn %(num)s giờ", hours)
    return _("Vừa quá hạn")


def _hours_left(left: timedelta) -> str:
    hours = int(left / timedelta(hours=1))
    if hours:
        return ngettext("Còn %(num)s giờ", "Còn %(num)s giờ", hours)
    minutes = max(1, int(left / timedelta(minutes=1)))
    return ngettext("Còn %(num)s phút", "Còn %(num)s phút", minutes)
