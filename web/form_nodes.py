"""A form as its templates see it: rows of the grid, fields with their words, ids and errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from engine.feel import Value
from engine.forms import Entry


@dataclass(frozen=True)
class Choice:
    """One option of a field on the page."""

    token: str
    label: str
    is_chosen: bool
    segment: str = ""
    """The colour of a segment: yes, no, hold or blank."""


@dataclass(frozen=True)
class FileLink:
    """A file that was handed in before."""

    number: int
    name: str
    address: str


@dataclass(frozen=True)
class Moment:
    """The fields of a date and a time, written as people here write them; what cannot be read stays."""

    subtype: str
    date: str
    time: str
    date_label: str
    time_label: str


@dataclass(frozen=True)
class CheckLine:
    """One thing that was checked of a row: what came out, as a word and a sentence, and on what ground."""

    kind: str
    """ok, info, warn or stop."""
    label: str
    text: str
    note: str

    @classmethod
    def read(cls, values: Mapping[str, Value]) -> "CheckLine":
        """Return the line that a context of the form's source stands for."""
        kind, label, text, note = (str(values.get(name) or "") for name in ("kind", "label", "text", "note"))
        return cls(kind if kind in {"ok", "warn", "stop"} else "info", label, text, note)

    @property
    def is_against(self) -> bool:
        """Whether it speaks against the row."""
        return self.kind in {"warn", "stop"}


@dataclass(frozen=True)
class Row:
    """One row of a list."""

    number: int
    position: int
    seal: str
    values: Mapping[str, Value]
    grid: tuple[tuple["Node", ...], ...] = ()
    heads: tuple["Node", ...] = ()
    """In a list of judgements: who or what is judged."""
    verdict: "Node | None" = None
    beside: tuple["Node", ...] = ()
    """In a list of judgements: what a verdict calls for, e.g. its reason."""
    check_lines: tuple[CheckLine, ...] = ()
    """In a list of judgements: what the server checked of the row."""

    def fact(self, name: str) -> str:
        """Return a text that the server put into the row beside its fields, e.g. ``check``."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    @property
    def called_for(self) -> str:
        """The classes of all choices that call for something more in this row."""
        places = {place for node in self.beside for place in node.when.split()}
        return " ".join(sorted(f"any-{place.removeprefix('when-')}" for place in places))


@dataclass(frozen=True)
class Node:
    """One component on the page."""

    kind: str
    entry: Entry
    width: int
    id: str
    name: str
    label: str = ""
    hint: str = ""
    wrong: str = ""
    text: str = ""
    """What stands in an input field."""
    shown: str = ""
    """The value in words, for a field that is only read."""
    html: Markup = field(default_factory=Markup)
    prefix: str = ""
    suffix: str = ""
    is_required: bool = False
    is_read_only: bool = False
    recomputes: bool = False
    """Whether something on the page depends on it."""
    described_by: str = ""
    properties: Mapping[str, str] = field(default_factory=dict[str, str])
    choices: tuple[Choice, ...] = ()
    files: tuple[FileLink, ...] = ()
    accept: str = ""
    takes: str = ""
    """Of a file field: which files it takes and how large they may be, in words."""
    is_multiple: bool = False
    max_length: int | None = None
    moment: Moment | None = None
    grid: tuple[tuple["Node", ...], ...] = ()
    rows: tuple[Row, ...] = ()
    may_add: bool = False
    may_remove: bool = False
    header: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    when: str = ""
    """Classes that show it beside the choices of its row for which it is needed."""

    @property
    def has_checks(self) -> bool:
        """Whether some row says how a check went: in a list of judgements, a column of its own."""
        return any(row.fact("check") for row in self.rows)

    @property
    def widget(self) -> str:
        """How the form's author wants it drawn."""
        return self.properties.get("widget", "")

    def word(self, name: str) -> str:
        """Return one of the form's own words from the properties."""
        return self.properties.get(name, "")
