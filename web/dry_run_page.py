"""Gathers what the page of a dry run shows: where it stands, what can be done next, what has happened."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from engine import history, instances, tasks
from engine.dry_runs import DryRun, find_outcomes, list_due, steps_of, write_value
from engine.dry_runs.cast import PLAYER
from engine.models import (
    Incident,
    IncidentState,
    InstanceState,
    Message,
    OutboxMail,
    Person,
    ProcessInstance,
    Task,
)
from web import dry_run_words
from web.dry_run_moves import Move, MoveBuilder, Typed, Wanted, list_offers, prepare
from web.i18n import gettext as _

MAILS_SHOWN: Final = 60
DUE_SHOWN: Final = 8
_VALUE_SHOWN: Final = 160


def gather(run: DryRun, wanted: Wanted, typed: Typed) -> dict[str, Any]:
    """Return everything the template needs. No session of the run may be open."""
    with run.factory() as session:
        offers = list_offers(run, session, wanted)
        tokens = [offer.token for offer in offers]
        token = wanted.move if wanted.move in tokens else next(iter(tokens), "")
        prepared = prepare(run, session, token)
    outcomes = find_outcomes(run, prepared) if prepared and not isinstance(prepared, Move) else []
    with run.factory() as session:
        if isinstance(prepared, Move) or not outcomes:
            move = prepared if isinstance(prepared, Move) else None
        else:
            chosen = next((one for one in outcomes if one.key == wanted.branch), outcomes[0])
            move = MoveBuilder(run, session, outcomes, chosen, typed).build(token)
        return {
            "move": move,
            "offers": offers,
            "why": typed.why,
            "clock": dry_run_words.clock_text(run.now),
            "people": session.scalars(_people()).all(),
            "variables": _variables(session, move),
            **_standing(run, session),
            **_happened(run, session, wanted),
        }


def _people() -> Any:  # noqa: ANN401  # a statement
    return select(Person).where(Person.username != PLAYER).order_by(Person.id)


def _standing(run: DryRun, session: Session) -> dict[str, Any]:
    """Where the run is, on the diagram and in words."""
    progress = [instances.progress_of(session, i) for i in session.scalars(select(ProcessInstance.id))]
    failed = select(Incident.element_id).where(Incident.state == IncidentState.OPEN)
    return {
        "done": sorted({element for one in progress for element in one.done}),
        "active": sorted({element for one in progress for element in one.active}),
        "failed": sorted({element_id or "" for element_id in session.scalars(failed)}),
        "ended": _ended(run, session),
    }


def _ended(run: DryRun, session: Session) -> str:
    """The end event at which the last instance ended, in words; empty while something runs."""
    found = session.scalars(select(ProcessInstance).order_by(ProcessInstance.id)).all()
    if not found or any(one.state is InstanceState.RUNNING for one in found):
        return ""
    return dry_run_words.name_of(run, found[-1].outcome) if found[-1].outcome else _("Kết thúc")


def _happened(run: DryRun, session: Session, wanted: Wanted) -> dict[str, Any]:
    """Mails, log, and what the clock will bring."""
    newest = select(OutboxMail).options(joinedload(OutboxMail.recipient)).order_by(OutboxMail.id.desc())
    mails = session.scalars(newest).all()
    events = [
        event
        for instance_id in session.scalars(select(ProcessInstance.id))
        for event in history.events_of(session, instance_id)
    ]
    done = session.scalars(select(Task)).all()
    due = [dry_run_words.coming_of(run, one) for one in list_due(session, run.now) if one.at > run.now]
    own = [mail for mail in mails if wanted.person_id in {None, mail.recipient_id}]
    return {
        "log": dry_run_words.tell_steps(run, steps_of(session), events, mails, done),
        "mails": own[:MAILS_SHOWN],
        "mail_count": len(own),
        "due": due[:DUE_SHOWN],
        "due_hidden": max(0, len(due) - DUE_SHOWN),
        "unwanted": session.scalars(select(Message).where(Message.due_at.is_not(None))).all(),
    }


def _variables(session: Session, move: Move | None) -> list[tuple[str, str]]:
    """What expressions can read where the move is made, else in the latest instance."""
    newest = session.scalars(select(ProcessInstance.id).order_by(ProcessInstance.id.desc())).first()
    if newest is None:
        return []
    if move is not None and move.kind == "task":
        values = tasks.variables_of(session, session.get_one(Task, int(move.id)))
    else:
        values = instances.variables_at(session, newest, None)
    return [(name, _short(write_value(value))) for name, value in sorted(values.items())]


def _short(text: str) -> str:
    return text if len(text) <= _VALUE_SHOWN else f"{text[:_VALUE_SHOWN]}…"
