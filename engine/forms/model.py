"""A form that passed the checks, as frozen facts: components, rules, options."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from engine.feel import Expression, Value

Path = tuple[str, ...]
"""A key: one name, or several that lead into contexts."""

Kind = Literal[
    "textfield",
    "textarea",
    "number",
    "checkbox",
    "checklist",
    "radio",
    "select",
    "taglist",
    "datetime",
    "filepicker",
    "group",
    "dynamiclist",
    "table",
    "text",
    "separator",
    "spacer",
    "expression",
]

INPUT_KINDS: Final = frozenset(
    {
        "textfield",
        "textarea",
        "number",
        "checkbox",
        "checklist",
        "radio",
        "select",
        "taglist",
        "datetime",
        "filepicker",
    }
)
"""What a person fills in."""
CHOICE_KINDS: Final = frozenset({"radio", "select", "checklist", "taglist"})
MAX_ROWS: Final = 500
"""No list holds more rows, whatever its form says."""
MAX_TEXT: Final = 20_000
"""No text a person types is longer, whatever its form says."""


@dataclass(frozen=True)
class Words:
    """Words that people read, in Vietnamese and, where somebody wrote them, in English."""

    vi: str = ""
    en: str = ""

    def read(self, language: str) -> str:
        """Return the words in ``vi`` or ``en``, or the others where these are missing."""
        return (self.en or self.vi) if language == "en" else (self.vi or self.en)

    def __bool__(self) -> bool:
        return bool(self.vi or self.en)


@dataclass(frozen=True)
class Option:
    """One choice: what is stored and what is shown."""

    value: str | Decimal | bool
    label: Words

    @property
    def token(self) -> str:
        """The value as it stands in the HTML of the page."""
        if isinstance(self.value, bool):
            return "true" if self.value else "false"
        return self.value if isinstance(self.value, str) else format(self.value, "f")


@dataclass(frozen=True)
class OptionSource:
    """Where the options of a field come from: exactly one of the three is given."""

    fixed: tuple[Option, ...] = ()
    key: Path = ()
    expression: Expression | None = None


@dataclass(frozen=True)
class Rules:
    """What an answer must be; ``messages`` are the form's own words for an error, by its code."""

    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimal_digits: int | None = None
    pattern: str = ""
    text_type: Literal["", "email", "phone"] = ""
    no_past_dates: bool = False
    min_rows: int = 0
    max_rows: int = MAX_ROWS
    messages: Mapping[str, Words] = field(default_factory=dict[str, Words])


@dataclass(frozen=True)
class Moment:
    """How a ``datetime`` field asks."""

    subtype: Literal["date", "time", "datetime"] = "date"
    date_label: Words = Words()
    time_label: Words = Words()
    interval_minutes: int = 15


@dataclass(frozen=True)
class Files:
    """Which files a ``filepicker`` takes; the server's own checks come on top."""

    accept: tuple[str, ...] = ()
    multiple: bool = False


@dataclass(frozen=True)
class Rows:
    """How a ``dynamiclist`` grows."""

    may_change: bool = True
    initial_count: int = 1


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    path: Path
    label: Words


@dataclass(frozen=True)
class Table:
    """A read-only table: the rows are contexts."""

    source: Expression
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Component:
    """One component of a form. Parts that its kind does not have are empty."""

    number: int
    """Its place in the form, counted through all groups and lists."""
    kind: Kind
    id: str = ""
    path: Path = ()
    """The key, from the form or, inside a list, from the row; keys of enclosing groups included."""
    list_number: int | None = None
    """The list whose rows repeat it."""
    parent_number: int | None = None
    label: Words = Words()
    description: Words = Words()
    columns: int | None = None
    """Width on the grid of 16; None shares what is left in the row."""
    row: str = ""
    hide: Expression | None = None
    read_only: bool | Expression = False
    default: Value = None
    rules: Rules = Rules()
    options: OptionSource | None = None
    content: Words = Words()
    """Markdown of a text component."""
    expression: Expression | None = None
    prefix: Words = Words()
    suffix: Words = Words()
    moment: Moment | None = None
    files: Files | None = None
    rows: Rows | None = None
    table: Table | None = None
    properties: Mapping[str, str] = field(default_factory=dict[str, str])
    components: tuple["Component", ...] = ()

    @property
    def is_input(self) -> bool:
        """Whether a person fills it in."""
        return self.kind in INPUT_KINDS

    @property
    def key(self) -> str:
        """The key as it is written."""
        return ".".join(self.path)

    def walk(self) -> Iterator["Component"]:
        """Yield the component and all that it holds, in the order of the page."""
        yield self
        for component in self.components:
            yield from component.walk()
