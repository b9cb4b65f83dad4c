"""Sent mails: what went out, what waits, what failed and why, and sending again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import clock, outbox
from engine.errors import NotAllowedError, NotFoundError
from engine.models import MailState, OutboxMail, Person
from engine.text import escape_like
from web import access
from web.i18n import gettext as _
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("sent_mails", __name__)

PAGE_SIZE = 50


@pages.get("/mails")
def index() -> ResponseReturnValue:
    """List mails, the newest first, by state and by receiver."""
    state, query = request.args.get("state", ""), request.args.get("q", "")
    page = max(1, request.args.get("page", 1, type=int))
    with reading() as session:
        _require(access.can_see_mails(current_authority(session)))
        found = select(OutboxMail).outerjoin(Person, OutboxMail.recipient_id == Person.id)
        if state in {one.value for one in MailState}:
            found = found.where(OutboxMail.state == MailState(state))
        for word in query.split():
            found = found.where(Person.search_text.like(f"%{escape_like(word)}%", escape="\\"))
        total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
        shown = found.order_by(OutboxMail.id.desc()).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
        counted = session.execute(select(OutboxMail.state, func.count()).group_by(OutboxMail.state))
        return render_template(
            "sent_mails/index.html",
            mails=list(session.scalars(shown)),
            counts={one.value: count for one, count in counted},
            state=state,
            q=query,
            page=page,
            pages=-(-total // PAGE_SIZE),
            may_mend=access.can_mend(current_authority(session)),
        )


@pages.get("/mails/<int:mail_id>")
def show(mail_id: int) -> ResponseReturnValue:
    """Show one mail as plain text, with its delivery."""
    with reading() as session:
        _require(access.can_see_mails(current_authority(session)))
        mail = _get_mail(session, mail_id)
        may_mend = access.can_mend(current_authority(session))
        return render_template("sent_mails/show.html", mail=mail, may_mend=may_mend)


@pages.post("/mails/<int:mail_id>/resend")
def resend(mail_id: int) -> ResponseReturnValue:
    """Send a mail once more."""
    with transaction() as session:
        _require(access.can_mend(current_authority(session)))
        mail = _get_mail(session, mail_id)
        outbox.resend(session, mail, actor=current_person(session), now=clock.now())
    flash(_("Thư đã xếp lại vào hàng gửi; kết quả hiện ở đây sau vài giây."), "ok")
    return redirect(url_for("sent_mails.show", mail_id=mail_id))


def _require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowedError("sent mails are the administrators'")


def _get_mail(session: Session, mail_id: int) -> OutboxMail:
    mail = session.get(OutboxMail, mail_id)
    if mail is None:
        raise NotFoundError(f"no mail {mail_id}")
    return mail
