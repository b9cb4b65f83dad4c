"""Checks the days of a line in the yearly plan: notice before visit, both on working days to come."""

from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from engine.calendar import load_calendar
from engine.models import Unit
from engine.people import local_day
from processes.awards.errors import AnswerError
from processes.awards.models import InspectionPlan

LEAST_NOTICE: Final = 5
"""Working days between the notice and the visit."""


def check_days(  # noqa: PLR0913  # whose days, in which plan
    session: Session,
    plan: InspectionPlan,
    *,
    unit: Unit,
    notice_on: date | None,
    visit_on: date | None,
    now: datetime,
) -> tuple[date, date]:
    """Return notice and visit of a unit as they can stand in the plan.

    Raises:
        AnswerError: a day is missing, past, closed or outside the year, or the notice comes too late.

    """
    name, calendar = unit.name, load_calendar(session)
    if notice_on is None or visit_on is None:
        raise AnswerError(
            f"{name}: chọn ngày thông báo và ngày kiểm tra.", f"{name}: choose the days of notice and visit."
        )
    if notice_on < local_day(now):
        raise AnswerError(
            f"{name}: ngày thông báo {notice_on:%d/%m/%Y} đã qua.",
            f"{name}: the notice of {notice_on:%d/%m/%Y} is past.",
        )
    if visit_on.year != plan.year:
        raise AnswerError(
            f"{name}: ngày kiểm tra phải trong năm {plan.year}.",
            f"{name}: the visit must lie in {plan.year}.",
        )
    for day in (notice_on, visit_on):
        if not calendar.is_working_day(day):
            why = calendar.holiday_name(day) or "cuối tuần"
            raise AnswerError(
                f"{name}: {day:%d/%m/%Y} là ngày nghỉ ({why}). Chọn ngày làm việc.",
                f"{name}: offices are closed on {day:%d/%m/%Y}. Choose a working day.",
            )
    if calendar.working_days_between(notice_on, visit_on) < LEAST_NOTICE:
        raise AnswerError(
            f"{name}: thông báo trước ngày kiểm tra ít nhất {LEAST_NOTICE} ngày làm việc.",
            f"{name}: the notice comes at least {LEAST_NOTICE} working days before the visit.",
        )
    return notice_on, visit_on
