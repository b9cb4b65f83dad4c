"""Letting somebody act in one's own role for some days, on the page of the person signed in."""

from collections.abc import Mapping
from datetime import date, datetime

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import clock, people
from engine.errors import NotAllowedError
from engine.models import Person, RoleHolding
from engine.people import AppointmentError
from web import day_fields, people_words
from web.i18n import gettext as _
from web.profile import pages, render
from web.transaction import current_person, transaction


@pages.post("/profile/delegations")
def delegate() -> ResponseReturnValue:
    """Let somebody act in one of the person's own roles for some days."""
    with transaction() as session:
        person = current_person(session)
        wrong = _delegate(session, person, request.form, now=clock.now())
        if wrong:
            return render(session, delegation_wrong=wrong), 422
    flash(_("Đã ủy quyền. Người nhận thấy việc của vai trò này từ ngày bắt đầu."), "ok")
    return redirect(url_for("profile.show"))


@pages.post("/profile/delegations/<int:delegation_id>/end")
def end_delegation(delegation_id: int) -> ResponseReturnValue:
    """Take a delegation back at once."""
    with transaction() as session:
        person = current_person(session)
        delegation = people.get_delegation(session, delegation_id, reader=person)
        if delegation.giver_id != person.id:
            raise NotAllowedError(f"person {person.id} has not given delegation {delegation_id}")
        people.end_delegation(session, delegation, actor=person, now=clock.now())
    flash(_("Đã rút ủy quyền."), "ok")
    return redirect(url_for("profile.show"))


def _delegate(session: Session, person: Person, form: Mapping[str, str], *, now: datetime) -> dict[str, str]:
    """Lend the role; return what is wrong by field, and lend nothing then."""
    today = people.local_day(now)
    days, wrong = day_fields.read_days(form, today=today, not_past="starts_on", required=True)
    holding = _own_holding(session, person, form.get("holding", ""))
    taker = session.get(Person, _number(form.get("taker", "")))
    if taker is None:
        wrong["taker"] = _("Chọn người làm thay.")
    if holding is None:
        wrong["holding"] = _("Chọn vai trò đang giữ.")
    first, last = days.get("starts_on"), days.get("ends_on")
    if wrong or holding is None or taker is None or first is None or last is None:
        return wrong
    try:
        _lend(session, holding, taker, first, last, reason=form.get("reason", ""), now=now)
    except AppointmentError as error:
        return people_words.why_not_appointed(error, holding.unit)
    if not taker.email:
        flash(
            _("Người làm thay chưa có địa chỉ thư: việc vẫn đến hộp việc, thư nhắc không gửi được."), "warn"
        )
    return {}


def _lend(  # noqa: PLR0913  # what, to whom, when, why
    session: Session,
    holding: RoleHolding,
    taker: Person,
    first: date,
    last: date,
    *,
    reason: str,
    now: datetime,
) -> None:
    people.delegate(
        session,
        giver=holding.person,
        taker=taker,
        role=holding.role,
        unit=holding.unit,
        starts_on=first,
        ends_on=last,
        reason=reason,
        now=now,
        actor=holding.person,
    )


def _own_holding(session: Session, person: Person, typed: str) -> RoleHolding | None:
    holding = session.get(RoleHolding, _number(typed))
    return holding if holding is not None and holding.person_id == person.id else None


def _number(typed: str) -> int:
    """Return an id that was chosen; 0, which nothing has, where it is none."""
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0  # noqa: PLR2004  # fits every database
