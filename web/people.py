"""People: who may sign in, how they are reached, which roles they hold and from when to when."""

import secrets
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, people
from engine.errors import NotAllowedError, NotFoundError
from engine.models import Person, RoleHolding
from engine.people import RegisterError
from web import access, people_words
from web.i18n import gettext as _
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("people", __name__)

PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105  # letters to draw from, no password


@pages.get("/people")
def index() -> ResponseReturnValue:
    """List people found by name, with the roles they hold today."""
    args = request.args
    with reading() as session:
        require(access.can_see_people(current_authority(session)))
        unit = people.find_unit(session, args.get("unit", ""))
        without_address = args.get("without") == "address"
        found = people.find_people(
            session, args.get("q", ""), unit=unit, without_address=without_address, limit=200
        )
        return render_template(
            "people/index.html",
            people=found,
            roles=_roles_today(session, found),
            units=people.find_units(session),
            unit=unit,
            q=args.get("q", ""),
            without_address=without_address,
            may_manage=access.can_manage_people(current_authority(session)),
        )


@pages.get("/people/new")
def new() -> ResponseReturnValue:
    """Show the form for a new person."""
    with reading() as session:
        require(access.can_manage_people(current_authority(session)))
        return _render_new(session, wrong={})


@pages.post("/people")
def create() -> ResponseReturnValue:
    """Add a person; the first password is shown once."""
    form = request.form
    with transaction() as session:
        require(access.can_manage_people(current_authority(session)))
        try:
            person = people.create_person(
                session,
                username=form["username"].strip(),
                full_name=form["full_name"],
                email=form.get("email"),
                job_title=form.get("job_title", ""),
                unit=people.find_unit(session, form.get("unit", "")),
            )
        except RegisterError as error:
            return _render_new(session, wrong=people_words.what_is_wrong(error)), 422
        password = _first_password()
        people.set_password(session, person, password)
    return render_template("people/password.html", person=person, password=password)


@pages.get("/people/<int:person_id>")
def show(person_id: int) -> ResponseReturnValue:
    """Show one person: roles with dates, and what may be changed."""
    with reading() as session:
        require(access.can_see_people(current_authority(session)))
        return render_person(session, get_person(session, person_id))


@pages.post("/people/<int:person_id>")
def change(person_id: int) -> ResponseReturnValue:
    """Change a person's name, job title, address or unit."""
    form = request.form
    with transaction() as session:
        manager(session)
        person = get_person(session, person_id)
        try:
            people.change_person(
                session,
                person,
                full_name=form["full_name"],
                job_title=form.get("job_title", ""),
                email=form.get("email"),
                unit=people.find_unit(session, form.get("unit", "")),
            )
        except RegisterError as error:
            return render_person(session, person, wrong=people_words.what_is_wrong(error)), 422
    flash(_("Đã lưu thông tin."), "ok")
    return redirect(url_for("people.show", person_id=person_id))


@pages.post("/people/<int:person_id>/password")
def reset_password(person_id: int) -> ResponseReturnValue:
    """Give a new first password, shown once; the person is signed out everywhere."""
    with transaction() as session:
        manager(session)
        person = get_person(session, person_id)
        password = _first_password()
        people.set_password(session, person, password)
    return render_template("people/password.html", person=person, password=password)


@pages.post("/people/<int:person_id>/active")
def set_active(person_id: int) -> ResponseReturnValue:
    """Close an account, or open it again; a closed one is signed out at once."""
    with transaction() as session:
        actor = manager(session)
        person = get_person(session, person_id)
        if person.id == actor.id:
            raise NotAllowedError(f"person {actor.id} may not close his own account")
        person.is_active = request.form.get("active") == "1"
        person.session_epoch += 1
    flash(_("Đã mở lại tài khoản.") if person.is_active else _("Đã khóa tài khoản."), "ok")
    return redirect(url_for("people.show", person_id=person_id))


def require(allowed: bool) -> None:
    """Refuse whoever may not.

    Raises:
        NotAllowedError: he may not.

    """
    if not allowed:
        raise NotAllowedError("people and units are the system administrator's")


def manager(session: Session) -> Person:
    """Return who is signed in, if he may change people and units.

    Raises:
        NotAllowedError: he may not.

    """
    require(access.can_manage_people(current_authority(session)))
    return current_person(session)


def get_person(session: Session, person_id: int) -> Person:
    """Return a person; the caller has checked the reader.

    Raises:
        NotFoundError: there is none.

    """
    person = session.get(Person, person_id)
    if person is None:
        raise NotFoundError(f"no person {person_id}")
    return person


def render_person(session: Session, person: Person, *, wrong: Mapping[str, str] | None = None) -> str:
    """Return the page of a person; ``wrong`` are sentences by field of the form that was sent."""
    held = session.scalars(
        select(RoleHolding).where(RoleHolding.person_id == person.id).order_by(RoleHolding.starts_on.desc())
    )
    today = people.local_day(clock.now())
    holdings = [(row, row.ends_on is None or row.ends_on >= today) for row in held]
    return render_template(
        "people/show.html",
        person=person,
        holdings=holdings,
        is_holder=any(is_running for _row, is_running in holdings),
        role_names=people_words.role_names(session),
        units=people.find_units(session, on=today),
        may_manage=access.can_manage_people(current_authority(session)),
        is_self=person.id == current_person(session).id,
        today=today,
        wrong=wrong or {},
    )


def _first_password() -> str:
    return "-".join("".join(secrets.choice(PASSWORD_LETTERS) for _letter in range(4)) for _part in range(4))


def _roles_today(session: Session, found: list[Person]) -> dict[int, list[str]]:
    today, names = people.local_day(clock.now()), people_words.role_names(session)
    held = session.scalars(
        select(RoleHolding)
        .where(
            RoleHolding.person_id.in_([person.id for person in found]),
            RoleHolding.starts_on <= today,
            (RoleHolding.ends_on.is_(None)) | (RoleHolding.ends_on >= today),
        )
        .order_by(RoleHolding.id)
    )
    roles: dict[int, list[str]] = {}
    for row in held:
        roles.setdefault(row.person_id, []).append(names.get(row.role, row.role))
    return roles


def _render_new(session: Session, *, wrong: Mapping[str, str]) -> str:
    today = people.local_day(clock.now())
    return render_template("people/new.html", units=people.find_units(session, on=today), wrong=wrong)
