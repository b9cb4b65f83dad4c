"""Takes members out of a JSON object, noting what has the wrong type and what nobody asked for."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

from engine import feel
from engine.forms.json_text import Json
from engine.forms.model import Words
from engine.forms.problems import Findings

Read = TypeVar("Read")

_MAX_EXPONENT: Final = 20
_TYPES: Final = {
    "text": ("văn bản", "text"),
    "flag": ("true hoặc false", "true or false"),
    "whole": ("số nguyên", "a whole number"),
    "number": ("số", "a number"),
    "object": ("một đối tượng", "an object"),
    "array": ("một danh sách", "a list"),
}


class Members:
    """One JSON object of a form while it is being read."""

    def __init__(
        self, raw: Mapping[str, Json], findings: Findings, *, element_id: str | None = None, key: str = ""
    ) -> None:
        self._raw = raw
        self._seen: set[str] = set()
        self.findings = findings
        self.element_id = element_id
        self.key = key

    def note(self, code: str, **facts: object) -> None:
        """Note a problem of this object."""
        self.findings.add(code, element_id=self.element_id, key=self.key, **facts)

    def raw(self, name: str) -> Json:
        """Return the member as it is, or None if it is missing."""
        self._seen.add(name)
        return self._raw.get(name)

    def text(self, name: str, default: str = "") -> str:
        """Return a text."""
        return self._take(name, "text", default, lambda value: value if isinstance(value, str) else None)

    def words(self, name: str) -> Words:
        """Return the text called ``name`` with the English one beside it."""
        return Words(self.text(name), self.text(f"{name}_en"))

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return true or false."""
        return self._take(name, "flag", default, lambda value: value if isinstance(value, bool) else None)

    def whole(self, name: str) -> int | None:
        """Return a whole number, also one written as text."""
        number = self._take(name, "whole", None, _number)
        if number is None or number == number.to_integral_value():
            return None if number is None else int(number)
        self._note_type(name, "whole")
        return None

    def number(self, name: str) -> Decimal | None:
        """Return a number, also one written as text."""
        return self._take(name, "number", None, _number)

    def members(self, name: str) -> "Members":
        """Return an object; an empty one if it is missing."""
        empty: dict[str, Json] = {}
        raw = self._take(name, "object", empty, lambda value: value if isinstance(value, dict) else None)
        return Members(raw, self.findings, element_id=self.element_id, key=self.key)

    def array(self, name: str) -> list[Json]:
        """Return a list; an empty one if it is missing."""
        empty: list[Json] = []
        return self._take(name, "array", empty, lambda value: value if isinstance(value, list) else None)

    def objects(self, name: str) -> list["Members"]:
        """Return a list of objects."""
        result: list[Members] = []
        for value in self.array(name):
            if isinstance(value, dict):
                result.append(Members(value, self.findings, element_id=self.element_id, key=self.key))
            else:
                self._note_type(name, "object")
        return result

    def expression(self, name: str) -> feel.Expression | None:
        """Return the parsed FEEL expression, or None if there is none or it is wrong."""
        text = self.text(name)
        return self._parse(name, text) if text.strip() else None

    def flag_or_expression(self, name: str) -> bool | feel.Expression:
        """Return true, false, or an expression that says so."""
        value = self._raw.get(name)
        if isinstance(value, str) and value.strip():
            return self.expression(name) or False
        return self.flag(name)

    def note_rest(self, known: frozenset[str] = frozenset()) -> None:
        """Note the members that nobody asked for."""
        rest = sorted(set(self._raw) - self._seen - known)
        if rest:
            self.note("unknown_member", names=", ".join(rest))

    def _parse(self, name: str, text: str) -> feel.Expression | None:
        if not text.lstrip().startswith("="):
            self.note("not_an_expression", name=name)
            return None
        try:
            return feel.parse(text.lstrip()[1:])
        except feel.FeelSyntaxError as error:
            place = error.position + 1
            self.note("bad_expression", name=name, place=place, why=error.message, why_vi=error.message_vi)
            return None

    def _take(self, name: str, wanted: str, default: Read, read: Callable[[Json], Read | None]) -> Read:
        value = self.raw(name)
        if value is None:
            return default
        result = read(value)
        if result is None:
            self._note_type(name, wanted)
            return default
        return result

    def _note_type(self, name: str, wanted: str) -> None:
        vi, en = _TYPES[wanted]
        self.note("wrong_type", name=name, wanted_vi=vi, wanted_en=en)


def _number(value: Json) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    usable = number.is_finite() and abs(number.adjusted()) <= _MAX_EXPONENT
    return number if usable else None
