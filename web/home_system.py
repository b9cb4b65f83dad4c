"""The panels of the home page for those who run the system and those who watch over it."""

from typing import Final

from flask import url_for
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from engine import heartbeat, history
from engine.models import DefinitionVersion, Incident, IncidentState, MailState, OutboxMail, VersionState
from web import formats
from web.home_lines import LINES_SHOWN, Block, Line, View
from web.i18n import gettext as _
from web.i18n import ngettext, pick

EVENTS_CHECKED: Final = 200


def system(view: View) -> Block:
    """Return whether a worker lives, and how many incidents and failed mails there are."""
    beat_at = heartbeat.last_beat(view.session)
    is_silent = heartbeat.is_silent(beat_at, view.now)
    incidents = _count(view.session, Incident, Incident.state == IncidentState.OPEN)
    failed = _count(view.session, OutboxMail, OutboxMail.state == MailState.FAILED)
    lines = [
        Line(
            name=_("Hệ thống hẹn giờ"),
            address=url_for("incidents.index", _anchor="tien-trinh"),
            sub=_("lần cuối %(moment)s", moment=formats.moment(beat_at)) if beat_at else "",
            chip="late" if is_silent else "ok",
            chip_text=_("Không trả lời") if is_silent else _("Đang chạy"),
        ),
        _counted(_("Sự cố chờ xử lý"), url_for("incidents.index"), incidents),
        _counted(_("Thư không gửi được"), url_for("sent_mails.index", state="failed"), failed),
    ]
    return _facts(_("Tình trạng hệ thống"), lines, url_for("incidents.index"), _("Xem sự cố"))


def publications(view: View) -> Block:
    """Return the versions that wait for somebody to publish them."""
    waiting = select(DefinitionVersion).where(DefinitionVersion.state == VersionState.DRAFT)
    found = view.session.scalars(waiting.order_by(DefinitionVersion.created_at)).all()
    lines = [
        Line(
            name=pick(one.name, one.name_en),
            address=url_for("definitions.show", version_id=one.id),
            sub=_("Bản %(n)s, trình ngày %(day)s", n=one.number, day=formats.day(one.created_at)),
            chip="warn",
            chip_text=_("Chờ công bố"),
        )
        for one in found[:LINES_SHOWN]
    ]
    return Block(
        heading=_("Bản quy trình chờ công bố"),
        lines=lines,
        address=url_for("definitions.index"),
        all_label=_("Xem mọi quy trình"),
        empty_heading=_("Không có bản nào chờ công bố"),
        empty_text=_("Bản nháp hiện ở đây khi người soạn trình lên để người khác công bố."),
        total=len(found),
    )


def audit(view: View) -> Block:
    """Return whether the latest events of the history follow from one another."""
    wrong = history.verify_latest(view.session, limit=EVENTS_CHECKED)
    line = Line(
        name=_("Nhật ký"),
        address=url_for("definitions.index"),
        sub=_(
            "Đã đối chiếu %(n)s sự kiện mới nhất. Đối chiếu toàn bộ: “vinhdanh verify-history”.",
            n=EVENTS_CHECKED,
        ),
        chip="stop" if wrong else "ok",
        chip_text=ngettext("%(num)s chỗ bị sửa", "%(num)s chỗ bị sửa", len(wrong))
        if wrong
        else _("Nguyên vẹn"),
    )
    return _facts(_("Nhật ký có nguyên vẹn không"), [line], url_for("definitions.index"), _("Xem quy trình"))


def _facts(heading: str, lines: list[Line], address: str, all_label: str) -> Block:
    return Block(heading, lines, address, all_label, "", "", total=0)


def _counted(name: str, address: str, count: int) -> Line:
    return Line(
        name, address, chip="stop" if count else "ok", chip_text=str(count) if count else _("Không có")
    )


def _count(session: Session, table: type[Incident | OutboxMail], condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(condition)) or 0
