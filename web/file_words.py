"""What is said of files that people hand in: what a field takes, and why one was not taken."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from flask import current_app

from engine.files import FileRefusedError
from engine.setup import Setup
from web import formats
from web.formats import MEGABYTE
from web.i18n import gettext as _

_KINDS: Final[Sequence[tuple[frozenset[str], Callable[[], str]]]] = (
    (frozenset({".pdf", "application/pdf"}), lambda: "PDF"),
    (frozenset({".png", ".jpg", ".jpeg", "image/*", "image/png", "image/jpeg"}), lambda: _("ảnh")),
    (frozenset({".docx"}), lambda: "Word"),
    (frozenset({".xlsx"}), lambda: "Excel"),
    (frozenset({".odt", ".ods"}), lambda: "LibreOffice"),
)


def taken(accept: str = "") -> str:
    """Say which files a field takes: "PDF, ảnh, Word, tối đa 20 MB"; ``accept`` is its list, with commas."""
    return _("%(kinds)s, tối đa %(size)s", kinds=kinds_of(accept), size=largest())


def kinds_of(accept: str) -> str:
    """Return the kinds a field takes in words; all that are taken at all where it names none."""
    parts = {part.strip().lower() for part in accept.split(",")} - {""}
    named = [name() for endings, name in _KINDS if endings & parts]
    return ", ".join(named or [name() for _endings, name in _KINDS])


def largest() -> str:
    """Return the size of the largest file this installation takes, rounded down: so much is safe to send."""
    config = cast("dict[str, Any]", current_app.config)
    limit: int = config.get("UPLOAD_LIMIT_BYTES", Setup.upload_limit_bytes)
    return f"{limit // MEGABYTE} MB" if limit >= MEGABYTE else formats.file_size(limit)


def why_refused(error: FileRefusedError, name: str, *, accept: str = "") -> str:
    """Say why a file was not taken and what to do; ``name`` as its owner calls it."""
    return _REASONS.get(error.code, _damaged)({"name": name, "kinds": kinds_of(accept), "size": largest()})


Facts = Mapping[str, str]


def _damaged(facts: Facts) -> str:
    return _("tệp %(name)s bị hỏng. Mở lại tệp, lưu rồi gửi lại.", **facts)


_REASONS: Final[Mapping[str, Callable[[Facts], str]]] = {
    "empty": lambda f: _("tệp %(name)s không có nội dung. Chọn tệp khác.", **f),
    "no_pages": lambda f: _("tệp %(name)s không có trang nào. Xuất lại tệp PDF rồi gửi lại.", **f),
    "too_big": lambda f: _("tệp %(name)s lớn hơn %(size)s. Nén hoặc chia nhỏ rồi gửi lại.", **f),
    "kind": lambda f: _("nội dung tệp %(name)s không phải %(kinds)s. Chọn tệp khác.", **f),
    "not_asked_for": lambda f: _("tệp %(name)s không đúng loại. Mục này nhận %(kinds)s.", **f),
    "twice": lambda f: _(
        "tệp %(name)s trùng nội dung với một tệp đã có ở mục này. Chỉ cần gửi một lần.", **f
    ),
    "macros": lambda f: _("tệp %(name)s có macro. Lưu lại thành bản không có macro.", **f),
    "old_office": lambda f: _(
        "tệp %(name)s ở dạng Office cũ hoặc có mật khẩu. Lưu lại thành .docx, .xlsx không có mật khẩu.", **f
    ),
    "encrypted": lambda f: _("tệp %(name)s có mật khẩu. Bỏ mật khẩu rồi gửi lại.", **f),
}
