"""What a person may begin himself: any process whose start event names one of his roles."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, starting, tasks
from engine.errors import StepFailedError
from engine.models import ProcessInstance, Unit
from processes.awards.errors import AnswerError
from web import people_words
from web.i18n import gettext as _
from web.i18n import pick
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("beginnings", __name__)


@pages.get("/begin")
def index() -> ResponseReturnValue:
    """List what may be begun."""
    with reading() as session:
        ways = starting.find_beginnings(session, current_authority(session))
        return render_template("beginnings/index.html", ways=ways, units=_unit_names(session, ways))


@pages.post("/begin/<key>/<element_id>")
def begin(key: str, element_id: str) -> ResponseReturnValue:
    """Begin a process and lead to its first task, where that is the beginner's own."""
    try:
        with transaction() as session:
            instance = starting.begin(
                session,
                key,
                element_id,
                unit_code=request.form.get("unit_code", ""),
                starter=current_person(session),
                authority=current_authority(session),
                now=clock.now(),
            )
            task_id = _first_task(session, instance)
            codes = [instance.unit.code] if instance.unit else []
            for line in people_words.say_gaps_of_units(session, codes):
                flash(line, "warn")
    except StepFailedError as failure:
        flash(_why_not(failure), "stop")
        return redirect(url_for("beginnings.index"))
    if task_id is not None:
        return redirect(url_for("tasks.show", task_id=task_id))
    flash(_("Đã bắt đầu. Việc đầu tiên thuộc về người khác."), "ok")
    return redirect(url_for("inbox.index"))


def _why_not(failure: StepFailedError) -> str:
    """Say what a rule forbids; what is broken is the administrator's to mend."""
    reason = failure.__cause__
    if isinstance(reason, AnswerError):
        return pick(reason.vi, reason.en)
    return _("Chưa bắt đầu được: một bước đầu tiên bị hỏng. Báo quản trị quy trình.")


def _first_task(session: Session, instance: ProcessInstance) -> int | None:
    person, now = current_person(session), clock.now()
    own = [*tasks.inbox_mine(session, person, now), *tasks.inbox_groups(session, person, now)]
    return next((task.id for task in own if task.instance_id == instance.id), None)


def _unit_names(session: Session, ways: list[starting.Beginning]) -> dict[str, str]:
    codes = {code for way in ways for code in way.unit_codes}
    units = session.scalars(select(Unit).where(Unit.code.in_(codes)))
    return {"": _("toàn thành phố"), **{unit.code: pick(unit.name, unit.name_en) for unit in units}}
