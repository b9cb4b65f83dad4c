"""Hostile texts of diagrams and forms stay texts: on every page, in every mail and in the log."""

import email
import email.policy
import json
import logging
import re
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TypedDict

import pytest
from city import PDF, City, person_named
from factories import bpmn, flow, person, publish, start_and_end, user_task
from lxml import html
from mail_servers import MailServer, mail_server
from sqlalchemy import select

from engine import clock, database, files, instances, outbox
from engine.ingest import read_diagram
from engine.models import Task, TaskState
from engine.outbox import SmtpTransport
from engine.reminders import announcing
from web.log_lines import LineFormatter

HOSTILE = Path(__file__).resolve().parents[2] / ".." / "shared" / "hostile"
HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted"),
    *("X-Auto-Response-Suppress", "List-Id", "MIME-Version", "Content-Type"),
}
PAGES = ("/definitions", "/definitions/{version}", "/inbox", "/mails", "/incidents", "/tasks/{task}")
OURS = re.compile(r"^(?:/(?!/)|#|\?|$)|^https?://127\.0\.0\.1[:/]|^mailto:[\w.]+@example\.org$")
ADDRESSES = ("href", "src", "action", "formaction", "srcset", "poster", "background", "data", "xlink:href")

pytestmark = pytest.mark.skipif(
    not HOSTILE.is_dir(), reason="the hostile definitions are not beside the checkout"
)


class Case(TypedDict):
    """One row of the manifest."""

    id: str
    file: str
    kind: str
    expect: str


def cases() -> list[Case]:
    """Return the hostile texts that are valid; tables are not run yet."""
    manifest = HOSTILE / "manifest.json"
    found: list[Case] = json.loads(manifest.read_text()) if manifest.is_file() else []
    accepted = [case for case in found if case["kind"] == "text" and case["expect"] == "accept"]
    return [case for case in accepted if not case["file"].endswith(".dmn")]


@pytest.fixture
def mail(city: City) -> Iterator[MailServer]:
    """Run a mail server; pages take forms without a token."""
    city.app.config["WTF_CSRF_ENABLED"] = False
    with mail_server() as server:
        yield server


def begin(city: City, case: Case) -> tuple[int, int]:
    """Publish a case and start an instance named like its process; return the version's and the task's id."""
    content = (HOSTILE / case["file"]).read_bytes()
    note = {"note.form": (HOSTILE / "note.form").read_bytes()}
    if case["file"].endswith(".form"):
        key, note = "asking", {"hostile.form": content}
        asked = f'<zeebe:formDefinition formId="{json.loads(content)["id"]}"/>'
        task = user_task("t", "unit_officer", mappings=asked)
        content = bpmn(key, start_and_end(), task, flow("start", "t", "end"))
    else:
        key = next(iter(read_diagram(case["file"], content).processes))
    with database.transaction(city.installation.factory) as session:
        person(session, "reader", [("unit_officer", "")])
        version = publish(session, key, content, files=note)
        instance = instances.start(
            session, key, variables={}, title=version.name, actor=None, now=clock.now()
        )
        task_id = session.scalars(select(Task.id).where(Task.instance_id == instance.id)).one()
        return version.id, task_id


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_hostile_text_is_shown_as_text(
    city: City, mail: MailServer, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    version_id, task_id = begin(city, case)
    send_mails(city, task_id, mail.port)
    reader, administrator = city.client("reader"), city.client("system_administrator")
    page = reader.get(f"/tasks/{task_id}")
    assert page.status_code == 200
    check_page(page.text)
    handed_in = reader.post(f"/tasks/{task_id}", data=filled(page.text))
    assert handed_in.status_code == 302, handed_in.text[-3000:]

    for path in PAGES:
        shown = administrator.get(path.format(version=version_id, task=task_id))
        assert shown.status_code == 200, path
        check_page(shown.text)
    diagram = administrator.get(f"/definitions/{version_id}/diagram.bpmn")
    assert "sandbox" in diagram.headers["Content-Security-Policy"]
    assert diagram.headers["Content-Disposition"].startswith("attachment")
    assert mail.taken
    for taken in mail.taken:
        check_mail(taken)
    with city.installation.factory() as session:
        assert session.get_one(Task, task_id).state is TaskState.COMPLETED
    assert not [line for record in caplog.records if "\n" in (line := LineFormatter().format(record))]
    assert not list(Path(tempfile.gettempdir()).glob("canary/*"))


def filled(page: str) -> dict[str, str]:
    """Return the form of a task page as a browser would send it, with something in every field."""
    form = next(form for form in html.fromstring(page).forms if form.get("id") == "viec")
    fields: dict[str, str] = {}
    for name, value in form.fields.items():
        if name and not name.startswith("_"):
            fields[str(name)] = str(value or "")
    return {**fields, "note": "x", "choice": "a"}


def send_mails(city: City, task_id: int, port: int) -> None:
    """Write the mail about the new task and send what is due."""
    factory, now = city.installation.factory, clock.now()
    with database.transaction(factory) as session:
        reader = person_named(session, "reader")
        announcing.mail_about(session, session.get_one(Task, task_id), "assigned", [reader], now=now)
    transport = SmtpTransport("127.0.0.1", port)
    outbox.send_due(factory, now=clock.now(), transport=transport, sender="Vinh Danh <vd@example.org>")


def check_page(text: str) -> None:
    """Fail where a page holds markup that is not ours."""
    assert "49" not in re.findall(r">\s*(\d+)\s*<", text)
    document = html.fromstring(text)
    for node in document.iter():
        if not isinstance(node.tag, str):
            continue
        assert node.tag not in {"iframe", "object", "embed", "base", "meta-refresh"}, text
        if node.tag == "script":
            assert str(node.get("src", "")).startswith("/static/")
            assert not (node.text or "").strip()
        for name, value in node.attrib.items():
            assert not str(name).lower().startswith("on"), (node.tag, name, value)
            assert str(name) not in ADDRESSES or OURS.match(str(value)), (node.tag, name, value)


def check_mail(taken: bytes) -> None:
    """Fail where a text became a header, another recipient or markup."""
    message = email.message_from_bytes(taken, policy=email.policy.default)
    assert set(message.keys()) <= HEADERS
    assert len(message.keys()) == len(set(message.keys()))
    assert str(message["Subject"]).isprintable()
    assert [address.domain for address in message["To"].addresses] == ["example.org"]
    body = message.get_body(("html",))
    assert body is not None
    check_page(body.get_content())


def test_an_uploaded_file_is_only_ever_a_download(city: City) -> None:
    """Its name and its content may say what they like."""
    city.app.config["WTF_CSRF_ENABLED"] = False
    with database.transaction(city.installation.factory) as session:
        officer = person_named(session, "unit_officer")
        name = '../a"\r\nX-Evil: 1\r\n\u202e<script>.pdf'
        upload = files.store_upload(session, BytesIO(PDF), name, person=officer, now=clock.now())
        number = upload.id
    with city.client("unit_officer").get(f"/files/{number}") as answer:
        headers = answer.headers

    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "application/pdf"
    assert "X-Evil" not in headers
    assert headers["Cache-Control"] == "private, no-store"
    for stranger in ("other_officer", "nobody", "chairman"):
        assert city.client(stranger).get(f"/files/{number}").status_code == 404
    assert city.client().get(f"/files/{number}").status_code in {302, 401}
