"""Dry runs: an administrator plays a draft or a version before anybody's work depends on it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import calendar, clock, definitions, drafts
from engine.definitions import NotPublishableError
from engine.dry_runs import (
    About,
    Arrival,
    BadLineError,
    DryRun,
    RunTooLongError,
    Shelf,
    run_to_end,
)
from engine.errors import InvalidInputError, NotFoundError
from engine.forms import ACTION, Answers
from engine.models import DefinitionVersion, Person, Task
from web import dry_run_moves, dry_run_page, dry_run_words, task_forms
from web import dry_run_requests as requested
from web.dry_run_moves import Typed
from web.i18n import gettext as _
from web.i18n import language, pick
from web.security import FILE_POLICY
from web.studio_access import get_draft, require_editor
from web.transaction import installation, reading
from web.wiring import dry_run_setup, dry_run_shelf

pages = Blueprint("dry_runs", __name__)

MOVES: Final = 40
"""So many at one click: the page must come back."""


@pages.post("/studio/drafts/<int:draft_id>/dry-run")
def of_draft(draft_id: int) -> ResponseReturnValue:
    """Begin a run of a draft as it is saved now."""
    with reading() as session:
        draft = get_draft(session, draft_id)
        about = _about(require_editor(session), draft.name, draft.name_en, draft_id=draft.id)
        key, bundle = draft.key, drafts.files_of(draft)
    return _begin(about, key, bundle)


@pages.post("/definitions/<int:version_id>/dry-run")
def of_version(version_id: int) -> ResponseReturnValue:
    """Begin a run of a version."""
    with reading() as session:
        editor = require_editor(session)
        version = session.get(DefinitionVersion, version_id)
        if version is None:
            raise NotFoundError(f"no version {version_id}")
        about = _about(editor, version.name, version.name_en, version_id=version.id)
        key, bundle = version.key, definitions.files_of(version)
    return _begin(about, key, bundle)


@pages.get("/dry-runs/<token>")
def show(token: str) -> ResponseReturnValue:
    """Show where a run stands and what can be done next."""
    return _page(_find(token), Typed())


@pages.get("/dry-runs/<token>/diagram.bpmn")
def diagram(token: str) -> ResponseReturnValue:
    """Give the diagram to the viewer: the main one, or the one that has an element."""
    with _shelf().opened(_find(token).token, dry_run_setup()) as run:
        found = dry_run_words.diagram_with(run, request.args.get("element", ""))
        source = run.bundle[found.file]
    response = Response(source, mimetype="application/xml")
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


@pages.post("/dry-runs/<token>/start")
def start(token: str) -> ResponseReturnValue:
    """Start the process."""

    def play(run: DryRun) -> None:
        element_id = request.form.get("run:element", "")
        run.start(
            requested.variables("run:variables"),
            start_element_id=element_id,
            results=requested.results(),
        )

    return _play(token, play)


@pages.post("/dry-runs/<token>/tasks/<int:task_id>")
def complete(token: str, task_id: int) -> ResponseReturnValue:
    """Hand in a task as one of the invented people; a form that is not right is shown again."""
    return _play(token, lambda run: _hand_in(run, task_id))


@pages.post("/dry-runs/<token>/tasks/<int:task_id>/refresh")
def refresh(token: str, task_id: int) -> ResponseReturnValue:
    """Return the form alone, as it looks after what was typed."""
    with _shelf().opened(_find(token).token, dry_run_setup()) as run, run.factory() as session:
        task, person = session.get(Task, task_id), session.get(Person, requested.number("run:actor"))
        if task is None or person is None:
            raise NotFoundError(f"dry run {token} has no task {task_id}")
        form = task_forms.for_task(session, task, person=person, now=run.now)
        if form is None:
            raise NotFoundError(f"task {task_id} of dry run {token} has no form")
        return dry_run_moves.render(form, form.open(task_forms.fields_of(request)))


@pages.post("/dry-runs/<token>/messages/<uuid:wait>")
def send(token: str, wait: UUID) -> ResponseReturnValue:
    """Send the message that is waited for."""
    return _play(
        token,
        lambda run: run.send(wait, requested.variables("run:variables"), results=requested.results()),
    )


@pages.post("/dry-runs/<token>/incidents/<int:incident_id>")
def retry(token: str, incident_id: int) -> ResponseReturnValue:
    """Try a failed step again, with other results of its action."""
    return _play(token, lambda run: run.retry(incident_id, requested.results()))


@pages.post("/dry-runs/<token>/jump")
def jump(token: str) -> ResponseReturnValue:
    """Let time pass to a moment."""
    try:
        moment = datetime.fromisoformat(request.form.get("to", ""))
    except ValueError as error:
        raise InvalidInputError("the moment to jump to is none") from error
    if moment.tzinfo is None:
        raise InvalidInputError("the moment to jump to has no zone")
    return _play(token, lambda run: run.jump(moment))


@pages.post("/dry-runs/<token>/finish")
def finish(token: str) -> ResponseReturnValue:
    """Let the run play itself to the end."""

    def play(run: DryRun) -> None:
        arrival = run_to_end(run, moves=MOVES)
        flash(_arrival_text(run, arrival), "ok" if arrival.ending == "completed" else "stop")

    return _play(token, play)


@pages.post("/dry-runs/<token>/back")
def back(token: str) -> ResponseReturnValue:
    """Go back to a step, the one before if none is named; everything stands as it stood then."""
    about, after = _find(token), requested.number("run:step")
    _shelf().go_back(about.token, after=after, to=requested.number("to") or after - 1, now=clock.now())
    return _back_to(token)


class _RefusedError(Exception):
    """A form was not taken: the step is not played."""

    def __init__(self, answers: Answers) -> None:
        super().__init__("the form was not taken")
        self.answers = answers


def _hand_in(run: DryRun, task_id: int) -> None:
    """Read the form and hand it in.

    Raises:
        _RefusedError: the form does not take the answers, or a button only changed its rows.
        NotFoundError: the run has no such task or person.

    """
    with run.factory.begin() as session:
        answers = _read_form(run, session, task_id)
    if answers is not None and (answers.errors or ACTION in request.form):
        raise _RefusedError(answers)
    values = answers.values if answers is not None else requested.variables("run:variables")
    run.complete(task_id, values, actor_id=requested.number("run:actor"), results=requested.results())


def _read_form(run: DryRun, session: Session, task_id: int) -> Answers | None:
    task, actor = session.get(Task, task_id), session.get(Person, requested.number("run:actor"))
    if task is None or actor is None:
        raise NotFoundError(f"the dry run has no task {task_id} or not that person")
    if task.form_id not in run.forms:
        return None
    form = task_forms.for_task(session, task, person=actor, now=run.now)
    return form.hand_in(request) if form else None


def _play(token: str, play: Callable[[DryRun], None]) -> ResponseReturnValue:
    """Play one step and show the page anew; what was typed and is not taken is shown again with why."""
    about, after, now = _find(token), requested.number("run:step"), clock.now()
    try:
        with _shelf().played(about.token, dry_run_setup(), after=after, now=now) as run:
            play(run)
    except BadLineError as bad:
        return _page(about, Typed(requested.texts(), _bad_line(bad))), HTTPStatus.UNPROCESSABLE_ENTITY
    except _RefusedError as refused:
        status = HTTPStatus.OK if ACTION in request.form else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(about, Typed(requested.texts(), answers=refused.answers)), status
    except RunTooLongError:
        flash(_("Bản chạy thử đã quá dài. Lùi lại, hoặc mở bản chạy thử khác."), "stop")
    return _back_to(token)


def _begin(about: About, key: str, bundle: Mapping[str, bytes]) -> ResponseReturnValue:
    now, setup, spoken = clock.now(), dry_run_setup(), language()
    with reading() as session:
        days = calendar.load_calendar(session).overrides

    def begin(folder: Path) -> DryRun:
        return DryRun.begin(key, bundle, setup, folder=folder, days=days, language=spoken, now=now)

    try:
        about = _shelf().add(about, begin, now=now)
    except NotPublishableError as refused:
        facts = {"about": about, "problems": refused.problems, "menu_area": "definitions"}
        return render_template("dry_runs/refused.html", **facts), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("dry_runs.show", token=about.token))


def _page(about: About, typed: Typed) -> str:
    shelf, wanted = _shelf(), requested.wanted()
    with shelf.opened(about.token, dry_run_setup()) as run:
        return render_template(
            "dry_runs/show.html",
            about=about,
            name=pick(about.name, about.name_en),
            step=shelf.step_number(about.token),
            wanted=wanted,
            menu_area="definitions",
            **dry_run_page.gather(run, wanted, typed),
        )


def _about(editor: Person, name: str, name_en: str, **source: int) -> About:
    return About("", editor.id, clock.now(), name, name_en, **source)


def _find(token: str) -> About:
    """Return a run of the person signed in.

    Raises:
        NotAllowedError: he edits no definitions.
        NotFoundError: there is none, it is somebody else's, or its day is over.

    """
    with reading() as session:
        editor = require_editor(session)
    return _shelf().find(token, owner_id=editor.id, now=clock.now())


def _shelf() -> Shelf:
    return dry_run_shelf(installation().settings)


def _back_to(token: str) -> ResponseReturnValue:
    """Show the page after a step: as the same person, with the move that is then the most pressing."""
    person = request.form.get("run:person", type=int)
    return redirect(url_for("dry_runs.show", token=token, person=person))


def _bad_line(bad: BadLineError) -> str:
    sentence = _('Dòng %(number)s chưa đọc được: “%(line)s”. Viết: tên = giá trị, ví dụ: ket_qua = "dat".')
    return sentence % {"number": bad.number, "line": bad.line}


def _arrival_text(run: DryRun, arrival: Arrival) -> str:
    name = dry_run_words.name_of(run, arrival.element_id) if arrival.element_id else ""
    sentences = {
        "completed": _("Đã chạy đến hết."),
        "incident": _("Dừng ở bước hỏng: %(name)s.", name=name),
        "nobody": _("Dừng: không ai làm được việc “%(name)s”.", name=name),
        "refused": _("Dừng: không tự điền được biểu mẫu “%(name)s”. Điền tay rồi chạy tiếp.", name=name),
        "waiting": _("Dừng: quy trình không chờ ai, không chờ hạn nào mà chưa kết thúc."),
        "bounded": _("Dừng sau nhiều bước: quy trình còn quay vòng."),
    }
    return sentences[arrival.ending]
