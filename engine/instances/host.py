"""What the execution in memory asks of its surroundings, answered by the database and the actions."""

import logging
import traceback
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine import definitions, setup
from engine.calendar import Calendar, load_calendar
from engine.diagram import Element
from engine.dmn import Decision, DecisionFailedError
from engine.errors import BpmnError, EngineError, InvalidInputError, NotFoundError, StepFailedError
from engine.feel import Environment, Value, to_feel
from engine.history import Entry
from engine.instances import decisions
from engine.instances.throwing import throw_message
from engine.models import Person, ProcessInstance, Task
from engine.setup import ActionCall, ActionResult

_TOLD_EVENTS: Final = frozenset({"error", "escalation", "signal"})

log = logging.getLogger(__name__)


class StepHost:
    """The surroundings of one step of one instance; gathers what happened for the history."""

    def __init__(
        self, session: Session, instance: ProcessInstance, *, actor: Person | None, now: datetime
    ) -> None:
        self.session = session
        self.instance = instance
        self.actor = actor
        self.now = now
        self.entries: list[Entry] = []

    @property
    def calendar(self) -> Calendar:
        """The working days, loaded when an expression first asks."""
        return load_calendar(self.session)

    def run_action(self, element: Element, variables: Mapping[str, Value]) -> ActionResult:
        """Run the action that a service task names.

        Raises:
            BpmnError: the action throws an error event of the diagram.
            StepFailedError: no such action, or it failed.

        """
        try:
            return self._call(element.action or "", element, variables, task=None)
        except (BpmnError, OperationalError):
            raise
        except Exception as failure:
            raise self._failed(element, element.action or "", failure) from failure

    def record_answers(self, element: Element, variables: Mapping[str, Value], *, task: Task) -> ActionResult:
        """Hand the answers of a user task to the action its property ``record`` names.

        Raises:
            EngineError: what the person did wrong, as the action says it.
            StepFailedError: no such action, or it failed.

        """
        name = element.properties["record"]
        try:
            return self._call(name, element, variables, task=task)
        except BpmnError as failure:
            raise self._failed(element, name, failure) from failure
        except (EngineError, OperationalError):
            raise
        except Exception as failure:
            raise self._failed(element, name, failure) from failure

    def throw_message(
        self, element: Element, name: str, correlation_key: str, variables: Mapping[str, Value]
    ) -> None:
        """Put a message on its way."""
        throw_message(self.session, name, correlation_key, variables, now=self.now, thrown_by=self.instance)
        self.entries.append(
            Entry("message_thrown", element.id, details={"name": name, "key": correlation_key})
        )

    def decide(self, element: Element, decision_id: str, variables: Mapping[str, Value]) -> Value:
        """Make a decision of the instance's version, and keep which rules fired.

        Raises:
            StepFailedError: no such decision, or it cannot be made of these variables; names table and cell.

        """
        try:
            model = definitions.decision_model_of(self.session, self.instance.version_id, decision_id)
            decision = model.find(decision_id)
            explained = model.explain(decision_id, variables, environment=self._environment(decision))
        except (NotFoundError, InvalidInputError, DecisionFailedError) as failure:
            raise StepFailedError(f"decision {decision_id}: {failure}", element_id=element.id) from failure
        self.entries.append(Entry("decided", element.id, details=decisions.told(decision, explained)))
        return explained.value

    def _environment(self, decision: Decision) -> Environment:
        """Load the calendar only for decisions that ask for working days."""
        asks = any("working" in name for name in decision.functions)
        return Environment(now=self.now, calendar=self.calendar if asks else None)

    def record(self, kind: str, element: Element) -> None:
        """Note what people want to read later: work done without them, and errors caught.

        What people, timers and messages did is told by the command itself.
        """
        is_work = kind == "activity_completed" and element.kind != "userTask"
        is_error = kind == "event_caught" and element.event is not None and element.event.kind in _TOLD_EVENTS
        if is_work or is_error:
            self.entries.append(Entry(kind, element.id))

    def _call(
        self, name: str, element: Element, variables: Mapping[str, Value], *, task: Task | None
    ) -> ActionResult:
        action = setup.of(self.session).actions.get(name)
        if action is None:
            raise StepFailedError(f"no action {name}", element_id=element.id)
        result = action(
            ActionCall(
                session=self.session,
                instance=self.instance,
                element=element,
                variables=variables,
                actor=self.actor,
                now=self.now,
                task=task,
            )
        )
        self.session.flush()
        return {key: to_feel(value) for key, value in (result or {}).items()}

    def _failed(self, element: Element, name: str, failure: Exception) -> StepFailedError:
        """Say what failed and where, never with what values: they may be somebody's secret."""
        said = str(failure) if isinstance(failure, EngineError) else _place_of(failure)
        reason = f"action {name} failed: {type(failure).__name__}: {said}"
        log.error("instance %s, element %s: %s", self.instance.id, element.id, reason)
        return StepFailedError(reason, element_id=element.id)


def _place_of(failure: Exception) -> str:
    frame = traceback.extract_tb(failure.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno} in {frame.name}"
