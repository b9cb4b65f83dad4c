"""Start variables that are chosen from what the institution has, not typed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.forms.model import Option, Words
from engine.models import Unit
from engine.people import local_day
from engine.people.heirs import is_abolished
from engine.schedules import Needs, StartVariable
from processes.awards.models import Directive, DirectiveState


def with_choices(session: Session, needs: Needs) -> Needs:
    """Return what a process needs, with what may be chosen where it asks for one of ours."""
    return replace(needs, variables=tuple(_with_options(session, one) for one in needs.variables))


def _with_options(session: Session, variable: StartVariable) -> StartVariable:
    find = _OPTIONS.get(variable.name)
    return variable if find is None else replace(variable, kind="choice", options=tuple(find(session)))


def _directives(session: Session) -> list[Option]:
    """Return the directives in force, the newest first."""
    in_force = select(Directive).where(Directive.state == DirectiveState.IN_FORCE)
    return [
        Option(
            Decimal(one.id),
            Words(f"{one.number}: {one.subject}", f"{one.number}: {one.subject_en or one.subject}"),
        )
        for one in session.scalars(in_force.order_by(Directive.issued_on.desc()))
    ]


def _units(session: Session) -> list[Option]:
    """Return the units there are today, by name."""
    today = local_day(clock.now())
    found = session.scalars(select(Unit).order_by(Unit.search_text))
    return [
        Option(one.code, Words(one.name, one.name_en)) for one in found if not is_abolished(one, on=today)
    ]


_OPTIONS: Mapping[str, Callable[[Session], list[Option]]] = {
    "directive_id": _directives,
    "inspecting_unit_code": _units,
}
