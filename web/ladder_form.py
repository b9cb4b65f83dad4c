"""The plain fields by which a ladder is changed: read with what is wrong, filled from a ladder."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.ladders import MOST_AFTER, Ladder
from web.i18n import gettext as _

MOST_DAYS: Final = 60
MOST_BEFORE: Final = 5
_NUMBER: Final = re.compile(r"[0-9]{1,3}", re.ASCII)


@dataclass(frozen=True)
class LadderForm:
    """What stands in the fields, ``ladder`` as far as it can be read, and what is wrong by field."""

    kind: str
    """``some`` or ``none``."""
    before: str
    on_due_day: bool
    after: str
    head: str
    overseer: str
    ladder: Ladder = field(default_factory=Ladder)
    wrong: Mapping[str, str] = field(default_factory=dict[str, str])


def fill(ladder: Ladder) -> LadderForm:
    """Return the fields as they stand for a ladder."""
    return LadderForm(
        kind="none" if ladder == Ladder() else "some",
        before=", ".join(str(days) for days in ladder.before),
        on_due_day=ladder.on_due_day,
        after=str(ladder.after or ""),
        head=str(ladder.head or ""),
        overseer=str(ladder.overseer or ""),
        ladder=ladder,
    )


def read(fields: Mapping[str, str]) -> LadderForm:
    """Read what somebody has typed; nothing of it is lost."""
    kind = "none" if fields.get("kind") == "none" else "some"
    texts = {name: fields.get(name, "").strip()[:60] for name in ("before", "after", "head", "overseer")}
    is_due = "due" in fields
    wrong: dict[str, str] = {}
    ladder = Ladder()
    if kind == "some":
        ladder = Ladder(
            before=_read_before(texts["before"], wrong),
            on_due_day=is_due,
            after=_read_days("after", texts["after"], wrong, most=MOST_AFTER) or 0,
            head=_read_days("head", texts["head"], wrong),
            overseer=_read_days("overseer", texts["overseer"], wrong),
        )
        if ladder == Ladder() and not wrong:
            wrong["before"] = _("Chưa có lần nhắc nào. Ghi ít nhất một lần nhắc, hoặc chọn “Không nhắc”.")
    return LadderForm(kind, on_due_day=is_due, **texts, ladder=ladder, wrong=wrong)


def _read_before(text: str, wrong: dict[str, str]) -> tuple[int, ...]:
    days = [_number(part.strip()) for part in re.split(r"[,;]", text)] if text else []
    found = {one for one in days if one is not None}
    if len(found) < len(days) or len(days) > MOST_BEFORE:
        wrong["before"] = _(
            "Ghi tối đa %(most)s số khác nhau từ 1 đến %(days)s, cách nhau bằng dấu phẩy, như: 5, 1.",
            most=MOST_BEFORE,
            days=MOST_DAYS,
        )
    return tuple(sorted(found, reverse=True))


def _read_days(name: str, text: str, wrong: dict[str, str], *, most: int = MOST_DAYS) -> int | None:
    if not text:
        return None
    days = _number(text, most=most)
    if days is None:
        wrong[name] = _("Ghi một số từ 1 đến %(most)s, hoặc để trống.", most=most)
    return days


def _number(text: str, *, most: int = MOST_DAYS) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) and 1 <= int(text) <= most else None
