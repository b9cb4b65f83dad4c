"""Tổng quan: what needs the person today, what is late under him, what comes, and his role's figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import calendar_entries, clock, tasks
from engine.calendar import Calendar, load_calendar
from engine.models import CalendarEntry, Person, Task
from engine.people import Authority, local_day
from processes.awards import council
from web import deadlines, formats, home_blocks, home_days, inbox, subjects
from web.home_days import Coming
from web.home_lines import Block, Line, View
from web.i18n import gettext as _
from web.i18n import ngettext, pick
from web.transaction import current_authority, current_person, reading

pages = Blueprint("home", __name__)

SHOWN: Final = 8
NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Figure:
    """A number on top of the page that leads to its list."""

    heading: str
    number: int
    address: str
    text: str
    chip: str = ""
    chip_text: str = ""


@pages.get("/")
def index() -> ResponseReturnValue:
    """Show the home page of the person signed in."""
    now = clock.now()
    with reading() as session:
        person, authority = current_person(session), current_authority(session)
        own = [*tasks.inbox_mine(session, person, now), *tasks.inbox_groups(session, person, now)]
        own.sort(key=lambda task: task.due_at or NEVER)
        until, pressing_until = home_days.end_of(now), _pressing_until(session, now)
        entries = calendar_entries.find_entries(session, person, first=now, last=until, now=now)
        coming = [
            *home_days.of_tasks(own, after=pressing_until, until=until),
            *home_days.of_entries(entries, after=local_day(now)),
            *home_days.of_schedules(session, authority, now=now, until=until),
        ]
        late = _late_block(session, authority, now)
        return render_template(
            "home/index.html",
            now=now,
            figures=_figures(own, late, coming, now),
            ballots=council.open_ballots_of(session, person, now=now),
            today=_today_block(session, person, own, entries, now),
            late=late,
            blocks=home_blocks.blocks_of(View(session, authority, now)),
            days=home_days.by_day(coming),
            coming=sorted(coming, key=lambda one: one.at),
            days_ahead=home_days.DAYS_AHEAD,
        )


def _pressing_until(session: Session, now: datetime) -> date:
    """Return the last day whose deadlines press today: the next working day."""
    return load_calendar(session).add_working_days(local_day(now), 1)


def _figures(
    own: Sequence[Task], late: Block | None, coming: Sequence[Coming], now: datetime
) -> list[Figure]:
    mine_late = sum(task.due_at is not None and task.due_at < now for task in own)
    today = sum(deadlines.group_of(task.due_at, now) == "today" for task in own)
    here = url_for("inbox.index")
    figures = [
        Figure(
            _("Việc quá hạn của tôi"),
            mine_late,
            f"{here}#late",
            _("Hạn đã qua mà chưa xong."),
            "late" if mine_late else "ok",
            _("Làm trước") if mine_late else _("Không có"),
        ),
        Figure(_("Đến hạn hôm nay"), today, f"{here}#today", _("Phải xong trong ngày.")),
        Figure(_("Việc đang chờ tôi"), len(own), here, _("Gồm cả việc chung chưa ai nhận.")),
    ]
    if late is not None:
        figures.append(
            Figure(
                late.heading,
                late.total,
                "#qua-han",
                _("Việc của người khác mà tôi đôn đốc."),
                "late" if late.total else "ok",
                _("Cần đôn đốc") if late.total else _("Không có"),
            )
        )
    text = _("Trong %(days)s ngày tới.", days=home_days.DAYS_AHEAD)
    figures.append(Figure(_("Sắp đến"), len(coming), "#sap-den", text))
    return figures


def _today_block(
    session: Session, person: Person, own: Sequence[Task], entries: Sequence[CalendarEntry], now: datetime
) -> Block:
    """Return today's dated things, and what is late, due today, or due by the end of the next working day."""
    dated = [_dated_line(one) for one in entries if _is_today(one, now)]
    last = _pressing_until(session, now)
    urgent = [task for task in own if task.due_at is not None and local_day(task.due_at) <= last]
    rows = inbox.describe(session, person, urgent[:SHOWN], now)
    lines = [
        Line(
            name=row.name,
            address=url_for("tasks.show", task_id=row.task.id),
            sub=" · ".join(
                part for part in (row.subject.code, row.subject.unit_name or row.subject.about) if part
            ),
            holder=f"{row.why}, {row.why_more}" if row.why_more else row.why,
            chip=row.deadline.chip if row.deadline else "",
            chip_text=row.deadline.left if row.deadline else "",
        )
        for row in rows
    ]
    return Block(
        heading=_("Hôm nay cần tôi"),
        lines=[*dated, *lines],
        address=url_for("inbox.index"),
        all_label=_("Mở Việc của tôi"),
        empty_heading=_("Không có việc nào phải làm trong hôm nay"),
        empty_text=_("Việc quá hạn, đến hạn hôm nay hoặc ngày làm việc kế tiếp hiện ở đây."),
        total=len(dated) + len(urgent),
        is_late=any(task.due_at is not None and task.due_at < now for task in urgent),
    )


def _is_today(entry: CalendarEntry, now: datetime) -> bool:
    return not entry.is_cancelled and local_day(entry.starts_at) <= local_day(now)


def _dated_line(entry: CalendarEntry) -> Line:
    return Line(
        name=pick(entry.title, entry.title_en),
        address=entry.path,
        sub=entry.place,
        chip="info",
        chip_text=formats.time_of_day(entry.starts_at),
    )


def _late_block(session: Session, authority: Authority, now: datetime) -> Block | None:
    """Return the late work of those the person is the head of; None where he is nobody's head."""
    found = tasks.late_under(session, authority, now)
    if found is None:
        return None
    about = subjects.of_instances(session, [task.instance for task in found[:SHOWN]])
    calendar = load_calendar(session)
    lines = [_late_line(task, about[task.instance_id], calendar, now) for task in found[:SHOWN]]
    of_unit = authority.holds_any("unit_head")
    return Block(
        heading=_("Quá hạn trong đơn vị tôi") if of_unit else _("Quá hạn ở nơi tôi phụ trách"),
        lines=lines,
        address="",
        all_label="",
        empty_heading=_("Không ai quá hạn"),
        empty_text=_("Việc của cán bộ thuộc quyền hiện ở đây khi quá hạn, kèm tên người đang giữ."),
        total=len(found),
        is_late=bool(found),
    )


def _late_line(task: Task, about: subjects.Subject, calendar: Calendar, now: datetime) -> Line:
    days = calendar.working_days_between(local_day(task.due_at or now), local_day(now))
    late = ngettext("Quá hạn %(num)s ngày làm việc", "Quá hạn %(num)s ngày làm việc", days)
    return Line(
        name=pick(task.name, task.name_en),
        address=url_for("tasks.show", task_id=task.id),
        sub=_about(about),
        holder=task.assignee.full_name if task.assignee else _("Chưa ai nhận"),
        chip="late",
        chip_text=late if days else _("Vừa quá hạn"),
    )


def _about(subject: subjects.Subject) -> str:
    return " · ".join(part for part in (subject.code, subject.unit_name or subject.about) if part)
