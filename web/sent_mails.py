"""Sent mails, the proof of delivery: what went out to which address, what the server said, sending again."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import clock, outbox
from engine.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from engine.models import OutboxMail
from web import access, mail_table
from web.i18n import gettext as _
from web.log_lines import without_secrets
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("sent_mails", __name__)

PAGE_SIZE = 50
MOST_EXPORTED = 10_000


@pages.get("/mails")
def index() -> ResponseReturnValue:
    """List mails, the newest first, by state, words, kind, days, and what they are about."""
    asked = mail_table.read_query(request.args)
    page = max(1, request.args.get("page", 1, type=int))
    with reading() as session:
        _require(access.can_see_mails(current_authority(session)))
        counts = outbox.count_by_state(session, asked.query)
        total = counts.get(asked.query.state, 0) if asked.query.state else sum(counts.values())
        mails = outbox.find_mails(session, asked.query, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
        return render_template(
            "sent_mails/index.html",
            mails=mails,
            counts={state.value: count for state, count in counts.items()},
            asked=asked,
            kinds=mail_table.kind_names(),
            page=page,
            pages=-(-total // PAGE_SIZE),
            why=mail_table.why_failed,
        )


@pages.get("/mails.csv")
def export() -> ResponseReturnValue:
    """Hand out the list as it is filtered, the newest ten thousand, as a table that spreadsheets open."""
    with reading() as session:
        _require(access.can_see_mails(current_authority(session)))
        query = mail_table.read_query(request.args).query
        content = mail_table.as_csv(outbox.find_mails(session, query, limit=MOST_EXPORTED))
    response = make_response(content)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="thu-da-gui.csv"'
    return response


@pages.get("/mails/<int:mail_id>")
def show(mail_id: int) -> ResponseReturnValue:
    """Show one mail as plain text, with its delivery and the mails that follow it."""
    with reading() as session:
        return _page(session, _get_mail(session, mail_id))


@pages.post("/mails/<int:mail_id>/resend")
def resend(mail_id: int) -> ResponseReturnValue:
    """Send a mail once more, as a mail of its own."""
    reason = request.form.get("reason", "")
    with transaction() as session:
        _require(access.can_mend(current_authority(session)))
        mail = _get_mail(session, mail_id)
        try:
            again = outbox.resend(
                session, mail, actor=current_person(session), reason=reason, now=clock.now()
            )
        except InvalidInputError:
            wrong = _("Ghi lý do gửi lại, không quá %(num)s chữ.", num=outbox.REASON_LIMIT)
            return _page(session, mail, reason=reason, wrong=wrong), 422
        except ConflictError:
            wrong = _("Thư đang chờ gửi, hoặc người nhận chưa có địa chỉ thư điện tử.")
            return _page(session, mail, reason=reason, wrong=wrong), 409
    flash(_("Đã lập thư gửi lại; kết quả hiện ở đây sau vài giây."), "ok")
    return redirect(url_for("sent_mails.show", mail_id=again.id))


def _page(session: Session, mail: OutboxMail, *, reason: str = "", wrong: str = "") -> str:
    answered = {one.number: one for one in mail.answers}
    return render_template(
        "sent_mails/show.html",
        mail=mail,
        # What only its receiver is to open is not handed to whoever reads the log.
        text=without_secrets(mail.text),
        kinds=mail_table.kind_names(),
        attempts=[(number, answered.get(number)) for number in range(1, mail.attempts + 1)],
        why=mail_table.why_failed,
        may_resend=access.can_mend(current_authority(session)) and outbox.can_resend(mail),
        reason=reason,
        wrong=wrong,
    )


def _require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowedError("sent mails are the administrators'")


def _get_mail(session: Session, mail_id: int) -> OutboxMail:
    """Return a mail to whoever may see the log."""
    _require(access.can_see_mails(current_authority(session)))
    mail = session.get(OutboxMail, mail_id)
    if mail is None:
        raise NotFoundError(f"no mail {mail_id}")
    return mail
