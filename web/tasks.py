"""The page of one task: its form, whose it is, what happens next; taking, giving back, handing in."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import clock, history, people, permissions, setup, tasks
from engine.errors import NotAllowedError, NotFoundError
from engine.forms import ACTION, Answers
from engine.models import Person, Task, TaskState
from web import (
    access,
    completion,
    deadlines,
    evidence,
    form_rendering,
    formats,
    live_diagram,
    next_steps,
    route_log,
    subjects,
    task_forms,
)
from web.i18n import gettext as _
from web.i18n import language, pick
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("tasks", __name__)

OWN_PAGES = {"sign_decision": "decisions.sign", "enter_directive": "directive_entry.show"}
"""Property ``page`` of a user task -> the endpoint that shows it, given the task's number."""
COMMENT_LIMIT = 4000


@dataclass(frozen=True)
class Permits:
    """Which buttons the task page shows."""

    complete: bool
    claim: bool
    release: bool
    hand_over: bool


@pages.get("/tasks/<int:task_id>")
def show(task_id: int) -> ResponseReturnValue:
    """Show a task: its form to work on, or what was handed in."""
    with reading() as session:
        person = current_person(session)
        task = tasks.get_task(session, task_id, reader=person)
        is_open = permissions.is_waiting(task) and not permissions.is_suspended(task)
        if task.page in OWN_PAGES and is_open:
            return redirect(url_for(OWN_PAGES[task.page], task_id=task_id))
        draft = tasks.find_draft(session, task, person)
        task_form = task_forms.for_task(session, task, person=person, now=clock.now())
        answers = task_form.open(draft.answers if draft else None) if task_form else None
        return _render(session, task, person, task_form, answers, saved_at=draft.saved_at if draft else None)


@pages.post("/tasks/<int:task_id>")
def complete(task_id: int) -> ResponseReturnValue:
    """Hand in a task's form; files and text are kept as a draft before anything else."""
    now = clock.now()
    with transaction() as session:
        person = current_person(session)
        task = tasks.get_task(session, task_id, reader=person)
        task_form = task_forms.for_task(session, task, person=person, now=now)
        answers = task_form.hand_in(request) if task_form else None
        is_draft = answers is not None and permissions.is_waiting(task)
        if answers is not None and is_draft:
            tasks.save_draft(session, task, person, answers.fields, now=now)
        only_rows = ACTION in request.form
        if answers is not None and (answers.errors or only_rows):
            page = _render(session, task, person, task_form, answers, saved_at=now)
            return page, 200 if only_rows else 422
    given = answers.values if answers else {}
    return completion.complete(task_id, given, lambda why: _show_refused(task_id, why))


@pages.post("/tasks/<int:task_id>/draft")
def save_draft(task_id: int) -> ResponseReturnValue:
    """Keep what is typed so far; only its author reads it."""
    now = clock.now()
    with transaction() as session:
        person = current_person(session)
        task = tasks.get_task(session, task_id, reader=person)
        tasks.save_draft(session, task, person, task_forms.fields_of(request), now=now)
    note = _("Đã tự lưu lúc %(time)s. Chỉ mình tôi thấy bản nháp này.", time=formats.time_of_day(now))
    return jsonify(saved_at=formats.time_of_day(now), message=note)


@pages.post("/tasks/<int:task_id>/refresh")
def refresh(task_id: int) -> ResponseReturnValue:
    """Return the form alone, as it looks after what was typed: conditions, options and sums follow it."""
    with reading() as session:
        person = current_person(session)
        task = tasks.get_task(session, task_id, reader=person)
        task_form = task_forms.for_task(session, task, person=person, now=clock.now())
        if task_form is None:
            raise NotFoundError(f"task {task_id} has no form")
        return _form_html(task_form, task_form.open(task_forms.fields_of(request)), can_work=True)


@pages.post("/tasks/<int:task_id>/claim")
def claim(task_id: int) -> ResponseReturnValue:
    """Take a common task."""
    with transaction() as session:
        person = current_person(session)
        task = tasks.get_task(session, task_id, reader=person)
        tasks.claim(session, task, actor=person, now=clock.now())
    flash(_("Đã nhận việc. Người khác trong nhóm không còn thấy việc này ở danh sách chung."), "ok")
    return redirect(url_for("tasks.show", task_id=task_id))


@pages.post("/tasks/<int:task_id>/release")
def release(task_id: int) -> ResponseReturnValue:
    """Give a task back to its group."""
    with transaction() as session:
        person = current_person(session)
        task = tasks.get_task(session, task_id, reader=person)
        tasks.release(session, task, actor=person, now=clock.now())
    flash(_("Đã trả việc lại cho nhóm."), "ok")
    return redirect(url_for("inbox.index"))


@pages.post("/tasks/<int:task_id>/hand-over")
def hand_over(task_id: int) -> ResponseReturnValue:
    """Pass a task on to another person of its group."""
    taker_id = request.form.get("to", 0, type=int)
    with transaction() as session:
        person = current_person(session)
        task = tasks.get_task(session, task_id, reader=person)
        administers = setup.of(session).administers
        if not permissions.can_hand_over(current_authority(session), task, administers=administers):
            raise NotAllowedError(f"person {person.id} may not hand over task {task_id}")
        taker = next((one for one in _receivers(session, task, person) if one.id == taker_id), None)
        reason = request.form.get("reason", "").strip()
        if taker is None or not reason:
            flash(_("Chọn một người trong nhóm được giao việc này và ghi lý do."), "stop")
            return redirect(url_for("tasks.show", task_id=task_id))
        tasks.hand_over(session, task, to=taker, actor=person, reason=reason, now=clock.now())
    flash(_("Đã giao việc cho %(name)s.", name=taker.full_name), "ok")
    return redirect(url_for("inbox.index"))


@pages.post("/tasks/<int:task_id>/comments")
def comment(task_id: int) -> ResponseReturnValue:
    """Add a remark, seen by all who may see the instance."""
    text = request.form.get("text", "").strip()[:COMMENT_LIMIT]
    if text:
        with transaction() as session:
            person = current_person(session)
            task = tasks.get_task(session, task_id, reader=person)
            tasks.add_comment(session, task, author=person, text=text, now=clock.now())
    return redirect(url_for("tasks.show", task_id=task_id, _anchor="trao-doi"))


def _show_refused(task_id: int, why: str) -> ResponseReturnValue:
    """Show the form again, as the draft keeps it, with the sentence that says what a rule forbids."""
    now = clock.now()
    with reading() as session:
        person = current_person(session)
        task = tasks.get_task(session, task_id, reader=person)
        draft = tasks.find_draft(session, task, person)
        task_form = task_forms.for_task(session, task, person=person, now=now)
        answers = task_form.open(draft.answers if draft else None) if task_form else None
        return _render(session, task, person, task_form, answers, saved_at=now, why=why), 422


def _render(  # noqa: PLR0913  # what the page is made of
    session: Session,
    task: Task,
    person: Person,
    task_form: task_forms.TaskForm | None,
    answers: Answers | None,
    *,
    saved_at: datetime | None,
    why: str = "",
) -> str:
    now, authority = clock.now(), current_authority(session)
    diagram = live_diagram.diagram_of(session, task.instance, task.element_id)
    barred = tasks.barred_from(session, task)
    permits = Permits(
        complete=permissions.can_complete(authority, task, barred=barred),
        claim=permissions.can_claim(authority, task, barred=barred),
        release=permissions.can_release(authority, task),
        hand_over=permissions.can_hand_over(authority, task, administers=setup.of(session).administers),
    )
    about = subjects.of_instances(session, [task.instance])[task.instance_id]
    siblings = tasks.tasks_of_instance(session, task.instance_id)
    events = history.events_of(session, task.instance_id)
    return render_template(
        "tasks/show.html",
        task=task,
        name=pick(task.name, task.name_en),
        about=about,
        deadline=deadlines.describe(task.due_at, now),
        evidence=evidence.of_subject(session, about),
        form=_form_html(task_form, answers, can_work=permits.complete),
        answers=answers,
        errors=form_rendering.error_list(task_form.form, answers, language())
        if task_form and answers
        else [],
        permits=permits,
        is_barred=person.id in barred,
        may_see_mails=access.can_see_mails(authority),
        is_suspended=permissions.is_suspended(task),
        receivers=_receivers(session, task, person) if permits.hand_over else [],
        next_steps=next_steps.after(diagram, task.element_id, language()),
        log=route_log.tell(events, siblings, diagram, now),
        comments=tasks.list_comments(session, task),
        roles={code: pick(role.name_vi, role.name_en) for code, role in setup.of(session).roles.items()},
        submit_label=task_form.form.submit.read(language()) if task_form else "",
        saved_at=saved_at,
        why=why,
        menu_area="inbox",
    )


def _form_html(task_form: task_forms.TaskForm | None, answers: Answers | None, *, can_work: bool) -> str:
    if task_form is None or answers is None:
        return ""
    form, name_file = task_form.form, task_form.name_file
    if can_work:
        return form_rendering.render_form(form, answers, language(), name_file=name_file)
    if task_form.task.state is TaskState.COMPLETED:
        return form_rendering.render_answers(form, answers, language(), name_file=name_file)
    return ""


def _receivers(session: Session, task: Task, person: Person) -> list[Person]:
    """Return who may receive the task: all holders of its groups but the one who passes it on."""
    today = people.local_day(clock.now())
    found = {
        one.id: one
        for group in task.candidates
        for one in people.people_holding(session, group.role, group.unit_code, on=today)
    }
    return sorted((one for one in found.values() if one.id != person.id), key=lambda one: one.sort_key)
