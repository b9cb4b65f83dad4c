"""A person's calendar at a secret address: read by calendar programs, given out on his own page."""

import logging

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as AnyResponse

from engine import calendar_feeds, clock
from web import feed_calendar, profile
from web.i18n import gettext as _
from web.login import limiter
from web.transaction import current_person, installation, reading, transaction

pages = Blueprint("feeds", __name__)

log = logging.getLogger(__name__)


def _token_key() -> str:
    # The limiter logs the key of whoever asks too often.
    return calendar_feeds.digest(str((request.view_args or {}).get("token", "")))[:16]


def _is_unknown(answer: AnyResponse) -> bool:
    return answer.status_code == 404  # noqa: PLR2004  # not found


@pages.get("/calendar/<token>.ics")
@limiter.limit("120/hour", key_func=_token_key)
@limiter.limit("30/minute", key_func=get_remote_address, deduct_when=_is_unknown)
def show(token: str) -> ResponseReturnValue:
    """Give a calendar program the calendar; an unknown, revoked or closed one is not there, all alike."""
    now = clock.now()
    with reading() as session:
        found = calendar_feeds.find_reader(session, token)
        if found is None:
            abort(404)
        feed, person = found
        base_url = installation().settings.base_url
        content = feed_calendar.write_calendar(session, feed, person, base_url=base_url, now=now)
        is_worth_a_note = calendar_feeds.is_reading_old(feed, now)
    if is_worth_a_note:
        _note_reading(feed.id)
    answer = Response(content, mimetype="text/calendar")
    answer.headers.set("Content-Disposition", "inline", filename="vinh-danh.ics")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.add_etag()
    return answer.make_conditional(request)


def _note_reading(feed_id: int) -> None:
    try:
        with transaction() as session:
            calendar_feeds.note_reading(session, feed_id, now=clock.now())
    except OperationalError:
        # A busy database is no reason to withhold the calendar.
        log.info("the reading of calendar %s was not noted", feed_id)


@pages.post("/profile/calendar")
def give_out() -> ResponseReturnValue:
    """Give the person's calendar a new address and show it, this once."""
    with transaction() as session:
        token = calendar_feeds.open_feed(session, current_person(session), now=clock.now())
        path = url_for("feeds.show", token=token)
        return profile.render(session, calendar_address=installation().settings.base_url + path)


@pages.post("/profile/calendar/revoke")
def revoke() -> ResponseReturnValue:
    """Answer the address no longer."""
    with transaction() as session:
        calendar_feeds.close_feed(session, current_person(session), now=clock.now())
    flash(_("Đã thu hồi địa chỉ lịch. Máy đã đăng ký không đọc được nữa."), "ok")
    return redirect(url_for("profile.show", _anchor="lich"))
