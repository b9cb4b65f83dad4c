"""The page behind the secret link of a notice: the directive to read without signing in, and its receipt.

Opening it proves nothing, since programs that look through mails open every link; pressing the button does.
The page tells nothing but the directive itself.
"""

from typing import Final

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from engine import clock
from processes.awards import directive_distribution
from web.directives import send_upload
from web.i18n import gettext as _
from web.login import limiter
from web.transaction import reading, transaction

pages = Blueprint("directive_receipt", __name__)

LIMIT: Final = "20/minute;200/hour"
"""How many wrong secrets one address may try."""


def _missed(answer: AnyResponse) -> bool:
    return answer.status_code == 404  # noqa: PLR2004  # not found


guarded = limiter.shared_limit(LIMIT, scope="directive_receipt", deduct_when=_missed)


@pages.after_request
def _keep_secret(response: Response) -> Response:
    """Let no address with the secret leave the browser towards other sites, or stay in a cache."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@pages.get("/directives/received/<token>")
@guarded
def show(token: str) -> ResponseReturnValue:
    """Show the directive to whoever holds the secret."""
    with reading() as session:
        delivery = directive_distribution.find_by_token(session, token)
        return render_template(
            "directives/received.html",
            directive=delivery.recipient.directive,
            delivery=delivery,
            secret=token,
            shell=None,
        )


@pages.post("/directives/received/<token>")
@guarded
def confirm(token: str) -> ResponseReturnValue:
    """Record the receipt; the first time counts."""
    with transaction() as session:
        delivery = directive_distribution.find_by_token(session, token)
        directive_distribution.confirm_delivery(session, delivery, now=clock.now())
    flash(_("Đã ghi nhận. Cảm ơn ông/bà."), "ok")
    return redirect(url_for("directive_receipt.show", token=token))


@pages.get("/directives/received/<token>/document")
@guarded
def document(token: str) -> ResponseReturnValue:
    """Send the signed document to whoever holds the secret."""
    with reading() as session:
        delivery = directive_distribution.find_by_token(session, token)
        return send_upload(session, delivery.recipient.directive.upload)
