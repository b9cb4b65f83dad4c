"""The worker: a bell that rings every few seconds, and what is then looked after."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import delete
from sqlalchemy.orm import Session, sessionmaker

from engine import clock, messages, migration, outbox, reminders, schedules, timers
from engine.models import Heartbeat
from engine.outbox import SmtpTransport
from engine.people import succession
from engine.settings import Settings
from processes.awards import ballots
from web import incident_alerts
from web.wiring import Installation, dry_run_shelf

RING_SECONDS: Final = 2
BEAT_EVERY: Final = timedelta(seconds=15)
_FORGET_AFTER: Final = timedelta(days=1)
_LOG: Final = logging.getLogger(__name__)

Factory = sessionmaker[Session]


@dataclass(frozen=True)
class Job:
    """Something to look after; ``run`` gets the moment and opens its own transactions."""

    name: str
    run: Callable[[datetime], object]


def steps_of(factory: Factory, worker: str) -> list[Job]:
    """Return what moves instances and people on, in the order of each ring."""
    return [
        Job("heartbeat", Heart(factory, worker).beat),
        Job("messages", lambda now: messages.deliver_due(factory, now)),
        Job("timers", lambda now: timers.fire_due(factory, now=now)),
        Job("migrations", lambda now: migration.carry_out(factory, now=now)),
        Job("units", lambda now: succession.hand_over_due(factory, now=now)),
        Job("schedules", lambda now: schedules.start_due(factory, now=now)),
        Job("reminders", lambda now: reminders.send_due(factory, now=now)),
        Job("incidents", lambda now: incident_alerts.tell_due(factory, now=now)),
    ]


def mailing_of(factory: Factory, settings: Settings) -> list[Job]:
    """Return what waits for a mail server: it rings apart, so that a slow server holds up no timer."""
    transport = SmtpTransport(
        settings.smtp_host,
        settings.smtp_port,
        user=settings.smtp_user,
        password=settings.smtp_password,
        tls=settings.smtp_tls,
    )

    def send(now: datetime) -> object:
        return outbox.send_due(factory, now=now, transport=transport, sender=settings.mail_from)

    return [Job("mail", send)]


def keys_of(installation: Installation) -> Job:
    """Return what destroys the keys of closed ballots that a crash or a full disk left behind."""
    engine, folder = installation.engine, installation.settings.keys
    return Job("ballot keys", lambda _now: ballots.destroy_closed_keys(engine, folder))


def dry_runs_of(installation: Installation) -> Job:
    """Return what throws dry runs away when their day is over."""
    return Job("dry runs", dry_run_shelf(installation.settings).sweep)


def ring(jobs: list[Job]) -> None:
    """Look after each job once; one that fails is logged and holds up no other."""
    for job in jobs:
        try:
            job.run(clock.now())
        except Exception:  # noqa: BLE001  # whatever fails, the other jobs are done
            _LOG.exception("the job %s failed", job.name)


class Heart:
    """Shows that a worker is alive; beats are written now and then, not at each ring."""

    def __init__(self, factory: Factory, worker: str) -> None:
        self._factory = factory
        self._worker = worker
        self._last: datetime | None = None

    def beat(self, now: datetime) -> None:
        """Write a beat if the last one is old, and forget workers that have been gone for a day."""
        if self._last is not None and now - self._last < BEAT_EVERY:
            return
        with self._factory.begin() as session:
            session.merge(Heartbeat(worker=self._worker, beat_at=now))
            session.execute(delete(Heartbeat).where(Heartbeat.beat_at < now - _FORGET_AFTER))
        self._last = now


def start(installation: Installation) -> Any:  # noqa: ANN401  # APScheduler is untyped
    """Start the bell in threads of this process; ``stop`` ends it."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    worker = f"{socket.gethostname()}:{os.getpid()}"
    scheduler: Any = BackgroundScheduler(timezone="Asia/Ho_Chi_Minh", daemon=True)
    for jobs in (
        [*steps_of(installation.factory, worker), keys_of(installation), dry_runs_of(installation)],
        mailing_of(installation.factory, installation.settings),
    ):
        scheduler.add_job(
            ring,
            "interval",
            args=[jobs],
            seconds=RING_SECONDS,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=clock.now(),
        )
    scheduler.start()
    return scheduler


def stop(scheduler: Any) -> None:  # noqa: ANN401  # APScheduler is untyped
    """Let what is at work finish, then end."""
    scheduler.shutdown(wait=True)


def work(installation: Installation, ended: threading.Event) -> None:
    """Ring until ``ended`` is set."""
    scheduler = start(installation)
    _LOG.info("the worker has started")
    ended.wait()
    stop(scheduler)
    _LOG.info("the worker has ended")
