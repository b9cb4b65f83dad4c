"""Units and people: who may sign in, which roles they hold and from when to when."""

import secrets
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, people, setup
from engine.errors import InvalidInputError, NotAllowedError, NotFoundError
from engine.models import Person, RoleHolding, Unit
from web import access, formats
from web.i18n import gettext as _
from web.i18n import pick
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("people", __name__)

PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105  # letters to draw from, no password
UNIT_KINDS = (
    "department",
    "commune",
    "office",
    "council",
    "committee",
    "party",
    "armed_forces",
    "body",
    "enterprise",
    "school",
)


@pages.get("/people")
def index() -> ResponseReturnValue:
    """List people found by name, with the roles they hold today."""
    query = request.args.get("q", "")
    with reading() as session:
        _require(access.can_see_people(current_authority(session)))
        unit = people.find_unit(session, request.args.get("unit", ""))
        found = people.find_people(session, query, unit=unit, limit=200)
        return render_template(
            "people/index.html",
            people=found,
            roles=_roles_today(session, found),
            units=people.find_units(session),
            unit=unit,
            q=query,
            may_manage=access.can_manage_people(current_authority(session)),
        )


@pages.get("/people/new")
def new() -> ResponseReturnValue:
    """Show the form for a new person."""
    with reading() as session:
        _require(access.can_manage_people(current_authority(session)))
        return _render_new(session, wrong="")


@pages.post("/people")
def create() -> ResponseReturnValue:
    """Add a person; the first password is shown once."""
    form = request.form
    with transaction() as session:
        _require(access.can_manage_people(current_authority(session)))
        try:
            person = people.create_person(
                session,
                username=form["username"].strip(),
                full_name=form["full_name"],
                email=form.get("email"),
                job_title=form.get("job_title", ""),
                unit=people.find_unit(session, form.get("unit", "")),
            )
        except InvalidInputError:
            wrong = _("Tên đăng nhập chỉ gồm chữ thường không dấu, chữ số, dấu chấm, gạch; và chưa ai dùng.")
            return _render_new(session, wrong=wrong), 422
        password = _first_password()
        people.set_password(session, person, password)
    return render_template("people/password.html", person=person, password=password)


@pages.get("/people/<int:person_id>")
def show(person_id: int) -> ResponseReturnValue:
    """Show one person: roles with dates, and what may be changed."""
    with reading() as session:
        _require(access.can_see_people(current_authority(session)))
        return _render_person(session, _get_person(session, person_id), wrong="")


@pages.post("/people/<int:person_id>/roles")
def give_role(person_id: int) -> ResponseReturnValue:
    """Give a role, from a day on."""
    form = request.form
    with transaction() as session:
        actor = _manager(session)
        person = _get_person(session, person_id)
        try:
            people.give_role(
                session,
                person,
                form["role"],
                now=clock.now(),
                unit=people.find_unit(session, form.get("unit", "")),
                starts_on=_day(form.get("starts_on", "")),
                ends_on=_day(form.get("ends_on", "")),
                actor=actor,
            )
        except (InvalidInputError, ValueError):
            wrong = _(
                "Chưa giao được: kiểm tra ngày, đơn vị của vai trò, và vai trò này có đang được giữ không."
            )
            return _render_person(session, person, wrong=wrong), 422
    flash(_("Đã giao vai trò."), "ok")
    return redirect(url_for("people.show", person_id=person_id))


@pages.post("/people/<int:person_id>/roles/<int:holding_id>/end")
def end_role(person_id: int, holding_id: int) -> ResponseReturnValue:
    """End a role with yesterday: from now on it gives nothing."""
    now = clock.now()
    with transaction() as session:
        actor = _manager(session)
        holding = session.get(RoleHolding, holding_id)
        if holding is None or holding.person_id != person_id:
            raise NotFoundError(f"role holding {holding_id} of person {person_id}")
        yesterday = people.local_day(now) - timedelta(days=1)
        people.end_role(session, holding, last_day=yesterday, now=now, actor=actor)
    flash(_("Đã kết thúc vai trò."), "ok")
    return redirect(url_for("people.show", person_id=person_id))


@pages.post("/people/<int:person_id>/password")
def reset_password(person_id: int) -> ResponseReturnValue:
    """Give a new first password, shown once; the person is signed out everywhere."""
    with transaction() as session:
        _manager(session)
        person = _get_person(session, person_id)
        password = _first_password()
        people.set_password(session, person, password)
    return render_template("people/password.html", person=person, password=password)


@pages.post("/people/<int:person_id>/active")
def set_active(person_id: int) -> ResponseReturnValue:
    """Close an account, or open it again; a closed one is signed out at once."""
    with transaction() as session:
        actor = _manager(session)
        person = _get_person(session, person_id)
        if person.id == actor.id:
            raise NotAllowedError(f"person {actor.id} may not close his own account")
        person.is_active = request.form.get("active") == "1"
        person.session_epoch += 1
    flash(_("Đã mở lại tài khoản.") if person.is_active else _("Đã khóa tài khoản."), "ok")
    return redirect(url_for("people.show", person_id=person_id))


@pages.get("/units")
def units() -> ResponseReturnValue:
    """List the units."""
    with reading() as session:
        authority = current_authority(session)
        _require(access.can_see_people(authority))
        query = request.args.get("q", "")
        return render_template(
            "people/units.html",
            units=people.find_units(session, query),
            kinds=kind_names(),
            q=query,
            may_manage=access.can_manage_people(authority),
            wrong="",
        )


@pages.post("/units")
def create_unit() -> ResponseReturnValue:
    """Add a unit."""
    form = request.form
    with transaction() as session:
        _manager(session)
        try:
            people.create_unit(
                session,
                code=form["code"].strip(),
                name=form["name"].strip(),
                name_en=form.get("name_en", "").strip(),
                kind=form["kind"],
            )
        except InvalidInputError:
            wrong = _("Mã đơn vị chỉ gồm chữ thường không dấu, chữ số, gạch dưới; và chưa đơn vị nào dùng.")
            found = people.find_units(session)
            return render_template(
                "people/units.html", units=found, kinds=kind_names(), q="", may_manage=True, wrong=wrong
            ), 422
    flash(_("Đã thêm đơn vị."), "ok")
    return redirect(url_for("people.units"))


def _require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowedError("people and units are the system administrator's")


def _manager(session: Session) -> Person:
    _require(access.can_manage_people(current_authority(session)))
    return current_person(session)


def _get_person(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFoundError(f"no person {person_id}")
    return person


def _day(text: str) -> date | None:
    return formats.read_day(text) if text.strip() else None


def _first_password() -> str:
    return "-".join("".join(secrets.choice(PASSWORD_LETTERS) for _letter in range(4)) for _part in range(4))


def kind_names() -> dict[str, str]:
    """Return what the kinds of units are called."""
    return {
        "department": _("Sở, ngành"),
        "commune": _("Xã, phường, đặc khu"),
        "office": _("Văn phòng"),
        "council": _("Hội đồng nhân dân, hội đồng tư vấn"),
        "committee": _("Ban, ủy ban trực thuộc"),
        "party": _("Cơ quan Đảng"),
        "armed_forces": _("Lực lượng vũ trang"),
        "body": _("Cơ quan, tổ chức"),
        "enterprise": _("Doanh nghiệp"),
        "school": _("Trường học"),
    }


def _role_names(session: Session) -> dict[str, str]:
    return {code: pick(role.name_vi, role.name_en) for code, role in setup.of(session).roles.items()}


def _roles_today(session: Session, found: list[Person]) -> dict[int, list[str]]:
    today, names = people.local_day(clock.now()), _role_names(session)
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


def _render_new(session: Session, *, wrong: str) -> str:
    return render_template("people/new.html", units=people.find_units(session), wrong=wrong)


def _render_person(session: Session, person: Person, *, wrong: str) -> str:
    held = session.scalars(
        select(RoleHolding).where(RoleHolding.person_id == person.id).order_by(RoleHolding.starts_on.desc())
    )
    today = people.local_day(clock.now())
    return render_template(
        "people/show.html",
        person=person,
        holdings=[(row, row.ends_on is None or row.ends_on >= today) for row in held],
        role_names=_role_names(session),
        units=list(session.scalars(select(Unit).order_by(Unit.search_text))),
        may_manage=access.can_manage_people(current_authority(session)),
        is_self=person.id == current_person(session).id,
        today=today,
        wrong=wrong,
    )
