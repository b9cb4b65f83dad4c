"""Kills web and worker processes at random points: what was acknowledged stays, and nothing happens twice.

The children are forked from one warm parent, work on a small process of every kind of wait, and are ended
with SIGKILL in the middle of whatever they do. Afterwards the rest is worked off in peace and counted.
"""

import collections
import os
import random
import re
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from select import select as select_ready

import pytest
from factories import bpmn, flow, person, publish, service_task, start_and_end
from flask import Flask
from mail_servers import MailServer, mail_server
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from engine import clock, database, history, instances, messages, outbox, reminders, timers
from engine.models import (
    HistoryEvent,
    InstanceState,
    MailState,
    Message,
    OutboxMail,
    Person,
    ProcessInstance,
    Task,
    TaskState,
)
from engine.settings import Settings
from engine.setup import ActionCall, Role, Setup
from web.app import create_app
from web.wiring import Installation

# The thread that Python 3.12 and later warn of is the mail server's: no child touches what it holds.
pytestmark = pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded, use of fork:DeprecationWarning"
)

KILLS = 200
INSTANCES = 120
MOST_PIECES = 5
"""A child lives until it has done a random number of pieces of work, at most this, and a moment more:
a life in seconds would show nothing where the machine is slow."""
MOMENT_S = 0.06
PATIENCE_S = 5
SECRET = "a secret of this test, long enough"
NOTE_FORM = (
    b'{"type": "default", "id": "note", "components": [{"type": "textfield", "id": "f", "key": "note"}]}'
)
ASSIGNED = '<zeebe:assignmentDefinition candidateGroups="officer"/><zeebe:formDefinition formId="note"/>'


def _user_task(element_id: str) -> str:
    return (
        f'<userTask id="{element_id}" name="{element_id}"><extensionElements><zeebe:userTask/>'
        f"{ASSIGNED}</extensionElements></userTask>"
    )


ERRAND = bpmn(
    "errand",
    start_and_end(),
    _user_task("write_note"),
    service_task("call_back", "errand.call_back"),
    '<intermediateCatchEvent id="answer"><messageEventDefinition id="m" messageRef="ring"/>'
    "</intermediateCatchEvent>",
    '<intermediateCatchEvent id="pause"><timerEventDefinition id="t"><timeDuration>PT1S</timeDuration>'
    "</timerEventDefinition></intermediateCatchEvent>",
    _user_task("confirm_note"),
    service_task("leave_mark", "errand.leave_mark"),
    flow("start", "write_note", "call_back", "answer", "pause", "confirm_note", "leave_mark", "end"),
    declarations='<message id="ring" name="ring"><extensionElements>'
    '<zeebe:subscription correlationKey="=code"/></extensionElements></message>',
)


def _leave_mark(call: ActionCall) -> None:
    history.append(
        call.session,
        instance_id=call.instance.id,
        kind="mark",
        actor=call.actor,
        now=call.now,
        element_id=call.element.id,
    )


def _call_back(call: ActionCall) -> None:
    _leave_mark(call)
    instances.throw_message(call.session, "ring", str(call.variables["code"]), {}, now=call.now)


@dataclass(frozen=True)
class Site:
    """One installation under fire."""

    installation: Installation
    app: Flask
    mail: MailServer
    acknowledged: Path
    """Children append the ids of tasks whose completion was answered."""

    @property
    def factory(self) -> sessionmaker[Session]:
        """The maker of sessions."""
        return self.installation.factory


@pytest.fixture
def site(database_engine: Engine, tmp_path: Path) -> Iterator[Site]:
    setup = Setup(
        roles={"officer": Role("officer", "Chuyên viên", "Officer")},
        actions={"errand.call_back": _call_back, "errand.leave_mark": _leave_mark},
        files=tmp_path / "files",
    )
    with mail_server() as mail:
        settings = Settings(
            var=tmp_path,
            database_url=database_engine.url.render_as_string(hide_password=False),
            secret_key=SECRET,
            smtp_port=mail.port,
            secure_cookies=False,
        )
        app = create_app(settings, engine=database_engine)
        installation: Installation = app.extensions["vinhdanh"]
        installation.factory.configure(info={"setup": setup})
        yield Site(installation, app, mail, tmp_path / "acknowledged")


def _fill(site: Site) -> None:
    now = clock.now()
    with database.transaction(site.factory) as session:
        officer = person(session, "officer", [("officer", "")])
        publish(session, "errand", ERRAND, files={"note.form": NOTE_FORM})
        for number in range(INSTANCES):
            instances.start(session, "errand", variables={"code": f"errand-{number}"}, actor=officer, now=now)


def _serve(site: Site, piece_done: Callable[[], object] = lambda: None) -> None:
    """Complete open tasks through the pages, and note each that was answered."""
    client = site.app.test_client()
    with site.factory() as session:
        officer = session.scalars(select(Person).where(Person.username == "officer")).one()
    moment = clock.now().isoformat()
    with client.session_transaction() as kept:
        kept.update(
            _user_id=f"{officer.id}:{officer.session_epoch}", _fresh=True, begun_at=moment, seen_at=moment
        )
    with site.acknowledged.open("a") as acknowledged:
        for task_id in _open_tasks(site):
            page = client.get(f"/tasks/{task_id}").text
            token = re.search(r'name="csrf_token" value="([^"]+)"', page)
            if token is None:
                continue
            answer = client.post(
                f"/tasks/{task_id}", data={"csrf_token": token.group(1), "note": f"Ghi chú {task_id}"}
            )
            if answer.status_code == 302:
                acknowledged.write(f"{task_id}\n")
                acknowledged.flush()
                piece_done()


def _open_tasks(site: Site) -> list[int]:
    with site.factory() as session:
        found = list(session.scalars(select(Task.id).where(Task.state == TaskState.OPEN)))
    random.shuffle(found)
    return found


def _ring(site: Site, *, late_s: float = 0) -> int:
    """Do once what the worker does at each ring of its bell."""
    now = clock.now()
    transport = outbox.SmtpTransport("127.0.0.1", site.mail.port)
    done = messages.deliver_due(site.factory, now)
    done += timers.fire_due(site.factory, now=now)
    reminders.send_due(site.factory, now=now)
    later = clock.now() + timedelta(seconds=late_s)
    return done + outbox.send_due(
        site.factory, now=later, transport=transport, sender="Vinh Danh <vinhdanh@example.org>"
    )


@dataclass(frozen=True)
class Child:
    """A forked process that works until it is killed, and says a byte for each piece of work done."""

    pid: int
    said: int
    """The reading end of the child's pipe."""

    def kill_in_the_middle(self) -> None:
        """Kill the child a moment after some pieces of its work."""
        wanted, deadline = random.randint(0, MOST_PIECES), time.monotonic() + PATIENCE_S  # noqa: S311  # no secret
        while wanted > 0 and select_ready([self.said], [], [], max(0, deadline - time.monotonic()))[0]:
            wanted -= len(os.read(self.said, wanted)) or wanted
        time.sleep(random.uniform(0, MOMENT_S))  # noqa: S311  # when to kill, no secret
        self.kill()

    def kill(self) -> None:
        """End the child wherever it is."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.said)


Work = Callable[[Callable[[], object]], object]


def _in_child(site: Site, work: Work) -> Child:
    """Fork a child that works until it is killed."""
    said, saying = os.pipe()
    pid = os.fork()
    if pid:
        os.close(saying)
        return Child(pid, said)
    try:
        # Connections of the parent are not this process's to use or to close.
        site.installation.engine.dispose(close=False)
        random.seed(os.getpid())
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            work(lambda: os.write(saying, b"."))
            os.write(saying, b".")
            time.sleep(0.005)
    finally:
        os._exit(1)


def _kill_again_and_again(site: Site) -> None:
    kinds: list[Work] = [lambda done: _serve(site, done), lambda _done: _ring(site)]
    children = [_in_child(site, kind) for kind in kinds]
    for number in range(KILLS):
        place = number % len(kinds)
        children[place].kill_in_the_middle()
        children[place] = _in_child(site, kinds[place])
    for child in children:
        child.kill()


def _finish_in_peace(site: Site) -> None:
    """Work off what is left, with the leases of killed workers run out."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        _serve(site)
        _ring(site, late_s=3600)
        with site.factory() as session:
            running = select(func.count()).where(ProcessInstance.state == InstanceState.RUNNING)
            waiting = select(func.count()).where(OutboxMail.state == MailState.WAITING)
            if not session.scalar(running) and not session.scalar(waiting):
                return
        time.sleep(0.2)


def _counts(session: Session, kind: str) -> collections.Counter[int | None]:
    found = session.scalars(select(HistoryEvent.instance_id).where(HistoryEvent.kind == kind))
    return collections.Counter(found)


def test_two_hundred_kills_lose_nothing_and_double_nothing(site: Site) -> None:
    _fill(site)
    site.installation.engine.dispose()

    _kill_again_and_again(site)
    answered = [int(line) for line in site.acknowledged.read_text().splitlines() if line.isdecimal()]
    with site.factory() as session:
        finished = session.scalar(
            select(func.count()).where(ProcessInstance.state == InstanceState.COMPLETED)
        )
        for task_id in answered:
            assert session.get_one(Task, task_id).state is TaskState.COMPLETED
    _finish_in_peace(site)

    # The children must have been in the middle of real work, else this shows nothing.
    assert len(answered) > INSTANCES
    assert finished
    with site.factory() as session:
        every = set(session.scalars(select(ProcessInstance.id)))
        assert len(every) == INSTANCES
        states = collections.Counter(session.scalars(select(ProcessInstance.state)))
        assert states == {InstanceState.COMPLETED: INSTANCES}
        for kind, times in (
            ("task_completed", 2),
            ("mark", 2),
            ("message_received", 1),
            ("timer_fired", 1),
            ("completed", 1),
        ):
            assert _counts(session, kind) == dict.fromkeys(every, times), kind
        assert session.scalar(select(func.count()).where(Message.delivered_at.is_(None))) == 0
        assert history.verify_all(session) == []
        _check_mails(session, site.mail)


def _check_mails(session: Session, server: MailServer) -> None:
    """Every mail went out; one that went out twice bears one Message-ID, which readers fold together."""
    sent = set(session.scalars(select(OutboxMail.message_id).where(OutboxMail.state == MailState.SENT)))
    taken = [
        re.search(rb"^Message-ID:\s*(\S+)", mail, re.IGNORECASE | re.MULTILINE).group(1).decode()  # type: ignore[union-attr]  # every mail has one
        for mail in server.taken
    ]
    assert session.scalar(select(func.count()).where(OutboxMail.state != MailState.SENT)) == 0
    assert set(taken) == sent
