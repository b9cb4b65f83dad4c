"""Tests of the list of sent mails: what it proves, how it is searched, and sending again with a reason."""

import csv
import io
from datetime import timedelta

import pytest
from city import START, City, person_named
from sqlalchemy import select

from engine import outbox
from engine.mail import Notice
from engine.models import DeliveryAttempt, MailState, OutboxMail

NOTICE = Notice("Kết quả xét", "The result", ("Hồ sơ đã được duyệt.",), ("Approved.",))


@pytest.fixture
def mail_ids(city: City) -> list[int]:
    """Write a mail that was sent at the second attempt, and one that nobody can get."""
    with city.installation.factory.begin() as session:
        told = person_named(session, "unit_officer")
        told.email = "officer@example.org"
        lost = person_named(session, "auditor")
        lost.email = None
        for number, one in enumerate((told, lost)):
            outbox.notify(
                session,
                kind="result",
                recipients=[one],
                facts=NOTICE,
                dedupe=f"result:{number}",
                now=START,
            )
        sent, failed = session.scalars(
            select(OutboxMail).where(OutboxMail.origin_id.is_(None)).order_by(OutboxMail.id)
        )
        sent.state, sent.sent_at, sent.due_at, sent.attempts = MailState.SENT, START, None, 2
        for number, reply in ((1, "451 try later"), (2, "250 Ok: queued as 4Sg1Zk0bXz")):
            session.add(
                DeliveryAttempt(
                    mail_id=sent.id,
                    number=number,
                    tried_at=START,
                    is_taken=number > 1,
                    reply=reply,
                )
            )
        return [sent.id, failed.id]


def test_a_mail_shows_what_the_server_answered_to_each_attempt(city: City, mail_ids: list[int]) -> None:
    page = city.client("system_administrator").get(f"/mails/{mail_ids[0]}").get_data(as_text=True)

    assert page.index("250 Ok: queued as 4Sg1Zk0bXz") < page.index("451 try later")


def test_the_log_hands_on_no_secret_link(city: City, mail_ids: list[int]) -> None:
    with city.installation.factory.begin() as session:
        mail = session.get_one(OutboxMail, mail_ids[0])
        mail.text = "Mở: https://vinhdanh.example/directives/received/abc-DEF_123\n"
    page = city.client("system_administrator").get(f"/mails/{mail_ids[0]}").get_data(as_text=True)

    assert "/directives/received/..." in page
    assert "abc-DEF_123" not in page


def test_who_has_no_address_is_named_with_the_reason(city: City, mail_ids: list[int]) -> None:
    client = city.client("system_administrator")

    assert "Người nhận chưa có địa chỉ thư điện tử dùng được." in client.get("/mails").get_data(as_text=True)
    page = client.get(f"/mails/{mail_ids[1]}").get_data(as_text=True)
    assert "không có địa chỉ" in page
    assert "Gửi lại thư này" not in page


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("q=khong-co-ai", 0),
        ("kind=result", 2),
        ("kind=digest", 0),
        (f"first_on={START + timedelta(days=1):%d/%m/%Y}", 0),
        (f"last_on={START:%d/%m/%Y}", 2),
        ("state=failed", 1),
        ("task=1", 0),
        ("task=x", 2),
    ],
)
def test_the_list_is_narrowed(city: City, mail_ids: list[int], asked: str, count: int) -> None:
    page = city.client("system_administrator").get(f"/mails?{asked}").get_data(as_text=True)

    assert page.count('data-href="/mails/') == count, mail_ids


def test_a_day_that_is_none_is_named_at_its_field(city: City, mail_ids: list[int]) -> None:
    page = city.client("system_administrator").get("/mails?first_on=31/02/2026").get_data(as_text=True)

    assert 'value="31/02/2026" aria-invalid="true"' in page
    assert page.count('data-href="/mails/') == len(mail_ids)


def test_a_mail_is_sent_again_with_a_reason_as_one_of_its_own(city: City, mail_ids: list[int]) -> None:
    city.app.config["WTF_CSRF_ENABLED"] = False
    address = f"/mails/{mail_ids[0]}/resend"
    client = city.client("system_administrator")

    refused = client.post(address, data={"reason": " "})
    assert refused.status_code == 422
    assert "Ghi lý do gửi lại" in refused.get_data(as_text=True)
    answer = client.post(address, data={"reason": "Đơn vị báo chưa nhận"}, follow_redirects=True)

    page = answer.get_data(as_text=True)
    assert "Gửi lại: Kết quả xét" in page
    assert "Lý do: Đơn vị báo chưa nhận" in page
    with city.installation.factory.begin() as session:
        [again] = session.scalars(select(OutboxMail).where(OutboxMail.resent_by_id.is_not(None)))
        assert (again.origin_id, again.state) == (mail_ids[0], MailState.WAITING)


def test_the_list_is_exported_as_it_is_filtered_without_formulas(city: City, mail_ids: list[int]) -> None:
    with city.installation.factory.begin() as session:
        session.get_one(OutboxMail, mail_ids[0]).subject = "=HYPERLINK(1)"

    answer = city.client("system_administrator").get("/mails.csv?state=sent")

    header, *rows = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert header[:2] == ["Số", "Trạng thái"]
    [row] = rows
    assert row[5] == "'=HYPERLINK(1)"
    assert row[9] == "250 Ok: queued as 4Sg1Zk0bXz"
