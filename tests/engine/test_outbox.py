"""Tests of mail that is never lost: a real server, and servers that behave badly."""

import email
import email.policy
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from factories import person
from mail_servers import MailServer, evil_server, free_port, mail_server
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import outbox
from engine.errors import ConflictError, InvalidInputError
from engine.mail import Notice
from engine.models import HistoryEvent, MailState, OutboxMail, Person
from engine.outbox import (
    MailRefusedError,
    ServerUnavailableError,
    SmtpTransport,
    TryLaterError,
)
from engine.outbox.message import build_message
from engine.outbox.sending import DELAYS, LEASE
from engine.setup import Setup

SENDER = "Vinh Danh <vinhdanh@haiphong.invalid>"
NOTICE = Notice("Kết quả xét", "The result", ("Hồ sơ đã được duyệt.",), ("The dossier was approved.",))
GREETING = (b"220 evil", b"250 hello")
UNTIL_DATA = (*GREETING, b"250 sender ok", b"250 recipient ok", b"354 go on", b"DATA")


@pytest.fixture
def setup(setup: Setup) -> Setup:
    return replace(setup, administers=frozenset({"system_administrator"}))


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def mien(session_factory: sessionmaker[Session]) -> Person:
    with session_factory.begin() as session:
        return person(session, "mien")


def enqueue(factory: sessionmaker[Session], to: Person, *, at: datetime, key: str = "a") -> int:
    with factory.begin() as session:
        recipient = session.get_one(Person, to.id)
        mail = outbox.notify(
            session, kind="result", recipients=[recipient], facts=NOTICE, dedupe=key, now=at
        )[0]
        return mail.id


def mail_of(factory: sessionmaker[Session], mail_id: int) -> OutboxMail:
    with factory() as session:
        return session.get_one(OutboxMail, mail_id)


def send(factory: sessionmaker[Session], port: int, *, at: datetime, patience_s: float = 5) -> int:
    transport = SmtpTransport("127.0.0.1", port, timeout_s=patience_s, limit_s=3 * patience_s)
    return outbox.send_due(factory, now=at, transport=transport, sender=SENDER)


def test_a_mail_reaches_the_server_as_it_was_written(
    session_factory: sessionmaker[Session], mien: Person, server: MailServer, monday: datetime
) -> None:
    with session_factory.begin() as session:
        recipient = session.get_one(Person, mien.id)
        recipient.full_name = "Vũ Hạ Miên"
    mail_id = enqueue(session_factory, mien, at=monday)

    assert send(session_factory, server.port, at=monday) == 1

    message = email.message_from_bytes(server.taken[0], policy=email.policy.default)
    assert message["To"].addresses[0].display_name == "Vũ Hạ Miên"
    assert message["Subject"] == "Kết quả xét"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "Hồ sơ đã được duyệt." in message.get_content()
    sent = mail_of(session_factory, mail_id)
    assert message["Message-ID"] == sent.message_id
    assert (sent.state, sent.sent_at, sent.due_at, sent.attempts) == (MailState.SENT, monday, None, 1)


def test_a_person_is_told_once_of_one_cause(
    session_factory: sessionmaker[Session], mien: Person, server: MailServer, monday: datetime
) -> None:
    first = enqueue(session_factory, mien, at=monday)
    second = enqueue(session_factory, mien, at=monday + timedelta(hours=1))

    send(session_factory, server.port, at=monday + timedelta(hours=2))

    assert first == second
    assert len(server.taken) == 1


def test_each_reads_his_own_language(session_factory: sessionmaker[Session], monday: datetime) -> None:
    with session_factory.begin() as session:
        reader = person(session, "john")
        reader.language = "en"
    mail = mail_of(session_factory, enqueue(session_factory, reader, at=monday))

    assert (mail.subject, mail.text) == ("The result", "The dossier was approved.\n")


def test_a_person_without_address_shows_as_failed(
    session_factory: sessionmaker[Session], mien: Person, monday: datetime
) -> None:
    with session_factory.begin() as session:
        session.get_one(Person, mien.id).email = "not an address"

    mail = mail_of(session_factory, enqueue(session_factory, mien, at=monday))

    assert (mail.state, mail.last_error) == (MailState.FAILED, "the person has no e-mail address")


def test_inactive_people_are_told_nothing(session: Session, monday: datetime) -> None:
    gone = person(session, "gone")
    gone.is_active = False

    assert (
        outbox.notify(session, kind="notice", recipients=[gone], facts=NOTICE, dedupe="x", now=monday) == []
    )


def test_a_refused_recipient_has_failed_with_the_servers_words(
    session_factory: sessionmaker[Session], mien: Person, server: MailServer, monday: datetime
) -> None:
    server.refused.add(str(mien.email))
    mail_id = enqueue(session_factory, mien, at=monday)

    assert send(session_factory, server.port, at=monday) == 0

    mail = mail_of(session_factory, mail_id)
    assert (mail.state, mail.last_error) == (MailState.FAILED, "550 5.1.1 no such mailbox")


def test_one_refused_mail_holds_up_no_other(
    session_factory: sessionmaker[Session], mien: Person, server: MailServer, monday: datetime
) -> None:
    with session_factory.begin() as session:
        other = person(session, "other")
    server.refused.add(str(mien.email))
    enqueue(session_factory, mien, at=monday)
    enqueue(session_factory, other, at=monday)

    assert send(session_factory, server.port, at=monday) == 1


def test_a_busy_server_is_tried_again_after_the_delays_and_then_given_up(
    session_factory: sessionmaker[Session], mien: Person, server: MailServer, monday: datetime
) -> None:
    server.answer = "451 4.3.0 try later"
    mail_id = enqueue(session_factory, mien, at=monday)
    now = monday
    for delay in DELAYS:
        send(session_factory, server.port, at=now)
        assert mail_of(session_factory, mail_id).due_at == now + delay
        assert send(session_factory, server.port, at=now + delay - timedelta(seconds=1)) == 0
        now += delay

    send(session_factory, server.port, at=now)

    mail = mail_of(session_factory, mail_id)
    assert (mail.state, mail.attempts) == (MailState.FAILED, len(DELAYS) + 1)
    assert now - monday > timedelta(days=2, hours=12)


def test_a_dropped_connection_after_the_message_means_the_same_mail_again(
    session_factory: sessionmaker[Session], mien: Person, server: MailServer, monday: datetime
) -> None:
    mail_id = enqueue(session_factory, mien, at=monday)
    with evil_server(*UNTIL_DATA) as port:
        assert send(session_factory, port, at=monday) == 0
    waiting = mail_of(session_factory, mail_id)
    assert waiting.state is MailState.WAITING

    assert send(session_factory, server.port, at=monday + DELAYS[0]) == 1

    assert waiting.message_id.encode() in server.taken[0]


@pytest.mark.parametrize(
    "answers",
    [
        (b"HANG",),
        (*GREETING, b"HANG"),
        (*UNTIL_DATA, b"HANG"),
        (b"554 go away",),
        (),
        (*GREETING, b"550 sender unknown"),
    ],
)
def test_a_server_that_cannot_be_used_ends_the_round(
    session_factory: sessionmaker[Session], mien: Person, monday: datetime, answers: tuple[bytes, ...]
) -> None:
    first = enqueue(session_factory, mien, at=monday, key="a")
    second = enqueue(session_factory, mien, at=monday, key="b")
    with evil_server(*answers) as port:
        assert send(session_factory, port, at=monday, patience_s=0.5) == 0

    assert mail_of(session_factory, first).last_error != ""
    assert mail_of(session_factory, second).attempts == 0


def test_nobody_listening_is_no_loss(
    session_factory: sessionmaker[Session], mien: Person, server: MailServer, monday: datetime
) -> None:
    enqueue(session_factory, mien, at=monday)

    assert send(session_factory, free_port(), at=monday) == 0
    assert send(session_factory, server.port, at=monday + DELAYS[0]) == 1


def test_a_dripping_server_is_cut_off(
    session_factory: sessionmaker[Session], mien: Person, monday: datetime
) -> None:
    mail_id = enqueue(session_factory, mien, at=monday)
    started = time.monotonic()
    with evil_server(b"220 evil", b"DRIP") as port:
        assert send(session_factory, port, at=monday, patience_s=0.5) == 0

    assert time.monotonic() - started < 4
    assert mail_of(session_factory, mail_id).state is MailState.WAITING


def test_a_worker_that_died_leaves_a_lease_that_runs_out(
    session_factory: sessionmaker[Session], mien: Person, server: MailServer, monday: datetime
) -> None:
    class DyingTransport:
        def send(self, message: object, address: str) -> str:
            raise SystemExit(f"{message!r} {address}")

    mail_id = enqueue(session_factory, mien, at=monday)
    with pytest.raises(SystemExit):
        outbox.send_due(session_factory, now=monday, transport=DyingTransport(), sender=SENDER)
    assert mail_of(session_factory, mail_id).attempts == 1

    assert send(session_factory, server.port, at=monday + LEASE - timedelta(seconds=1)) == 0
    assert send(session_factory, server.port, at=monday + LEASE) == 1


def test_many_workers_send_each_mail_once(
    session_factory: sessionmaker[Session], mien: Person, server: MailServer, monday: datetime
) -> None:
    for number in range(20):
        enqueue(session_factory, mien, at=monday, key=str(number))
    workers = [
        threading.Thread(target=send, args=(session_factory, server.port), kwargs={"at": monday})
        for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)

    assert len(server.taken) == 20


def test_mails_of_finished_work_are_dropped(session: Session, monday: datetime) -> None:
    recipient = person(session, "mien")
    mail = outbox.notify(
        session, kind="notice", recipients=[recipient], facts=NOTICE, dedupe="x", now=monday
    )[0]
    outbox.drop_mails_of_task(session, 1)
    session.refresh(mail)
    assert mail.state is MailState.WAITING


def test_a_failed_mail_is_sent_again_to_the_address_of_today(
    session_factory: sessionmaker[Session], mien: Person, server: MailServer, monday: datetime
) -> None:
    server.refused.add(str(mien.email))
    mail_id = enqueue(session_factory, mien, at=monday)
    send(session_factory, server.port, at=monday)
    with session_factory.begin() as session:
        mail, actor = session.get_one(OutboxMail, mail_id), session.get_one(Person, mien.id)
        actor.email = "new@example.org"
        session.flush()
        copy = outbox.resend(session, mail, actor=actor, reason="Đã sửa địa chỉ", now=monday)

        assert (copy.address, copy.state) == ("new@example.org", MailState.WAITING)
        assert (copy.origin, copy.resent_by, copy.resent_reason) == (mail, actor, "Đã sửa địa chỉ")
        assert copy.subject == f"Gửi lại: {mail.subject}"
        assert copy.message_id != mail.message_id
        assert session.scalars(select(HistoryEvent.kind)).all() == ["mail_resent"]
        with pytest.raises(ConflictError):
            outbox.resend(session, copy, actor=actor, reason="Gửi ngay", now=monday)

    assert send(session_factory, server.port, at=monday) == 1
    message = email.message_from_bytes(server.taken[0], policy=email.policy.default)
    assert message["References"] == mail_of(session_factory, mail_id).message_id


def test_nothing_is_sent_again_without_a_reason_or_an_address(
    session_factory: sessionmaker[Session], mien: Person, monday: datetime
) -> None:
    with session_factory.begin() as session:
        actor = session.get_one(Person, mien.id)
        actor.email = None
    mail_id = enqueue(session_factory, mien, at=monday)
    with session_factory.begin() as session:
        mail, actor = session.get_one(OutboxMail, mail_id), session.get_one(Person, mien.id)
        with pytest.raises(ConflictError):
            outbox.resend(session, mail, actor=actor, reason="Gửi lại", now=monday)
        actor.email = "new@example.org"
        with pytest.raises(InvalidInputError):
            outbox.resend(session, mail, actor=actor, reason="  ", now=monday)


def test_the_log_keeps_what_the_server_answered_to_each_attempt(
    session_factory: sessionmaker[Session], mien: Person, server: MailServer, monday: datetime
) -> None:
    mail_id = enqueue(session_factory, mien, at=monday)
    later = monday + DELAYS[0]
    server.answer = "451 4.3.0 try later"
    send(session_factory, server.port, at=monday)
    server.answer = "250 2.0.0 Ok: queued as 4Sg1Zk0bXz"
    send(session_factory, server.port, at=later)

    with session_factory() as session:
        answers = session.get_one(OutboxMail, mail_id).answers
        assert [(one.number, one.tried_at, one.is_taken, one.reply) for one in answers] == [
            (1, monday, False, "451 4.3.0 try later"),
            (2, later, True, "250 2.0.0 Ok: queued as 4Sg1Zk0bXz"),
        ]


def test_no_header_can_start_another(session: Session, monday: datetime) -> None:
    recipient = person(session, "mien")
    recipient.full_name = "Vũ\r\nBcc: x@evil.example"
    facts = replace(NOTICE, subject_vi="Kết quả\r\nBcc: y@evil.example\u202e")
    mail = outbox.notify(session, kind="notice", recipients=[recipient], facts=facts, dedupe="x", now=monday)[
        0
    ]

    message = build_message(mail, sender=SENDER, domain="haiphong.invalid")

    raw = message.as_bytes()
    assert b"\nBcc:" not in raw
    assert message["Bcc"] is None
    assert message["Subject"] == "Kết quả Bcc: y@evil.example"


def test_refusals_are_told_from_delays() -> None:
    assert not issubclass(MailRefusedError, TryLaterError)
    assert issubclass(ServerUnavailableError, TryLaterError)


def test_somebody_outside_is_told_at_his_address_and_again(session: Session, monday: datetime) -> None:
    actor = person(session, "officer")
    mail = outbox.notify_address(
        session,
        kind="notice",
        address="vpcp@example.org",
        name="Văn phòng Chính phủ",
        facts=NOTICE,
        dedupe="x",
        now=monday,
    )
    assert (mail.address, mail.recipient, mail.state) == ("vpcp@example.org", None, MailState.WAITING)

    mail.state = MailState.SENT
    again = outbox.resend(session, mail, actor=actor, reason="Chưa nhận được", now=monday)

    assert (again.address, again.state) == ("vpcp@example.org", MailState.WAITING)
