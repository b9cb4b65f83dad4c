"""What the kinds of components of a form are called."""

from web.i18n import gettext as _


def form_kinds() -> dict[str, str]:
    """Return what components are called, by their type."""
    return {
        "textfield": _("ô chữ một dòng"),
        "textarea": _("ô chữ nhiều dòng"),
        "number": _("ô số"),
        "checkbox": _("ô đánh dấu"),
        "checklist": _("nhiều lựa chọn"),
        "radio": _("chọn một"),
        "select": _("danh sách chọn"),
        "taglist": _("thẻ chọn"),
        "datetime": _("ngày giờ"),
        "filepicker": _("tệp đính kèm"),
        "group": _("nhóm"),
        "dynamiclist": _("danh sách dòng"),
        "table": _("bảng"),
        "text": _("đoạn chữ"),
        "separator": _("vạch ngăn"),
        "spacer": _("khoảng trống"),
        "expression": _("ô tự tính"),
    }
