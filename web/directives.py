"""Chỉ thị: the list, and one page that shows the state of all tasks of a directive and what is behind it."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, people, setup
from engine import permissions as engine_permissions
from engine.errors import NotAllowedError, NotFoundError
from engine.files import path_of
from engine.models import Task, TaskState, Upload
from engine.people import Authority
from processes.awards import directive_distribution, directive_page, directives, permissions
from processes.awards.directive_page import TaskFilter, TaskRow
from processes.awards.directive_states import Standing
from processes.awards.directive_words import (
    DIRECTIVE_STATE_NAMES,
    EXTENSION_STATE_NAMES,
    REGULAR_REPORT_STATE_NAMES,
    REPORT_STATE_NAMES,
    RHYTHM_NAMES,
    STANDING_NAMES,
)
from processes.awards.models.directives import Directive, DirectiveState
from web import access, directive_charts
from web.i18n import gettext as _
from web.i18n import language, ngettext
from web.security import FILE_POLICY
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("directives", __name__)

TABS = ("tasks", "targets", "content", "recipients", "reports")
COUNTED = (Standing.DONE, Standing.ON_TIME, Standing.AT_RISK, Standing.LATE)
WORDS = {
    "standing_names": STANDING_NAMES,
    "state_names": DIRECTIVE_STATE_NAMES,
    "report_state_names": REPORT_STATE_NAMES,
    "extension_state_names": EXTENSION_STATE_NAMES,
    "regular_report_state_names": REGULAR_REPORT_STATE_NAMES,
    "rhythm_names": RHYTHM_NAMES,
    "counted": COUNTED,
}
"""What the templates of directives put in words."""


@pages.get("/directives")
def index() -> ResponseReturnValue:
    """List the directives the person may see, with how their tasks stand."""
    with reading() as session:
        authority = current_authority(session)
        if not access.can_see_directives(authority):
            raise NotAllowedError("directives are for those who hold a role")
        found = directives.find_directives(session, reader=authority)
        rows = _rows(session, found, authority)
        counts = {
            one.id: directive_page.count(row for row in rows if row.task.directive_id == one.id)
            for one in found
        }
        return render_template(
            "directives/index.html",
            directives=found,
            counts=counts,
            may_enter=directives.can_enter(authority),
            is_unit=not permissions.sees_everything(authority),
            **WORDS,
        )


@pages.get("/directives/<int:directive_id>")
def show(directive_id: int) -> ResponseReturnValue:
    """Show a directive: one of its tabs."""
    tab = request.args.get("tab", "tasks")
    with reading() as session:
        authority = current_authority(session)
        directive = directives.get_directive(session, directive_id, reader=authority)
        if tab not in tabs_for(authority):
            raise NotFoundError(f"a directive has no tab {tab!r} for person {authority.person_id}")
        return render_template(
            f"directives/{tab}.html", tab=tab, **_frame(session, directive, authority), **WORDS
        )


@pages.get("/directives/<int:directive_id>/print")
def print_view(directive_id: int) -> ResponseReturnValue:
    """Show tasks and targets on one page made for paper."""
    with reading() as session:
        authority = current_authority(session)
        directive = directives.get_directive(session, directive_id, reader=authority)
        return render_template(
            "directives/print.html",
            tab="print",
            now=clock.now(),
            **_frame(session, directive, authority),
            **WORDS,
        )


@pages.get("/directives/<int:directive_id>/document")
def document(directive_id: int) -> ResponseReturnValue:
    """Send the signed document of a directive."""
    with reading() as session:
        directive = directives.get_directive(session, directive_id, reader=current_authority(session))
        return send_upload(session, directive.upload)


@pages.post("/directives/<int:directive_id>/receipt")
def confirm_receipt(directive_id: int) -> ResponseReturnValue:
    """Record that the person signed in has received the directive."""
    with transaction() as session:
        directive = directives.get_directive(session, directive_id, reader=current_authority(session))
        directive_distribution.confirm_reading(
            session, directive, person=current_person(session), now=clock.now()
        )
    flash(_("Đã ghi nhận: đã nhận và đọc chỉ thị."), "ok")
    return redirect(url_for("directives.show", directive_id=directive_id, tab="content"))


@pages.post("/directives/<int:directive_id>/remind")
def remind(directive_id: int) -> ResponseReturnValue:
    """Write once to each of those who have not read the directive."""
    with transaction() as session:
        directive = _to_manage(session, directive_id)
        told = directive_distribution.remind_unread(
            session, directive, actor=current_person(session), now=clock.now()
        )
    flash(ngettext("Đã gửi %(num)s thư nhắc.", "Đã gửi %(num)s thư nhắc.", told), "ok" if told else "warn")
    return redirect(url_for("directives.show", directive_id=directive_id, tab="recipients"))


@pages.post("/directives/<int:directive_id>/deliveries/<int:delivery_id>/resend")
def resend(directive_id: int, delivery_id: int) -> ResponseReturnValue:
    """Send one notice again."""
    with transaction() as session:
        directive = _to_manage(session, directive_id)
        directive_distribution.send_again(
            session, directive, delivery_id, actor=current_person(session), now=clock.now()
        )
    flash(_("Đã gửi lại thư thông báo."), "ok")
    return redirect(url_for("directives.show", directive_id=directive_id, tab="recipients"))


@pages.get("/directives/reports/<int:report_id>.<any(pdf, docx):kind>")
def report_file(report_id: int, kind: str) -> ResponseReturnValue:
    """Send a regular report as PDF or Word."""
    with reading() as session:
        report = directives.get_report(session, report_id, reader=current_authority(session))
        return send_upload(session, report.pdf if kind == "pdf" else report.word)


def tabs_for(authority: Authority) -> tuple[str, ...]:
    """Return the tabs a person sees: distribution and regular reports are for those who see everything."""
    return TABS if permissions.sees_everything(authority) else TABS[:3]


def send_upload(session: Session, upload: Upload | None) -> Response:
    """Send a file as a download; the caller has checked that the reader may have it.

    Raises:
        NotFoundError: there is none, or its bytes are gone.

    """
    path = path_of(setup.of(session).files, upload.sha256) if upload else None
    if upload is None or path is None or not path.is_file():
        raise NotFoundError("the file is not there")
    response: Response = send_file(
        path, mimetype=upload.media_type, as_attachment=True, download_name=upload.name, etag=upload.sha256
    )
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response


def today() -> date:
    """Return the day it is in the city."""
    return people.local_day(clock.now())


def _to_manage(session: Session, directive_id: int) -> Directive:
    authority = current_authority(session)
    directive = directives.get_directive(session, directive_id, reader=authority)
    if not directives.can_enter(authority):
        raise NotAllowedError(f"person {authority.person_id} may not write to readers of directives")
    return directive


def _rows(session: Session, found: Sequence[Directive], authority: Authority) -> list[TaskRow]:
    return directive_page.task_rows(session, found, reader=authority, today=today(), language=language())


def _carried_over(directive: Directive, rows: Sequence[TaskRow]) -> tuple[date, date] | None:
    """Return from when to when tasks run that begin in a later year than that of their document."""
    first = min((row.task.starts_on for row in rows), default=directive.issued_on)
    if first.year <= directive.issued_on.year:
        return None
    return first, max(row.task.due_on for row in rows)


def _entry_task(session: Session, directive: Directive, authority: Authority) -> Task | None:
    """Return the task that enters the directive, to whoever may go on with it."""
    if directive.state is not DirectiveState.DRAFT:
        return None
    waiting = select(Task).where(Task.instance_id == directive.instance_id, Task.state == TaskState.OPEN)
    found = session.scalars(waiting).first()
    return found if found is not None and engine_permissions.can_complete(authority, found) else None


def _frame(session: Session, directive: Directive, authority: Authority) -> dict[str, object]:
    """Return what all tabs show, and what each of them asks for."""
    rows, now = _rows(session, [directive], authority), clock.now()
    chosen = TaskFilter(*(request.args.get(name, "") for name in ("standing", "item", "unit")))
    targets = directive_page.target_rows(rows)
    whole = permissions.sees_everything(authority)
    recipients = directive_distribution.recipient_rows(session, directive) if whole else []
    return {
        "directive": directive,
        "tabs": tabs_for(authority),
        "rows": rows,
        "listed": [row for row in rows if chosen.takes(row)],
        "chosen": chosen,
        "counts": directive_page.count(rows),
        "by_item": directive_page.group_by_item(rows, directive.items, language()),
        "by_unit": directive_page.group_by_unit(rows, language()),
        "charts": directive_charts.of_targets(targets),
        "recipients": recipients,
        "to_remind": directive_distribution.rows_to_remind(recipients, now=now),
        "reports": directives.find_reports(session, directive, reader=authority),
        "unconfirmed": directive_distribution.unread_of(session, directive, person_id=authority.person_id),
        "may_enter": directives.can_enter(authority),
        "sees_all": whole,
        "carried_over": _carried_over(directive, rows),
        "entry_task": _entry_task(session, directive, authority),
        "amount": directive_charts.amount,
    }
