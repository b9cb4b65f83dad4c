"""Puts the differences of two versions into sentences that officials read."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine.comparison import Change, Comparison, Side, Weight, What
from engine.setup import Role
from web.element_words import deadline_in_words, event_words, group_in_words, kind_words
from web.form_kinds import form_kinds
from web.i18n import gettext as _
from web.i18n import language

_CODE: Final = frozenset(
    {
        What.CONDITION,
        What.SCRIPT,
        What.INPUTS,
        What.OUTPUTS,
        What.HIDDEN,
        What.CELL,
        What.LOGIC,
        What.REPETITION,
        What.OTHER,
        What.ID,
    }
)
"""What is shown as it is written."""
_YES: Final = re.compile(r"true|yes", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One difference in words: who or what, which of its sides, from what to what."""

    subject: str
    subject_kind: str
    """What the subject is: a step of people, a field, a row of a table."""
    aspect: str
    before: str
    after: str
    is_code: bool
    weight: Weight
    mark: str
    """``added``, ``removed`` or ``changed``."""
    element_id: str
    """The element of the drawing that a click shows; empty where there is none."""

    @property
    def sentence(self) -> str:
        """The difference in one line, for lists without columns."""
        what = f"{self.subject_kind} “{self.subject}”"
        if self.mark == "added":
            return _("Thêm %(what)s", what=what)
        if self.mark == "removed":
            return _("Bỏ %(what)s", what=what)
        if not self.before and not self.after:
            return _("%(aspect)s của “%(subject)s” đã đổi", aspect=self.aspect, subject=self.subject)
        return _(
            "%(aspect)s của “%(subject)s”: %(before)s → %(after)s",
            aspect=self.aspect,
            subject=self.subject,
            before=self.before or _("không có"),
            after=self.after or _("không có"),
        )


@dataclass(frozen=True)
class FileLines:
    """What differs in one file."""

    file: str
    lines: tuple[Line, ...]
    is_redrawn: bool = False


def lines_of(comparison: Comparison, roles: Mapping[str, Role]) -> list[FileLines]:
    """Return the differences by file, the weightiest of each file first."""
    files = dict.fromkeys(change.file for change in comparison.changes)
    found = [FileLines(file, tuple(_sorted_lines(comparison, file, roles))) for file in files]
    return found + [FileLines(file, (), is_redrawn=True) for file in sorted(comparison.redrawn)]


def summary(comparison: Comparison, roles: Mapping[str, Role], *, most: int = 8) -> list[str]:
    """Return the weightiest differences as sentences, at most ``most`` of them."""
    words = _Words(roles)
    return [words.line(change).sentence for change in comparison.by_weight()[:most]]


def _sorted_lines(comparison: Comparison, file: str, roles: Mapping[str, Role]) -> Iterator[Line]:
    words = _Words(roles)
    yield from (words.line(change) for change in comparison.by_weight() if change.file == file)


class _Words:
    """The words of one language."""

    def __init__(self, roles: Mapping[str, Role]) -> None:
        self._kinds = kind_words()
        self._fields = form_kinds()
        self._events = event_words()
        self._aspects = _aspects()
        self._writers: Mapping[What, Callable[[str], str]] = {
            What.GROUP: lambda text: group_in_words(text, roles),
            What.DUE: deadline_in_words,
            What.FOLLOW_UP: deadline_in_words,
            What.TIMER: deadline_in_words,
            What.KIND: lambda text: self._kinds.get(text) or self._fields.get(text) or text,
            What.EVENT: lambda text: self._events.get(text, text),
            What.REQUIRED: lambda text: _("có") if _YES.fullmatch(text) else _("không"),
            What.MANDATORY: lambda text: _("có") if _YES.fullmatch(text) else _("không"),
        }

    def line(self, change: Change) -> Line:
        """Return a change in words."""
        subject = change.subject
        mark = {What.ADDED: "added", What.REMOVED: "removed"}.get(change.what, "changed")
        return Line(
            subject=self._subject(change),
            subject_kind=self._subject_kind(change),
            aspect=self._aspect(change),
            before=self._write(change.what, change.before),
            after=self._write(change.what, change.after),
            is_code=change.what in _CODE,
            weight=change.weight,
            mark=mark,
            element_id=subject.id if subject.kind in {"element", "flow"} else "",
        )

    def _write(self, what: What, side: Side) -> str:
        text = side.read(language())
        writer = self._writers.get(what)
        return writer(text) if writer else text

    def _subject(self, change: Change) -> str:
        subject = change.subject
        if subject.kind == "rule":
            return _("%(table)s, dòng %(n)s", table=subject.name, n=subject.id)
        return subject.label(language())

    def _subject_kind(self, change: Change) -> str:
        subject = change.subject
        names = {
            "file": _("tệp"),
            "process": _("quy trình"),
            "flow": _("đường đi"),
            "field": _("ô"),
            "table": _("bảng quyết định"),
            "rule": _("dòng của bảng"),
            "text": _("mẫu văn bản"),
        }
        if subject.kind == "element":
            return self._kinds.get(subject.detail, subject.detail).lower()
        return names[subject.kind]

    def _aspect(self, change: Change) -> str:
        label = self._aspects.get(change.what, change.what.value)
        has_detail = change.what in {What.CELL, What.LIMITS, What.OTHER, What.PROPERTY, What.CONTENT}
        detail = change.subject.detail if has_detail else ""
        return f"{label} ({detail})" if detail else label


def _aspects() -> dict[What, str]:
    """Return what the sides of a subject are called."""
    return {
        What.ADDED: _("Thêm"),
        What.REMOVED: _("Bỏ"),
        What.UNREADABLE: _("Không đọc được, chỉ biết là khác"),
        What.ID: _("Mã"),
        What.KIND: _("Loại"),
        What.NAME: _("Tên"),
        What.NAME_EN: _("Tên tiếng Anh"),
        What.DESCRIPTION: _("Mô tả"),
        What.GROUP: _("Nhóm được giao"),
        What.ASSIGNEE: _("Giao cho"),
        What.FORM: _("Biểu mẫu"),
        What.DUE: _("Hạn"),
        What.FOLLOW_UP: _("Ngày theo dõi"),
        What.REMINDERS: _("Nhắc việc"),
        What.PRIORITY: _("Mức ưu tiên"),
        What.MANDATORY: _("Bước bắt buộc"),
        What.REQUIRES: _("Chỉ đến được sau các bước"),
        What.SEPARATION: _("Không cùng người với bước"),
        What.ROUTE: _("Bước tiếp theo"),
        What.CONDITION: _("Điều kiện"),
        What.DEFAULT: _("Nhánh mặc định"),
        What.LANE: _("Làn"),
        What.TIMER: _("Hẹn giờ"),
        What.MESSAGE: _("Tin báo"),
        What.EVENT: _("Sự kiện"),
        What.ATTACHED: _("Gắn vào bước"),
        What.INTERRUPTING: _("Ngắt bước đang làm"),
        What.ACTION: _("Hành động"),
        What.RECORD: _("Ghi nhận bằng"),
        What.VALUES: _("Lấy dữ liệu từ"),
        What.HEADERS: _("Thông số"),
        What.DECISION: _("Bảng quyết định"),
        What.CALLED: _("Quy trình được gọi"),
        What.SCRIPT: _("Phép tính"),
        What.RESULT: _("Biến kết quả"),
        What.INPUTS: _("Dữ liệu vào"),
        What.OUTPUTS: _("Dữ liệu ra"),
        What.REPETITION: _("Lặp lại"),
        What.PROPERTY: _("Thuộc tính"),
        What.ORDER: _("Vị trí trên biểu mẫu"),
        What.REQUIRED: _("Bắt buộc điền"),
        What.LIMITS: _("Giới hạn"),
        What.OPTIONS: _("Lựa chọn"),
        What.HIDDEN: _("Ẩn khi"),
        What.CONTENT: _("Nội dung"),
        What.OTHER: _("Thông số khác"),
        What.HIT_POLICY: _("Cách chọn dòng"),
        What.COLUMNS: _("Các cột"),
        What.CELL: _("Ô"),
        What.LOGIC: _("Công thức"),
    }
