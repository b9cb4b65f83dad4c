"""Puts what a diagram says of an element into words: its kind, who does it, until when."""

import re
from collections.abc import Mapping
from typing import Final

from engine.setup import Role
from web.i18n import gettext as _
from web.i18n import ngettext, pick

_ROLE_OF_UNIT: Final = re.compile(r'=\s*"(?P<role>[a-z0-9_]{1,80})@"')
_WORKING_DAYS: Final = re.compile(r"=\s*add working days\((today|now)\(\),\s*(?P<count>\d{1,4})\)", re.ASCII)
_NAMED_WORKING_DAYS: Final = re.compile(
    r"=\s*add working days\((today|now)\(\),\s*(?P<name>[^\W\d]\w{0,79})\)"
)
_DAYS: Final = re.compile(r'(=\s*duration\(")?P(?P<count>\d{1,4})D("\))?', re.ASCII)
_HOURS: Final = re.compile(r'(=\s*duration\(")?PT(?P<count>\d{1,4})H("\))?', re.ASCII)


def kind_words() -> dict[str, str]:
    """Return what elements are called, by their tag."""
    return {
        "startEvent": _("Bắt đầu"),
        "endEvent": _("Kết thúc"),
        "intermediateCatchEvent": _("Chờ"),
        "intermediateThrowEvent": _("Phát tin"),
        "boundaryEvent": _("Gắn vào bước"),
        "task": _("Bước chưa định loại"),
        "userTask": _("Bước người làm"),
        "manualTask": _("Bước làm ngoài hệ thống"),
        "serviceTask": _("Bước hệ thống làm"),
        "sendTask": _("Gửi thư"),
        "receiveTask": _("Chờ tin báo"),
        "scriptTask": _("Tính toán"),
        "businessRuleTask": _("Tra bảng quyết định"),
        "callActivity": _("Gọi quy trình khác"),
        "subProcess": _("Quy trình con"),
        "exclusiveGateway": _("Chọn một nhánh"),
        "inclusiveGateway": _("Chọn một hoặc nhiều nhánh"),
        "parallelGateway": _("Làm song song"),
        "eventBasedGateway": _("Chờ việc nào đến trước"),
    }


def event_words() -> dict[str, str]:
    """Return what events wait for or throw, by the kind of event."""
    return {
        "timer": _("hẹn giờ"),
        "message": _("tin báo"),
        "signal": _("tín hiệu"),
        "error": _("lỗi"),
        "escalation": _("báo động"),
        "terminate": _("dừng tất cả"),
        "link": _("nối trang"),
    }


def group_in_words(groups: str, roles: Mapping[str, Role]) -> str:
    """Return candidate groups by the names of their roles; FEEL that is more than that as it is written."""
    of_unit = _ROLE_OF_UNIT.match(groups)
    if of_unit:
        return _("%(role)s của đơn vị", role=_role_name(of_unit["role"], roles))
    if groups.startswith("=") or not groups:
        return groups
    codes = [group.strip() for group in groups.split(",")]
    return ", ".join(_role_name(code, roles) for code in codes if code)


def deadline_in_words(text: str) -> str:
    """Return a deadline or timer in words where it is a plain number of days or hours, else as written."""
    found = _WORKING_DAYS.fullmatch(text)
    if found:
        return ngettext("%(num)s ngày làm việc", "%(num)s ngày làm việc", int(found["count"]))
    found = _NAMED_WORKING_DAYS.fullmatch(text)
    if found:
        return _("số ngày làm việc theo %(name)s", name=found["name"])
    found = _DAYS.fullmatch(text)
    if found:
        return ngettext("%(num)s ngày", "%(num)s ngày", int(found["count"]))
    found = _HOURS.fullmatch(text)
    if found:
        return ngettext("%(num)s giờ", "%(num)s giờ", int(found["count"]))
    return text


def _role_name(code: str, roles: Mapping[str, Role]) -> str:
    role = roles.get(code.partition("@")[0])
    return pick(role.name_vi, role.name_en) if role else code
