"""Kiểm tra, giám sát: the list of inspections, one inspection, an unplanned one, ending a hold."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import clock, instances, people, permissions
from engine.errors import NotAllowedError, NotFoundError, StepFailedError
from engine.models import DefinitionVersion, ProcessInstance, Task
from engine.people import Authority, local_day
from processes.awards import holds, inspection_orders, inspection_page, inspections
from processes.awards.errors import AnswerError
from processes.awards.inspection_orders import Order
from processes.awards.inspections import InspectionQuery
from processes.awards.models import Inspection, InspectionState
from processes.awards.permissions import can_lift_hold, can_manage_inspections, can_see_plans
from processes.awards.stages import INSPECTION_STATE_NAMES, word
from processes.inspection import cancelling
from web import access, deadlines, dossiers, formats, route_log
from web.i18n import gettext as _
from web.i18n import language, pick
from web.transaction import (
    current_authority,
    current_person,
    deliver_messages,
    reading,
    transaction,
)

pages = Blueprint("inspections", __name__)


@pages.get("/inspections")
def index() -> ResponseReturnValue:
    """List the inspections the person may see, narrowed by filters."""
    query = _query(request.args)
    with reading() as session:
        authority = _reader(session)
        now = clock.now()
        found = inspections.find_inspections(
            session, reader=authority, query=query, on=local_day(now), language=language()
        )
        return render_template(
            "inspections/index.html",
            found=found,
            query=query,
            states=[(one.value, word(words, language())) for one, words in INSPECTION_STATE_NAMES.items()],
            only_names=_only_names(),
            years=inspections.years_of(session),
            units=people.find_units(session) if can_see_plans(authority) else [],
            is_narrowed=query != InspectionQuery(page=query.page),
            due={row.id: _next_day(row, local_day(now)) for row in found.rows},
            **tabs(authority),
        )


def tabs(authority: Authority) -> Mapping[str, bool]:
    """Return what the tabs above the pages of inspections need to know."""
    return {"may_see_plans": can_see_plans(authority), "may_manage": can_manage_inspections(authority)}


def _query(args: Mapping[str, str]) -> InspectionQuery:
    state, year, page = args.get("state", ""), args.get("year", ""), args.get("page", "")
    only = args.get("only", "")
    return InspectionQuery(
        state=InspectionState(state) if state in {one.value for one in InspectionState} else None,
        year=int(year) if year.isdecimal() and len(year) == len("2026") else None,
        unit_code=args.get("unit", ""),
        only=only if only in inspections.ONLY else "",
        page=int(page) if page.isdecimal() else 1,
    )


def _only_names() -> list[tuple[str, str]]:
    return [
        ("open_remedies", _("Còn việc phải khắc phục")),
        ("late", _("Quá hạn báo cáo hoặc khắc phục")),
        ("held", _("Đang giữ hồ sơ khen thưởng")),
    ]


def _next_day(row: inspections.InspectionRow, today: date) -> deadlines.Deadline | None:
    """Return the day that comes next: of the report while it is awaited, else of the next open remedy."""
    if row.next_remedy_on is not None:
        return deadlines.of_day(row.next_remedy_on, today)
    if row.report_due_on is not None and row.reported_at is None and row.is_awaiting_report:
        return deadlines.of_day(row.report_due_on, today)
    return None


@pages.get("/inspections/<int:inspection_id>")
def show(inspection_id: int) -> ResponseReturnValue:
    """Show an inspection: where it stands, what was reported, found, concluded and mended."""
    with reading() as session:
        return _render(session, _get(session, inspection_id))


@pages.get("/inspections/<int:inspection_id>/diagram.bpmn")
def diagram(inspection_id: int) -> ResponseReturnValue:
    """Give the diagram of the version this inspection runs on."""
    with reading() as session:
        instance = _instance(session, _get(session, inspection_id))
        if instance is None:
            raise NotFoundError(f"inspection {inspection_id} has no instance")
        return dossiers.diagram_response(session, instance)


@pages.post("/inspections/<int:inspection_id>/hold")
def lift_hold(inspection_id: int) -> ResponseReturnValue:
    """Let the unit's dossiers go on before everything is mended, with a reason."""
    try:
        with transaction() as session:
            holds.lift_hold(
                session,
                _get(session, inspection_id),
                actor=current_person(session),
                authority=current_authority(session),
                reason=request.form.get("reason", ""),
                now=clock.now(),
            )
    except AnswerError as error:
        with reading() as session:
            return _render(session, _get(session, inspection_id), wrong=pick(error.vi, error.en)), 422
    flash(_("Đã dừng giữ hồ sơ khen thưởng của đơn vị. Đơn vị được báo bằng thư."), "ok")
    return redirect(url_for("inspections.show", inspection_id=inspection_id))


@pages.post("/inspections/<int:inspection_id>/cancel")
def cancel(inspection_id: int) -> ResponseReturnValue:
    """End an inspection before its conclusion, with a reason."""
    try:
        with transaction() as session:
            cancelling.cancel_inspection(
                session,
                _get(session, inspection_id),
                actor=current_person(session),
                authority=current_authority(session),
                reason=request.form.get("reason", ""),
                now=clock.now(),
            )
    except AnswerError as error:
        with reading() as session:
            wrong = pick(error.vi, error.en)
            return _render(session, _get(session, inspection_id), cancel_wrong=wrong), 422
    deliver_messages()
    flash(_("Đã hủy cuộc kiểm tra. Đơn vị và đoàn kiểm tra được báo bằng thư."), "ok")
    return redirect(url_for("inspections.show", inspection_id=inspection_id))


@pages.get("/inspections/new")
def new() -> ResponseReturnValue:
    """Show the form of an unplanned inspection."""
    with reading() as session:
        return _render_new(session, {})


@pages.post("/inspections/new")
def create() -> ResponseReturnValue:
    """Start an unplanned inspection, or say at each field what is wrong."""
    form = request.form
    order = Order(
        unit_code=form.get("unit", ""),
        reason=form.get("reason", ""),
        topic=form.get("topic", ""),
        visit_on=_day(form.get("visit_on", "")),
    )
    try:
        with transaction() as session:
            person, authority, now = current_person(session), current_authority(session), clock.now()
            _require(can_manage_inspections(authority))
            wrong = inspection_orders.problems_of(session, order, now=now)
            if wrong:
                return _render_new(session, {field: pick(*said) for field, said in wrong.items()}), 422
            found = inspection_orders.order_inspection(
                session, order, actor=person, authority=authority, now=now
            )
    except StepFailedError:
        flash(_("Chưa mở được: một bước đầu tiên bị hỏng. Báo quản trị quy trình."), "stop")
        with reading() as session:
            return _render_new(session, {}), 503
    flash(_("Đã mở cuộc kiểm tra đột xuất. Đơn vị được báo bằng thư ngay bây giờ."), "ok")
    return redirect(url_for("inspections.show", inspection_id=found.id))


def _render_new(session: Session, wrong: Mapping[str, str]) -> str:
    authority = current_authority(session)
    _require(can_manage_inspections(authority))
    today = local_day(clock.now())
    units = [unit for unit in people.find_units(session) if not people.is_abolished(unit, on=today)]
    return render_template("inspections/new.html", units=units, wrong=wrong)


def _day(text: str) -> date | None:
    try:
        return formats.read_day(text)
    except ValueError:
        return None


def _render(session: Session, inspection: Inspection, *, wrong: str = "", cancel_wrong: str = "") -> str:
    authority, now = current_authority(session), clock.now()
    facts = inspection_page.inspection_facts(session, inspection, on=local_day(now), language=language())
    instance = _instance(session, inspection)
    return render_template(
        "inspections/show.html",
        facts=facts,
        instance_id=inspection.instance_id,
        live=instances.progress_of(session, instance.id) if instance else None,
        version=session.get_one(DefinitionVersion, instance.version_id) if instance else None,
        log=route_log.of_instance(session, instance, now) if instance else [],
        my_task=task_for(authority, facts.open_tasks),
        days={remedy.position: deadlines.of_day(remedy.due_on, local_day(now)) for remedy in facts.remedies},
        report_day=deadlines.of_day(facts.report_due_on, local_day(now)) if facts.report_due_on else None,
        may_lift=can_lift_hold(authority) and facts.hold is not None and facts.hold.is_in_force,
        may_cancel=cancelling.can_cancel(authority, inspection),
        may_see_plans=can_see_plans(authority),
        may_see_run=access.can_see_definitions(authority),
        wrong=wrong,
        cancel_wrong=cancel_wrong,
    )


def task_for(authority: Authority, open_tasks: Sequence[Task]) -> Task | None:
    """Return the first open task that the person may do."""
    mine = (
        task
        for task in open_tasks
        if task.assignee_id == authority.person_id or permissions.can_claim(authority, task)
    )
    return next(mine, None)


def _instance(session: Session, inspection: Inspection) -> ProcessInstance | None:
    return session.get(ProcessInstance, inspection.instance_id) if inspection.instance_id else None


def _get(session: Session, inspection_id: int) -> Inspection:
    return inspections.get_inspection(session, inspection_id, reader=current_authority(session))


def _reader(session: Session) -> Authority:
    authority = current_authority(session)
    if not access.can_see_inspections(authority):
        raise NotAllowedError("inspections are for inspectors and units")
    return authority


def _require(is_allowed: bool) -> None:
    if not is_allowed:
        raise NotAllowedError("ordering inspections is the agency's")
