"""Kiểm tra, giám sát: inspections of units, and the schedules that start them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, people, schedules
from engine.errors import InvalidInputError, NotAllowedError, NotFoundError
from engine.models import Schedule, Task, TaskState
from processes.awards import inspections
from web import access, formats
from web.i18n import gettext as _
from web.i18n import language
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("inspections", __name__)

PROCESS = "inspection"


@pages.get("/inspections")
def index() -> ResponseReturnValue:
    """List inspections and, to those who plan them, the schedules."""
    with reading() as session:
        return _render(session, wrong="")


@pages.get("/inspections/<int:inspection_id>")
def show(inspection_id: int) -> ResponseReturnValue:
    """Show an inspection: the unit's report and the conclusion."""
    with reading() as session:
        inspection = inspections.get_inspection(session, inspection_id, reader=current_authority(session))
        open_tasks = session.scalars(
            select(Task).where(Task.instance_id == inspection.instance_id, Task.state == TaskState.OPEN)
        ).all()
        facts = inspections.inspection_facts(inspection, language=language())
        return render_template("inspections/show.html", facts=facts, open_tasks=open_tasks)


@pages.post("/inspections/schedules")
def plan() -> ResponseReturnValue:
    """Plan recurring inspections of chosen units."""
    form, now = request.form, clock.now()
    with transaction() as session:
        _require_planner(session)
        try:
            schedules.create_schedule(
                session,
                key=PROCESS,
                name=form["name"].strip(),
                rhythm=form["rhythm"],
                first_on=formats.read_day(form["first_on"]),
                unit_codes=form.getlist("unit"),
                variables={"topic": form["name"].strip()},
                now=now,
                created_by=current_person(session),
            )
        except (InvalidInputError, ValueError):
            wrong = _(
                "Chưa lập được: ghi tên, ngày đầu chưa qua (dạng 30/11/2026) và chọn ít nhất một đơn vị."
            )
            return _render(session, wrong=wrong), 422
    flash(_("Đã lập lịch. Đến ngày, hệ thống tự mở cuộc kiểm tra cho từng đơn vị và gửi thư báo."), "ok")
    return redirect(url_for("inspections.index"))


@pages.post("/inspections/schedules/<int:schedule_id>")
def pause_or_resume(schedule_id: int) -> ResponseReturnValue:
    """Let a schedule rest, or go on."""
    with transaction() as session:
        _require_planner(session)
        schedule = session.get(Schedule, schedule_id)
        if schedule is None or schedule.key != PROCESS:
            raise NotFoundError(f"no inspection schedule {schedule_id}")
        if schedule.is_paused:
            schedules.resume(session, schedule, now=clock.now())
        else:
            schedules.pause(session, schedule, now=clock.now(), actor=current_person(session))
    flash(_("Đã tạm dừng lịch.") if schedule.is_paused else _("Lịch chạy tiếp."), "ok")
    return redirect(url_for("inspections.index"))


def _require_planner(session: Session) -> None:
    if not access.can_plan_inspections(current_authority(session)):
        raise NotAllowedError("planning inspections is the inspectors'")


def _render(session: Session, *, wrong: str) -> str:
    authority = current_authority(session)
    if not access.can_see_inspections(authority):
        raise NotAllowedError("inspections are for inspectors and units")
    may_plan = access.can_plan_inspections(authority)
    planned = [one for one in schedules.find_schedules(session) if one.key == PROCESS] if may_plan else []
    return render_template(
        "inspections/index.html",
        rows=inspections.find_inspections(session, reader=authority, language=language()),
        schedules=planned,
        rhythms=_rhythm_names(),
        units=people.find_units(session) if may_plan else [],
        may_plan=may_plan,
        wrong=wrong,
    )


def _rhythm_names() -> dict[str, str]:
    return {
        "once": _("một lần"),
        "monthly": _("hằng tháng"),
        "quarterly": _("hằng quý"),
        "half_yearly": _("sáu tháng một lần"),
        "yearly": _("hằng năm"),
    }
