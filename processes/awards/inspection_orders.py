"""Unplanned inspections: who is to be inspected, why and when, checked before anything starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import instances, people
from engine.calendar import load_calendar
from engine.errors import NotAllowedError
from engine.models import Person, Unit
from engine.people import Authority, local_day
from engine.text import nfc
from processes.awards import permissions
from processes.awards.errors import AnswerError
from processes.awards.models import Inspection

FARTHEST: Final = timedelta(days=365)
MAX_TEXT: Final = 2000
_VACANT: Final = {
    "unit_head": ("thủ trưởng", "head"),
    "unit_officer": ("cán bộ thi đua, khen thưởng", "officer"),
}


@dataclass(frozen=True)
class Order:
    """What somebody asks for: the unit, why, about what, and when it is visited."""

    unit_code: str
    reason: str
    topic: str = ""
    """Empty: the whole work of emulation and commendation."""
    visit_on: date | None = None


def problems_of(session: Session, order: Order, *, now: datetime) -> Mapping[str, tuple[str, str]]:
    """Return what is wrong with an order: field -> the sentence in Vietnamese and English."""
    found = {
        "unit": _unit_problem(session, order.unit_code, on=local_day(now)),
        "reason": _reason_problem(order.reason),
        "visit_on": _day_problem(session, order.visit_on, today=local_day(now)),
    }
    return {field: said for field, said in found.items() if said is not None}


def _unit_problem(session: Session, code: str, *, on: date) -> tuple[str, str] | None:
    unit = people.find_unit(session, code)
    if unit is None:
        return "Chọn đơn vị được kiểm tra.", "Choose the unit to inspect."
    name, name_en = unit.name, unit.name_en or unit.name
    if people.is_abolished(unit, on=on):
        heir = people.heir_of(unit, on=on)
        return (
            f"{name} không còn hoạt động. Chọn đơn vị kế thừa là {heir.name}.",
            f"{name_en} was abolished. Choose its successor, {heir.name_en or heir.name}.",
        )
    staffed = people.staffed_groups(session, on=on)
    vacant = [words for role, words in _VACANT.items() if f"{role}@{code}" not in staffed]
    if not vacant:
        return None
    vi, en = (" và ".join(one[0] for one in vacant), " and ".join(one[1] for one in vacant))
    todo = "Nhờ quản trị hệ thống giao vai trò ở mục “Đơn vị và người dùng” rồi lập lại."
    todo_en = "Have the administrator give the role under “Units and people”, then order it again."
    return (
        f"Trên hệ thống, {name} chưa có {vi}: không ai báo cáo, ký biên bản được. {todo}",
        f"{name_en} has no {en} here: nobody could report or sign. {todo_en}",
    )


def _reason_problem(reason: str) -> tuple[str, str] | None:
    if not nfc(reason).strip():
        return "Ghi lý do kiểm tra đột xuất.", "Say why the inspection is unplanned."
    if len(reason) > MAX_TEXT:
        return "Lý do tối đa 2.000 ký tự.", "The reason takes at most 2,000 characters."
    return None


def _day_problem(session: Session, day: date | None, *, today: date) -> tuple[str, str] | None:
    calendar = load_calendar(session)
    first = calendar.add_working_days(today, 1)
    if day is None:
        return (
            f"Ghi ngày kiểm tra dạng {first:%d/%m/%Y}.",
            f"Write the day of the visit as {first:%d/%m/%Y}.",
        )
    if not first <= day <= today + FARTHEST:
        return (
            f"Ngày {day:%d/%m/%Y} không đặt được. Chọn ngày từ {first:%d/%m/%Y}, trong vòng một năm.",
            f"{day:%d/%m/%Y} cannot be chosen. Choose a day from {first:%d/%m/%Y}, within a year.",
        )
    if calendar.is_working_day(day):
        return None
    following = calendar.next_working_day(day)
    name = calendar.holiday_name(day) or "cuối tuần"
    return (
        f"Ngày {day:%d/%m/%Y} là ngày nghỉ ({name}). Ngày làm việc gần nhất là {following:%d/%m/%Y}.",
        f"{day:%d/%m/%Y} is no working day. The next one is {following:%d/%m/%Y}.",
    )


def order_inspection(
    session: Session, order: Order, *, actor: Person, authority: Authority, now: datetime
) -> Inspection:
    """Start an unplanned inspection; the unit is told at once. Flushes.

    Raises:
        NotAllowedError: the actor orders no inspections.
        AnswerError: ``problems_of`` finds something.
        StepFailedError: the process did not get beyond its first step; nothing is to be kept.

    """
    if not permissions.can_manage_inspections(authority):
        raise NotAllowedError(f"person {actor.id} may not order inspections")
    for said in problems_of(session, order, now=now).values():
        raise AnswerError(*said)
    unit = session.scalars(select(Unit).where(Unit.code == order.unit_code)).one()
    instance = instances.start(
        session,
        "inspection",
        variables={
            "unit_code": unit.code,
            "kind": "unplanned",
            "reason": nfc(order.reason).strip(),
            "topic": nfc(order.topic).strip()[:MAX_TEXT],
            "visit_on": order.visit_on,
        },
        title=unit.name,
        unit=unit,
        actor=actor,
        now=now,
    )
    return session.scalars(select(Inspection).where(Inspection.instance_id == instance.id)).one()
