"""Words every mail in the receiver's language, as text and as HTML that needs no images or styles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from engine.clock import CITY_ZONE
from engine.mail import ComposedMail, MailFacts, TaskFacts

_HERE: Final = Path(__file__).parent
_SHOWN: Final = 20
"""More tasks than these in one group are counted, not listed."""
_GROUPS: Final = ("after", "due", "before", "assigned", "head")


@dataclass(frozen=True)
class Row:
    """One task as a mail shows it."""

    name: str
    about: str
    address: str
    due: str
    is_late: bool


@dataclass(frozen=True)
class Group:
    """Tasks of one kind under a heading."""

    heading: str
    is_late: bool
    rows: Sequence[Row]
    hidden: int


@dataclass(frozen=True)
class Composer:
    """Words mails with links below ``base_url``."""

    base_url: str

    def compose(self, facts: MailFacts) -> ComposedMail:
        """Return the mail; see ``engine.mail.ComposeMail``."""
        words = _Words(facts.language, facts.now, self.base_url)
        name = "notice" if facts.notice is not None else "tasks"
        values: dict[str, Any] = {
            "language": words.language,
            "recipient": facts.recipient_name,
            "subject": words.subject(facts),
            "heading": words.heading(facts),
            "today": words.day(facts.now.astimezone(CITY_ZONE).date()),
            "base_url": self.base_url,
            "kind": facts.kind,
            **(words.notice(facts) if facts.notice is not None else words.tasks(facts)),
        }
        environment = _environment(words.language)
        return ComposedMail(
            values["subject"],
            environment.get_template(f"mail/{name}.txt").render(values),
            environment.get_template(f"mail/{name}.html").render(values),
        )


class _Words:
    """The sentences of one mail."""

    def __init__(self, language: str, now: datetime, base_url: str) -> None:
        self.language = "en" if language == "en" else "vi"
        self._now = now
        self._base_url = base_url
        translations = _translations(self.language)
        self._ = translations.ugettext
        self._n = translations.ungettext

    def subject(self, facts: MailFacts) -> str:
        """Return what the list of the receiver's mails shows."""
        if facts.notice is not None:
            return facts.notice.subject_en if self.language == "en" else facts.notice.subject_vi
        task = facts.tasks[0]
        name = self._name(task)
        if facts.kind == "digest":
            day = f"{self._now.astimezone(CITY_ZONE):%d/%m/%Y}"
            return self._("Nhắc việc ngày %(day)s: %(parts)s") % {
                "day": day,
                "parts": self._counts(facts.tasks),
            }
        late = task.working_days_late
        sentences = {
            "task_assigned": self._("Việc mới: %(name)s, %(about)s"),
            "reminder_before": self._("Sắp đến hạn: %(name)s, %(about)s"),
            "reminder_due": self._("Đến hạn hôm nay: %(name)s, %(about)s"),
            "reminder_after": self._("Quá hạn %(days)s ngày làm việc: %(name)s, %(about)s")
            if late
            else self._("Đã quá hạn: %(name)s, %(about)s"),
            "reminder_head": self._("%(name)s đã quá hạn %(days)s ngày làm việc: %(about)s"),
        }
        return sentences[facts.kind] % {"name": name, "days": late, "about": task.about}

    def heading(self, facts: MailFacts) -> str:
        """Return what stands on top of the mail."""
        return self._counts(facts.tasks) if facts.kind == "digest" else self.subject(facts)

    def tasks(self, facts: MailFacts) -> dict[str, Any]:
        """Return what the template of tasks shows."""
        headings = {
            "after": self._("Quá hạn"),
            "due": self._("Hôm nay"),
            "before": self._("Sắp đến hạn"),
            "assigned": self._("Việc mới"),
            "head": self._("Quá hạn, báo để đôn đốc"),
        }
        groups: list[Group] = []
        for kind in _GROUPS:
            found = [task for task in facts.tasks if task.kind == kind]
            if found:
                rows = [self._row(task) for task in found[:_SHOWN]]
                heading = f"{headings[kind]} ({len(found)})"
                groups.append(Group(heading, kind in {"after", "head"}, rows, len(found) - len(rows)))
        return {"groups": groups, "is_head": facts.kind == "reminder_head"}

    def notice(self, facts: MailFacts) -> dict[str, Any]:
        """Return what the template of notices shows."""
        notice = facts.notice
        if notice is None:
            return {}
        english = self.language == "en"
        return {
            "lines": notice.lines_en if english else notice.lines_vi,
            "rows": [(en if english else vi, value) for vi, en, value in notice.rows],
            "address": self._base_url + notice.path,
        }

    def day(self, day: date) -> str:
        """Return a day with its name, as "Thứ Hai, 23/11/2026"."""
        names = (
            self._("Thứ Hai"),
            self._("Thứ Ba"),
            self._("Thứ Tư"),
            self._("Thứ Năm"),
            self._("Thứ Sáu"),
            self._("Thứ Bảy"),
            self._("Chủ nhật"),
        )
        return f"{names[day.weekday()]}, {day:%d/%m/%Y}"

    def _counts(self, tasks: Sequence[TaskFacts]) -> str:
        late = sum(task.kind == "after" for task in tasks)
        today = sum(task.kind == "due" for task in tasks)
        parts: list[str] = []
        if late:
            parts.append(self._n("%(num)s việc quá hạn", "%(num)s việc quá hạn", late) % {"num": late})
        if today:
            parts.append(self._n("%(num)s việc hôm nay", "%(num)s việc hôm nay", today) % {"num": today})
        if len(tasks) > late + today:
            more = len(tasks) - late - today
            parts.append(self._n("%(num)s việc khác", "%(num)s việc khác", more) % {"num": more})
        return ", ".join(parts)

    def _row(self, task: TaskFacts) -> Row:
        unit = task.unit_en if self.language == "en" else task.unit_vi
        whose = self._("Việc của %(name)s") % {"name": task.assignee} if task.assignee else ""
        about = " · ".join(part for part in (task.about, unit, whose) if part)
        is_late = task.due_at is not None and task.due_at < self._now
        address = f"{self._base_url}/tasks/{task.task_id}"
        return Row(self._name(task), about, address, self._due(task), is_late)

    def _due(self, task: TaskFacts) -> str:
        if task.due_at is None:
            return ""
        due = task.due_at.astimezone(CITY_ZONE)
        if task.working_days_late:
            sentence = self._n("Quá hạn %(num)s ngày", "Quá hạn %(num)s ngày", task.working_days_late)
            return sentence % {"num": task.working_days_late}
        if due.date() == self._now.astimezone(CITY_ZONE).date():
            return self._("%(time)s hôm nay") % {"time": f"{due:%H:%M}"}
        return f"{due:%H:%M %d/%m}"

    def _name(self, task: TaskFacts) -> str:
        return task.name_en if self.language == "en" and task.name_en else task.name_vi


@lru_cache(maxsize=2)
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(_translations(language), newstyle=True)  # type: ignore[attr-defined]  # of the extension
    return environment


@lru_cache(maxsize=2)
def _translations(language: str) -> NullTranslations:
    """Return the catalogue of mails; Vietnamese is the source."""
    path = _HERE / "translations" / language / "LC_MESSAGES" / "mail.po"
    if not path.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled)
