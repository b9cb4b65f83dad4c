"""The elements of a draft as a list, for narrow screens, for ears, and for whoever does not want to draw."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from engine import setup
from engine.diagram import Diagram, Element
from engine.setup import Role
from web import studio_parts
from web.i18n import gettext as _
from web.i18n import language, ngettext, pick

_ROLE_OF_UNIT: Final = re.compile(r'=\s*"(?P<role>[a-z0-9_]{1,80})@"')
_WORKING_DAYS: Final = re.compile(r"=\s*add working days\((today|now)\(\),\s*(?P<count>\d{1,4})\)", re.ASCII)
_DAYS: Final = re.compile(r'(=\s*duration\(")?P(?P<count>\d{1,4})D("\))?', re.ASCII)
_HOURS: Final = re.compile(r'(=\s*duration\(")?PT(?P<count>\d{1,4})H("\))?', re.ASCII)


@dataclass(frozen=True)
class ElementRow:
    """One element in words."""

    id: str
    name: str
    kind: str
    lane: str
    who: str
    form: str
    form_file: str
    deadline: str
    leads_to: tuple[str, ...]


def rows_of(session: Session, files: Mapping[str, bytes]) -> list[tuple[str, list[ElementRow]]]:
    """Return the elements of each diagram that can be read, file by file, in the order of the file."""
    roles = setup.of(session).roles
    forms = {one.id: one.file for one in studio_parts.forms_of(files)}
    return [
        (name, [_row(element, diagram, roles, forms) for element in diagram.elements.values()])
        for name, diagram in studio_parts.diagrams_of(files).items()
    ]


def _row(
    element: Element, diagram: Diagram, roles: Mapping[str, Role], forms: Mapping[str, str]
) -> ElementRow:
    form = element.form_id or ""
    return ElementRow(
        id=element.id,
        name=element.label(language()),
        kind=kind_of(element),
        lane=pick(element.lane, element.lane_en),
        who=_who(element, roles),
        form=form,
        form_file=forms.get(form, ""),
        deadline=_deadline(element.due_date or (element.event.timer if element.event else "")),
        leads_to=tuple(_next_of(element, diagram)),
    )


def kind_of(element: Element) -> str:
    """Return what the element is, in words of officials; an event says what it waits for or throws."""
    kinds = {
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
    events = {
        "timer": _("hẹn giờ"),
        "message": _("tin báo"),
        "signal": _("tín hiệu"),
        "error": _("lỗi"),
        "escalation": _("báo động"),
        "terminate": _("dừng tất cả"),
        "link": _("nối trang"),
    }
    kind = kinds.get(element.kind, element.kind)
    event = events.get(element.event.kind) if element.event else None
    return f"{kind}, {event}" if event else kind


def _who(element: Element, roles: Mapping[str, Role]) -> str:
    groups = element.candidate_groups or ""
    of_unit = _ROLE_OF_UNIT.match(groups)
    if of_unit:
        return _("%(role)s của đơn vị", role=_role_name(of_unit["role"], roles))
    if groups.startswith("=") or not groups:
        return groups or element.assignee or ""
    codes = [group.strip() for group in groups.split(",")]
    return ", ".join(_role_name(code, roles) for code in codes if code)


def _deadline(text: str) -> str:
    """Return a deadline or timer in words where it is a plain number of days or hours, else as written."""
    found = _WORKING_DAYS.fullmatch(text)
    if found:
        return ngettext("%(num)s ngày làm việc", "%(num)s ngày làm việc", int(found["count"]))
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


def _next_of(element: Element, diagram: Diagram) -> list[str]:
    found: list[str] = []
    for flow_id in element.outgoing:
        flow = diagram.flows[flow_id]
        target = diagram.elements.get(flow.target_id)
        name = target.label(language()) if target else flow.target_id
        label = pick(flow.name, flow.name_en)
        found.append(f"{label}: {name}" if label else name)
    return found


def users_of(files: Mapping[str, bytes]) -> dict[str, list[str]]:
    """Return the steps that name each form, table or text, by its id."""
    users: dict[str, list[str]] = {}
    for diagram in studio_parts.diagrams_of(files).values():
        for element in diagram.elements.values():
            for part in (element.form_id, element.called_decision, element.headers.get("text")):
                if part:
                    users.setdefault(part, []).append(element.label(language()))
    return users
