"""Start variables that are chosen from what the institution has, not typed."""

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.forms.model import Option, Words
from engine.schedules import Needs
from processes.awards.models import Directive, DirectiveState


def with_choices(session: Session, needs: Needs) -> Needs:
    """Return what a process needs, with the directives in force where it asks for one."""
    if not any(one.name == "directive_id" for one in needs.variables):
        return needs
    directives = select(Directive).where(Directive.state == DirectiveState.IN_FORCE)
    options = tuple(
        Option(Decimal(one.id), Words(f"{one.number}: {one.subject}", f"{one.number}: {one.subject_en}"))
        for one in session.scalars(directives.order_by(Directive.issued_on.desc()))
    )
    chosen = [
        replace(one, kind="choice", options=options) if one.name == "directive_id" else one
        for one in needs.variables
    ]
    return replace(needs, variables=tuple(chosen))
