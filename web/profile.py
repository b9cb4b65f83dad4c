"""A person's own page: roles held, language, password, who acts for whom, the calendar's address."""

import re

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from engine import calendar_feeds, clock, people, setup
from engine.errors import InvalidInputError, NotAllowedError
from engine.models import Person, RoleHolding
from engine.people.passwords import MIN_PASSWORD_LENGTH
from web import formats
from web.i18n import gettext as _
from web.i18n import pick
from web.login import SignedIn
from web.transaction import current_person, reading, transaction

pages = Blueprint("profile", __name__)


@pages.get("/profile")
def show() -> ResponseReturnValue:
    """Show the person signed in."""
    with reading() as database:
        return render(database)


@pages.post("/profile/delegations")
def delegate() -> ResponseReturnValue:
    """Let somebody act in one of the person's own roles for some days."""
    form, now = request.form, clock.now()
    with transaction() as database:
        person = current_person(database)
        try:
            holding = _own_holding(database, person, form.get("holding", 0, type=int))
            taker = database.get_one(Person, form.get("taker", 0, type=int))
            people.delegate(
                database,
                giver=person,
                taker=taker,
                role=holding.role,
                unit=holding.unit,
                starts_on=formats.read_day(form["starts_on"]),
                ends_on=formats.read_day(form["ends_on"]),
                reason=form.get("reason", ""),
                now=now,
                actor=person,
            )
        except (InvalidInputError, ValueError, NoResultFound):
            wrong = _("Chưa ủy quyền được: chọn vai trò, người nhận, ngày chưa qua và ghi lý do.")
            return render(database, delegation_wrong=wrong), 422
    flash(_("Đã ủy quyền. Người nhận thấy việc của vai trò này từ ngày bắt đầu."), "ok")
    return redirect(url_for("profile.show"))


@pages.post("/profile/delegations/<int:delegation_id>/end")
def end_delegation(delegation_id: int) -> ResponseReturnValue:
    """Take a delegation back at once."""
    with transaction() as database:
        person = current_person(database)
        delegation = people.get_delegation(database, delegation_id, reader=person)
        if delegation.giver_id != person.id:
            raise NotAllowedError(f"person {person.id} has not given delegation {delegation_id}")
        people.end_delegation(database, delegation, actor=person, now=clock.now())
    flash(_("Đã rút ủy quyền."), "ok")
    return redirect(url_for("profile.show"))


@pages.post("/profile/password")
def change_password() -> ResponseReturnValue:
    """Replace the password; every other session of the person ends."""
    form = request.form
    with transaction() as database:
        person = current_person(database)
        wrong = _password_problem(database, person, form["old"], form["new"])
        if wrong:
            return render(database, wrong=wrong), 422
        people.set_password(database, person, form["new"])
        login_user(SignedIn(person.id, person.session_epoch, person.language))
        session.permanent = True
    flash(_("Đã đổi mật khẩu. Các thiết bị khác phải đăng nhập lại."), "ok")
    return redirect(url_for("profile.show"))


def _own_holding(database: Session, person: Person, holding_id: int) -> RoleHolding:
    holding = database.get(RoleHolding, holding_id)
    if holding is None or holding.person_id != person.id:
        raise InvalidInputError(f"person {person.id} has no role holding {holding_id}")
    return holding


def _password_problem(database: Session, person: Person, old: str, new: str) -> str:
    if people.verify_password(database, person.username, old) is None:
        return _("Mật khẩu hiện tại không đúng.")
    if people.password_problem(person, new):
        return _(
            "Mật khẩu mới phải dài từ %(n)s ký tự, không chứa tên đăng nhập và không thuộc loại dễ đoán.",
            n=MIN_PASSWORD_LENGTH,
        )
    return ""


def render(
    database: Session, *, wrong: str = "", delegation_wrong: str = "", calendar_address: str = ""
) -> str:
    """Return the page of the person signed in; ``calendar_address`` is shown this once."""
    person, today = current_person(database), people.local_day(clock.now())
    roles = setup.of(database).roles
    held = database.scalars(
        select(RoleHolding).where(RoleHolding.person_id == person.id).order_by(RoleHolding.starts_on)
    )
    names = [
        (pick(roles[row.role].name_vi, roles[row.role].name_en), row) for row in held if row.role in roles
    ]
    return render_template(
        "profile.html",
        person=person,
        holdings=names,
        delegations=people.delegations_of(database, person, on=today),
        role_names={code: pick(role.name_vi, role.name_en) for code, role in roles.items()},
        takers=[one for one in people.find_people(database, limit=500) if one.id != person.id],
        may_lend=[(row.id, name) for name, row in names if row.ends_on is None or row.ends_on >= today],
        wrong=wrong,
        delegation_wrong=delegation_wrong,
        calendar=calendar_feeds.find_feed(database, person),
        calendar_address=calendar_address,
        calendar_link=re.sub("^https?:", "webcal:", calendar_address),
    )
