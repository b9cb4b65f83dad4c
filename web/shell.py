"""What stands round every page: the menu, who is signed in, how much work waits."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Flask, g, request
from flask_login import current_user
from sqlalchemy.orm import Session

from engine import clock, heartbeat, setup
from engine.models import Person
from engine.people import Authority, local_day
from web import access, waiting
from web.i18n import gettext as _
from web.i18n import pick
from web.transaction import current_authority, current_person, reading


@dataclass(frozen=True)
class Entry:
    """One line of the menu."""

    endpoint: str
    icon: str
    label: str
    tally: int = 0
    late: bool = False


@dataclass(frozen=True)
class Shell:
    """The frame of a page for the person who is signed in."""

    person: Person
    role_name: str
    work: tuple[Entry, ...]
    administration: tuple[Entry, ...]
    alarm: "Alarm | None" = None


@dataclass(frozen=True)
class Alarm:
    """What administrators are told on every page: no worker is alive, and since when (None: never was)."""

    since: datetime | None
    is_today: bool


def prepare(app: Flask) -> None:
    """Give templates the frame as ``shell``, loaded at most once a request."""
    app.context_processor(lambda: {"shell": find_shell()})


def find_shell() -> Shell | None:
    """Return the frame of this request; None where nobody is signed in."""
    if "shell" not in g:
        g.shell = _load() if current_user and current_user.is_authenticated else None
    return cast("Shell | None", g.shell)


def _load() -> Shell:
    with reading() as session:
        person = current_person(session)
        authority = current_authority(session)
        now = clock.now()
        counts = waiting.count(session, authority, now)
        roles = setup.of(session).roles
        alarm = _alarm(session, now) if access.can_see_incidents(authority) else None
    known = sorted({role for role, _unit in authority.roles if role in roles}, key=list(roles).index)
    names = [pick(roles[role].name_vi, roles[role].name_en) for role in known]
    work, administration = _work(authority, counts), _administration(authority, counts)
    if len(administration) == 1:
        # The catalogue alone makes no administrator.
        work, administration = (*work, *administration), ()
    return Shell(
        person=person,
        role_name=person.job_title or (names[0] if names else ""),
        work=work,
        administration=administration,
        alarm=alarm,
    )


def _alarm(session: Session, now: datetime) -> Alarm | None:
    beat_at = heartbeat.last_beat(session)
    if not heartbeat.is_silent(beat_at, now):
        return None
    return Alarm(beat_at, beat_at is not None and local_day(beat_at) == local_day(now))


def _work(authority: Authority, counts: waiting.Waiting) -> tuple[Entry, ...]:
    entries = [
        Entry("home.index", "home", _("Tổng quan")),
        Entry("inbox.index", "inbox", _("Việc của tôi"), counts.tasks, counts.late > 0),
        Entry("dossiers.index", "folder", _("Hồ sơ đề nghị")),
    ]
    if access.can_see_council(authority):
        entries.append(Entry("council.index", "council", _("Họp Hội đồng")))
    if access.can_see_decisions(authority):
        entries.append(Entry("decisions.index", "decree", _("Quyết định")))
    if access.can_see_inspections(authority):
        entries.append(Entry("inspections.index", "shield", _("Kiểm tra, giám sát")))
    if access.can_see_directives(authority):
        entries.append(Entry("directives.index", "horn", _("Chỉ thị")))
    if access.can_see_schedules(authority) and not access.administers_schedules(authority):
        entries.append(Entry("schedules.index", "calendar", _("Lịch định kỳ")))
    return tuple(entries)


def _administration(authority: Authority, counts: waiting.Waiting) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    if access.can_see_definitions(authority):
        entries.append(Entry("definitions.index", "flow", _("Quy trình")))
        entries.append(Entry("ladders.index", "bell", _("Nhắc việc")))
    if access.administers_schedules(authority):
        entries.append(Entry("schedules.index", "calendar", _("Lịch định kỳ")))
    if access.can_see_people(authority):
        entries.append(Entry("people.index", "building", _("Đơn vị và người dùng")))
    if access.can_see_catalogue(authority):
        entries.append(Entry("catalogue.index", "rule", _("Danh mục và bộ quy tắc")))
    if access.can_see_mails(authority):
        entries.append(Entry("sent_mails.index", "mail", _("Thư đã gửi")))
    if access.can_see_incidents(authority):
        entries.append(Entry("incidents.index", "alert", _("Sự cố"), counts.incidents, counts.incidents > 0))
    return tuple(entries)


def area() -> str:
    """Return the blueprint of the page at hand, to mark its menu entry."""
    return request.blueprint or ""
