"""A person's own page: roles held, language, password, who acts for whom, the calendar's address."""

import re
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import calendar_feeds, clock, people, setup
from engine.models import Person, RoleHolding
from engine.people.passwords import MIN_PASSWORD_LENGTH
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
    database: Session,
    *,
    wrong: str = "",
    delegation_wrong: Mapping[str, str] | None = None,
    calendar_address: str = "",
) -> str:
    """Return the page of the person signed in; ``calendar_address`` is shown this once.

    ``delegation_wrong`` are sentences by field of a delegation that was refused.
    """
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
        delegation_wrong=delegation_wrong or {},
        calendar=calendar_feeds.find_feed(database, person),
        calendar_address=calendar_address,
        calendar_link=re.sub("^https?:", "webcal:", calendar_address),
    )
