"""Giving and ending roles, on the page of a person; what is missing afterwards is told at once."""

from datetime import timedelta

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import clock, people
from engine.errors import NotFoundError
from engine.models import RoleHolding
from engine.people import AppointmentError
from web import day_fields, people_words
from web.i18n import gettext as _
from web.people import get_person, manager, pages, render_person
from web.transaction import transaction


@pages.post("/people/<int:person_id>/roles")
def give_role(person_id: int) -> ResponseReturnValue:
    """Give a role, from a day on."""
    form, now = request.form, clock.now()
    with transaction() as session:
        actor = manager(session)
        person = get_person(session, person_id)
        unit = people.find_unit(session, form.get("unit", ""))
        days, wrong = day_fields.read_days(form, today=people.local_day(now), not_past="starts_on")
        if not wrong:
            try:
                holding = people.give_role(
                    session,
                    person,
                    form["role"],
                    now=now,
                    unit=unit,
                    starts_on=days["starts_on"],
                    ends_on=days["ends_on"],
                    actor=actor,
                )
            except AppointmentError as error:
                wrong = people_words.why_not_appointed(error, unit)
            else:
                _warn(session, holding)
        if wrong:
            return render_person(session, person, wrong=wrong), 422
    flash(_("Đã giao vai trò."), "ok")
    return redirect(url_for("people.show", person_id=person_id))


@pages.post("/people/<int:person_id>/roles/<int:holding_id>/end")
def end_role(person_id: int, holding_id: int) -> ResponseReturnValue:
    """End a role with yesterday: from now on it gives nothing."""
    now = clock.now()
    with transaction() as session:
        actor = manager(session)
        holding = session.get(RoleHolding, holding_id)
        if holding is None or holding.person_id != person_id:
            raise NotFoundError(f"role holding {holding_id} of person {person_id}")
        yesterday = people.local_day(now) - timedelta(days=1)
        people.end_role(session, holding, last_day=yesterday, now=now, actor=actor)
        _warn_of_gaps(session, holding)
    flash(_("Đã kết thúc vai trò."), "ok")
    return redirect(url_for("people.show", person_id=person_id))


def _warn(session: Session, holding: RoleHolding) -> None:
    if not holding.person.email:
        flash(
            _(
                "Người này chưa có địa chỉ thư: việc vẫn đến hộp việc, thư nhắc không gửi được. "
                "Thêm địa chỉ ở phần Thông tin."
            ),
            "warn",
        )
    if holding.ends_on is not None:
        _warn_of_gaps(session, holding)


def _warn_of_gaps(session: Session, holding: RoleHolding) -> None:
    """Say what the unit lacks in this role, now or from the day it ends; nothing while another holds it."""
    if holding.unit is None:
        return
    for line in people_words.say_gaps_of_units(session, [holding.unit.code], roles=[holding.role]):
        flash(line, "warn")
