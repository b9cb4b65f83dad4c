"""Tests of the words of mails: both languages, text and HTML, nothing that could be markup."""

import ast
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from engine.mail import MailFacts, Notice, TaskFacts
from web.mails import Composer

WEB = Path(__file__).parents[2] / "web"
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
COMPOSER = Composer("https://vinhdanh.example")
SENTENCE = re.compile(r'_\("((?:[^"\\]|\\.)*)"')


class Links(HTMLParser):
    """Collects the addresses of a mail, and whatever a mail reader or a policy would not take."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one element."""
        self.tags.add(tag)
        self.found += [value or "" for name, value in attrs if name in {"href", "src"}]


def task(
    kind: str, hours: float, *, late: int = 0, number: int = 7, about: str = "HS-2026-0388"
) -> TaskFacts:
    due_at = NOW + timedelta(hours=hours)
    return TaskFacts(
        kind, number, "Thẩm định hồ sơ", "Appraise the dossier", about, "Sở Y tế", "Health", due_at, late
    )


def facts(kind: str, *tasks: TaskFacts, language: str = "vi", notice: Notice | None = None) -> MailFacts:
    return MailFacts(kind, language, "Vũ Hạ Miên", NOW, tasks=tasks, notice=notice)


@pytest.mark.parametrize(
    ("kind", "one", "vietnamese", "english"),
    [
        (
            "task_assigned",
            task("assigned", 30),
            "Việc mới: Thẩm định hồ sơ, HS-2026-0388",
            "New task: Appraise the dossier, HS-2026-0388",
        ),
        (
            "reminder_due",
            task("due", 9),
            "Đến hạn hôm nay: Thẩm định hồ sơ, HS-2026-0388",
            "Due today: Appraise the dossier, HS-2026-0388",
        ),
        (
            "reminder_after",
            task("after", -50, late=2),
            "Quá hạn 2 ngày làm việc: Thẩm định hồ sơ, HS-2026-0388",
            "2 working days overdue: Appraise the dossier, HS-2026-0388",
        ),
        (
            "reminder_head",
            task("head", -50, late=2),
            "Thẩm định hồ sơ đã quá hạn 2 ngày làm việc: HS-2026-0388",
            "Appraise the dossier is 2 working days overdue: HS-2026-0388",
        ),
    ],
)
def test_the_subject_says_what_and_how_urgent(
    kind: str, one: TaskFacts, vietnamese: str, english: str
) -> None:
    assert COMPOSER.compose(facts(kind, one)).subject == vietnamese
    assert COMPOSER.compose(facts(kind, one, language="en")).subject == english


def test_a_digest_groups_and_counts() -> None:
    mail = COMPOSER.compose(
        facts("digest", task("after", -50, late=2), task("due", 9), task("due", 9), task("assigned", 90))
    )

    assert mail.subject == "Nhắc việc ngày 23/11/2026: 1 việc quá hạn, 2 việc hôm nay, 1 việc khác"
    for part in (mail.text, mail.html):
        assert part.index("Quá hạn (1)") < part.index("Hôm nay (2)") < part.index("Việc mới (1)")
    assert "17:00 hôm nay" in mail.text
    assert "https://vinhdanh.example/tasks/7" in mail.text


def test_english_counts_one_and_many() -> None:
    mail = COMPOSER.compose(
        facts("digest", task("after", -20, late=1), task("due", 9), task("due", 9), language="en")
    )

    assert mail.subject == "Reminder of 23/11/2026: 1 task overdue, 2 tasks due today"
    assert "1 day overdue" in mail.text


def test_a_long_digest_counts_what_it_does_not_list() -> None:
    mail = COMPOSER.compose(facts("digest", *[task("due", 9, number=number) for number in range(30)]))

    assert mail.text.count("/tasks/") == 20
    assert "Và 10 việc nữa" in mail.text
    assert "Xem 10 việc còn lại" in mail.html


def test_a_notice_has_its_lines_rows_and_page() -> None:
    notice = Notice(
        "Kết quả", "Result", ("Đã duyệt.",), ("Approved.",), (("Số", "Number", "12/QĐ"),), "/dossiers/3"
    )

    mail = COMPOSER.compose(facts("result", notice=notice, language="en"))

    assert mail.subject == "Result"
    assert "Approved.\n" in mail.text
    assert "Number: 12/QĐ" in mail.text
    assert "https://vinhdanh.example/dossiers/3" in Links(mail.html).found


def test_text_of_people_is_no_markup() -> None:
    mail = COMPOSER.compose(
        facts("task_assigned", task("assigned", 30, about='<script>"&</script>{{ 7*7 }}'))
    )

    assert "<script>" not in mail.html
    assert "{{ 7*7 }}" in mail.html
    assert '<script>"&</script>{{ 7*7 }}' in mail.text


def test_a_mail_loads_nothing() -> None:
    links = Links(COMPOSER.compose(facts("task_assigned", task("assigned", 30))).html)

    assert links.tags.isdisjoint({"script", "img", "link", "iframe", "form"})
    assert all(address.startswith("https://vinhdanh.example/") for address in links.found)


def test_every_sentence_of_a_mail_has_its_english() -> None:
    spoken = {
        sentence
        for path in (WEB / "templates/mail").iterdir()
        for sentence in SENTENCE.findall(path.read_text())
    }
    for node in ast.walk(ast.parse((WEB / "mail_words.py").read_text())):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"_", "_n"}
        ):
            spoken.update(str(word.value) for word in node.args[:1] if isinstance(word, ast.Constant))
    with (WEB / "translations/en/LC_MESSAGES/mail.po").open("rb") as file:
        english = {message.id if isinstance(message.id, str) else message.id[0] for message in read_po(file)}

    assert spoken - english == set()
    assert english - spoken == {""}
