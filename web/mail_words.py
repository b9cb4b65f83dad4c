"""The sentences of mails: subjects, groups of tasks and dated things, moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from engine.clock import CITY_ZONE
from engine.mail import EntryFacts, MailFacts, TaskFacts

_CATALOGUES: Final = Path(__file__).parent / "translations"
_SHOWN: Final = 20
"""More rows than these in one group are counted, not listed."""
_LATE: Final = ("after", "head", "overseer")
_TO_FOLLOW_UP: Final = frozenset({"head", "overseer", "unheld"})
"""What is told to others than those who are to do the work."""


@dataclass(frozen=True)
class Row:
    """One task or dated thing as a mail shows it."""

    name: str
    about: str
    address: str
    due: str
    is_late: bool


@dataclass(frozen=True)
class Group:
    """Rows of one kind under a heading."""

    heading: str
    is_late: bool
    rows: Sequence[Row]
    hidden: int


class Words:
    """The sentences of one mail."""

    def __init__(self, language: str, now: datetime, base_url: str) -> None:
        self.language = "en" if language == "en" else "vi"
        self._now = now
        self._base_url = base_url
        catalogue = translations(self.language)
        self._ = catalogue.ugettext
        self._n = catalogue.ungettext

    def subject(self, facts: MailFacts) -> str:
        """Return what the list of the receiver's mails shows."""
        if facts.notice is not None:
            return facts.notice.subject_en if self.language == "en" else facts.notice.subject_vi
        if facts.kind == "digest":
            day = f"{self._now.astimezone(CITY_ZONE):%d/%m/%Y}"
            return self._("Nhắc việc ngày %(day)s: %(parts)s") % {"day": day, "parts": self.counts(facts)}
        return self._about_task(facts.kind, facts.tasks[0]) if facts.tasks else self._about_entry(facts)

    def greeting(self, facts: MailFacts) -> str:
        """Return how a letter opens: to a person, or to an institution."""
        opening = self._("Kính gửi %(name)s,") if facts.is_to_body else self._("Kính gửi ông/bà %(name)s,")
        return opening % {"name": facts.recipient_name}

    def counts(self, facts: MailFacts) -> str:
        """Return how many there are of what a digest speaks of."""
        late = sum(task.kind == "after" for task in facts.tasks)
        today = sum(task.kind == "due" for task in facts.tasks)
        others = sum(task.kind in _TO_FOLLOW_UP for task in facts.tasks)
        more, dates = len(facts.tasks) - late - today - others, len(facts.entries)
        parts = [
            (late, self._n("%(num)s việc quá hạn", "%(num)s việc quá hạn", late)),
            (today, self._n("%(num)s việc hôm nay", "%(num)s việc hôm nay", today)),
            (others, self._n("%(num)s việc cần đôn đốc", "%(num)s việc cần đôn đốc", others)),
            (more, self._n("%(num)s việc khác", "%(num)s việc khác", more)),
            (dates, self._n("%(num)s lịch công tác", "%(num)s lịch công tác", dates)),
        ]
        return ", ".join(sentence % {"num": count} for count, sentence in parts if count)

    def groups(self, facts: MailFacts) -> list[Group]:
        """Return what a mail lists, the most pressing first: what is off or on another day, then work."""
        news, dates = self._entry_headings()
        entries = [(one.kind, self._entry_row(one)) for one in facts.entries]
        tasks = [(one.kind, self._task_row(one)) for one in facts.tasks]
        return [
            *_grouped(news, entries),
            *_grouped(self._task_headings(), tasks),
            *_grouped(dates, entries),
        ]

    def why(self, facts: MailFacts) -> str:
        """Return why the receiver gets a mail about tasks or dated things."""
        kinds = {task.kind for task in facts.tasks}
        if facts.in_place_of:
            return self._("Nhận thư này thay người ông/bà phụ trách.")
        if not kinds:
            return self._("Nhận thư này vì ông/bà thuộc thành phần tham dự.")
        if kinds == {"head"}:
            return self._("Nhận thư này vì việc quá hạn thuộc người ông/bà phụ trách.")
        if kinds <= _TO_FOLLOW_UP:
            return self._("Nhận thư này vì ông/bà theo dõi thời hạn xử lý chung.")
        return self._("Nhận thư này vì có việc được giao cho ông/bà hoặc cho nhóm của ông/bà.")

    def passed_on(self, facts: MailFacts) -> str:
        """Return why the mail goes to another than it was meant for; empty where it does not."""
        if not facts.in_place_of:
            return ""
        sentence = self._(
            "Thư này dành cho %(name)s, người chưa có địa chỉ thư điện tử dùng được."
            " Đề nghị ông/bà báo lại cho người đó."
        )
        return sentence % {"name": facts.in_place_of}

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

    def _about_task(self, kind: str, task: TaskFacts) -> str:
        late = task.working_days_late
        overdue = self._("%(name)s đã quá hạn %(days)s ngày làm việc: %(about)s")
        sentences = {
            "task_assigned": self._("Việc mới: %(name)s, %(about)s"),
            "task_moved": self._("Đổi thời hạn: %(name)s, %(about)s"),
            "task_unheld": self._("Chưa có người nhận việc: %(name)s, %(about)s"),
            "reminder_before": self._("Sắp đến hạn: %(name)s, %(about)s"),
            "reminder_due": self._("Đến hạn hôm nay: %(name)s, %(about)s"),
            "reminder_after": self._("Quá hạn %(days)s ngày làm việc: %(name)s, %(about)s")
            if late
            else self._("Đã quá hạn: %(name)s, %(about)s"),
            "reminder_head": overdue,
            "reminder_overseer": overdue,
        }
        return sentences[kind] % {"name": self._name(task), "days": late, "about": task.about}

    def _about_entry(self, facts: MailFacts) -> str:
        [entry] = facts.entries
        sentences = {
            "entry_moved": self._("Đã chuyển lịch: %(name)s, %(when)s"),
            "entry_cancelled": self._("Đã hủy: %(name)s, %(when)s"),
            "reminder_before": self._("Sắp diễn ra: %(name)s, %(when)s"),
            "reminder_due": self._("Hôm nay: %(name)s, %(when)s"),
        }
        is_today = facts.kind == "reminder_due"
        at = f"{entry.starts_at.astimezone(CITY_ZONE):%H:%M}" if is_today else self._moment(entry.starts_at)
        when = ", ".join(part for part in (at, entry.place) if part)
        return sentences[facts.kind] % {"name": self._title(entry), "when": when}

    def _task_headings(self) -> dict[str, str]:
        return {
            "after": self._("Quá hạn"),
            "due": self._("Hôm nay"),
            "before": self._("Sắp đến hạn"),
            "moved": self._("Đổi thời hạn"),
            "assigned": self._("Việc mới"),
            "unheld": self._("Chưa có người nhận, đề nghị bố trí"),
            "head": self._("Quá hạn, báo để đôn đốc"),
            "overseer": self._("Quá hạn kéo dài, báo để chỉ đạo"),
        }

    def _entry_headings(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return the headings of news and those of what is to come."""
        news = {"cancelled": self._("Lịch đã hủy"), "moved": self._("Lịch đã chuyển")}
        return news, {"due": self._("Lịch hôm nay"), "before": self._("Lịch sắp tới")}

    def _task_row(self, task: TaskFacts) -> Row:
        unit = task.unit_en if self.language == "en" else task.unit_vi
        whose = self._("Việc của %(name)s") % {"name": task.assignee} if task.assignee else ""
        about = " · ".join(part for part in (task.about, unit, whose) if part)
        is_late = task.due_at is not None and task.due_at < self._now
        address = f"{self._base_url}/tasks/{task.task_id}"
        return Row(self._name(task), about, address, self._due(task), is_late)

    def _entry_row(self, entry: EntryFacts) -> Row:
        was = ""
        if entry.moved_from_at is not None:
            was = self._("Trước đây: %(when)s") % {"when": self._moment(entry.moved_from_at)}
        about = " · ".join(part for part in (entry.place, was) if part)
        is_off = entry.kind == "cancelled"
        return Row(self._title(entry), about, self._base_url + entry.path, self._span(entry), is_off)

    def _due(self, task: TaskFacts) -> str:
        if task.due_at is None:
            return ""
        if task.working_days_late:
            sentence = self._n("Quá hạn %(num)s ngày", "Quá hạn %(num)s ngày", task.working_days_late)
            return sentence % {"num": task.working_days_late}
        return self._moment(task.due_at)

    def _span(self, entry: EntryFacts) -> str:
        """Return when it is; the end is named where it is on the same day."""
        start = entry.starts_at.astimezone(CITY_ZONE)
        end = entry.ends_at.astimezone(CITY_ZONE) if entry.ends_at else None
        if end is None or end == start:
            return self._moment(start)
        if end.date() == start.date():
            return self._moment(start, until=f"–{end:%H:%M}")
        return f"{start:%H:%M %d/%m} – {end:%H:%M %d/%m}"

    def _moment(self, moment: datetime, *, until: str = "") -> str:
        local = moment.astimezone(CITY_ZONE)
        if local.date() == self._now.astimezone(CITY_ZONE).date():
            return self._("%(time)s hôm nay") % {"time": f"{local:%H:%M}{until}"}
        return f"{local:%H:%M}{until} {local:%d/%m}"

    def _name(self, task: TaskFacts) -> str:
        return task.name_en if self.language == "en" and task.name_en else task.name_vi

    def _title(self, entry: EntryFacts) -> str:
        return entry.title_en if self.language == "en" and entry.title_en else entry.title_vi


def _grouped(headings: dict[str, str], rows: Sequence[tuple[str, Row]]) -> list[Group]:
    groups: list[Group] = []
    for kind, heading in headings.items():
        found = [row for of_kind, row in rows if of_kind == kind]
        if found:
            shown = found[:_SHOWN]
            title = f"{heading} ({len(found)})"
            groups.append(Group(title, kind in _LATE, shown, len(found) - len(shown)))
    return groups


@lru_cache(maxsize=2)
def translations(language: str) -> NullTranslations:
    """Return the catalogue of mails; Vietnamese is the source."""
    path = _CATALOGUES / language / "LC_MESSAGES" / "mail.po"
    if not path.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled)
