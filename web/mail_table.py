"""The list of sent mails: what is asked for in its address, the names of kinds, and its table for export."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.models import MailState, OutboxMail
from engine.outbox import NO_ADDRESS, MailQuery
from web import formats
from web.i18n import gettext as _

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would calculate instead of showing."""


@dataclass(frozen=True)
class Asked:
    """What the list was asked for: read, and as it was typed."""

    query: MailQuery
    typed: Mapping[str, str]
    """The parameters of the address that are not empty, for links that keep them."""
    wrong: Mapping[str, str]
    """Field -> what is wrong with it."""


def read_query(typed: Mapping[str, str]) -> Asked:
    """Read the parameters of an address; what cannot be read narrows nothing, and is named."""
    wrong: dict[str, str] = {}
    state = typed.get("state", "")
    query = MailQuery(
        words=typed.get("q", ""),
        state=MailState(state) if state in {one.value for one in MailState} else None,
        kind=typed.get("kind", ""),
        first_on=_day(typed, "first_on", wrong),
        last_on=_day(typed, "last_on", wrong),
        task_id=_number(typed, "task"),
        instance_id=_number(typed, "instance"),
        entry_id=_number(typed, "entry"),
    )
    names = ("q", "state", "kind", "first_on", "last_on", "task", "instance", "entry")
    return Asked(query, {name: typed[name] for name in names if typed.get(name)}, wrong)


def kind_names() -> dict[str, str]:
    """Return the kinds of mails by the names people read."""
    return {
        "digest": _("Thư nhắc buổi sáng"),
        "task_assigned": _("Việc mới"),
        "task_moved": _("Đổi thời hạn"),
        "task_unheld": _("Việc chưa có người nhận"),
        "reminder_before": _("Nhắc trước hạn"),
        "reminder_due": _("Nhắc ngày đến hạn"),
        "reminder_after": _("Nhắc quá hạn"),
        "reminder_head": _("Báo lãnh đạo"),
        "reminder_overseer": _("Báo cơ quan thường trực"),
        "entry_moved": _("Chuyển lịch"),
        "entry_cancelled": _("Hủy lịch"),
        "invitation": _("Giấy mời"),
        "result": _("Kết quả"),
        "notice": _("Thông báo"),
    }


def state_names() -> dict[MailState, str]:
    """Return where a mail may stand, in words."""
    return {
        MailState.WAITING: _("Chờ gửi"),
        MailState.SENT: _("Đã gửi"),
        MailState.FAILED: _("Không gửi được"),
        MailState.DROPPED: _("Không còn cần"),
    }


def why_failed(mail: OutboxMail) -> str:
    """Return why a mail has not gone out: our own reason in words, else what the server said."""
    if mail.last_error == NO_ADDRESS:
        return _("Người nhận chưa có địa chỉ thư điện tử dùng được.")
    return mail.last_error


def as_csv(mails: Sequence[OutboxMail]) -> bytes:
    """Return a table of mails in UTF-8 with the mark by which spreadsheets know it."""
    kinds, states = kind_names(), state_names()
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(
        (
            _("Số"),
            _("Trạng thái"),
            _("Loại thư"),
            _("Người nhận"),
            _("Địa chỉ"),
            _("Tiêu đề"),
            _("Viết lúc"),
            _("Gửi lúc"),
            _("Số lần thử"),
            _("Máy chủ thư trả lời"),
            _("Gửi lại từ thư số"),
            _("Người gửi lại"),
            _("Lý do gửi lại"),
        )
    )
    for mail in mails:
        row = (
            mail.id,
            states[mail.state],
            kinds.get(mail.kind, mail.kind),
            mail.recipient.full_name if mail.recipient else "",
            mail.address,
            mail.subject,
            formats.moment(mail.created_at),
            formats.moment(mail.sent_at),
            mail.attempts,
            why_failed(mail) or (mail.answers[-1].reply if mail.answers else ""),
            mail.origin_id or "",
            mail.resent_by.full_name if mail.resent_by else "",
            mail.resent_reason,
        )
        table.writerow([_inert(str(cell)) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _day(typed: Mapping[str, str], name: str, wrong: dict[str, str]) -> date | None:
    """Read a day written dd/MM/yyyy, or as browsers and links write it."""
    text = typed.get(name, "").strip()
    if not text:
        return None
    try:
        return formats.read_day(text)
    except ValueError:
        wrong[name] = _("Ghi ngày như 23/11/2026.")
        return None


def _number(typed: Mapping[str, str], name: str) -> int | None:
    text = typed.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004  # fits any id
