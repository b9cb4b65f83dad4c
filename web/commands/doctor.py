"""``vinhdanh doctor`` and ``verify-history``: what is wrong with an installation, one line each."""

import argparse
import smtplib
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from engine import clock, heartbeat, history, schema, settings
from engine.models import (
    Incident,
    IncidentState,
    MailState,
    OutboxMail,
    ProcessInstance,
    Timer,
)
from web.wiring import Installation, install, tables

_LATE_AFTER: Final = timedelta(minutes=5)
_SQLITE_FULL: Final = 2

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
