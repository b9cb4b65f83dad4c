"""Hồ sơ đề nghị: the list, one dossier with its way so far, a new one, taking one back."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, definitions, instances, people, permissions
from engine.errors import NotAllowedError, NotFoundError
from engine.models import DefinitionVersion, ProcessInstance, Task, TaskState, Unit
from engine.people import Authority
from processes.awards import catalogue, dossier_page, dossier_route, dossiers
from processes.awards.dossiers import DossierQuery
from processes.awards.errors import AnswerError
from processes.awards.models import Dossier, DossierStage
from processes.awards.permissions import can_nominate, can_withdraw
from processes.awards.stages import STAGE_NAMES, word
from web import access, deadlines, live_diagram, next_steps, people_words, route_log
from web.i18n import gettext as _
from web.i18n import language, pick
from web.security import FILE_POLICY
from web.transaction import current_authority, current_person, deliver_messages, reading, transaction

pages = Blueprint("dossiers", __name__)


@pages.get("/dossiers")
def index() -> ResponseReturnValue:
    """List the dossiers the person may see, narrowed by search and filters."""
    args = request.args
    stage = args.get("stage", "")
    query = DossierQuery(
        text=args.get("q", ""),
        stages=[DossierStage(stage)] if stage in {one.value for one in DossierStage} else [],
        unit_code=args.get("unit", ""),
        award_slug=args.get("award", ""),
        year=args.get("year", type=int),
        page=max(1, args.get("page", 1, type=int)),
    )
    now = clock.now()
    with reading() as session:
        authority = current_authority(session)
        found = dossiers.find_dossiers(session, reader=authority, query=query)
        return render_template(
            "dossiers/index.html",
            found=found,
            query=query,
            stage=stage,
            stages=[(one.value, word(words, language())) for one, words in STAGE_NAMES.items()],
            chips=STAGE_NAMES,
            units=people.find_units(session),
            awards=_award_choices(session),
            due={row.id: deadlines.describe(row.due_at, now) for row in found.rows},
            own_units=_units_to_nominate(session, authority),
        )


@pages.post("/dossiers")
def create() -> ResponseReturnValue:
    """Begin a dossier of one of the officer's units and open its first task."""
    with transaction() as session:
        person, authority = current_person(session), current_authority(session)
        unit = people.find_unit(session, request.form.get("unit", ""))
        if unit is None or not can_nominate(authority, unit):
            raise NotAllowedError(
                f"person {person.id} may not nominate for unit {request.form.get('unit')!r}"
            )
        dossier = dossiers.start_nomination(session, unit=unit, actor=person, now=clock.now())
        for line in people_words.say_gaps_of_units(session, [unit.code]):
            flash(line, "warn")
        first = session.scalar(
            select(Task.id).where(Task.instance_id == dossier.instance_id, Task.state == TaskState.OPEN)
        )
    if first is None:
        return redirect(url_for("dossiers.show", dossier_id=dossier.id))
    return redirect(url_for("tasks.show", task_id=first))


@pages.get("/dossiers/<int:dossier_id>")
def show(dossier_id: int) -> ResponseReturnValue:
    """Show a dossier: where it stands, whom it names, its papers, what happened."""
    with reading() as session:
        return _render(session, _get(session, dossier_id))


@pages.get("/dossiers/<int:dossier_id>/diagram.bpmn")
def diagram(dossier_id: int) -> ResponseReturnValue:
    """Give the diagram of the version this dossier runs on."""
    with reading() as session:
        instance = _get(session, dossier_id).instance
        if instance is None:
            raise NotFoundError(f"dossier {dossier_id} has no instance")
        return diagram_response(session, instance)


@pages.post("/dossiers/<int:dossier_id>/withdraw")
def withdraw(dossier_id: int) -> ResponseReturnValue:
    """Take a dossier back, with a reason."""
    try:
        with transaction() as session:
            dossiers.withdraw(
                session,
                _get(session, dossier_id),
                actor=current_person(session),
                authority=current_authority(session),
                reason=request.form.get("reason", ""),
                now=clock.now(),
            )
    except AnswerError as error:
        flash(pick(error.vi, error.en), "stop")
    else:
        deliver_messages()
        flash(_("Đã rút hồ sơ. Việc đang mở của hồ sơ này sẽ tự đóng."), "ok")
    return redirect(url_for("dossiers.show", dossier_id=dossier_id))


def diagram_response(session: Session, instance: ProcessInstance) -> Response:
    """Return the XML of an instance's main diagram."""
    version = session.get_one(DefinitionVersion, instance.version_id)
    response = Response(definitions.diagram_source(version), mimetype="application/xml")
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


def _get(session: Session, dossier_id: int) -> Dossier:
    return dossiers.get_dossier(session, dossier_id, reader=current_authority(session))


def _render(session: Session, dossier: Dossier) -> str:
    person, authority, now = current_person(session), current_authority(session), clock.now()
    facts = dossier_page.dossier_facts(
        session, dossier, reader=authority, language=language(), on=people.local_day(now)
    )
    instance = dossier.instance
    steps: list[next_steps.NextStep] = []
    if instance is not None and facts.open_tasks:
        steps = route_log.coming(facts.open_tasks, live_diagram.main_diagram(session, instance))
    mine = [
        task
        for task in facts.open_tasks
        if task.assignee_id == person.id or permissions.can_claim(authority, task)
    ]
    due_at = min((task.due_at for task in facts.open_tasks if task.due_at), default=None)
    return render_template(
        "dossiers/show.html",
        dossier=dossier,
        facts=facts,
        live=instances.progress_of(session, instance.id) if instance else None,
        version=session.get_one(DefinitionVersion, instance.version_id) if instance else None,
        log=dossier_route.route_log(session, dossier),
        steps=steps,
        deadline=deadlines.describe(due_at, now),
        my_task=mine[0] if mine else None,
        may_see_run=access.can_see_definitions(authority),
        may_see_mails=access.can_see_mails(authority),
        may_withdraw=can_withdraw(authority, dossier),
        now=now,
    )


def _units_to_nominate(session: Session, authority: Authority) -> list[Unit]:
    codes = authority.units_of("unit_officer")
    return [unit for unit in people.find_units(session) if unit.code in codes] if codes else []


def _award_choices(session: Session) -> list[tuple[str, str]]:
    sets = catalogue.find_rule_sets(session)
    rules = catalogue.find_awards(session, sets[0]) if sets else []
    return [(rule.award.slug, rule.award.label(language())) for rule in rules]
