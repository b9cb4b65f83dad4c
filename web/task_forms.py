"""The form of a task on a page: opened with what the process knows, handed in with files and drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from flask import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import calendar, definitions, files, setup, tasks
from engine.feel import Environment, Value
from engine.files import FileRefusedError
from engine.forms import ACTION, Answers, FieldError, Files, Form
from engine.models import Person, Task, TaskState, Upload
from engine.setup import FormCall
from web.file_words import why_refused

RESERVED = frozenset({"csrf_token"})
_LONGEST_NUMBER = 9


@dataclass(frozen=True)
class TaskForm:
    """A form with everything it is opened or read with."""

    session: Session
    form: Form
    task: Task
    person: Person
    initial: Mapping[str, Value]
    environment: Environment
    now: datetime

    def open(self, draft: Mapping[str, list[str]] | None) -> Answers:
        """Return the form as the person finds it, his draft over what the process knows."""
        return self.form.open(
            initial=self.initial,
            environment=self.environment,
            draft=draft,
            may_use_upload=self.may_use,
        )

    def hand_in(self, request: Request, *, beside: Mapping[str, list[str]] | None = None) -> Answers:
        """Store a request's files and read its fields; a button that only changes rows gives no errors.

        ``beside`` is what was typed into the parts of the form that were not on the page.
        """
        fields = {**(beside or {}), **fields_of(request)}
        uploads, refused = self._store(request)
        read = self.form.change_rows if ACTION in fields else self.form.parse
        answers = read(
            fields,
            uploads,
            initial=self.initial,
            environment=self.environment,
            may_use_upload=self.may_use,
        )
        return answers.with_errors(refused) if refused else answers

    def name_file(self, number: int) -> str:
        """Return the name of a file that was handed in before."""
        upload = self.session.get(Upload, number)
        return upload.name if upload else ""

    def may_use(self, number: int) -> bool:
        """Whether an answer may name an upload."""
        return files.may_use_upload(self.session, number, task=self.task, person=self.person)

    def _store(self, request: Request) -> tuple[dict[str, list[int]], dict[str, FieldError]]:
        stored: dict[str, list[int]] = {}
        refused: dict[str, FieldError] = {}
        for name, component in self.form.file_fields(list(request.files)):
            wanted = component.files or Files()
            present = self._digests(request.form.getlist(f"{name}.kept")) if wanted.multiple else set[str]()
            for posted in request.files.getlist(name):
                if not posted.filename:
                    continue
                try:
                    upload = files.store_upload(
                        self.session,
                        cast("BinaryIO", posted.stream),
                        posted.filename,
                        person=self.person,
                        now=self.now,
                        task=self.task,
                        accept=wanted.accept,
                        present=present,
                    )
                except FileRefusedError as error:
                    reason = why_refused(error, posted.filename, accept=",".join(wanted.accept))
                    refused[name] = FieldError("file_refused", {"reason": reason})
                else:
                    present.add(upload.sha256)
                    stored.setdefault(name, []).append(upload.id)
        return stored, refused

    def _digests(self, kept: Sequence[str]) -> set[str]:
        """Return the digests of the files that stay with a field."""
        numbers = [int(text) for text in kept if text.isdecimal() and len(text) <= _LONGEST_NUMBER]
        return set(self.session.scalars(select(Upload.sha256).where(Upload.id.in_(numbers))))


def for_task(session: Session, task: Task, *, person: Person, now: datetime) -> TaskForm | None:
    """Return the form of a task for a person; None where the task has a page of its own or no form."""
    if task.form_id is None:
        return None
    form = definitions.form_of(session, task.instance.version_id, task.form_id)
    environment = Environment(now=now, calendar=calendar.load_calendar(session))
    initial = _initial(session, task, person, now)
    return TaskForm(session, form, task, person, initial, environment, now)


def fields_of(request: Request) -> dict[str, list[str]]:
    """Return the texts of a request by field name."""
    return {name: values for name, values in request.form.lists() if name not in RESERVED}


def _initial(session: Session, task: Task, person: Person, now: datetime) -> dict[str, Value]:
    variables = tasks.variables_of(session, task)
    if task.state is not TaskState.OPEN:
        return {**variables, **tasks.answers_of(session, task)}
    source = tasks.element_of(session, task).properties.get("values")
    if source is None:
        return dict(variables)
    ask = setup.of(session).form_sources[source]
    call = FormCall(session, task.instance, task, variables, person, now)
    return {**variables, **ask(call)}
