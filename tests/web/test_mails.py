"""Tests of the words of mails: both languages, text and HTML, nothing that could be markup."""

import ast
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from engine.mail import EntryFacts, MailFacts, Notice, TaskFacts
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


MEETING = EntryFacts(
    "before",
    "Họp Hội đồng",
    "Council session",
    NOW + timedelta(days=2),
    NOW + timedelta(days=2, hours=3),
    "Phòng họp 2",
    "/council/5",
)
WAS_AT = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "entry", "vietnamese", "english"),
    [
        (
            "reminder_before",
            MEETING,
            "Sắp diễn ra: Họp Hội đồng, 08:00 25/11, Phòng họp 2",
            "Coming up: Council session, 08:00 25/11, Phòng họp 2",
        ),
        (
            "reminder_due",
            replace(MEETING, kind="due", starts_at=NOW),
            "Hôm nay: Họp Hội đồng, 08:00, Phòng họp 2",
            "Today: Council session, 08:00, Phòng họp 2",
        ),
        (
            "entry_moved",
            replace(MEETING, kind="moved", moved_from_at=WAS_AT),
            "Đã chuyển lịch: Họp Hội đồng, 08:00 25/11, Phòng họp 2",
            "Moved: Council session, 08:00 25/11, Phòng họp 2",
        ),
        (
            "entry_cancelled",
            replace(MEETING, kind="cancelled"),
            "Đã hủy: Họp Hội đồng, 08:00 25/11, Phòng họp 2",
            "Cancelled: Council session, 08:00 25/11, Phòng họp 2",
        ),
    ],
)
def test_a_mail_names_the_dated_thing_with_time_and_place(
    kind: str, entry: EntryFacts, vietnamese: str, english: str
) -> None:
    mail = COMPOSER.compose(replace(facts(kind), entries=(entry,)))

    assert mail.subject == vietnamese
    assert COMPOSER.compose(replace(facts(kind, language="en"), entries=(entry,))).subject == english
    assert ("Trước đây: 08:00 24/11" in mail.text) == (kind == "entry_moved")
    assert Links(mail.html).found.count("https://vinhdanh.example/council/5") == 2


def test_a_digest_begins_with_what_is_off_and_ends_with_what_is_to_come() -> None:
    off = replace(MEETING, kind="cancelled")
    mail = COMPOSER.compose(replace(facts("digest", task("due", 9)), entries=(MEETING, off)))

    assert mail.subject == "Nhắc việc ngày 23/11/2026: 1 việc hôm nay, 2 lịch công tác"
    for part in (mail.text, mail.html):
        assert part.index("Lịch đã hủy (1)") < part.index("Hôm nay (1)") < part.index("Lịch sắp tới (1)")


@pytest.mark.parametrize(
    ("kinds", "counted", "why"),
    [
        (("head",), "1 việc cần đôn đốc", "thuộc người ông/bà phụ trách"),
        (("overseer", "unheld"), "2 việc cần đôn đốc", "theo dõi thời hạn xử lý chung"),
        (("after", "head"), "1 việc quá hạn, 1 việc cần đôn đốc", "việc được giao cho ông/bà"),
    ],
)
def test_a_digest_says_why_one_gets_it(kinds: tuple[str, ...], counted: str, why: str) -> None:
    mail = COMPOSER.compose(facts("digest", *[task(kind, -50, late=2) for kind in kinds]))

    assert mail.subject.endswith(f": {counted}")
    for part in (mail.text, mail.html):
        assert why in part


@pytest.mark.parametrize("notice", [None, Notice("Kết quả", "Result", ("Đã duyệt.",), ("Approved.",))])
def test_who_gets_a_mail_in_the_place_of_another_is_told_why(notice: Notice | None) -> None:
    meant = facts("task_assigned", task("assigned", 30), notice=notice)
    mail = COMPOSER.compose(replace(meant, in_place_of="Trần Văn Bình"))

    for part in (mail.text, mail.html):
        assert "Thư này dành cho Trần Văn Bình, người chưa có địa chỉ thư điện tử dùng được." in part


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


def test_an_institution_is_greeted_as_one() -> None:
    notice = Notice("Chỉ thị", "Directive", ("Gửi để thực hiện.",), ("To be carried out.",))
    to_body = replace(facts("notice", notice=notice), recipient_name="Bộ Nội vụ", is_to_body=True)
    mail = COMPOSER.compose(to_body)

    assert mail.text.startswith("Kính gửi Bộ Nội vụ,")
    assert "Kính gửi Bộ Nội vụ," in mail.html
    assert COMPOSER.compose(facts("notice", notice=notice)).text.startswith("Kính gửi ông/bà Vũ Hạ Miên,")
