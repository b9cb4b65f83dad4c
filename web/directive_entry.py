"""Entering a directive in steps: the form of its task, one part at a time; all that is typed is kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import clock, permissions, tasks
from engine.errors import NotFoundError
from engine.forms import ACTION, Answers, Component, FieldError, Words
from engine.models import Task
from processes.awards import directives
from processes.directive.checking import Problem, problems_of
from processes.directive.entry import read_entry
from web import completion, deadlines, form_rendering, formats, task_forms
from web.directives import today
from web.i18n import gettext as _
from web.i18n import language
from web.task_forms import TaskForm
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("directive_entry", __name__)

PAGE = "enter_directive"
"""Property ``page`` of the user task that this page shows."""
LISTS = ("items", "tasks", "targets", "recipients")
FACTS, CHECK = "facts", "check"
STEPS = (FACTS, *LISTS, CHECK)

Fields = Mapping[str, list[str]]


@dataclass(frozen=True)
class Entry:
    """The task at hand with its form and what was typed into all of its parts."""

    session: Session
    task: Task
    form: TaskForm
    draft: Fields

    def parts_of(self, step: str) -> tuple[Component, ...]:
        """Return the components of the form that a step shows: a list each, or the facts before them."""
        found = self.form.form.components
        if step in LISTS:
            return tuple(one for one in found if one.key == step)
        return tuple(one for one in found if one.kind != "dynamiclist" and one.key not in LISTS)

    def beside(self, step: str) -> dict[str, list[str]]:
        """Return what was typed into the other steps."""
        own = {one.key for one in self.parts_of(step) if one.key}
        return {name: texts for name, texts in self.draft.items() if _root(name) not in own}

    def judged(self) -> Answers:
        """Return everything that was typed, with all that is wrong with it."""
        form = self.form
        answers = form.form.parse(
            self.draft, initial=form.initial, environment=form.environment, may_use_upload=form.may_use
        )
        return self.with_problems(answers)

    def with_problems(self, answers: Answers) -> Answers:
        """Add what the rules of directives say to what the form says, each at its field."""
        directive = directives.directive_of_instance(self.session, self.task.instance)
        found = problems_of(
            self.session,
            read_entry(answers.values),
            directive_id=directive.id if directive else None,
            today=today(),
        )
        told: dict[str, FieldError] = {}
        for problem in found:
            name = _field_of(problem, answers)
            if name not in answers.errors:
                told.setdefault(name, FieldError("directive", message=Words(problem.vi, problem.en)))
        return answers.with_errors(told)


@pages.get("/directives/entry/<int:task_id>")
@pages.get("/directives/entry/<int:task_id>/<any(facts, items, tasks, targets, recipients, check):step>")
def show(task_id: int, step: str = FACTS) -> ResponseReturnValue:
    """Show one step as it was left; with ``?wrong=1`` with what is wrong in it."""
    with reading() as session:
        entry = _entry(session, task_id)
        if step == CHECK:
            return _render(entry, step, entry.judged())
        answers = entry.judged() if request.args.get("wrong") else entry.form.open(entry.draft)
        return _render(entry, step, answers)


@pages.post("/directives/entry/<int:task_id>/<any(facts, items, tasks, targets, recipients):step>")
def save(task_id: int, step: str) -> ResponseReturnValue:
    """Keep a step and lead to the next one, or show it again with what is wrong in it."""
    with transaction() as session:
        entry = _entry(session, task_id)
        answers = entry.form.hand_in(request, beside=entry.beside(step))
        tasks.save_draft(session, entry.task, entry.form.person, answers.fields, now=clock.now())
        if ACTION in request.form:
            return _render(entry, step, answers)
        answers = entry.with_problems(answers)
        if any(step_of(name) == step for name in answers.errors):
            return _render(entry, step, answers), 422
    following = STEPS[STEPS.index(step) + 1]
    return redirect(url_for("directive_entry.show", task_id=task_id, step=following))


@pages.post("/directives/entry/<int:task_id>/<any(facts, items, tasks, targets, recipients):step>/draft")
def keep(task_id: int, step: str) -> ResponseReturnValue:
    """Keep what is typed so far; only its author reads it."""
    now = clock.now()
    with transaction() as session:
        entry = _entry(session, task_id)
        fields = {**entry.beside(step), **task_forms.fields_of(request)}
        tasks.save_draft(session, entry.task, entry.form.person, fields, now=now)
    note = _("Đã tự lưu lúc %(time)s. Chỉ mình tôi thấy bản nháp này.", time=formats.time_of_day(now))
    return jsonify(saved_at=formats.time_of_day(now), message=note)


@pages.post("/directives/entry/<int:task_id>/check")
def send(task_id: int) -> ResponseReturnValue:
    """Hand the whole directive in for approval, if nothing is wrong with it."""
    with reading() as session:
        entry = _entry(session, task_id)
        answers = entry.judged()
        if answers.errors:
            return _render(entry, CHECK, answers), 422
    return completion.complete(task_id, answers.values, lambda why: _refuse(task_id, why))


def step_of(name: str) -> str:
    """Return the step that shows a field."""
    root = _root(name)
    return root if root in LISTS else FACTS


def _refuse(task_id: int, why: str) -> ResponseReturnValue:
    with reading() as session:
        entry = _entry(session, task_id)
        return _render(entry, CHECK, entry.judged(), why=why), 422


def _entry(session: Session, task_id: int) -> Entry:
    """Find the task and its form for whoever may work on it.

    Raises:
        NotFoundError: it is no task that enters a directive, not open, or not his to do.

    """
    person = current_person(session)
    task = tasks.get_task(session, task_id, reader=person)
    may_work = permissions.can_complete(current_authority(session), task)
    if task.page != PAGE or not permissions.is_waiting(task) or not may_work:
        raise NotFoundError(f"task {task_id} enters no directive for person {person.id}")
    form = task_forms.for_task(session, task, person=person, now=clock.now())
    if form is None:
        raise NotFoundError(f"task {task_id} has no form")
    draft = tasks.find_draft(session, task, person)
    return Entry(session, task, form, draft.answers if draft else {})


def _render(entry: Entry, step: str, answers: Answers, *, why: str = "") -> str:
    form = entry.form
    lines = form_rendering.error_list(form.form, answers, language())
    steps = [step_of(name) for name in answers.errors]
    own = [line for line, where in zip(lines, steps, strict=True) if where == step]
    return render_template(
        "directives/entry.html",
        task=entry.task,
        step=step,
        steps=_step_names(),
        following=STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)],
        errors=list(zip(lines, steps, strict=True)) if step == CHECK else [(line, step) for line in own],
        answers=answers,
        form_html=form_rendering.render_form(
            form.form, answers, language(), name_file=form.name_file, only=entry.parts_of(step)
        )
        if step != CHECK
        else "",
        summary=read_entry(answers.values) if step == CHECK else None,
        deadline=deadlines.describe(entry.task.due_at, clock.now()),
        why=why,
        menu_area="directives",
    )


def _step_names() -> dict[str, str]:
    return {
        FACTS: _("Văn bản"),
        "items": _("Các mục"),
        "tasks": _("Nhiệm vụ"),
        "targets": _("Chỉ tiêu"),
        "recipients": _("Nơi nhận"),
        CHECK: _("Xem lại, trình duyệt"),
    }


def _root(name: str) -> str:
    return name.partition(".")[0]


def _field_of(problem: Problem, answers: Answers) -> str:
    """Return the field a problem belongs to: rows are counted from 1 there, and numbered by the page here."""
    root, _dot, rest = problem.place.partition(".")
    position, _dot, name = rest.partition(".")
    lists = {state.name: state for state in answers.lists.values()}
    if not position or root not in lists:
        return problem.place
    numbers = lists[root].numbers
    row = numbers[int(position) - 1] if int(position) <= len(numbers) else int(position) - 1
    return f"{root}.{row}.{name}"
