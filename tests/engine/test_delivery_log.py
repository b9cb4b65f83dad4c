"""Tests of the delivery log: who may read it, how it is searched, and who gets what another could not."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from factories import person
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import outbox, people
from engine.errors import NotFoundError
from engine.mail import Notice
from engine.models import MailState, OutboxMail
from engine.outbox import MailQuery
from engine.setup import Role, Setup
from engine.text import fold

NOTICE = Notice("Kết quả xét", "The result", ("Hồ sơ đã được duyệt.",), ("The dossier was approved.",))
ROLES = (
    Role("officer", "Cán bộ", "Officer", per_unit=True, head_role="unit_head"),
    Role("unit_head", "Thủ trưởng", "Unit head", per_unit=True),
    Role("overseer", "Trưởng ban", "Overseer"),
)


@pytest.fixture
def setup(setup: Setup) -> Setup:
    return replace(
        setup,
        roles={role.code: role for role in ROLES},
        overseer_role="overseer",
        administers=frozenset({"system_administrator"}),
    )


@pytest.mark.parametrize(
    ("has_head", "receiver"),
    [(True, "head"), (False, "overseer")],
)
def test_the_mail_of_a_person_without_address_goes_to_his_head_or_the_overseer(
    session: Session, monday: datetime, *, has_head: bool, receiver: str
) -> None:
    lost = person(session, "lost", [("officer", "so_y_te")])
    lost.email, lost.full_name = None, "Vũ Hạ Miên"
    person(session, "overseer", [("overseer", "")])
    person(session, "head", [("unit_head", "so_y_te" if has_head else "so_tai_chinh")])
    outbox.notify(session, kind="notice", recipients=[lost], facts=NOTICE, dedupe="x", now=monday)
    outbox.notify(session, kind="notice", recipients=[lost], facts=NOTICE, dedupe="x", now=monday)

    failed, passed_on = session.scalars(select(OutboxMail).order_by(OutboxMail.id))

    assert (failed.state, failed.recipient) == (MailState.FAILED, lost)
    assert (passed_on.state, passed_on.address) == (MailState.WAITING, f"{receiver}@example.org")
    assert (passed_on.origin, passed_on.resent_by) == (failed, None)
    assert "Vũ Hạ Miên" in passed_on.text


def test_a_mail_with_a_secret_of_its_receiver_goes_to_nobody_else(session: Session, monday: datetime) -> None:
    lost = person(session, "lost", [("officer", "so_y_te")])
    lost.email = None
    person(session, "overseer", [("overseer", "")])
    secret = replace(NOTICE, path="/received/abc", is_personal=True)
    outbox.notify(session, kind="notice", recipients=[lost], facts=secret, dedupe="x", now=monday)

    assert [mail.recipient for mail in session.scalars(select(OutboxMail))] == [lost]


def test_the_log_is_searched_by_person_address_subject_kind_and_day(
    session: Session, monday: datetime
) -> None:
    mien, other = person(session, "mien"), person(session, "other")
    mien.search_text = fold("Vũ Hạ Miên")
    for recipient, kind, days in ((mien, "result", 0), (other, "notice", 3)):
        now = monday + timedelta(days=days)
        outbox.notify(session, kind=kind, recipients=[recipient], facts=NOTICE, dedupe=kind, now=now)

    def kinds(query: MailQuery) -> list[str]:
        return [mail.kind for mail in outbox.find_mails(session, query)]

    first_on = people.local_day(monday)
    assert kinds(MailQuery(words="vu mien")) == ["result"]
    assert kinds(MailQuery(words="OTHER@")) == ["notice"]
    assert kinds(MailQuery(words="Kết quả")) == ["notice", "result"]
    assert kinds(MailQuery(kind="notice")) == ["notice"]
    assert kinds(MailQuery(last_on=first_on)) == ["result"]
    assert kinds(MailQuery(first_on=first_on + timedelta(days=1))) == ["notice"]
    assert kinds(MailQuery(state=MailState.SENT)) == []
    assert outbox.count_by_state(session, MailQuery(state=MailState.SENT)) == {MailState.WAITING: 2}


def test_only_the_recipient_and_administrators_see_a_mail(session: Session, monday: datetime) -> None:
    recipient, stranger = person(session, "mien"), person(session, "stranger")
    administrator = person(session, "admin", [("system_administrator", "")])
    mail = outbox.notify(
        session, kind="notice", recipients=[recipient], facts=NOTICE, dedupe="x", now=monday
    )[0]

    assert outbox.get_mail(session, mail.id, reader=recipient, now=monday) is mail
    assert outbox.get_mail(session, mail.id, reader=administrator, now=monday) is mail
    with pytest.raises(NotFoundError):
        outbox.get_mail(session, mail.id, reader=stranger, now=monday)
