"""``vinhdanh doctor`` and ``verify-history``: what is wrong with an installation, one line each."""

import argparse
import smtplib
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from engine import clock, heartbeat, history, people, schema, settings
from engine.models import (
    Incident,
    IncidentState,
    MailState,
    OutboxMail,
    ProcessInstance,
    Timer,
    Unit,
)
from web.people_words import STAFF_ROLES
from web.wiring import Installation, install, tables

_LATE_AFTER: Final = timedelta(minutes=5)
_SQLITE_FULL: Final = 2
_NAMES_SHOWN: Final = 5

Findings = Iterator[str]


def doctor(_options: argparse.Namespace) -> int:
    """Print what is wrong; 1 if anything is."""
    installed, now = install(settings.from_environment()), clock.now()
    checks: tuple[Callable[[Installation, datetime], Findings], ...] = (
        check_database,
        check_worker,
        check_timers,
        check_mail,
        check_incidents,
        check_people,
        check_units,
    )
    found: list[str] = []
    for check in checks:
        try:
            found += check(installed, now)
        except SQLAlchemyError as error:
            found.append(f"{check.__name__}: {type(error).__name__}: {error}")
    sys.stdout.writelines(f"- {line}\n" for line in found or ["Không thấy gì sai. | Nothing is wrong."])
    return 1 if found else 0


def verify_history(_options: argparse.Namespace) -> int:
    """Verify every chain of the history; 1 if one was tampered with."""
    with install(settings.from_environment()).factory() as session:
        found = history.verify_all(session)
    sys.stdout.writelines(f"- {line}\n" for line in found or ["Nhật ký nguyên vẹn. | The history is whole."])
    return 1 if found else 0


def check_database(installed: Installation, _now: datetime) -> Findings:
    """Find migrations that are missing, and a SQLite that would lose acknowledged work in a power cut."""
    for revision in schema.pending(installed.engine, tables()):
        yield f"database: migration {revision} has not been run; run vinhdanh init"
    if installed.engine.dialect.name == "sqlite":
        with installed.engine.connect() as connection:
            level = connection.execute(text("PRAGMA synchronous")).scalar_one()
            if level < _SQLITE_FULL:
                yield f"database: synchronous is {level}, a power cut could lose acknowledged work"
            state = connection.execute(text("PRAGMA quick_check")).scalar_one()
            if state != "ok":
                yield f"database: the file is damaged: {state}"


def check_worker(installed: Installation, now: datetime) -> Findings:
    """Find that no worker is alive."""
    with installed.factory() as session:
        last = heartbeat.last_beat(session)
    if heartbeat.is_silent(last, now):
        yield f"worker: none has been alive since {last or 'ever'}; run vinhdanh worker"


def check_timers(installed: Installation, now: datetime) -> Findings:
    """Find timers that should have fired."""
    with installed.factory() as session:
        late = (Timer.due_at < now - _LATE_AFTER, Timer.incident_id.is_(None))
        may_fire = ProcessInstance.suspended_at.is_(None)
        overdue = (
            select(func.count())
            .select_from(Timer)
            .join(ProcessInstance, Timer.instance_id == ProcessInstance.id)
        )
        count = session.scalar(overdue.where(*late, may_fire)) or 0
    if count:
        yield f"timers: {count} are overdue"


def check_mail(installed: Installation, now: datetime) -> Findings:
    """Find mails that wait for too long or failed, and a mail server that does not answer."""
    with installed.factory() as session:
        waiting = (OutboxMail.state == MailState.WAITING, OutboxMail.created_at < now - timedelta(hours=1))
        failed = (OutboxMail.state == MailState.FAILED,)
        for name, condition in (("wait for over an hour", waiting), ("failed", failed)):
            count = session.scalar(select(func.count()).select_from(OutboxMail).where(*condition)) or 0
            if count:
                yield f"mail: {count} {name}"
    configured = installed.settings
    try:
        with smtplib.SMTP(configured.smtp_host, configured.smtp_port, timeout=5) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        yield f"mail: the server {configured.smtp_host}:{configured.smtp_port} does not answer: {error}"


def check_incidents(installed: Installation, _now: datetime) -> Findings:
    """Find steps that failed and wait for somebody."""
    with installed.factory() as session:
        is_open = Incident.state == IncidentState.OPEN
        count = session.scalar(select(func.count()).select_from(Incident).where(is_open)) or 0
    if count:
        yield f"incidents: {count} are open"


def check_people(installed: Installation, now: datetime) -> Findings:
    """Find people who hold roles and whom no reminder reaches."""
    with installed.factory() as session:
        held = people.roles_without_mail(session, on=people.local_day(now))
        names = list(dict.fromkeys(holding.person.username for holding in held))
    if names:
        yield f"people: {len(names)} with roles have no e-mail address: {_first(names)}"


def check_units(installed: Installation, now: datetime) -> Findings:
    """Find units whose work reaches nobody, and those that ended and still wait for their successor."""
    today = people.local_day(now)
    with installed.factory() as session:
        codes = [unit.code for unit in people.find_units(session, on=today)]
        gaps = people.gaps_of_units(session, codes, roles=STAFF_ROLES, on=today)
        late = select(Unit.code).where(
            Unit.successor_id.is_not(None), Unit.handed_over_at.is_(None), Unit.valid_until < today
        )
        waiting = list(session.scalars(late.order_by(Unit.code)))
    for role in STAFF_ROLES:
        empty = [gap.code for gap in gaps if (gap.kind, gap.role) == ("nobody", role)]
        if empty:
            yield f"units: {len(empty)} have nobody as {role}: {_first(empty)}"
    if waiting:
        yield f"units: {len(waiting)} ended and wait to go over to their successor: {_first(waiting)}"


def _first(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMES_SHOWN])
    return shown if len(names) <= _NAMES_SHOWN else f"{shown} and {len(names) - _NAMES_SHOWN} more"
