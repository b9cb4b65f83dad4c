"""The checklist of an inspection: what a unit reports on itself, and what a team looks at."""

from collections.abc import Mapping
from typing import Final

TOPICS: Final[Mapping[str, tuple[str, str]]] = {
    "direction": ("Lãnh đạo, chỉ đạo; văn bản đã ban hành", "Direction and documents issued"),
    "movements": ("Phong trào thi đua đã phát động, hưởng ứng", "Movements launched and joined"),
    "models": ("Điển hình tiên tiến được phát hiện, nhân rộng", "Models found and spread"),
    "nominations": (
        "Bình xét, thủ tục, hồ sơ đề nghị khen thưởng",
        "Choosing nominees, procedure and dossiers",
    ),
    "grassroots": (
        "Khen thưởng tập thể nhỏ, người trực tiếp lao động",
        "Rewards for small collectives and direct workers",
    ),
    "record_keeping": ("Lưu trữ hồ sơ, sổ sách khen thưởng", "Keeping of dossiers and registers"),
    "staffing": ("Bố trí, bồi dưỡng cán bộ làm công tác thi đua, khen thưởng", "Staff and their training"),
    "council": ("Hoạt động của Hội đồng Thi đua - Khen thưởng", "Work of the unit's council"),
    "fund": ("Trích lập, sử dụng quỹ thi đua, khen thưởng", "Emulation fund: set aside and spent"),
    "complaints": ("Khiếu nại, phản ánh và việc giải quyết", "Complaints and how they were settled"),
}
"""Topics in the order of the form; points 5 and 7 of Directive 01/CT-UBND of 03/01/2024."""

PERCENT: Final = "direct_worker_percent"
DIFFICULTIES: Final = "difficulties"

QUESTIONS: Final[Mapping[str, tuple[str, str]]] = {
    **TOPICS,
    PERCENT: ("Tỷ lệ người trực tiếp lao động được khen (%)", "Share of direct workers rewarded (%)"),
    DIFFICULTIES: ("Khó khăn, kiến nghị", "Difficulties and proposals"),
}
"""All that the self-report asks, by the key of the answer."""


def topic_name(key: str, language: str) -> str:
    """Return a topic's name in ``vi`` or ``en``; a key that is no longer asked is its own name."""
    names = QUESTIONS.get(key, (key, key))
    return names[1] if language == "en" else names[0]
