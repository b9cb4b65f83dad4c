"""Lists what is wrong with a directive as it is entered, each problem at its field, in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import people, setup
from engine.calendar import Calendar, load_calendar
from engine.models import Unit
from engine.text import is_mail_address
from processes.awards.models import Directive
from processes.directive.entry import (
    ALL_UNITS,
    DirectiveEntry,
    RecipientEntry,
    TargetEntry,
    TaskEntry,
)
from processes.directive.recipients import people_of_group
from processes.directive_task.report_days import ONCE, RHYTHMS, has_regular_reports

LONGEST_TEXT: Final = 20_000
HIGHEST_FIGURE: Final = Decimal(10) ** 15


@dataclass(frozen=True)
class Problem:
    """What is wrong and what to do. ``place``: the field, ``number`` or ``tasks.2.due_on`` (rows from 1)."""

    place: str
    vi: str
    en: str


@dataclass(frozen=True)
class _Checking:
    """The facts that all checks look at."""

    session: Session
    entry: DirectiveEntry
    today: date
    calendar: Calendar


def problems_of(
    session: Session, entry: DirectiveEntry, *, directive_id: int | None, today: date
) -> list[Problem]:
    """Return every problem of an entry; without any it may go to approval.

    ``directive_id`` is the directive whose draft this is, None for one that was never saved.
    """
    checking = _Checking(session, entry, today, load_calendar(session))
    return [
        *_of_facts(checking, directive_id),
        *_of_items(entry),
        *(found for row, task in enumerate(entry.tasks, 1) for found in _of_task(checking, row, task)),
        *(found for row, one in enumerate(entry.targets, 1) for found in _of_target(entry, row, one)),
        *(
            found
            for row, one in enumerate(entry.recipients, 1)
            for found in _of_recipient(checking, row, one)
        ),
    ]


def _of_facts(checking: _Checking, directive_id: int | None) -> Iterator[Problem]:
    entry = checking.entry
    if not entry.number or len(entry.number) > 60:  # noqa: PLR2004  # 01/CT-UBND is nine
        yield Problem("number", "Ghi số, ký hiệu của chỉ thị.", "Give the number of the directive.")
    else:
        taken = select(Directive.id).where(
            Directive.number == entry.number, Directive.id != (directive_id or 0)
        )
        if checking.session.scalar(taken) is not None:
            yield Problem(
                "number",
                f"Chỉ thị số {entry.number} đã được nhập.",
                f"Directive {entry.number} has been entered already.",
            )
    for place, vi, en in (
        ("subject", "Ghi trích yếu.", "Give the subject."),
        ("signer", "Ghi người ký.", "Say who signed it."),
        ("signer_title", "Ghi chức vụ người ký.", "Give the signer's office."),
    ):
        if not getattr(entry, place):
            yield Problem(place, vi, en)
    yield from _of_days(checking)


def _of_days(checking: _Checking) -> Iterator[Problem]:
    issued_on, closes_on = checking.entry.issued_on, checking.entry.closes_on
    if issued_on is None:
        yield Problem("issued_on", "Chọn ngày ban hành.", "Choose the day of issue.")
    elif issued_on > checking.today:
        yield Problem("issued_on", "Ngày ban hành còn ở phía trước.", "The day of issue is still to come.")
    if closes_on is None:
        yield Problem("closes_on", "Chọn ngày tổng kết.", "Choose the closing day.")
    elif closes_on <= checking.today:
        yield Problem(
            "closes_on", "Ngày tổng kết phải sau hôm nay.", "The closing day must come after today."
        )


def _of_items(entry: DirectiveEntry) -> Iterator[Problem]:
    if not entry.items:
        yield Problem("items", "Nhập ít nhất một mục của chỉ thị.", "Enter one item at least.")
    for row, item in enumerate(entry.items, 1):
        if not item.text or len(item.text) > LONGEST_TEXT:
            yield Problem(f"items.{row}.text", "Ghi nội dung của mục.", "Give the words of the item.")
    if not entry.tasks:
        yield Problem("tasks", "Giao ít nhất một nhiệm vụ.", "Give one task at least.")
    if not entry.recipients:
        yield Problem("recipients", "Ghi ít nhất một nơi nhận.", "Name one recipient at least.")


def _of_task(checking: _Checking, row: int, task: TaskEntry) -> Iterator[Problem]:
    place = f"tasks.{row}"
    if not task.name:
        yield Problem(f"{place}.name", "Ghi tên nhiệm vụ.", "Name the task.")
    items = checking.entry.items
    if items and task.item is not None and not 1 <= task.item <= len(items):
        yield Problem(
            f"{place}.item_number",
            f"Chỉ thị không có mục {task.item}.",
            f"The directive has no item {task.item}.",
        )
    yield from _of_lead_unit(checking, place, task)
    for code in task.partners:
        if people.find_unit(checking.session, code) is None:
            yield Problem(f"{place}.partners", f"Không có đơn vị {code}.", f"There is no unit {code}.")
    yield from _of_span(checking, place, task)


def _of_lead_unit(checking: _Checking, place: str, task: TaskEntry) -> Iterator[Problem]:
    field = f"{place}.lead_unit"
    unit = people.find_unit(checking.session, task.lead_unit) if task.lead_unit else None
    if unit is None:
        yield Problem(field, "Chọn đơn vị chủ trì.", "Choose the lead unit.")
        return
    heir = people.heir_of(unit, on=checking.today)
    if people.is_abolished(unit, on=checking.today):
        yield _abolished(field, unit, heir)
        return
    if task.lead_unit in task.partners:
        yield Problem(
            f"{place}.partners",
            "Đơn vị chủ trì không đồng thời là đơn vị phối hợp.",
            "The lead unit is no partner of itself.",
        )
    for role, vi, en in (
        ("unit_officer", "cán bộ thi đua, khen thưởng", "officer"),
        ("unit_head", "thủ trưởng", "head"),
    ):
        if not people.people_holding(checking.session, role, unit.code, on=checking.today):
            yield Problem(
                field,
                f"{unit.name} chưa có {vi}; giao vai trò này rồi chọn đơn vị.",
                f"{unit.name_en or unit.name} has no {en}; give somebody this role first.",
            )


def _abolished(field: str, unit: Unit, heir: Unit) -> Problem:
    if heir is unit:
        return Problem(field, f"{unit.name} đã thôi hoạt động.", f"{unit.name} is abolished.")
    return Problem(
        field,
        f"{unit.name} đã thôi hoạt động; chọn {heir.name}.",
        f"{unit.name} is abolished; choose {heir.name}.",
    )


def _of_span(checking: _Checking, place: str, task: TaskEntry) -> Iterator[Problem]:
    starts_on, due_on, closes_on = task.starts_on, task.due_on, checking.entry.closes_on
    if task.rhythm not in RHYTHMS:
        yield Problem(f"{place}.rhythm", "Chọn kỳ báo cáo.", "Choose how often to report.")
    if starts_on is None:
        yield Problem(f"{place}.starts_on", "Chọn ngày bắt đầu.", "Choose the first day.")
    if due_on is None:
        yield Problem(f"{place}.due_on", "Chọn thời hạn.", "Choose the due day.")
    if starts_on is None or due_on is None:
        return
    if due_on <= starts_on:
        yield Problem(
            f"{place}.due_on", "Thời hạn phải sau ngày bắt đầu.", "The due day must come after the first day."
        )
    elif due_on <= checking.today:
        yield Problem(f"{place}.due_on", "Thời hạn đã qua.", "The due day has passed.")
    elif closes_on is not None and checking.today < closes_on < due_on:
        yield Problem(
            f"{place}.due_on",
            f"Thời hạn ở sau ngày tổng kết {closes_on:%d/%m/%Y}.",
            f"The due day comes after the closing day, {closes_on:%d/%m/%Y}.",
        )
    elif task.rhythm in RHYTHMS and task.rhythm != ONCE:
        yield from _of_rhythm(checking, place, task, span=(starts_on, due_on))


def _of_rhythm(
    checking: _Checking, place: str, task: TaskEntry, *, span: tuple[date, date]
) -> Iterator[Problem]:
    if not has_regular_reports(*span, task.rhythm, checking.calendar):
        yield Problem(
            f"{place}.rhythm",
            "Kỳ báo cáo này không rơi vào ngày nào trước thời hạn; chọn kỳ ngắn hơn, "
            "hoặc một lần khi hết hạn.",
            "No such report falls before the due day; choose a shorter rhythm, or once at the due day.",
        )


def _of_target(entry: DirectiveEntry, row: int, target: TargetEntry) -> Iterator[Problem]:
    place = f"targets.{row}"
    if target.task is None or not 1 <= target.task <= len(entry.tasks):
        yield Problem(f"{place}.task", "Chọn nhiệm vụ của chỉ tiêu.", "Choose the target's task.")
    if not target.name:
        yield Problem(f"{place}.name", "Ghi tên chỉ tiêu.", "Name the target.")
    if not target.measure:
        yield Problem(f"{place}.measure", "Ghi đơn vị tính.", "Give the unit of measure.")
    if target.lowest is None:
        yield Problem(f"{place}.lowest", "Ghi con số phải đạt.", "Give the figure to reach.")
    elif target.highest is not None and target.highest < target.lowest:
        yield Problem(
            f"{place}.highest",
            "Mức trên của khoảng nhỏ hơn mức dưới.",
            "The upper end of the range lies below the lower end.",
        )
    for name, figure in (("lowest", target.lowest), ("highest", target.highest)):
        if figure is not None and abs(figure) >= HIGHEST_FIGURE:
            yield Problem(
                f"{place}.{name}",
                "Con số quá lớn; đổi đơn vị tính.",
                "The figure is too large; take another unit of measure.",
            )


def _of_recipient(checking: _Checking, row: int, line: RecipientEntry) -> Iterator[Problem]:
    place = f"recipients.{row}"
    if not line.name:
        yield Problem(f"{place}.name", "Ghi tên nơi nhận.", "Name the recipient.")
    if line.group and line.address:
        yield Problem(
            f"{place}.address",
            "Chỉ ghi địa chỉ cho nơi nhận bên ngoài, không có nhóm.",
            "Give an address only to recipients outside, without a group.",
        )
    elif line.group:
        yield from _of_group(checking, place, line.group)
    elif not line.address:
        yield Problem(
            f"{place}.group",
            "Chọn nhóm người nhận, hoặc ghi địa chỉ thư.",
            "Choose a group, or give an address.",
        )
    elif not is_mail_address(line.address):
        yield Problem(
            f"{place}.address",
            f"“{line.address}” không phải địa chỉ thư.",
            f"“{line.address}” is no e-mail address.",
        )


def _of_group(checking: _Checking, place: str, group: str) -> Iterator[Problem]:
    name, _at, unit_code = group.partition("@")
    role = setup.of(checking.session).roles.get(name)
    unknown_unit = unit_code not in {"", ALL_UNITS} and people.find_unit(checking.session, unit_code) is None
    if role is None or unknown_unit or role.per_unit != bool(unit_code):
        yield Problem(f"{place}.group", f"Không có nhóm “{group}”.", f"There is no group “{group}”.")
    elif not people_of_group(checking.session, group, on=checking.today):
        yield Problem(
            f"{place}.group",
            f"Chưa ai giữ vai trò {role.name_vi} ở đây; giao vai trò hoặc chọn nhóm khác.",
            f"Nobody holds the role {role.name_en} here; give it to somebody or choose another group.",
        )
