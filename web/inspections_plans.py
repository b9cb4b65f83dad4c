"""Kế hoạch kiểm tra năm: the plans, one plan with its lines and figures, the draw made again."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import clock, starting
from engine.errors import NotAllowedError
from engine.models import ProcessInstance
from engine.people import local_day
from processes.awards import clusters, inspection_plans
from processes.awards.checklist import topic_name
from processes.awards.errors import AnswerError
from processes.awards.inspection_choice import ChoiceRule
from processes.awards.models import InspectionPlan, PlanState
from processes.awards.permissions import can_manage_inspections, can_see_plans
from processes.inspection_plan import changing
from web import access, formats, inspections, route_log
from web.i18n import gettext as _
from web.i18n import language, pick
from web.transaction import (
    current_authority,
    current_person,
    deliver_messages,
    reading,
    transaction,
)

pages = Blueprint("inspection_plans", __name__)

PROCESS = "inspection_plan"
NUMBERS = (
    "years",
    "late_remedies",
    "open_remedies",
    "returned_dossiers",
    "complaints",
    "late_reports",
    "most_units",
    "random_units",
    "random_percent",
    "notice_days",
)
"""The fields of the form of a rule: whole numbers of ``ChoiceRule``."""


@pages.get("/inspections/plans")
def index() -> ResponseReturnValue:
    """List the yearly plans."""
    with reading() as session:
        authority = current_authority(session)
        if not can_see_plans(authority):
            raise NotAllowedError("plans of inspections are the agency's")
        return render_template(
            "inspections/plans.html",
            rows=inspection_plans.find_plans(session, reader=authority, language=language()),
            may_see_schedules=access.can_see_schedules(authority),
            may_begin=any(way.key == PROCESS for way in starting.find_beginnings(session, authority)),
            **inspections.tabs(authority),
        )


@pages.get("/inspections/plans/<int:plan_id>")
def show(plan_id: int) -> ResponseReturnValue:
    """Show a plan: its units with their grounds and days, how far each is, the figures of the year."""
    with reading() as session:
        return _render(session, _get(session, plan_id))


@pages.get("/inspections/plans/<int:plan_id>/draw")
def draw(plan_id: int) -> ResponseReturnValue:
    """Make the draw again from what the plan keeps, and show that it gives the same units."""
    with reading() as session:
        plan = _get(session, plan_id)
        return render_template(
            "inspections/draw.html",
            plan=plan,
            lines=inspection_plans.draw_again(session, plan, language=language()),
        )


@pages.post("/inspections/plans/<int:plan_id>/rule")
def propose(plan_id: int) -> ResponseReturnValue:
    """Choose the units of a draft by another rule."""
    try:
        with transaction() as session:
            plan, authority = _get(session, plan_id), current_authority(session)
            if not can_manage_inspections(authority):
                raise NotAllowedError(f"plan {plan_id} is changed by the agency alone")
            inspection_plans.propose_again(session, plan, _rule(), authority=authority, now=clock.now())
    except AnswerError as error:
        return _refused(plan_id, pick(error.vi, error.en), at="rule")
    flash(_("Đã đề xuất lại theo quy tắc mới; hạt giống bốc ngẫu nhiên giữ nguyên."), "ok")
    return redirect(url_for("inspection_plans.show", plan_id=plan_id))


def _rule() -> ChoiceRule:
    """Read the rule of the form.

    Raises:
        AnswerError: a field is no whole number from 0 to 500.

    """
    kept: dict[str, object] = {"cross_clusters": request.form.getlist("cross_clusters")}
    for name in NUMBERS:
        text = request.form.get(name, "").strip()
        if not text.isdecimal() or int(text) > ChoiceRule.LARGEST:
            raise AnswerError(
                f"“{text}”: mỗi ô của quy tắc là một số nguyên từ 0 đến {ChoiceRule.LARGEST}.",
                f"“{text}”: each field of the rule is a whole number from 0 to {ChoiceRule.LARGEST}.",
            )
        kept[name] = int(text)
    return ChoiceRule.read(kept)


@pages.post("/inspections/plans/<int:plan_id>/lines/<int:line_id>")
def change_line(plan_id: int, line_id: int) -> ResponseReturnValue:
    """Drop a unit from an approved plan, or give it other days, with a reason."""
    form, now = request.form, clock.now()
    try:
        with transaction() as session:
            line = inspection_plans.get_line(_get(session, plan_id), line_id)
            by = changing.By(
                current_person(session), current_authority(session), reason=form.get("reason", "")
            )
            if form.get("action") == "move":
                notice_on, visit_on = _day(form.get("notice_on", "")), _day(form.get("visit_on", ""))
                changing.move_line(session, line, notice_on=notice_on, visit_on=visit_on, by=by, now=now)
            else:
                changing.drop_line(session, line, by=by, now=now)
    except AnswerError as error:
        return _refused(plan_id, pick(error.vi, error.en), at=str(line_id))
    deliver_messages()
    flash(_("Đã ghi thay đổi kế hoạch. Đơn vị được báo bằng thư."), "ok")
    return redirect(url_for("inspection_plans.show", plan_id=plan_id))


def _day(text: str) -> date:
    try:
        return formats.read_day(text)
    except ValueError:
        raise AnswerError(
            "Ghi ngày thông báo và ngày kiểm tra mới, dạng 30/11/2026.",
            "Write the new days of notice and visit as 30/11/2026.",
        ) from None


def _refused(plan_id: int, wrong: str, *, at: str) -> ResponseReturnValue:
    with reading() as session:
        return _render(session, _get(session, plan_id), wrong=wrong, wrong_at=at), 422


def _get(session: Session, plan_id: int) -> InspectionPlan:
    return inspection_plans.get_plan(session, plan_id, reader=current_authority(session))


def _render(session: Session, plan: InspectionPlan, *, wrong: str = "", wrong_at: str = "") -> str:
    authority, now = current_authority(session), clock.now()
    facts = inspection_plans.plan_facts(session, plan, on=local_day(now), language=language())
    may_change = can_manage_inspections(authority)
    instance = session.get(ProcessInstance, plan.instance_id) if plan.instance_id else None
    return render_template(
        "inspections/plan.html",
        facts=facts,
        shortcomings=[(topic_name(key, language()), count) for key, count in facts.figures.shortcomings],
        clusters=[(one.code, pick(one.name, one.name_en)) for one in clusters.find_clusters(session)],
        rule_labels=_rule_labels(),
        log=route_log.of_instance(session, instance, now) if instance else [],
        my_task=inspections.task_for(authority, facts.open_tasks),
        may_propose=may_change and facts.state is PlanState.DRAFT,
        may_change=may_change and facts.state is PlanState.APPROVED,
        wrong=wrong,
        wrong_at=wrong_at,
    )


def _rule_labels() -> dict[str, str]:
    return {
        "years": _("Số năm chưa được kiểm tra"),
        "late_remedies": _("Số việc khắc phục quá hạn"),
        "open_remedies": _("Số việc khắc phục chưa xong"),
        "returned_dossiers": _("Số hồ sơ bị trả lại trong 12 tháng"),
        "complaints": _("Số lần ghi nhận đơn thư chưa giải quyết xong"),
        "late_reports": _("Số báo cáo gửi muộn trong 12 tháng"),
        "most_units": _("Số đơn vị kiểm tra được trong năm"),
        "random_units": _("Số đơn vị bốc ngẫu nhiên"),
        "random_percent": _("hoặc phần trăm số đơn vị còn lại"),
        "notice_days": _("Báo trước, ngày làm việc"),
    }
