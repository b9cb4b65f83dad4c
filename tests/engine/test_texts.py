"""Texts of mails and documents: read with every problem, filled as people write, sent by a step."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from factories import MONDAY, bpmn, flow, person, publish, start_and_end
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import instances, mailing
from engine.feel import Value
from engine.ingest import Severity, Surroundings, check_files
from engine.models import OutboxMail
from engine.setup import Role, Setup, of
from engine.texts import ACTION, TextRefusedError, check_text, parse_text, render

MAIL = {
    "id": "received",
    "type": "mail",
    "name": "Đã nhận hồ sơ",
    "name_en": "Received",
    "subject": "Đã nhận {{ code }}",
    "subject_en": "{{ code }} received",
    "body": "Hồ sơ {{code}} đã được tiếp nhận.\n\nHạn trả lời: {{ due.day }}.",
    "body_en": "Dossier {{code}} is here.\n\nAnswer by {{ due.day }}.",
}


def written(**changes: object) -> bytes:
    """Return the text of the mail with some members changed; None takes one away."""
    members = {key: value for key, value in {**MAIL, **changes}.items() if value is not None}
    return json.dumps(members).encode()


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"{", {"text_not_json"}),
        (b'{"id":"a","id":"b"}', {"text_not_json"}),
        (b"[]", {"text_not_a_text"}),
        (written(extra="x"), {"text_member_unknown"}),
        (written(body=3), {"text_member_type", "text_empty"}),
        (written(id="../x"), {"text_id_bad"}),
        (written(type="sms"), {"text_type_bad"}),
        (written(subject=None), {"text_empty"}),
        (written(name=" "), {"text_empty"}),
        (written(body="x" * 20_001), {"text_too_long"}),
        (written(subject="one\nBcc: two"), {"text_subject_lines"}),
        (written(subject_en="one\u2028two"), {"text_subject_lines"}),
        (written(body="a\u0007b"), {"text_control"}),
        (written(body="{{#each x}}{{/each}}"), {"text_block"}),
        (written(body="{{ 1 + 1 }} {{"), {"text_place_bad"}),
        (written(body="{{ x.__class__ }}"), set[str]()),
        (written(), set[str]()),
        (written(type="document", subject=None, subject_en=None), set[str]()),
    ],
)
def test_every_problem_of_a_text_is_told(content: bytes, codes: set[str]) -> None:
    assert {problem.code for problem in check_text(content)} == codes
    if codes:
        with pytest.raises(TextRefusedError):
            parse_text(content)


def test_a_text_names_the_variables_it_reads() -> None:
    assert parse_text(written()).names == {"code", "due"}


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        ("Đức", "Đức", "Đức"),
        (None, "", ""),
        (True, "có", "yes"),
        (Decimal("1234567.50"), "1.234.567,5", "1,234,567.5"),
        (date(2026, 11, 26), "26/11/2026", "26/11/2026"),
        (datetime(2026, 11, 26, 18, 30, tzinfo=UTC), "27/11/2026 01:30", "27/11/2026 01:30"),
        (["a", Decimal(2)], "a, 2", "a, 2"),
    ],
)
def test_values_are_written_as_people_write_them(value: Value, vi: str, en: str) -> None:
    assert render("{{ v }}", {"v": value}, "vi") == vi
    assert render("{{ v }}", {"v": value}, "en") == en


def test_a_value_is_never_read_again_as_a_text() -> None:
    assert render("{{a}}", {"a": "{{b}}", "b": "secret"}, "vi") == "{{b}}"
    assert render("{{a.b}}{{a.upper}}", {"a": "x"}, "vi") == ""


def telling(to: str, text_id: str = "received") -> bytes:
    """Return a process whose only step sends the text to ``to``."""
    send = (
        '<sendTask id="tell" name="tell"><extensionElements><zeebe:taskDefinition type="send_mail"/>'
        f'<zeebe:taskHeaders><zeebe:header key="text" value="{text_id}"/>'
        f'<zeebe:header key="to" value="{to}"/></zeebe:taskHeaders></extensionElements></sendTask>'
    )
    return bpmn("telling", start_and_end(), send, flow("start", "tell", "end"))


@pytest.fixture
def setup(setup: Setup) -> Setup:
    """Return a wiring that can send the mails of a definition."""
    return replace(setup, actions={**setup.actions, ACTION: mailing.send_mail})


@pytest.mark.parametrize(
    ("to", "receivers"),
    [
        ("officer, head", {"anh": "Đã nhận HS-1", "binh": "HS-1 received"}),
        ("=if true then &quot;unit_head@&quot; + unit_code else null", {"chi": "Đã nhận HS-1"}),
        ("=[&quot;head&quot;, &quot;starter&quot;]", {"binh": "HS-1 received", "chi": "Đã nhận HS-1"}),
        ("clerk", {}),
    ],
)
def test_a_step_sends_the_text_to_whom_it_names(
    session: Session, to: str, receivers: Mapping[str, str]
) -> None:
    person(session, "anh", [("officer", "")])
    person(session, "binh", [("head", "")]).language = "en"
    starter = person(session, "chi", [("unit_head", "sales")])
    session.info["setup"] = with_clerk(session)
    publish(session, "telling", telling(to), files={"received.text": written()})
    variables = {"code": "HS-1", "unit_code": "sales", "due": {"day": date(2026, 12, 1)}}
    instances.start(session, "telling", variables=variables, actor=starter, now=MONDAY)
    mails = list(session.scalars(select(OutboxMail)))
    assert {mail.recipient.username: mail.subject for mail in mails if mail.recipient} == receivers
    if mails:
        vietnamese = next(mail for mail in mails if mail.language == "vi")
        assert "Hồ sơ HS-1 đã được tiếp nhận.\nHạn trả lời: 01/12/2026." in vietnamese.text


def with_clerk(session: Session) -> Setup:
    """Return the session's wiring with a role that nobody holds."""
    wiring = of(session)
    return replace(wiring, roles={**wiring.roles, "clerk": Role("clerk", "Văn thư", "Clerk")})


def test_each_pass_sends_the_mail_again(session: Session) -> None:
    person(session, "anh", [("officer", "")])
    publish(session, "telling", telling("officer"), files={"received.text": written()})
    for _ in range(2):
        instances.start(session, "telling", variables={"code": "x"}, actor=None, now=MONDAY)
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 2


@pytest.mark.parametrize(
    ("diagram", "files", "codes"),
    [
        (telling("officer"), {"received.text": written()}, set[str]()),
        (telling("starter"), {"received.text": written()}, set[str]()),
        (telling("officer", "gone"), {"received.text": written()}, {"mail_text_missing"}),
        (telling("officer", ""), {"received.text": written()}, {"mail_text_none"}),
        (telling(""), {"received.text": written()}, {"mail_to_none"}),
        (telling("officer,,head"), {"received.text": written()}, {"mail_to_none"}),
        (telling("nobody_at_all"), {"received.text": written()}, {"role_unknown"}),
        (telling("=1 +"), {"received.text": written()}, {"feel_syntax"}),
        (telling("officer"), {"received.text": written(type="document")}, {"mail_text_missing"}),
        (telling("officer"), {"received.text": written(), "b.text": written()}, {"text_id_twice"}),
        (telling("officer"), {"received.text": written(body="{{"), "b.text": written()}, {"text_place_bad"}),
    ],
)
def test_what_a_mail_needs_is_checked(diagram: bytes, files: Mapping[str, bytes], codes: set[str]) -> None:
    surroundings = Surroundings(roles={"officer", "head"}, actions={ACTION})
    found = check_files({"telling.bpmn": diagram, **files}, surroundings, isolated=False)
    problems = [problem for listed in found.values() for problem in listed]
    assert {problem.code for problem in problems if problem.severity is not Severity.NOTE} == codes
