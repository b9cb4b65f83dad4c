"""Họp Hội đồng: sessions, their agenda and results, the sealed ballot of a member, the minutes."""

from collections.abc import Mapping

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, setup
from engine.errors import ConflictError, NotAllowedError, NotFoundError
from engine.models import Person, Task, TaskState
from processes.awards import ballots, council, council_page
from processes.awards.council_page import SessionFacts
from processes.awards.documents import PaperWords
from processes.awards.errors import AnswerError
from processes.awards.models import Choice, CouncilSession
from processes.council_session import document
from web import access, deadlines
from web.i18n import gettext as _
from web.i18n import language, pick
from web.security import FILE_POLICY
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("council", __name__)

CHOICES = {"agree": Choice.AGREE, "disagree": Choice.DISAGREE, "blank": Choice.BLANK}


@pages.get("/council")
def index() -> ResponseReturnValue:
    """List the sessions, the newest first."""
    with reading() as session:
        authority, person = current_authority(session), current_person(session)
        rows = council_page.find_sessions(session, reader=authority, language=language())
        if not rows and not access.can_see_council(authority):
            raise NotAllowedError(f"person {person.id} is none of the council's people")
        return render_template(
            "council/index.html",
            rows=rows,
            open_ballots=council.open_ballots_of(session, person, now=clock.now()),
            waiting=council_page.agenda_candidates(session) if council.can_manage(authority) else [],
            may_manage=council.can_manage(authority),
        )


@pages.post("/council")
def create() -> ResponseReturnValue:
    """Call a session and open its first task."""
    with transaction() as session:
        authority, person = current_authority(session), current_person(session)
        meeting = council.create_session(session, actor=person, authority=authority, now=clock.now())
        first = session.scalar(
            select(Task.id).where(Task.instance_id == meeting.instance_id, Task.state == TaskState.OPEN)
        )
    if first is None:
        return redirect(url_for("council.show", session_id=meeting.id))
    return redirect(url_for("tasks.show", task_id=first))


@pages.get("/council/<int:session_id>")
def show(session_id: int) -> ResponseReturnValue:
    """Show a session: its agenda, its members, its results once counted."""
    with reading() as session:
        meeting, facts = _get(session, session_id)
        tasks_open = session.scalars(
            select(Task).where(Task.instance_id == meeting.instance_id, Task.state == TaskState.OPEN)
        ).all()
        return render_template(
            "council/show.html",
            facts=facts,
            open_tasks=tasks_open,
            may_declare=facts.is_member and meeting.state in council.BEFORE_THE_BALLOT,
            deadline=deadlines.describe(facts.closes_at, clock.now()) if facts.is_ballot_open else None,
        )


@pages.post("/council/<int:session_id>/conflicts")
def declare_conflict(session_id: int) -> ResponseReturnValue:
    """Let a member leave the vote on a line, or come back to it, before the ballot opens."""
    line_id, reason = request.form.get("line", 0, type=int), request.form.get("reason", "")
    try:
        with transaction() as session:
            meeting, _facts = _get(session, session_id)
            person = current_person(session)
            if request.form.get("action") == "revoke":
                council.revoke_conflict(session, meeting, line_id=line_id, member=person)
            else:
                council.declare_conflict(session, meeting, line_id=line_id, member=person, reason=reason)
    except AnswerError as error:
        flash(pick(error.vi, error.en), "stop")
    else:
        flash(_("Đã ghi khai báo. Danh sách người bỏ phiếu của trường hợp này theo đó mà tính."), "ok")
    return redirect(url_for("council.show", session_id=session_id))


@pages.get("/council/<int:session_id>/ballot")
def ballot(session_id: int) -> ResponseReturnValue:
    """Show a member's empty ballot; what he chose before is sealed and shown to nobody, himself included."""
    with reading() as session:
        facts = _own_ballot(session, session_id)
        return _ballot_page(facts, {}, wrong="")


@pages.post("/council/<int:session_id>/ballot")
def cast(session_id: int) -> ResponseReturnValue:
    """Review, mend or hand in a ballot. Choices live in this request alone: no draft, no log, no session."""
    step = request.form.get("step", "review")
    with reading() as session:
        facts = _own_ballot(session, session_id)
    choices = _read_choices(facts)
    if step == "edit":
        return _ballot_page(facts, choices, wrong="")
    if len(choices) < len(_own_lines(facts)):
        return _ballot_page(facts, choices, wrong=_("Còn trường hợp chưa chọn. Chọn ở mọi trường hợp.")), 422
    if step != "cast":
        return render_template("council/review.html", facts=facts, choices=choices)
    return _cast(session_id, facts, choices)


@pages.post("/council/<int:session_id>/receipt")
def check_receipt(session_id: int) -> ResponseReturnValue:
    """Say whether the envelope of a receipt code was opened and counted."""
    code = request.form.get("code", "")
    with reading() as session:
        meeting, _facts = _get(session, session_id)
        is_counted = ballots.receipt_is_counted(session, meeting, code)
    if is_counted:
        flash(_("Phiếu mang mã này đã được mở và kiểm."), "ok")
    else:
        flash(
            _("Không có phiếu nào mang mã này trong số đã kiểm. Phiếu đã được thay thì mã cũ hết hiệu lực."),
            "warn",
        )
    return redirect(url_for("council.show", session_id=session_id))


@pages.get("/council/<int:session_id>/minutes")
def minutes(session_id: int) -> ResponseReturnValue:
    """Show the minutes of the count as a document to print."""
    with reading() as session:
        meeting, facts = _get(session, session_id)
        official, secretary = _minutes_facts(session, meeting)
        paper = document.minutes_document(official, secretary=secretary)
        return render_template("council/minutes.html", facts=facts, document=paper, words=PaperWords())


@pages.get("/council/<int:session_id>/minutes.pdf")
def minutes_document(session_id: int) -> ResponseReturnValue:
    """Send the minutes of the count as an official document."""
    with reading() as session:
        meeting = council.get_session(session, session_id, reader=current_authority(session))
        facts, secretary = _minutes_facts(session, meeting)
        content = document.minutes_pdf(facts, secretary=secretary, fonts=setup.of(session).fonts)
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="BB-{meeting.code}.pdf"'
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


def _get(session: Session, session_id: int) -> tuple[CouncilSession, SessionFacts]:
    meeting = council.get_session(session, session_id, reader=current_authority(session))
    facts = council_page.session_facts(
        session, meeting, reader=current_person(session), language=language(), now=clock.now()
    )
    return meeting, facts


def _minutes_facts(session: Session, meeting: CouncilSession) -> tuple[SessionFacts, str]:
    """Return the facts of the minutes in Vietnamese, and who keeps them; not found before the count."""
    if meeting.state.value not in {"counted", "signed"}:
        raise NotFoundError(f"council session {meeting.id} is not counted")
    reader, now = current_person(session), clock.now()
    facts = council_page.session_facts(session, meeting, reader=reader, language="vi", now=now)
    return facts, session.get_one(Person, meeting.created_by_id).full_name


def _own_ballot(session: Session, session_id: int) -> SessionFacts:
    _meeting, facts = _get(session, session_id)
    if not facts.is_member:
        raise NotAllowedError(f"no member of council session {session_id}")
    return facts


def _own_lines(facts: SessionFacts) -> list[int]:
    return [line.id for group in facts.groups for line in group.lines if not line.exclusion]


def _read_choices(facts: SessionFacts) -> dict[int, str]:
    """Read the choice of every line; one left open follows the way chosen for its group."""
    choices: dict[int, str] = {}
    for number, group in enumerate(facts.groups):
        way = request.form.get(f"way-{number}", "")
        for line in group.lines:
            chosen = request.form.get(f"line-{line.id}", way)
            if not line.exclusion and chosen in CHOICES:
                choices[line.id] = chosen
    return choices


def _cast(session_id: int, facts: SessionFacts, choices: Mapping[int, str]) -> ResponseReturnValue:
    sheet = {line_id: CHOICES[chosen] for line_id, chosen in choices.items()}
    try:
        with transaction() as session:
            meeting = council.get_session(session, session_id, reader=current_authority(session))
            member, now = current_person(session), clock.now()
            code = ballots.cast(session, meeting, member=member, choices=sheet, now=now)
    except AnswerError as error:
        return _ballot_page(facts, choices, wrong=pick(error.vi, error.en)), 422
    except ConflictError:
        wrong = _("Phiếu đã đóng trước khi phiếu này đến. Phiếu nộp trước đó, nếu có, vẫn được kiểm.")
        return _ballot_page(facts, {}, wrong=wrong, is_closed=True), 409
    return render_template("council/receipt.html", facts=facts, code=code)


def _ballot_page(
    facts: SessionFacts, choices: Mapping[int, str], *, wrong: str, is_closed: bool = False
) -> str:
    return render_template(
        "council/ballot.html",
        facts=facts,
        choices=choices,
        wrong=wrong,
        is_open=facts.is_ballot_open and not is_closed,
        deadline=deadlines.describe(facts.closes_at, clock.now()),
        own_count=len(_own_lines(facts)),
    )
