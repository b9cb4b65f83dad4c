"""What differs between two versions of a definition, as facts that words and colours are made of."""

import enum
from dataclasses import dataclass, field
from typing import Literal

SubjectKind = Literal["file", "process", "element", "flow", "field", "table", "rule", "text"]


class What(enum.Enum):
    """What about a subject differs."""

    ADDED = "added"
    REMOVED = "removed"
    UNREADABLE = "unreadable"
    """One of the two cannot be read; all that is known is that the bytes differ."""
    ID = "id"
    KIND = "kind"
    NAME = "name"
    NAME_EN = "name_en"
    DESCRIPTION = "description"
    # elements of a diagram
    GROUP = "group"
    ASSIGNEE = "assignee"
    FORM = "form"
    DUE = "due"
    FOLLOW_UP = "follow_up"
    REMINDERS = "reminders"
    PRIORITY = "priority"
    MANDATORY = "mandatory"
    REQUIRES = "requires"
    SEPARATION = "separation"
    """Who may not be the one who did an earlier step."""
    ROUTE = "route"
    """Where the way leads from here; before and after are names of elements."""
    CONDITION = "condition"
    DEFAULT = "default"
    LANE = "lane"
    TIMER = "timer"
    MESSAGE = "message"
    EVENT = "event"
    ATTACHED = "attached"
    INTERRUPTING = "interrupting"
    ACTION = "action"
    RECORD = "record"
    VALUES = "values"
    HEADERS = "headers"
    DECISION = "decision"
    CALLED = "called"
    SCRIPT = "script"
    RESULT = "result"
    INPUTS = "inputs"
    OUTPUTS = "outputs"
    REPETITION = "repetition"
    PROPERTY = "property"
    # forms
    ORDER = "order"
    REQUIRED = "required"
    LIMITS = "limits"
    OPTIONS = "options"
    HIDDEN = "hidden"
    CONTENT = "content"
    OTHER = "other"
    # decision tables
    HIT_POLICY = "hit_policy"
    COLUMNS = "columns"
    CELL = "cell"
    LOGIC = "logic"


class Weight(enum.IntEnum):
    """How much a change may matter to the person who answers for it."""

    SAFEGUARD = 0
    """Who decides, what is mandatory, which way a case takes."""
    NORMAL = 1
    WORDING = 2


SAFEGUARDS = frozenset(
    {
        What.GROUP,
        What.ASSIGNEE,
        What.MANDATORY,
        What.REQUIRES,
        What.SEPARATION,
        What.CONDITION,
        What.DEFAULT,
        What.ROUTE,
        What.CELL,
        What.HIT_POLICY,
        What.DECISION,
    }
)
WORDINGS = frozenset({What.NAME, What.NAME_EN, What.DESCRIPTION, What.CONTENT, What.LANE, What.ORDER})


@dataclass(frozen=True)
class Subject:
    """What a change is about: an element, a field, a row of a table, or a file as a whole."""

    kind: SubjectKind
    id: str
    name: str = ""
    name_en: str = ""
    detail: str = ""
    """The BPMN tag, the kind of the field, or the label of the cell's column."""

    def label(self, language: str) -> str:
        """Return the name people read, in ``vi`` or ``en``; the id where nobody gave one."""
        return (self.name_en if language == "en" and self.name_en else self.name) or self.id


@dataclass(frozen=True)
class Side:
    """One of the two values of a change, as it is written; ``text_en`` where names exist in English too."""

    text: str = ""
    text_en: str = ""

    def read(self, language: str) -> str:
        """Return the value in ``vi`` or ``en``."""
        return self.text_en if language == "en" and self.text_en else self.text


@dataclass(frozen=True)
class Change:
    """One difference."""

    file: str
    subject: Subject
    what: What
    before: Side = Side()
    after: Side = Side()

    @property
    def weight(self) -> Weight:
        """How much it may matter."""
        if self.what in WORDINGS:
            return Weight.WORDING
        whole = {What.ADDED, What.REMOVED}
        if self.what in SAFEGUARDS or (self.what in whole and self.subject.kind in {"element", "rule"}):
            return Weight.SAFEGUARD
        return Weight.NORMAL


@dataclass(frozen=True)
class Comparison:
    """All differences of two versions, in the order of their files and, within, of the page."""

    changes: tuple[Change, ...] = ()
    redrawn: frozenset[str] = field(default_factory=frozenset[str])
    """Diagrams whose elements lie elsewhere; where a thing is drawn changes nothing that runs."""

    def __bool__(self) -> bool:
        return bool(self.changes or self.redrawn)

    def of_file(self, file: str) -> tuple[Change, ...]:
        """Return the changes of one file."""
        return tuple(change for change in self.changes if change.file == file)

    def by_weight(self) -> tuple[Change, ...]:
        """Return the changes, the weightiest first; otherwise the order stays."""
        return tuple(sorted(self.changes, key=lambda change: change.weight))

    def marks(self, file: str) -> tuple[dict[str, str], dict[str, str]]:
        """Return what to colour in the old and the new drawing: id -> ``added``, ``removed``, ``changed``."""
        old: dict[str, str] = {}
        new: dict[str, str] = {}
        for change in self.of_file(file):
            element_id = change.subject.id
            if change.subject.kind not in {"element", "flow"}:
                continue
            if change.what is What.ADDED:
                new[element_id] = "added"
            elif change.what is What.REMOVED:
                old[element_id] = "removed"
            else:
                old[change.before.text if change.what is What.ID else element_id] = "changed"
                new[element_id] = "changed"
        return old, new
