"""Sentences about units, people and roles: what cannot be entered so, what is missing, what follows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from engine import clock, people, setup
from engine.models import Unit
from engine.people import AppointmentError, Gap, RegisterError
from engine.people.succession import LONGEST_PAST, NotSucceededError
from web import formats
from web.i18n import gettext as _
from web.i18n import pick

STAFF_ROLES: Final = ("unit_head", "unit_officer")
"""The roles a unit cannot do its work without."""


def kind_names() -> dict[str, str]:
    """Return the kinds of units."""
    return {
        "department": _("Sở, ngành"),
        "commune": _("Xã, phường, đặc khu"),
        "office": _("Văn phòng"),
        "council": _("Hội đồng nhân dân, hội đồng tư vấn"),
        "committee": _("Ban, ủy ban trực thuộc"),
        "party": _("Cơ quan Đảng"),
        "armed_forces": _("Lực lượng vũ trang"),
        "body": _("Cơ quan, tổ chức"),
        "enterprise": _("Doanh nghiệp"),
        "school": _("Trường học"),
    }


def role_names(session: Session) -> dict[str, str]:
    """Return the roles people may hold."""
    return {code: pick(role.name_vi, role.name_en) for code, role in setup.of(session).roles.items()}


def name_of(unit: Unit) -> str:
    """Return a unit's name in the language of the page."""
    return pick(unit.name, unit.name_en)


def what_is_wrong(error: RegisterError) -> dict[str, str]:
    """Say at its field what cannot be entered so."""
    return {error.field: _REGISTER[error.field, error.code]()}


_REGISTER: Final[Mapping[tuple[str, str], Callable[[], str]]] = {
    ("username", "malformed"): lambda: _(
        "Tên đăng nhập chỉ gồm chữ thường không dấu, chữ số, dấu chấm, gạch nối. Ví dụ: mien.vh."
    ),
    ("username", "taken"): lambda: _("Tên đăng nhập này đã có người dùng. Chọn tên khác."),
    ("full_name", "missing"): lambda: _("Ghi họ và tên."),
    ("email", "malformed"): lambda: _("Chưa phải địa chỉ thư điện tử. Ví dụ: ten@coquan.gov.vn."),
    ("name", "missing"): lambda: _("Ghi tên đơn vị."),
    ("code", "malformed"): lambda: _(
        "Mã đơn vị chỉ gồm chữ thường không dấu, chữ số, gạch dưới. Ví dụ: so_y_te."
    ),
    ("code", "taken"): lambda: _("Mã này đã có đơn vị dùng. Chọn mã khác."),
}


def why_not_appointed(error: AppointmentError, unit: Unit | None = None) -> dict[str, str]:
    """Say at its field why a role cannot be given or lent so; ``unit`` is the one that was chosen."""
    field, sentence = _APPOINTMENTS[error.code]
    if error.code == "unit_gone" and unit is not None:
        return {field: gone_sentence(unit)}
    return {field: sentence()}


_APPOINTMENTS: Final[Mapping[str, tuple[str, Callable[[], str]]]] = {
    "unknown_role": ("role", lambda: _("Chọn vai trò trong danh sách.")),
    "needs_unit": ("unit", lambda: _("Vai trò này giữ trong một đơn vị. Chọn đơn vị.")),
    "has_no_unit": ("unit", lambda: _("Vai trò này giữ trong toàn thành phố. Bỏ chọn đơn vị.")),
    "unit_gone": ("unit", lambda: _("Đơn vị này đã sáp nhập. Chọn đơn vị khác.")),
    "reversed": ("ends_on", lambda: _("Ngày cuối trước ngày đầu. Sửa một trong hai ngày.")),
    "past": ("ends_on", lambda: _("Ngày cuối đã qua. Chọn từ %(day)s trở đi.", day=formats.day(_today()))),
    "held_already": ("role", lambda: _("Người này đã giữ vai trò này trong thời gian đó.")),
    "no_reason": ("reason", lambda: _("Ghi lý do ủy quyền.")),
    "to_oneself": ("taker", lambda: _("Chọn người khác: không ủy quyền cho chính mình.")),
    "taker_inactive": ("taker", lambda: _("Tài khoản của người này đã khóa. Chọn người khác.")),
    "not_held": ("holding", lambda: _("Vai trò này không còn do người ủy quyền giữ vào ngày đầu.")),
}


def why_not_succeeded(error: NotSucceededError, unit: Unit, successor: Unit) -> dict[str, str]:
    """Say at its field why a unit cannot be abolished so."""
    names = {"unit": name_of(unit), "successor": name_of(successor)}
    earliest = formats.day(_today() - LONGEST_PAST)
    sentences = {
        "itself": ("successor", _("Đơn vị không sáp nhập vào chính mình. Chọn đơn vị khác.")),
        "abolished": ("last_day", _("Đơn vị này đã có ngày sáp nhập. Tải lại trang để xem.")),
        "successor_ends": ("successor", gone_sentence(successor)),
        "cycle": (
            "successor",
            _("%(successor)s sẽ sáp nhập vào %(unit)s. Hủy việc đó trước, hoặc chọn đơn vị khác.", **names),
        ),
        "long_past": (
            "last_day",
            _("Ngày này đã qua quá lâu. Chọn từ %(day)s trở đi.", day=earliest),
        ),
        "before_start": (
            "last_day",
            _("%(unit)s có từ %(day)s. Chọn ngày sau đó.", day=formats.day(unit.valid_from), **names),
        ),
        "held_up": (
            "last_day",
            _(
                "Hội đồng đang bỏ phiếu về hồ sơ của một trong hai đơn vị. Chờ kiểm phiếu xong, hoặc chọn "
                "ngày cuối từ hôm nay trở đi: việc được chuyển khi bỏ phiếu xong."
            ),
        ),
    }
    field, sentence = sentences[error.code]
    return {field: sentence}


def gone_sentence(unit: Unit) -> str:
    """Say that a unit is or will be no more, since when, and who takes over."""
    first_day = formats.day(unit.valid_until + timedelta(days=1)) if unit.valid_until else ""
    names = {"unit": name_of(unit), "day": first_day}
    if unit.successor is None:
        return _("%(unit)s không còn từ ngày %(day)s.", **names)
    return _(
        "%(unit)s được sáp nhập vào %(successor)s từ ngày %(day)s. Chọn %(successor)s.",
        successor=name_of(unit.successor),
        **names,
    )


def say_gap(gap: Gap, names: Mapping[str, str]) -> str:
    """Say what is missing and what to do; ``names`` are those of the roles."""
    unit = name_of(gap.unit) if gap.unit else gap.code
    facts = {"unit": unit, "role": _mid(names.get(gap.role, gap.role)), "day": formats.day(gap.since)}
    if gap.kind == "unknown":
        return _("Không có đơn vị mang mã %(unit)s.", **facts)
    if gap.kind == "gone" and gap.unit is not None:
        return gone_sentence(gap.unit)
    if gap.kind == "ends":
        return _(
            "%(unit)s: từ ngày %(day)s chưa có ai giữ vai trò %(role)s. "
            "Quản trị hệ thống cần giao vai trò trước ngày đó.",
            **facts,
        )
    if gap.kind == "no_address":
        return _(
            "%(unit)s: %(role)s chưa có địa chỉ thư, thư nhắc không gửi được. "
            "Quản trị hệ thống cần thêm địa chỉ.",
            **facts,
        )
    return _(
        "%(unit)s chưa có ai giữ vai trò %(role)s: việc của vai trò này không đến ai. "
        "Quản trị hệ thống cần giao vai trò.",
        **facts,
    )


def gap_chips(gaps: Sequence[Gap], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what is missing in a unit as chips: modifier and words."""
    return [(_CHIPS[gap.kind], _chip(gap, _mid(names.get(gap.role, gap.role)))) for gap in gaps]


_CHIPS: Final = {"unknown": "stop", "gone": "", "nobody": "stop", "ends": "warn", "no_address": "warn"}


def _chip(gap: Gap, role: str) -> str:
    if gap.kind == "ends":
        return _("Hết %(role)s từ %(day)s", role=role, day=formats.day(gap.since))
    if gap.kind == "no_address":
        return _("Thiếu địa chỉ thư: %(role)s", role=role)
    if gap.kind == "nobody":
        return _("Chưa có %(role)s", role=role)
    return _("Đã sáp nhập")


def say_gaps_of_units(
    session: Session, codes: Sequence[str], *, roles: Sequence[str] = STAFF_ROLES
) -> list[str]:
    """Say what is missing today in units for which something begins."""
    names = role_names(session)
    return [say_gap(gap, names) for gap in people.gaps_of_units(session, codes, roles=roles, on=_today())]


def _today() -> date:
    return people.local_day(clock.now())


def _mid(name: str) -> str:
    """Return a name as it stands in the middle of a sentence."""
    return name[:1].lower() + name[1:]
