"""Says in plain words why a step of a dry run failed, from what the engine wrote for the log."""

import re
from collections.abc import Callable
from typing import Final

from engine.dry_runs.pretence import WANTED_FAILURE
from web.i18n import gettext as _

_SENTENCES: Final[tuple[tuple[str, Callable[[], str]], ...]] = (
    (f".*{re.escape(WANTED_FAILURE)}", lambda: _("Người chạy thử đã chọn cho bước này hỏng.")),
    (r"no condition is true", lambda: _("Không nhánh nào có điều kiện đúng, và không có nhánh mặc định.")),
    (r"nothing can go on", lambda: _("Quy trình chờ một nhánh không bao giờ đến.")),
    (r"no such candidate groups: none", lambda: _("Việc này không giao cho ai.")),
    (r"no such candidate groups", lambda: _("Việc này giao cho vai trò hoặc đơn vị không có.")),
    (r".*is no role or role@unit", lambda: _("Việc này giao cho vai trò hoặc đơn vị không có.")),
    (r"no active person", lambda: _("Việc này giao đích danh cho một người không có.")),
    (
        r"the (assignee|.*) gives? (a .*, )?no name",
        lambda: _("Chưa biết giao việc này cho ai: thiếu biến?"),
    ),
    (
        r"the condition of flow",
        lambda: _("Điều kiện rẽ nhánh không cho đúng hay sai: thiếu biến?"),
    ),
    (r"the correlation key", lambda: _("Khóa nhận tin đang trống: thiếu biến?")),
    (r"the input collection", lambda: _("Bước lặp không có danh sách để lặp: thiếu biến?")),
    (r"the timer is wrong|the due_?.* is wrong", lambda: _("Không tính được thời điểm: thiếu biến?")),
    (r"nobody catches the error", lambda: _("Sơ đồ không có chỗ nào đón lỗi này.")),
    (r"the expression .* fails", lambda: _("Một biểu thức không tính được.")),
    (
        r".*limit|more than|the steps nest",
        lambda: _("Quy trình vượt giới hạn số bước, số việc, số lần lặp."),
    ),
)
"""How a message begins, and the sentence for it; the first that fits is taken."""


def explain(message: str) -> str:
    """Return the sentence for a failure, a plain one where the engine's words are not known."""
    found = (sentence for pattern, sentence in _SENTENCES if re.match(pattern, message))
    return next(found, lambda: _("Bước này không chạy được như đã vẽ."))()
