"""Says in words what an editor offers to do about a problem; it makes the change, and can undo it."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from engine import setup
from engine.ingest import Mend
from web.i18n import gettext as _
from web.i18n import pick


def proposal(session: Session, mend: Mend | None) -> Mapping[str, object] | None:
    """Return a mend as the editor takes it, with the words of its button; None where there is none."""
    label = _label(session, mend) if mend is not None else ""
    if mend is None or not label:
        return None
    return {"kind": mend.kind, "label": label, "values": mend.values}


def _label(session: Session, mend: Mend) -> str:
    value = mend.values.get("value", "")
    if mend.kind == "set_condition":
        return _("Sửa thành %(value)s", value=value) if value else _("Bỏ điều kiện")
    if mend.kind == "set_timer":
        return _("Ghi là %(value)s", value=value)
    if mend.kind == "set_form":
        return _("Dùng biểu mẫu %(id)s", id=mend.values["form_id"])
    if mend.kind == "set_group":
        return _("Giao cho %(name)s", name=_role_name(session, mend.values["group"]))
    if mend.kind == "set_property":
        said = f"{mend.values['name']} = {value}"
        return _("Sửa thành %(value)s", value=said) if value else _("Nhắc như thường lệ")
    return _plain(mend)


def _plain(mend: Mend) -> str:
    words = {
        "default_flow": _("Đặt làm nhánh mặc định"),
        "name_element": _("Đặt tên"),
        "remove": _("Xóa phần tử này"),
    }
    return words.get(mend.kind, "")


def _role_name(session: Session, group: str) -> str:
    role = setup.of(session).roles.get(group.partition("@")[0])
    return pick(role.name_vi, role.name_en) if role else group
