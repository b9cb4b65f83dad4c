"""What can be wrong with a text, in sentences for the person who wrote it."""

from dataclasses import dataclass
from typing import Final

from engine.errors import InvalidInputError


@dataclass(frozen=True)
class TextProblem:
    """One thing that stands in the way of a text; ``member`` is the JSON member, empty for the file."""

    code: str
    member: str
    message_vi: str
    message_en: str


class TextRefusedError(InvalidInputError):
    """The text cannot be used; ``problems`` says why."""

    def __init__(self, problems: list[TextProblem]) -> None:
        super().__init__("; ".join(problem.message_en for problem in problems[:5]))
        self.problems = problems


_SENTENCES: Final = {
    "text_not_json": ("Tệp không phải JSON đọc được.", "The file is no JSON that can be read."),
    "text_not_a_text": ("Tệp không phải một mẫu văn bản.", "The file is no text."),
    "text_member_unknown": ("Không dùng thành phần “{member}”.", "The member “{member}” is not used."),
    "text_member_type": ("“{member}” phải là chữ.", "“{member}” must be text."),
    "text_id_bad": ("Mã “{value}” không phải là tên.", "The id “{value}” is no name."),
    "text_type_bad": (
        "Loại “{value}” không có; dùng mail (thư) hoặc document (văn bản).",
        "There is no type “{value}”; use mail or document.",
    ),
    "text_empty": ("Chưa viết “{member}”.", "“{member}” is not written yet."),
    "text_too_long": ("“{member}” dài hơn {limit} ký tự.", "“{member}” is longer than {limit} characters."),
    "text_subject_lines": ("Tiêu đề thư chỉ được một dòng.", "The subject of a mail is one line."),
    "text_control": ("“{member}” có ký tự điều khiển.", "“{member}” has a control character."),
    "text_block": (
        "“{member}” chỉ dùng được {{{{đường_dẫn}}}}, không dùng vòng lặp hay điều kiện.",
        "“{member}” holds plain {{{{path}}}} only, no loops and no conditions.",
    ),
    "text_place_bad": (
        "Chỗ điền {value} trong “{member}” không phải là tên biến.",
        "The place {value} in “{member}” is no name of a variable.",
    ),
}
_MOST_QUOTED: Final = 60


def problem(code: str, member: str = "", **facts: object) -> TextProblem:
    """Return the problem ``code`` of a member, put into words."""
    vi, en = _SENTENCES[code]
    quoted = {name: _quote(str(value)) for name, value in facts.items()}
    return TextProblem(code, member, vi.format(member=member, **quoted), en.format(member=member, **quoted))


def _quote(text: str) -> str:
    short = text if len(text) <= _MOST_QUOTED else text[:_MOST_QUOTED] + "…"
    return "".join(letter if letter.isprintable() else "�" for letter in short)
