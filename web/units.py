"""Units: what each lacks, and how one is abolished: its successor, the day, what follows from it."""

from collections.abc import Mapping
from datetime import date, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import clock, people
from engine.errors import NotFoundError
from engine.models import Unit
from engine.people import RegisterError, succession
from engine.people.succession import NotSucceededError
from web import access, formats, people_words
from web.i18n import gettext as _
from web.people import manager, pages, require
from web.transaction import current_authority, reading, transaction


@pages.get("/units")
def units() -> ResponseReturnValue:
    """List the units, with what each lacks."""
    with reading() as session:
        require(access.can_see_people(current_authority(session)))
        return _render_units(session, wrong={})


@pages.post("/units")
def create_unit() -> ResponseReturnValue:
    """Add a unit."""
    form = request.form
    with transaction() as session:
        manager(session)
        try:
            unit = people.create_unit(
                session,
                code=form["code"].strip(),
                name=form["name"],
                name_en=form.get("name_en", ""),
                kind=form["kind"],
            )
        except RegisterError as error:
            return _render_units(session, wrong=people_words.what_is_wrong(error)), 422
        unit_id = unit.id
    flash(_("Đã thêm đơn vị. Giao vai trò thủ trưởng và cán bộ để đơn vị nhận được việc."), "ok")
    return redirect(url_for("people.unit", unit_id=unit_id))


@pages.get("/units/<int:unit_id>")
def unit(unit_id: int) -> ResponseReturnValue:
    """Show a unit; with a successor and a day in the address, what would follow from abolishing it."""
    with reading() as session:
        require(access.can_see_people(current_authority(session)))
        return _render_unit(session, _get_unit(session, unit_id), asked=request.args)


@pages.post("/units/<int:unit_id>/abolish")
def abolish_unit(unit_id: int) -> ResponseReturnValue:
    """Abolish a unit; its work goes to the successor at once, or on the day after its last."""
    form, now = request.form, clock.now()
    with transaction() as session:
        actor = manager(session)
        unit = _get_unit(session, unit_id)
        successor, last_day, wrong = _read_succession(session, form)
        if successor is None or last_day is None:
            return _render_unit(session, unit, asked=form, wrong=wrong), 422
        try:
            done = succession.abolish_unit(
                session, unit, successor=successor, last_day=last_day, actor=actor, now=now
            )
        except NotSucceededError as error:
            wrong = people_words.why_not_succeeded(error, unit, successor)
            return _render_unit(session, unit, asked=form, wrong=wrong), 422
    if done.is_done:
        flash(_("Đã chuyển việc của đơn vị sang đơn vị kế thừa."), "ok")
    else:
        flash(_("Đã ghi ngày sáp nhập. Việc tự chuyển sang đơn vị kế thừa sau ngày cuối."), "ok")
    return redirect(url_for("people.unit", unit_id=unit_id))


@pages.post("/units/<int:unit_id>/keep")
def keep_unit(unit_id: int) -> ResponseReturnValue:
    """Call off the end of a unit before it comes."""
    with transaction() as session:
        actor = manager(session)
        try:
            succession.keep_unit(session, _get_unit(session, unit_id), actor=actor, now=clock.now())
        except NotSucceededError:
            flash(_("Đơn vị đã sáp nhập, không hủy được nữa."), "stop")
        else:
            flash(_("Đã hủy việc sáp nhập. Đơn vị giữ nguyên."), "ok")
    return redirect(url_for("people.unit", unit_id=unit_id))


def _get_unit(session: Session, unit_id: int) -> Unit:
    found = session.get(Unit, unit_id)
    if found is None:
        raise NotFoundError(f"no unit {unit_id}")
    return found


def _read_succession(
    session: Session, asked: Mapping[str, str]
) -> tuple[Unit | None, date | None, dict[str, str]]:
    """Return the successor and the last day that were chosen, and what is wrong with them by field."""
    wrong: dict[str, str] = {}
    successor = people.find_unit(session, asked.get("successor", ""))
    if successor is None:
        wrong["successor"] = _("Chọn đơn vị kế thừa.")
    try:
        last_day = formats.read_day(asked.get("last_day", ""))
    except ValueError:
        last_day = None
        wrong["last_day"] = _("Chưa phải ngày. Viết ngày/tháng/năm, ví dụ: 24/11/2026.")
    return successor, last_day, wrong


def _render_units(session: Session, *, wrong: Mapping[str, str]) -> str:
    today, query = people.local_day(clock.now()), request.args.get("q", "")
    found = people.find_units(session, query)
    lacking = _lacking(session, found, today)
    narrowed = request.args.get("lacking") == "1"
    return render_template(
        "people/units.html",
        units=[unit for unit in found if unit.id in lacking] if narrowed else found,
        lacking=lacking,
        is_narrowed=narrowed,
        kinds=people_words.kind_names(),
        q=query,
        today=today,
        may_manage=access.can_manage_people(current_authority(session)),
        wrong=wrong,
    )


def _lacking(session: Session, found: list[Unit], today: date) -> dict[int, list[tuple[str, str]]]:
    """Return chips of what is missing, by the id of the unit; those that are gone lack nothing."""
    present = [unit for unit in found if not people.is_abolished(unit, on=today)]
    codes = [unit.code for unit in present]
    gaps = people.gaps_of_units(session, codes, roles=people_words.STAFF_ROLES, on=today)
    names = people_words.role_names(session)
    chips: dict[int, list[tuple[str, str]]] = {}
    for gap in gaps:
        if gap.unit is not None:
            chips.setdefault(gap.unit.id, []).extend(people_words.gap_chips([gap], names))
    return chips


def _render_unit(
    session: Session, unit: Unit, *, asked: Mapping[str, str], wrong: Mapping[str, str] | None = None
) -> str:
    now = clock.now()
    today = people.local_day(now)
    foreseen = None
    if wrong is None and asked.get("last_day"):
        foreseen, wrong = _foresee(session, unit, asked, now)
    return render_template(
        "people/unit.html",
        unit=unit,
        kinds=people_words.kind_names(),
        role_names=people_words.role_names(session),
        holders=_holders(session, unit, today),
        gaps=people_words.say_gaps_of_units(session, [unit.code]) if unit.valid_until is None else [],
        predecessors=people.predecessors_of(session, unit, on=today),
        successors=[one for one in people.find_units(session, on=today) if one.id != unit.id],
        is_over=people.is_abolished(unit, on=today),
        asked=asked,
        foreseen=foreseen,
        today=today,
        wrong=wrong or {},
        may_manage=access.can_manage_people(current_authority(session)),
    )


def _foresee(
    session: Session, unit: Unit, asked: Mapping[str, str], now: datetime
) -> tuple[dict[str, object] | None, dict[str, str]]:
    """Return what would follow from abolishing the unit as asked, or why it cannot be."""
    successor, last_day, wrong = _read_succession(session, asked)
    if successor is None or last_day is None:
        return None, wrong
    try:
        succession.check_succession(session, unit, successor=successor, last_day=last_day, now=now)
    except NotSucceededError as error:
        return None, people_words.why_not_succeeded(error, unit, successor)
    today = people.local_day(now)
    return {
        "numbers": succession.foresee_handover(session, unit, on=today),
        "successor": successor,
        "last_day": last_day,
        "is_at_once": last_day < today,
        "gaps": people_words.say_gaps_of_units(session, [successor.code]),
    }, {}


def _holders(session: Session, unit: Unit, today: date) -> list[tuple[str, str]]:
    """Return who acts in the roles a unit needs: role and names."""
    return [
        (role, ", ".join(one.full_name for one in people.people_holding(session, role, unit.code, on=today)))
        for role in people_words.STAFF_ROLES
    ]
