"""What can be wrong with a form, in sentences for the person who drew it."""

from dataclasses import dataclass, field
from typing import Final, Literal

from engine.errors import InvalidInputError

Severity = Literal["error", "note"]


@dataclass(frozen=True)
class FormProblem:
    """One thing that is wrong with, or worth knowing about, a form."""

    severity: Severity
    code: str
    element_id: str | None
    """The id of the component; None where the form as a whole is meant."""
    key: str
    message_vi: str
    message_en: str


class FormSchemaError(InvalidInputError):
    """The form cannot be used; ``problems`` says why."""

    def __init__(self, problems: list[FormProblem]) -> None:
        super().__init__("; ".join(problem.message_en for problem in problems[:5]))
        self.problems = problems


_NOTES: Final = frozenset({"newer_schema", "unknown_member", "length_capped", "label_expression"})
_SENTENCES: Final = {
    "too_big": ("Biểu mẫu lớn hơn {limit} byte.", "The form is larger than {limit} bytes."),
    "not_utf8": ("Biểu mẫu không phải văn bản UTF-8.", "The form is no UTF-8 text."),
    "not_json": ("Biểu mẫu không phải JSON: {why}.", "The form is no JSON: {why}."),
    "duplicate_member": ("JSON có hai lần thành phần “{name}”.", "The JSON has the member “{name}” twice."),
    "bad_number": ("Số {value} không dùng được.", "The number {value} cannot be used."),
    "bad_character": (
        "Văn bản có ký tự không lưu được (NUL hoặc nửa cặp thay thế).",
        "A text has a character that cannot be stored (NUL or half a surrogate pair).",
    ),
    "not_a_form": ("Tệp không phải biểu mẫu form-js.", "The file is no form-js form."),
    "newer_schema": (
        "Biểu mẫu dùng phiên bản lược đồ {value}, mới hơn phiên bản đã biết.",
        "The form has schema version {value}, which is newer than we know.",
    ),
    "wrong_type": ("“{name}” phải là {wanted_vi}.", "“{name}” must be {wanted_en}."),
    "unknown_member": ("Không dùng thuộc tính {names}.", "The members {names} are not used."),
    "unknown_component": (
        "Không dùng được thành phần kiểu “{kind}”.",
        "Components of type “{kind}” cannot be used.",
    ),
    "unsupported": ("Không dùng được “{name}” = {value}.", "“{name}” = {value} is not supported."),
    "too_many_components": (
        "Biểu mẫu có hơn {limit} thành phần.",
        "The form has more than {limit} components.",
    ),
    "too_deep": ("Các nhóm lồng nhau quá {limit} tầng.", "Groups are more than {limit} levels deep."),
    "nested_list": (
        "Danh sách không được nằm trong danh sách khác.",
        "A list may not be inside another list.",
    ),
    "id_missing": ("Thiếu mã (id).", "The id is missing."),
    "bad_id": ("Mã “{value}” không phải là tên.", "The id “{value}” is no name."),
    "id_duplicate": ("Mã “{value}” dùng hai lần.", "The id “{value}” is used twice."),
    "key_missing": ("Thiếu khóa (key).", "The key is missing."),
    "bad_key": (
        "Khóa “{value}” không phải là tên hoặc đường dẫn gồm các tên.",
        "The key “{value}” is no name and no path of names.",
    ),
    "reserved_key": ("Khóa “{value}” được dành riêng.", "The key “{value}” is reserved."),
    "key_duplicate": ("Khóa “{value}” dùng cho hai ô.", "The key “{value}” belongs to two fields."),
    "key_shadowed": (
        "Khóa “{value}” vừa là giá trị vừa là phần đầu của khóa khác.",
        "The key “{value}” is a value and the beginning of another key.",
    ),
    "not_an_expression": (
        "“{name}” phải là biểu thức FEEL, bắt đầu bằng dấu =.",
        "“{name}” must be a FEEL expression, which begins with =.",
    ),
    "bad_expression": (
        "Biểu thức ở “{name}” sai tại ký tự thứ {place}: {why_vi}.",
        "The expression of “{name}” is wrong at character {place}: {why}.",
    ),
    "condition_cycle": (
        "Điều kiện của các ô đọc lẫn nhau thành vòng: {names}.",
        "The conditions of these fields read one another in a circle: {names}.",
    ),
    "bad_pattern": ("Mẫu kiểm tra sai: {why}.", "The validation pattern is wrong: {why}."),
    "empty_range": (
        "Giá trị nhỏ nhất lớn hơn giá trị lớn nhất.",
        "The least value exceeds the greatest: the field can never be answered.",
    ),
    "out_of_range": (
        "“{name}” phải từ {minimum} đến {maximum}.",
        "“{name}” must be between {minimum} and {maximum}.",
    ),
    "length_capped": (
        "Độ dài tối đa được hạ xuống {limit} ký tự.",
        "The greatest length is lowered to {limit} characters.",
    ),
    "options_missing": ("Ô chọn chưa có danh sách lựa chọn.", "The field has no options to choose from."),
    "options_twice": (
        "Chỉ dùng một trong values, valuesKey, valuesExpression.",
        "Use only one of values, valuesKey, valuesExpression.",
    ),
    "option_duplicate": ("Hai lựa chọn có cùng giá trị “{value}”.", "Two options have the value “{value}”."),
    "bad_default": ("Giá trị mặc định không hợp với ô này.", "The default value does not suit this field."),
    "template_block": (
        "Văn bản chỉ dùng được {{{{đường_dẫn}}}}, không dùng vòng lặp hay điều kiện.",
        "A text holds plain {{{{path}}}} only, no loops and no conditions.",
    ),
    "text_too_long": ("Văn bản dài hơn {limit} ký tự.", "The text is longer than {limit} characters."),
    "label_expression": (
        "Nhãn bắt đầu bằng dấu = được hiển thị nguyên văn, không tính.",
        "A label that begins with = is shown as it is, not computed.",
    ),
    "row_too_wide": ("Hàng “{value}” rộng hơn 16 cột.", "The row “{value}” is wider than 16 columns."),
}


@dataclass
class Findings:
    """The problems found so far in one form."""

    problems: list[FormProblem] = field(default_factory=list[FormProblem])

    def add(self, code: str, *, element_id: str | None = None, key: str = "", **facts: object) -> None:
        """Note a problem; ``facts`` fill its sentence."""
        vi, en = _SENTENCES[code]
        facts = {name: _short(fact) for name, fact in facts.items()}
        self.problems.append(
            FormProblem(
                severity="note" if code in _NOTES else "error",
                code=code,
                element_id=element_id,
                key=key,
                message_vi=vi.format(**facts),
                message_en=en.format(**facts),
            )
        )

    @property
    def has_errors(self) -> bool:
        """Whether the form cannot be used."""
        return any(problem.severity == "error" for problem in self.problems)


def _short(fact: object) -> str:
    """Texts of a form may be long and hold anything; a sentence quotes their beginning, printable."""
    text = str(fact)
    text = text if len(text) <= 80 else text[:79] + "…"  # noqa: PLR2004 -- a sentence stays readable
    return "".join(letter if letter.isprintable() else "�" for letter in text)
