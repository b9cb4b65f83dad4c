"""Days as people type them: read from a form, with a sentence at the field where one cannot be used."""

from collections.abc import Mapping
from datetime import date

from web import formats
from web.i18n import gettext as _


def read_days(
    typed: Mapping[str, str], *, today: date, not_past: str = "", required: bool = False
) -> tuple[dict[str, date | None], dict[str, str]]:
    """Return the days ``starts_on`` and ``ends_on`` of a form, and what is wrong with them by field.

    ``not_past`` is the field that may name no day before today; ``required``: both must be there.
    """
    days: dict[str, date | None] = {}
    wrong: dict[str, str] = {}
    for field in ("starts_on", "ends_on"):
        text = typed.get(field, "").strip()
        try:
            days[field] = formats.read_day(text) if text or required else None
        except ValueError:
            wrong[field] = _("Chưa phải ngày. Viết ngày/tháng/năm, ví dụ: 24/11/2026.")
    first = days.get(not_past)
    if first is not None and first < today:
        wrong[not_past] = _(
            "Ngày %(value)s đã qua. Chọn từ %(earliest)s trở đi.",
            value=formats.day(first),
            earliest=formats.day(today),
        )
    return days, wrong
