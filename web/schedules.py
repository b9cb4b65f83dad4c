"""Lịch định kỳ: what starts by itself, when and for whom; set up, changed, tried out, paused and retired."""

from collections.abc import Collection

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine import clock, schedules
from engine.errors import NotAllowedError, NotFoundError
from engine.models import DefinitionVersion, HistoryEvent, Schedule
from engine.people import local_day
from engine.schedules import ComingStart, Needs, Terms
from web import access, schedules_calendar, schedules_form, schedules_words
from web.i18n import gettext as _
from web.schedules_choices import with_choices
from web.schedules_form import Reading, Typed
from web.schedules_page import find_rows, process_names, show_facts, units_by_kind
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("schedules", __name__)


@pages.context_processor
def _this_year() -> dict[str, int]:
    return {"this_year": local_day(clock.now()).year}


@pages.get("/schedules")
def index() -> ResponseReturnValue:
    """List the schedules that will start something, or those that have ended."""
    is_ended = request.args.get("show") == "ended"
    with reading() as session:
        keys = _seen(session)
        return render_template(
            "schedules/index.html",
            rows=find_rows(session, keys, is_ended=is_ended),
            is_ended=is_ended,
            may_create=_managed(session) != frozenset(),
        )


@pages.get("/schedules/calendar")
def calendar() -> ResponseReturnValue:
    """Show what starts on which day, of a month or of a year."""
    now = clock.now()
    with reading() as session:
        found = schedules.find_schedules(session, keys=_seen(session))
        year = schedules_calendar.read_year(request.args.get("year", ""))
        if year is not None:
            months = schedules_calendar.year_page(session, found, year, now=now)
            return render_template("schedules/year.html", page=months)
        first = schedules_calendar.read_month(request.args.get("month", "")) or local_day(now).replace(day=1)
        days = schedules_calendar.month_page(session, found, first, now=now)
        return render_template("schedules/month.html", page=days)


@pages.get("/schedules/new")
def new() -> ResponseReturnValue:
    """Show the processes a schedule may start; with one chosen, the form."""
    with reading() as session:
        key = request.args.get("key", "")
        if not key:
            return render_template("schedules/choose.html", versions=_startable(session))
        needs = _needs(session, key)
        return _render_form(session, key, needs, schedules_form.first_typed(needs))


@pages.post("/schedules/new")
def create() -> ResponseReturnValue:
    """Set a schedule up, or show first what it would start."""
    now, key = clock.now(), request.form.get("key", "")
    with transaction() as session:
        needs = _needs(session, key)
        read = schedules_form.read(request.form, key, needs)
        read.judge(session, kept=None, now=now)
        if read.wrong or "preview" in request.form:
            return _render_answer(session, key, needs, read)
        schedule = schedules.set_up(session, read.terms, actor=current_person(session), now=now)
        schedule_id = schedule.id
    flash(_("Đã lập lịch. Đến ngày, hệ thống tự mở quy trình và giao việc."), "ok")
    return redirect(url_for("schedules.show", schedule_id=schedule_id))


@pages.get("/schedules/<int:schedule_id>")
def show(schedule_id: int) -> ResponseReturnValue:
    """Show a schedule: what it has started, what comes in twelve months, who changed it."""
    now = clock.now()
    with reading() as session:
        schedule = schedules.get_schedule(session, schedule_id, keys=_seen(session))
        return render_template(
            "schedules/show.html",
            **show_facts(session, schedule, now=now),
            may_manage=_may_manage(session, schedule) and schedule.retired_at is None,
            sees_instances=access.can_see_definitions(current_authority(session)),
            sees_incidents=access.can_see_incidents(current_authority(session)),
        )


@pages.get("/schedules/<int:schedule_id>/edit")
def edit(schedule_id: int) -> ResponseReturnValue:
    """Show the form of a schedule that is to be changed."""
    with reading() as session:
        schedule = _get_managed(session, schedule_id)
        needs = _needs_now(session, schedule.key)
        return _render_form(
            session, schedule.key, needs, schedules_form.typed_of(schedule), schedule=schedule
        )


@pages.post("/schedules/<int:schedule_id>/edit")
def change(schedule_id: int) -> ResponseReturnValue:
    """Change a schedule from now on, or show first what it would start."""
    now = clock.now()
    with transaction() as session:
        schedule = _get_managed(session, schedule_id)
        needs = _needs_now(session, schedule.key)
        read = schedules_form.read(request.form, schedule.key, needs)
        read.judge(session, kept=Terms.of(schedule), now=now)
        if read.wrong or "preview" in request.form:
            return _render_answer(session, schedule.key, needs, read, schedule=schedule)
        revision = request.form.get("revision", "")
        if revision != str(schedule.revision):
            return _render_overtaken(session, schedule, needs, read)
        try:
            schedules.change(
                session,
                schedule,
                read.terms,
                revision=int(revision),
                actor=current_person(session),
                now=now,
            )
        except schedules.InvalidScheduleError as refused:
            read.add(refused.problems)
            return _render_answer(session, schedule.key, needs, read, schedule=schedule)
    flash(_("Đã sửa lịch. Thay đổi có hiệu lực từ lần mở kế tiếp; việc đã mở giữ nguyên."), "ok")
    return redirect(url_for("schedules.show", schedule_id=schedule_id))


@pages.post("/schedules/<int:schedule_id>/<any(pause, resume, retire):act>")
def steer(schedule_id: int, act: str) -> ResponseReturnValue:
    """Let a schedule rest, go on, or start nothing any more."""
    now, reason = clock.now(), request.form.get("reason", "").strip()
    with transaction() as session:
        schedule, actor = _get_managed(session, schedule_id), current_person(session)
        if act == "pause":
            schedules.pause(session, schedule, actor=actor, now=now, reason=reason)
        elif act == "resume":
            schedules.resume(session, schedule, actor=actor, now=now)
        else:
            schedules.retire(session, schedule, actor=actor, now=now, reason=reason)
    done = {
        "pause": _("Đã tạm dừng lịch. Lần đến hạn trong lúc dừng sẽ bị bỏ qua."),
        "resume": _("Lịch chạy tiếp từ lần kế tiếp."),
        "retire": _("Đã bỏ lịch. Việc đã mở vẫn chạy đến hết."),
    }
    flash(done[act], "ok")
    return redirect(url_for("schedules.show", schedule_id=schedule_id))


def _seen(session: Session) -> Collection[str] | None:
    """Return the processes whose schedules the reader may see; None stands for all."""
    keys = access.schedules_seen(current_authority(session))
    if keys == frozenset():
        raise NotAllowedError("schedules are for those who plan")
    return keys


def _managed(session: Session) -> Collection[str] | None:
    return access.schedules_managed(current_authority(session))


def _may_manage(session: Session, schedule: Schedule) -> bool:
    keys = _managed(session)
    return keys is None or schedule.key in keys


def _get_managed(session: Session, schedule_id: int) -> Schedule:
    schedule = schedules.get_schedule(session, schedule_id, keys=_seen(session))
    if not _may_manage(session, schedule):
        raise NotAllowedError(f"schedules of {schedule.key} are not this person's")
    return schedule


def _startable(session: Session) -> list[DefinitionVersion]:
    """Return the processes the person may set a schedule up for."""
    keys = _managed(session)
    if keys == frozenset():
        raise NotAllowedError("schedules are set up by those who plan")
    return [one for one in schedules.find_startable(session) if keys is None or one.key in keys]


def _needs(session: Session, key: str) -> Needs:
    """Return what a process the person may plan needs when it starts."""
    if key not in {version.key for version in _startable(session)}:
        raise NotFoundError(f"no process {key} to schedule")
    return _needs_now(session, key)


def _needs_now(session: Session, key: str) -> Needs:
    """Return what the version in use needs; nothing is known of a process that was retired."""
    needs = schedules.find_needs(session, key)
    return Needs(has_plain_start=False, unit=False) if needs is None else with_choices(session, needs)


def _render_answer(
    session: Session, key: str, needs: Needs, read: Reading, *, schedule: Schedule | None = None
) -> ResponseReturnValue:
    """Draw the form again: with what is wrong, or with what would start."""
    coming = None if read.wrong else schedules.try_out(session, read.terms, now=clock.now())
    page = _render_form(session, key, needs, request.form, schedule=schedule, read=read, coming=coming)
    return (page, 422) if read.wrong else page


def _render_overtaken(
    session: Session, schedule: Schedule, needs: Needs, read: Reading
) -> ResponseReturnValue:
    """Draw the form again for who has not seen the last change; to save once more overrules it."""
    typed = MultiDict(request.form)
    typed["revision"] = str(schedule.revision)
    last = next(iter(schedules.history_of(session, schedule)), None)
    page = _render_form(session, schedule.key, needs, typed, schedule=schedule, read=read, overtaken_by=last)
    return page, 409


def _render_form(  # noqa: PLR0913  # what the form shows
    session: Session,
    key: str,
    needs: Needs,
    typed: Typed,
    *,
    schedule: Schedule | None = None,
    read: Reading | None = None,
    coming: list[ComingStart] | None = None,
    overtaken_by: HistoryEvent | None = None,
) -> str:
    return render_template(
        "schedules/form.html",
        key=key,
        needs=needs,
        typed=typed,
        schedule=schedule,
        wrong=read.told if read is not None else {},
        coming=coming,
        rhythm=schedules_words.rhythm_words(read.terms.rhythm)
        if read is not None and coming is not None
        else "",
        overtaken_by=overtaken_by,
        process=process_names(session).get(key, key),
        units=units_by_kind(session),
        words=schedules_words,
    )
