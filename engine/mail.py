"""What a mail is to say, before a composer words it in the receiver's language."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class TaskFacts:
    """One task a mail speaks of. ``kind``: assigned, moved, before, due, after, head, overseer or unheld."""

    kind: str
    task_id: int
    name_vi: str
    name_en: str
    about: str
    """The title of its instance."""
    unit_vi: str
    unit_en: str
    due_at: datetime | None
    working_days_late: int = 0
    assignee: str = ""
    """Whose task it is, where the mail goes to somebody else."""


@dataclass(frozen=True)
class EntryFacts:
    """One dated thing a mail speaks of. ``kind``: before, due, moved or cancelled."""

    kind: str
    title_vi: str
    title_en: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    path: str
    """Its page, below the address of the installation."""
    moved_from_at: datetime | None = None
    """When it was to begin before it was moved."""


@dataclass(frozen=True)
class Notice:
    """What a layer above tells people, in both languages: plain text, no markup."""

    subject_vi: str
    subject_en: str
    lines_vi: tuple[str, ...]
    """Paragraphs."""
    lines_en: tuple[str, ...]
    rows: tuple[tuple[str, str, str], ...] = ()
    """Label in Vietnamese, label in English, value."""
    path: str = "/"
    """The page that a button opens, below the address of the installation."""
    is_personal: bool = False
    """Whether the page's address is the receiver's secret: nobody gets such a mail in his place."""


@dataclass(frozen=True)
class MailFacts:
    """All that a composer needs for one mail to one person or body.

    ``kind``: result, invitation and notice carry a ``notice``; a digest carries ``tasks`` and ``entries``;
    every other kind names the kind of the one task or entry it carries (see ``engine.reminders.subjects``).
    """

    kind: str
    language: str
    recipient_name: str
    now: datetime
    tasks: tuple[TaskFacts, ...] = field(default=())
    entries: tuple[EntryFacts, ...] = field(default=())
    notice: Notice | None = None
    is_to_body: bool = False
    """Whether the receiver is an institution outside, which is greeted as such."""
    in_place_of: str = ""
    """Who should have got it and has no address: the receiver is to pass it on."""


@dataclass(frozen=True)
class ComposedMail:
    """A worded mail: the same content as text and as HTML."""

    subject: str
    text: str
    html: str


ComposeMail = Callable[[MailFacts], ComposedMail]


def compose_plainly(facts: MailFacts) -> ComposedMail:
    """Word a mail without any template: what is sent when the layers above handed no composer down."""
    english = facts.language == "en"
    if facts.notice is not None:
        notice = facts.notice
        subject = notice.subject_en if english else notice.subject_vi
        lines = [*(notice.lines_en if english else notice.lines_vi)]
        lines += [f"{en if english else vi}: {value}" for vi, en, value in notice.rows]
    else:
        names = [task.name_en if english and task.name_en else task.name_vi for task in facts.tasks]
        titles = [one.title_en if english and one.title_en else one.title_vi for one in facts.entries]
        said = [*names, *titles]
        subject = said[0] if len(said) == 1 else f"Vinh Danh ({len(said)})"
        lines = [f"{name}: {task.about}" for name, task in zip(names, facts.tasks, strict=True)]
        lines += [f"{title}: {one.place}" for title, one in zip(titles, facts.entries, strict=True)]
    lines = [f"-> {facts.in_place_of}", *lines] if facts.in_place_of else lines
    return ComposedMail(subject, "\n".join(lines) + "\n", "")
