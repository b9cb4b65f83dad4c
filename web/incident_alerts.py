"""Tells administrators by mail that steps have failed: of the first at once, of more once an hour."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from engine import definitions, incidents, outbox, people, setup
from engine.mail import Notice
from engine.models import Incident, IncidentState, OutboxMail, Person
from web import formats
from web.consequence_lines import name_of

EVERY: Final = timedelta(hours=1)
KIND: Final = "incidents"
LISTED: Final = 10
"""More incidents than these are counted, not listed."""


def tell_due(factory: sessionmaker[Session], *, now: datetime) -> int:
    """Put a mail into the outbox for each administrator who has not been told of the newest open incident.

    It lists all that are open, and comes an hour after the one before it at the earliest. Opens and commits
    its own transaction, and none that writes while nobody is to be told. Returns how many are told.
    """
    with factory() as session:
        session.connection(execution_options={"read_only": True})
        if not _untold(session, now):
            return 0
    with factory.begin() as session:
        due = _untold(session, now)
        if due:
            outbox.notify(
                session,
                kind=KIND,
                recipients=due,
                facts=_notice(session, incidents.list_open(session)),
                dedupe=f"{KIND}:{_newest(session)}",
                now=now,
            )
        return len(due)


def _untold(session: Session, now: datetime) -> list[Person]:
    """Return the administrators who are to be told now."""
    newest = _newest(session)
    if newest is None:
        return []
    return [one for one in _administrators(session, now) if _is_due(session, one, newest, now)]


def _newest(session: Session) -> int | None:
    return session.scalar(select(func.max(Incident.id)).where(Incident.state == IncidentState.OPEN))


def _administrators(session: Session, now: datetime) -> list[Person]:
    """Return who administers today, each once."""
    today = people.local_day(now)
    roles = sorted(setup.of(session).administers)
    return list(
        {one.id: one for role in roles for one in people.people_holding(session, role, on=today)}.values()
    )


def _is_due(session: Session, person: Person, newest: int, now: datetime) -> bool:
    """Whether the person knows nothing of the newest incident, and was left in peace for an hour."""
    mine = (OutboxMail.recipient_id == person.id, OutboxMail.kind == KIND)
    last = session.scalar(select(OutboxMail).where(*mine).order_by(OutboxMail.id.desc()).limit(1))
    if last is None:
        return True
    told = int(last.dedupe_key.split(":")[1])
    return told < newest and now - last.created_at >= EVERY


def _notice(session: Session, found: list[Incident]) -> Notice:
    """Word the digest. It names instance and step, never what the step was given."""
    count = len(found)
    hidden = count - LISTED
    return Notice(
        subject_vi=f"{count} sự cố đang chờ xử lý",
        subject_en=f"{count} incident{'s' if count > 1 else ''} to be mended",
        lines_vi=(
            "Các bước dưới đây chưa chạy được. Không mất dữ liệu; hồ sơ khác không bị cản.",
            "Chữa nguyên nhân rồi chạy lại từng bước ở trang Sự cố.",
            *((f"Còn {hidden} sự cố khác ở trang đó.",) if hidden > 0 else ()),
        ),
        lines_en=(
            "The steps below could not run. Nothing is lost, and nothing else is held up.",
            "Mend the cause and run each step again on the page of incidents.",
            *((f"{hidden} more are on that page.",) if hidden > 0 else ()),
        ),
        rows=tuple(_row(session, one) for one in found[-LISTED:]),
        path="/incidents",
    )


def _row(session: Session, incident: Incident) -> tuple[str, str, str]:
    moment = formats.moment(incident.happened_at)
    step, title = incident.element_id or "", ""
    if incident.instance is not None:
        step = name_of(definitions.program_of(session, incident.instance.version_id), step)
        title = incident.instance.title
    about = " · ".join(part for part in (title, step) if part)
    return (f"Lúc {moment}", f"At {moment}", about or f"#{incident.id}")
