"""What the editors in the browser ask of a draft: files, checks, who else is there, how a form will look."""

from datetime import datetime
from http import HTTPStatus
from pathlib import PurePath
from typing import Final, cast

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import calendar, clock, drafts, text
from engine.drafts import DraftConflictError, UnreadableError
from engine.dry_runs import Stock, make_up_form_values
from engine.errors import ConflictError, InvalidInputError, NotFoundError
from engine.feel import Environment
from engine.forms import FormSchemaError, parse_schema
from engine.ingest import Problem
from engine.ingest.xml import MAX_BYTES
from engine.models import DefinitionDraft
from web import form_rendering, formats, studio_lists, studio_mends
from web.i18n import gettext as _
from web.i18n import language, pick
from web.security import FILE_POLICY
from web.studio_access import get_draft, require_editor
from web.transaction import current_person, reading, transaction

pages = Blueprint("studio_files", __name__, url_prefix="/studio/drafts/<int:draft_id>")

MEDIA_TYPES: Final = {
    ".bpmn": "application/xml",
    ".dmn": "application/xml",
    ".form": "application/json",
    ".text": "application/json",
}


@pages.get("/files/<name>")
def read(draft_id: int, name: str) -> ResponseReturnValue:
    """Give a file as it is stored; its digest is the ``ETag``."""
    with reading() as session:
        file = drafts.read_file(get_draft(session, draft_id), name)
    response = Response(file.content, mimetype=MEDIA_TYPES.get(PurePath(name).suffix, "text/plain"))
    response.set_etag(file.sha256)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


@pages.put("/files/<name>")
def write(draft_id: int, name: str) -> ResponseReturnValue:
    """Save a file over the state that the editor has seen, whose digest stands in ``If-Match``."""
    request.max_content_length = MAX_BYTES
    seen, content, now = request.headers.get("If-Match", "").strip('"'), request.get_data(), clock.now()
    with transaction() as session:
        editor = require_editor(session)
        try:
            draft = drafts.get_draft(session, draft_id)
            file = drafts.write_file(
                session, draft, name, content, expected_sha256=seen, editor=editor, now=now
            )
        except (NotFoundError, DraftConflictError, InvalidInputError) as error:
            return _refusal(error)
        return jsonify(
            sha256=file.sha256,
            saved_at=now.isoformat(),
            saved_at_text=time_or_moment(now, now),
            saved_by=editor.full_name,
        )


@pages.delete("/files/<name>")
def remove(draft_id: int, name: str) -> ResponseReturnValue:
    """Take a file away, as the editors in the browser ask it."""
    _remove(draft_id, name)
    return "", HTTPStatus.NO_CONTENT


@pages.post("/files/<name>/remove")
def take_away(draft_id: int, name: str) -> ResponseReturnValue:
    """Take a file away, as a form asks it."""
    try:
        _remove(draft_id, name)
    except InvalidInputError:
        flash(_("Không xóa được sơ đồ chính."), "stop")
    else:
        flash(_("Đã xóa %(name)s khỏi bản nháp.", name=name), "ok")
    return redirect(url_for("studio.show", draft_id=draft_id, tab=request.form.get("tab")))


@pages.post("/files")
def add(draft_id: int) -> ResponseReturnValue:
    """Add an uploaded file, or a new one of a kind; lead to its editor."""
    with transaction() as session:
        draft, name = get_draft(session, draft_id), ""
        try:
            name = _add(session, draft).name
        except UnreadableError as unreadable:
            return refused_page(unreadable)
        except ConflictError:
            flash(_("Chưa thêm được: đã có tệp cùng tên. Đánh dấu thay tệp cũ, hoặc đặt mã khác."), "stop")
        except InvalidInputError:
            flash(
                _(
                    "Chưa thêm được: mã bắt đầu bằng chữ, chỉ gồm chữ không dấu, chữ số và dấu gạch dưới; "
                    "tệp tải lên là .bpmn, .dmn, .form hoặc .text."
                ),
                "stop",
            )
    if name:
        return redirect(url_for("studio.show", draft_id=draft_id, file=name))
    return redirect(url_for("studio.show", draft_id=draft_id, tab=request.form.get("tab")))


def _add(session: Session, draft: DefinitionDraft) -> drafts.DraftFile:
    now, form, editor = clock.now(), request.form, current_person(session)
    posted = request.files.get("file")
    if posted is None or not posted.filename:
        kind, name = form.get("kind", ""), form.get("name", "")
        file_id = form.get("id", "").strip() or drafts.key_from(name)
        return drafts.add_blank(session, draft, kind, file_id, name=name, editor=editor, now=now)
    name, content = text.nfc(PurePath(posted.filename).name), posted.stream.read(MAX_BYTES + 1)
    replace = form.get("replace") == "1"
    return drafts.add_file(session, draft, name, content, editor=editor, now=now, replace=replace)


@pages.post("/check")
def check(draft_id: int) -> ResponseReturnValue:
    """List every problem of the draft as it is stored, each with what would mend it."""
    with reading() as session:
        draft = get_draft(session, draft_id)
        problems = drafts.problems_of(session, draft, now=clock.now())
        return jsonify(problems=[_row(session, problem) for problem in problems])


@pages.get("/lists")
def lists(draft_id: int) -> ResponseReturnValue:
    """List what may be named in this draft: roles, actions, forms, tables, texts, processes, variables."""
    with reading() as session:
        return jsonify(studio_lists.lists_of(session, get_draft(session, draft_id)))


@pages.post("/visit")
def visit(draft_id: int) -> ResponseReturnValue:
    """Note who has which file open; tell who else is there and which files have changed."""
    now = clock.now()
    given = request.get_json(silent=True)
    file = cast("dict[str, object]", given).get("file") if isinstance(given, dict) else None
    with transaction() as session:
        draft, visitor = get_draft(session, draft_id), current_person(session)
        files = drafts.files_of(draft)
        if file in files:
            drafts.visit(session, draft, str(file), visitor=visitor, now=now)
        others = drafts.find_visits(session, draft, now=now, but=visitor)
        return jsonify(
            others=[
                {
                    "name": one.person.full_name,
                    "file": one.file,
                    "seen_at_text": time_or_moment(one.seen_at, now),
                }
                for one in others
            ],
            files={name: drafts.digest(content) for name, content in files.items()},
        )


@pages.post("/preview")
def preview(draft_id: int) -> ResponseReturnValue:
    """Show a form under work as a person will meet it, with made-up data, or what is wrong with it."""
    request.max_content_length = MAX_BYTES
    now = clock.now()
    with reading() as session:
        get_draft(session, draft_id)
        environment = Environment(now=now, calendar=calendar.load_calendar(session))
    try:
        form = parse_schema(request.get_data())
    except FormSchemaError as refused:
        problems = [pick(one.message_vi, one.message_en) for one in refused.problems]
        return render_template("studio/form_problems.html", problems=problems)
    made_up = make_up_form_values(form, {}, {}, Stock([], [], now), english=language() == "en")
    answers = form.open(initial=made_up, environment=environment)
    return form_rendering.render_form(form, answers, language())


def refused_page(unreadable: UnreadableError) -> ResponseReturnValue:
    """Tell every problem of files that could not be opened."""
    problems = [(one.file, pick(one.message_vi, one.message_en)) for one in unreadable.problems]
    page = render_template("studio/refused.html", problems=problems, menu_area="definitions")
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


def _remove(draft_id: int, name: str) -> None:
    with transaction() as session:
        draft = get_draft(session, draft_id)
        drafts.remove_file(session, draft, name, editor=current_person(session), now=clock.now())


def _row(session: Session, problem: Problem) -> dict[str, object]:
    return {
        "file": problem.file,
        "code": problem.code,
        "severity": problem.severity.value,
        "element_id": problem.element_id,
        "element_name": problem.element_name,
        "part_id": problem.part_id,
        "message": problem.message(language()),
        "mend": studio_mends.proposal(session, problem.mend),
    }


def _refusal(error: NotFoundError | DraftConflictError | InvalidInputError) -> ResponseReturnValue:
    """Say why a file was not saved, so that the page keeps what is on the screen."""
    if isinstance(error, DraftConflictError):
        return _conflict(error), HTTPStatus.CONFLICT
    if isinstance(error, UnreadableError):
        problems = [pick(one.message_vi, one.message_en) for one in error.problems]
        return jsonify(
            error=_("Chưa lưu: %(why)s", why=problems[0]), problems=problems
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    if isinstance(error, InvalidInputError):
        too_much = _("Chưa lưu: các tệp của quy trình cộng lại quá lớn. Bỏ bớt tệp hoặc tách quy trình.")
        return jsonify(error=too_much, problems=[too_much]), HTTPStatus.UNPROCESSABLE_ENTITY
    gone = _("Bản nháp này đã được gửi đi hoặc đã bỏ. Nội dung trên màn hình chưa được lưu.")
    return jsonify(error=gone), HTTPStatus.GONE


def _conflict(conflict: DraftConflictError) -> Response:
    edit, now = conflict.edit, clock.now()
    name = edit.person.full_name if edit else ""
    moment = time_or_moment(edit.last_at, now) if edit else ""
    if not conflict.sha256:
        sentence = _("%(name)s đã xóa tệp này lúc %(moment)s.", name=name, moment=moment)
    elif edit:
        sentence = _(
            "%(name)s đã lưu tệp này lúc %(moment)s, sau khi trang được mở.", name=name, moment=moment
        )
    else:
        sentence = _("Tệp này không còn như lúc trang được mở.")
    return jsonify(error=sentence, sha256=conflict.sha256, saved_by=name, saved_at_text=moment)


def time_or_moment(at: datetime, now: datetime) -> str:
    """Write the time of day of a moment today, else its day as well."""
    return formats.time_of_day(at) if formats.day(at) == formats.day(now) else formats.moment(at)
