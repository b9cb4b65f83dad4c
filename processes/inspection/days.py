"""Checks the days people choose: for a visit, and for what is to be mended."""

from datetime import date, datetime, timedelta
from typing import Final

from engine.calendar import load_calendar
from engine.people import local_day
from engine.setup import ActionCall
from processes.awards.errors import AnswerError

FARTHEST: Final = timedelta(days=365)
"""No day of an inspection is further away."""
_WEEKDAYS: Final = (
    ("thứ Hai", "a Monday"),
    ("thứ Ba", "a Tuesday"),
    ("thứ Tư", "a Wednesday"),
    ("thứ Năm", "a Thursday"),
    ("thứ Sáu", "a Friday"),
    ("thứ Bảy", "a Saturday"),
    ("Chủ nhật", "a Sunday"),
)


def check_visit(call: ActionCall, moment: datetime | None) -> datetime:
    """Return a moment at which a unit can be visited.

    Raises:
        AnswerError: there is none, it is past or more than a year away, or offices are closed on that day.

    """
    if moment is None:
        raise AnswerError("Chọn ngày, giờ kiểm tra.", "Choose the day and hour of the visit.")
    if not call.now < moment <= call.now + FARTHEST:
        raise AnswerError(
            "Ngày kiểm tra phải sau lúc này, trong vòng một năm.",
            "The visit must lie after this moment, within a year.",
        )
    check_open(call, local_day(moment))
    return moment


def check_open(call: ActionCall, day: date) -> None:
    """Refuse a day on which offices are closed, and say why they are.

    Raises:
        AnswerError: it is a weekend or a holiday.

    """
    calendar = load_calendar(call.session)
    if calendar.is_working_day(day):
        return
    name = calendar.holiday_name(day)
    vi, en = (name, f"a holiday ({name})") if name else _WEEKDAYS[day.weekday()]
    following = calendar.next_working_day(day)
    raise AnswerError(
        f"{day:%d/%m/%Y} là ngày nghỉ ({vi}). Chọn ngày làm việc, ví dụ {following:%d/%m/%Y}.",
        f"{day:%d/%m/%Y} is {en}. Choose a working day, for example {following:%d/%m/%Y}.",
    )


def check_deadline(call: ActionCall, day: date | None, about: str) -> date:
    """Return a deadline after today, within a year. ``about`` is quoted where it is wrong.

    Raises:
        AnswerError: there is none, or it lies elsewhere.

    """
    today = local_day(call.now)
    if day is None or not today < day <= today + FARTHEST:
        raise AnswerError(
            f"“{about}”: chọn hạn sau hôm nay, trong vòng một năm.",
            f"“{about}”: choose a deadline after today, within a year.",
        )
    return day
