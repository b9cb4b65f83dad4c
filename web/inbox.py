"""Việc của tôi: what waits for the person signed in, what he may take, what others do, what is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import clock, people, setup, starting, tasks
from engine.errors import EngineError, NotFoundError
from engine.models import Delegation, Person, Task
from engine.text import fold
from processes.awards import council
from web import deadlines, formats, subjects
from web.i18n import gettext as _
from web.i18n import ngettext, pick
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("inbox", __name__)

TABS = ("todo", "common", "others", "done")
GROUPS = ("late", "today", "week", "later", "none")


@dataclass(frozen=True)
class Row:
    """One task as a line of the inbox."""

    task: Task
    name: str
    subject: subjects.Subject
    deadline: deadlines.Deadline | None
    group: str
    why: str
    why_more: str
    may_claim: bool


@pages.get("/inbox")
def index() -> ResponseReturnValue:
    """Show one tab of the inbox, grouped by deadline."""
    tab = request.args.get("tab", "todo")
    if tab not in TABS:
        raise NotFoundError(f"the inbox has no tab {tab!r}")
    now = clock.now()
    with reading() as session:
        person = current_person(session)
        own = tasks.inbox_mine(session, person, now)
        common = tasks.inbox_groups(session, person, now)
        others = tasks.waiting_for_others(session, person, now)
        lists = {"todo": [*own, *common], "common": common, "others": others, "done": []}
        if tab == "done":
            lists["done"] = tasks.done_by(session, person)
        found = lists[tab]
        rows = _matching(describe(session, person, found, now), request.args.get("q", ""))
        return render_template(
            "inbox/index.html",
            tab=tab,
            counts={name: len(listed) for name, listed in lists.items()},
            groups=_grouped(rows),
            rows=rows,
            now=now,
            late=sum(row.group == "late" for row in rows),
            ballots=council.open_ballots_of(session, person, now=now) if tab == "todo" else [],
            q=request.args.get("q", ""),
            can_begin=bool(starting.find_beginnings(session, current_authority(session))),
        )


@pages.post("/inbox/claim")
def claim() -> ResponseReturnValue:
    """Take several common tasks at once; those somebody else took meanwhile are named."""
    numbers = [int(value) for value in request.form.getlist("task") if value.isdecimal()][:200]
    taken, missed = 0, 0
    for number in numbers:
        try:
            with transaction() as session:
                person = current_person(session)
                task = tasks.get_task(session, number, reader=person)
                tasks.claim(session, task, actor=person, now=clock.now())
            taken += 1
        except EngineError:
            missed += 1
    if taken:
        flash(ngettext("Đã nhận %(num)s việc.", "Đã nhận %(num)s việc.", taken), "ok")
    if missed:
        flash(
            ngettext(
                "%(num)s việc đã có người khác nhận trước.",
                "%(num)s việc đã có người khác nhận trước.",
                missed,
            ),
            "warn",
        )
    return redirect(url_for("inbox.index"))


def describe(session: Session, person: Person, found: Sequence[Task], now: datetime) -> list[Row]:
    """Turn tasks into lines, in the order given; one query for all subjects."""
    about = subjects.of_instances(session, [task.instance for task in found])
    lent = people.delegations_of(session, person, on=people.local_day(now))
    roles = {code: pick(role.name_vi, role.name_en) for code, role in setup.of(session).roles.items()}
    authority = current_authority(session)
    rows: list[Row] = []
    for task in found:
        why, more = _reason(task, person, [one for one in lent if one.taker_id == person.id], roles)
        held = any(authority.holds(one.role, one.unit_code) for one in task.candidates)
        rows.append(
            Row(
                task=task,
                name=pick(task.name, task.name_en),
                subject=about[task.instance_id],
                deadline=deadlines.describe(task.due_at, now),
                group=deadlines.group_of(task.due_at, now),
                why=why,
                why_more=more,
                may_claim=task.assignee_id is None and held,
            )
        )
    return rows


def _reason(task: Task, person: Person, lent: list[Delegation], roles: dict[str, str]) -> tuple[str, str]:
    """Say why a task is in this inbox: taken, handed over, through a group, or for somebody else."""
    if task.completed_at is not None:
        return _("Đã hoàn thành"), formats.moment(task.completed_at)
    if task.assignee_id == person.id:
        since = formats.moment(task.claimed_at) if task.claimed_at else ""
        return (_("Tôi đã nhận"), since) if task.claimed_at else (_("Giao đích danh"), "")
    if task.assignee_id is not None and task.assignee is not None:
        return task.assignee.full_name, _("đang giữ việc này")
    for one in lent:
        if any(
            (one.role, one.unit.code if one.unit else "") == (c.role, c.unit_code) for c in task.candidates
        ):
            return (
                _("Thay %(name)s", name=one.giver.full_name),
                _("ủy quyền đến hết %(day)s", day=formats.day(one.ends_on)),
            )
    names = [roles.get(candidate.role, candidate.role) for candidate in task.candidates]
    return _("Nhóm %(names)s", names=", ".join(sorted(set(names)))), _("chưa ai nhận")


def _matching(rows: list[Row], query: str) -> list[Row]:
    words = fold(query).split()
    return [
        row for row in rows if all(word in fold(f"{row.name} {row.subject.search_text}") for word in words)
    ]


def _grouped(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    groups = [(name, [row for row in rows if row.group == name]) for name in GROUPS]
    return [(name, members) for name, members in groups if members]
