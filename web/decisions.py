"""Quyết định: the list, a draft, the Chairman's signing page, the issued document."""

from collections.abc import Mapping

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, permissions, tasks
from engine.errors import ConflictError, NotFoundError
from engine.feel import Value, to_feel
from engine.models import ProcessInstance, Task, TaskState
from processes.awards import decision_lines, decision_page, decisions
from processes.awards.decision_page import DecisionFacts
from processes.awards.documents import PaperWords
from processes.awards.errors import AnswerError
from processes.awards.models import Decision, LineState
from processes.decision.document import decision_document, wording_of
from web import completion
from web.i18n import gettext as _
from web.i18n import language, pick
from web.security import FILE_POLICY
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("decisions", __name__)

PULLED_STATES = (LineState.LATER.value, LineState.REFUSED.value)


@pages.get("/decisions")
def index() -> ResponseReturnValue:
    """List the decisions the person may see."""
    with reading() as session:
        authority = current_authority(session)
        may_draft = decisions.can_draft(authority)
        return render_template(
            "decisions/index.html",
            rows=decisions.find_decisions(session, reader=authority, language=language()),
            may_draft=may_draft,
            waiting=len(decision_lines.waiting_nominees(session)) if may_draft else 0,
            year=clock.now().astimezone(clock.CITY_ZONE).year,
        )


@pages.post("/decisions")
def create() -> ResponseReturnValue:
    """Gather what passed into a draft and open its first task."""
    try:
        with transaction() as session:
            decision = decisions.start_decision(
                session,
                subject=request.form.get("subject", ""),
                actor=current_person(session),
                authority=current_authority(session),
                now=clock.now(),
            )
            first = session.scalar(
                select(Task.id).where(Task.instance_id == decision.instance_id, Task.state == TaskState.OPEN)
            )
    except AnswerError as error:
        flash(pick(error.vi, error.en), "stop")
        return redirect(url_for("decisions.index"))
    except ConflictError:
        flash(_("Không có trường hợp nào đang chờ quyết định."), "warn")
        return redirect(url_for("decisions.index"))
    flash(_("Đã lập dự thảo %(code)s.", code=decision.code), "ok")
    if first is None:
        return redirect(url_for("decisions.show", decision_id=decision.id))
    return redirect(url_for("tasks.show", task_id=first))


@pages.get("/decisions/<int:decision_id>")
def show(decision_id: int) -> ResponseReturnValue:
    """Show a decision: counts, names, who signed and issued."""
    with reading() as session:
        decision = _get(session, decision_id)
        open_tasks = session.scalars(
            select(Task).where(Task.instance_id == decision.instance_id, Task.state == TaskState.OPEN)
        ).all()
        facts = decision_page.decision_facts(session, decision, language=language())
        return render_template(
            "decisions/show.html", facts=facts, open_tasks=open_tasks, **_paper(session, decision)
        )


@pages.get("/decisions/<int:decision_id>/document.pdf")
def document(decision_id: int) -> ResponseReturnValue:
    """Send the issued document."""
    with reading() as session:
        decision = _get(session, decision_id)
        path = decisions.pdf_of(session, decision, reader=current_authority(session))
        name = decisions.number_text(decision).replace("/", "-") or decision.code
    if not path.is_file():
        raise NotFoundError(f"the document of decision {decision_id} is gone")
    response: Response = send_file(
        path, mimetype="application/pdf", as_attachment=True, download_name=f"QD-{name}.pdf"
    )
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response


@pages.get("/decisions/sign/<int:task_id>")
def sign(task_id: int) -> ResponseReturnValue:
    """Show the Chairman what he signs: the paper, the numbers, what is left out, what follows."""
    return _sign_page(task_id, {}, wrong="")


@pages.post("/decisions/sign/<int:task_id>")
def hand_in_signature(task_id: int) -> ResponseReturnValue:
    """Sign, or send back; lines may be pulled out, each with its reason."""
    form = request.form.to_dict()
    outcome = "send_back" if form.get("outcome") == "send_back" else "sign"
    if outcome == "send_back" and not form.get("reason", "").strip():
        return _sign_page(task_id, form, wrong=_("Ghi lý do trả lại.")), 422
    answers: dict[str, Value] = {
        "outcome": outcome,
        "reason": form.get("reason", "").strip(),
        "pulled": to_feel(_pulled(form)),
    }
    return completion.complete(task_id, answers, lambda why: (_sign_page(task_id, form, wrong=why), 422))


def _get(session: Session, decision_id: int) -> Decision:
    return decisions.get_decision(session, decision_id, reader=current_authority(session))


def _pulled(form: Mapping[str, str]) -> list[dict[str, object]]:
    return [
        {"line_id": int(number), "state": state, "reason": form.get(f"why-{number}", "").strip()}
        for name, state in form.items()
        if (number := name.removeprefix("line-")) != name and number.isdecimal() and state in PULLED_STATES
    ]


def _sign_page(task_id: int, form: Mapping[str, str], *, wrong: str) -> str:
    with reading() as session:
        person = current_person(session)
        task = tasks.get_task(session, task_id, reader=person)
        kind, _colon, number = (task.instance.business_key or "").partition(":")
        if kind != "decision" or not number.isdecimal() or task.page != "sign_decision":
            raise NotFoundError(f"task {task_id} signs no decision")
        decision = _get(session, int(number))
        facts: DecisionFacts = decision_page.decision_facts(session, decision, language=language())
        return render_template(
            "decisions/sign.html",
            task=task,
            facts=facts,
            form=form,
            wrong=wrong,
            may_sign=permissions.can_complete(current_authority(session), task),
            chairman=person,
            **_paper(session, decision),
        )


def _paper(session: Session, decision: Decision) -> dict[str, object]:
    """Return what shows the document itself: official, so in Vietnamese on every page."""
    facts = decision_page.decision_facts(session, decision, language="vi")
    instance = session.get(ProcessInstance, decision.instance_id) if decision.instance_id else None
    wording = wording_of(session, instance.version_id if instance else None)
    return {"document": decision_document(facts, wording), "words": PaperWords()}
