"""Nhắc việc: when each process reminds and whom it tells, where that comes from, and changing it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from engine import clock, definitions, setup
from engine.calendar import load_calendar
from engine.errors import NotAllowedError, NotFoundError
from engine.ladders import DEFAULT_LADDER, Ladder, is_ladder, parse_ladder, write_ladder
from engine.models import DefinitionVersion, ProcessInstance, ProcessLadder, Task, TaskState
from engine.people import local_day
from engine.reminders import process_ladders
from engine.reminders.choosing import PROPERTY
from web import access, formats, ladder_form, ladder_words
from web.i18n import gettext as _
from web.i18n import language, ngettext, pick
from web.ladder_form import LadderForm
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("ladders", __name__)

SAMPLE_WORKING_DAYS = 10
"""So far ahead lies the deadline of the first preview."""


@dataclass(frozen=True)
class OwnLadder:
    """A task that the diagram gives a ladder of its own."""

    name: str
    lines: list[str]


@dataclass(frozen=True)
class Row:
    """One process and the ladder its tasks follow. ``source``: administrator, diagram or usual."""

    key: str
    name: str
    ladder: Ladder
    lines: list[str]
    source: str
    given: ProcessLadder | None
    own: list[OwnLadder]
    open_count: int


@pages.get("/ladders")
def index() -> ResponseReturnValue:
    """List the processes in use with their ladders in words."""
    with reading() as session:
        authority = current_authority(session)
        _require(access.can_see_definitions(authority))
        return render_template(
            "ladders/index.html",
            rows=_rows(session, definitions.find_published(session)),
            usual=ladder_words.lines_of(DEFAULT_LADDER, _overseer(session)),
            may_change=access.can_mend(authority),
        )


@pages.get("/ladders/<key>")
def show(key: str) -> ResponseReturnValue:
    """Show the fields of one ladder, with what they do to a sample deadline."""
    with reading() as session:
        _require(access.can_mend(current_authority(session)))
        row = _get_row(session, key)
        return _render(session, row, ladder_form.fill(row.ladder))


@pages.post("/ladders/<key>")
def change(key: str) -> ResponseReturnValue:
    """Preview or save what was typed, or follow the diagram again."""
    act = request.form.get("act", "preview")
    with transaction() as session:
        _require(access.can_mend(current_authority(session)))
        row = _get_row(session, key)
        form = ladder_form.read(request.form)
        if act == "reset":
            return _save(session, row, None)
        if form.wrong or act != "save":
            return _render(session, row, form), 422 if form.wrong else 200
        return _save(session, row, write_ladder(form.ladder))


def _save(session: Session, row: Row, ladder: str | None) -> ResponseReturnValue:
    count = process_ladders.set_process_ladder(
        session, row.key, ladder, actor=current_person(session), now=clock.now()
    )
    flash(
        ngettext(
            "Đã lưu cách nhắc của “%(name)s”. %(num)s việc đang mở được lập lại lịch nhắc.",
            "Đã lưu cách nhắc của “%(name)s”. %(num)s việc đang mở được lập lại lịch nhắc.",
            count,
            name=row.name,
        ),
        "ok",
    )
    return redirect(url_for("ladders.index"))


def _render(session: Session, row: Row, form: LadderForm) -> str:
    calendar, overseer = load_calendar(session), _overseer(session)
    typed, today = request.form.get("sample", ""), local_day(clock.now())
    due_on, wrong_day = calendar.add_working_days(today, SAMPLE_WORKING_DAYS), ""
    if typed:
        try:
            due_on = formats.read_day(typed)
        except ValueError:
            wrong_day = _("Ghi ngày dạng 20/02/2027.")
    return render_template(
        "ladders/show.html",
        row=row,
        form=form,
        lines=ladder_words.lines_of(form.ladder, overseer),
        sample=ladder_words.sample_of(form.ladder, due_on, calendar, overseer),
        typed=typed or formats.day(due_on),
        wrong_day=wrong_day,
        overseer=overseer,
    )


def _get_row(session: Session, key: str) -> Row:
    version = next((one for one in definitions.find_published(session) if one.key == key), None)
    if version is None:
        raise NotFoundError(f"no published process {key}")
    return _rows(session, [version])[0]


def _rows(session: Session, versions: list[DefinitionVersion]) -> list[Row]:
    keys = [version.key for version in versions]
    found = select(ProcessLadder).where(ProcessLadder.key.in_(keys))
    given = {one.key: one for one in session.scalars(found.options(joinedload(ProcessLadder.changed_by)))}
    counts = _count_open(session, keys)
    overseer = _overseer(session)
    return [
        _row(session, version, given.get(version.key), counts.get(version.key, 0), overseer)
        for version in versions
    ]


def _row(
    session: Session, version: DefinitionVersion, given: ProcessLadder | None, open_count: int, overseer: str
) -> Row:
    drawn, own = _drawn(session, version, overseer)
    ladder, source = DEFAULT_LADDER, "usual"
    if given is not None:
        ladder, source = parse_ladder(given.ladder), "administrator"
    elif is_ladder(drawn):
        ladder, source = parse_ladder(drawn), "diagram"
    return Row(
        key=version.key,
        name=pick(version.name, version.name_en),
        ladder=ladder,
        lines=ladder_words.lines_of(ladder, overseer),
        source=source,
        given=given,
        own=own,
        open_count=open_count,
    )


def _drawn(session: Session, version: DefinitionVersion, overseer: str) -> tuple[str, list[OwnLadder]]:
    """Return the ladder the diagram gives the process, and the tasks to which it gives one of their own."""
    program = definitions.program_of(session, version.id)
    of_process, own = "", list[OwnLadder]()
    for diagram in program.diagrams.values():
        main = diagram.processes.get(version.key)
        of_process = main.properties.get(PROPERTY, "") if main else of_process
        for element in diagram.elements.values():
            text = element.properties.get(PROPERTY, "")
            if is_ladder(text):
                lines = ladder_words.lines_of(parse_ladder(text), overseer)
                own.append(OwnLadder(element.label(language()), lines))
    return of_process, own


def _count_open(session: Session, keys: list[str]) -> Mapping[str, int]:
    """Return how many open tasks with a deadline each process has."""
    counted = (
        select(ProcessInstance.key, func.count())
        .join(Task, Task.instance_id == ProcessInstance.id)
        .where(ProcessInstance.key.in_(keys), Task.state == TaskState.OPEN, Task.due_at.is_not(None))
        .group_by(ProcessInstance.key)
    )
    return dict(session.execute(counted).all())


def _overseer(session: Session) -> str:
    """Return the name of the role that is told when all else has not helped."""
    wiring = setup.of(session)
    role = wiring.roles.get(wiring.overseer_role or "")
    return pick(role.name_vi, role.name_en) if role else _("người theo dõi mọi thời hạn")


def _require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowedError("ladders are the administrators'")
