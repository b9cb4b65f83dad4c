"""Hands in a task in a transaction of its own, so that a lost race or a refused answer costs no draft."""

from collections.abc import Callable, Mapping

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine import clock, tasks
from engine.errors import ConflictError
from engine.feel import Value
from processes.awards.errors import AnswerError
from web import subjects
from web.i18n import gettext as _
from web.i18n import pick
from web.transaction import current_person, deliver_messages, reading, transaction


def complete(
    task_id: int, answers: Mapping[str, Value], refuse: Callable[[str], ResponseReturnValue]
) -> ResponseReturnValue:
    """Complete a task and lead to the inbox; ``refuse`` shows the page again with a rule's sentence."""
    try:
        with transaction() as session:
            person = current_person(session)
            task = tasks.get_task(session, task_id, reader=person)
            name = pick(task.name, task.name_en)
            incident = tasks.complete_task(session, task, actor=person, answers=answers, now=clock.now())
    except ConflictError:
        return _show_conflict(task_id)
    except AnswerError as error:
        return refuse(pick(error.vi, error.en))
    deliver_messages()
    if incident is None:
        flash(_("Đã gửi: %(name)s.", name=name), "ok")
    else:
        flash(
            _("Đã nhận “%(name)s”. Bước tiếp theo chưa chạy được; người quản trị đã được báo.", name=name),
            "warn",
        )
    return redirect(url_for("inbox.index"))


def _show_conflict(task_id: int) -> ResponseReturnValue:
    """Say who was faster and when, and that the draft is kept."""
    with reading() as session:
        person = current_person(session)
        task = tasks.get_task(session, task_id, reader=person)
        draft = tasks.find_draft(session, task, person)
        about = subjects.of_instances(session, [task.instance])[task.instance_id]
        return render_template("tasks/conflict.html", task=task, draft=draft, about=about), 409
