"""Sums up a year of inspections: the inspector writes, the head of the agency signs, a PDF is kept."""

from decimal import Decimal

from engine import files, setup
from engine.models import Upload
from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from processes.awards.answers import text_of
from processes.awards.calls import actor_of, inspection_plan_of
from processes.awards.errors import AnswerError
from processes.awards.inspection_figures import year_figures
from processes.awards.models import PlanState
from processes.awards.registry import action
from processes.inspection_plan import document
from processes.inspection_plan.telling import tell_plan


@action("inspection_plan.record_summary")
def record_summary(call: ActionCall) -> ActionResult:
    """Write what the year's inspections have shown."""
    plan = inspection_plan_of(call)
    summary = text_of(call.variables, "summary")
    if not summary:
        raise AnswerError("Ghi nhận xét, đánh giá.", "Write the assessment.")
    plan.summary = summary
    return {"is_summary_written": True}


@action("inspection_plan.record_summary_signature")
def record_summary_signature(call: ActionCall) -> ActionResult:
    """Sign the summary, or give it back with the reason."""
    plan = inspection_plan_of(call)
    if text_of(call.variables, "summary_outcome") == "sign":
        plan.review_note = ""
        plan.summarised_at = call.now
        return {"summary_outcome": "sign"}
    reason = text_of(call.variables, "reason")
    if not reason:
        raise AnswerError("Ghi lý do trả lại.", "Give the reason for sending it back.")
    plan.review_note = f"{actor_of(call).full_name}: {reason}"
    return {"summary_outcome": "send_back"}


@action("inspection_plan.make_summary")
def make_summary(call: ActionCall) -> ActionResult:
    """Keep the signed summary as a PDF with the figures as they stand on this day."""
    plan, signer = inspection_plan_of(call), actor_of(call)
    figures = year_figures(call.session, year=plan.year, on=local_day(call.now))
    paper = document.summary_document(plan, figures, signer=signer.full_name, on=local_day(call.now))
    pdf = document.summary_pdf(paper, fonts=setup.of(call.session).fonts, dated=call.now)
    name = f"BC-{plan.code}.pdf"
    upload = files.store_upload(call.session, pdf, name, person=signer, now=call.now, instance=call.instance)
    plan.summary_upload_id = upload.id
    plan.state = PlanState.SUMMARISED
    return {"summary_upload_id": Decimal(upload.id)}


@action("inspection_plan.tell_summary")
def tell_summary(call: ActionCall) -> ActionResult:
    """Tell the Chairman, the council's secretary and the agency what the year has shown."""
    plan = inspection_plan_of(call)
    figures = year_figures(call.session, year=plan.year, on=local_day(call.now))
    kept = call.session.get(Upload, plan.summary_upload_id) if plan.summary_upload_id else None
    tell_plan(
        call,
        plan,
        about="summary",
        subject=("Tổng kết công tác kiểm tra", "Summary of inspections"),
        line=(plan.summary, plan.summary),
        roles=("chairman", "council_secretary", "agency_head", "inspector"),
        rows=(
            *((vi, en, str(count)) for vi, en, count in document.figure_rows(figures)),
            *([("Tệp báo cáo", "Report", kept.name)] if kept else []),
        ),
    )
    return None
