"""One instance in memory, between loading and saving: the engine's only handle on SpiffWorkflow."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import (
    BpmnError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    QuotaExceededError,
    StepFailedError,
)
from engine.feel import Value
from engine.spiff import state, tokens
from engine.spiff.activities import UserTask
from engine.spiff.events import Catch
from engine.spiff.fitting import entry_of, may_reach
from engine.spiff.host import Host
from engine.spiff.program import Program
from engine.spiff.run import Run
from engine.spiff.throwing import is_waiting
from engine.spiff.values import chain_of
from engine.spiff.waits import ArmedTimer, OpenTask, Subscription, armed_timer, open_task, subscription
from engine.spiff.workflow import InstanceWorkflow
from engine.variables import PROCESS_SCOPE, Scopes

_MISHAPS: Final = (
    SpiffWorkflowException,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
)


class Execution:
    """A running instance. After any exception it is unusable: throw it away, never save it."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @classmethod
    def start(
        cls,
        program: Program,
        process_id: str,
        variables: Mapping[str, Value],
        host: Host,
        *,
        start_element_id: str | None = None,
    ) -> "Execution":
        """Start a process and run to its first waits.

        Raises:
            NotFoundError: the bundle has no such process or start event.
            StepFailedError: a step fails.

        """
        spec = program.scopes.get(process_id)
        if spec is None or not spec.is_process:
            raise NotFoundError(f"no process {process_id} in program {program.sha256[:12]}")
        if start_element_id is not None and start_element_id not in spec.start_ids:
            raise NotFoundError(f"process {process_id} has no start event {start_element_id}")
        run = Run(program, host, Scopes({PROCESS_SCOPE: variables}))
        run.start_element_id = start_element_id
        with failures(run):
            run.workflow = InstanceWorkflow(spec, dict(program.scopes), run)
            run.ready(run.workflow.task_tree)
            run.rest()
        return cls(run)

    @classmethod
    def load(
        cls, program: Program, process_id: str, workflow: bytes, variables: bytes, host: Host
    ) -> "Execution":
        """Return what ``save`` has stored.

        Raises:
            StateDamagedError: it is not what was saved, or does not belong to this program and process.

        """
        content = state.unseal(workflow)
        if content.get("process") != process_id:
            raise state.StateDamagedError(f"the state belongs to process {content.get('process')}")
        try:
            scopes = Scopes.from_json(state.unseal(variables))
        except ValueError as error:
            raise state.StateDamagedError("the variables cannot be read") from error
        run = Run(program, host, scopes)
        state.restore(run, content)
        return cls(run)

    def save(self) -> tuple[bytes, bytes]:
        """Return the tokens and the variables as bytes.

        Raises:
            QuotaExceededError: the tree is too deep.

        """
        return state.seal(state.dump(self._run)), state.seal(self._run.scopes.to_json())

    def complete_task(self, workflow_task_id: UUID, answers: Mapping[str, Value]) -> None:
        """Hand in a user task and run to the next waits.

        Raises:
            ConflictError: it does not wait there.
            StepFailedError: a step fails.

        """
        task = self._find(workflow_task_id)
        if not isinstance(task.task_spec, UserTask) or task.state != TaskState.READY:
            raise ConflictError(f"task {workflow_task_id} does not wait for anybody")
        with failures(self._run):
            self._run.complete(task, answers)
            self._run.rest()

    def fire_timer(self, workflow_task_id: UUID) -> None:
        """Let a timer fire and run to the next waits.

        Raises:
            ConflictError: it does not wait there.
            StepFailedError: a step fails.

        """
        self._fire(workflow_task_id, "timer", {})

    def deliver_message(self, workflow_task_id: UUID, variables: Mapping[str, Value]) -> None:
        """Hand a message to exactly this wait and run to the next waits.

        Raises:
            ConflictError: it does not wait there.
            StepFailedError: a step fails.

        """
        self._fire(workflow_task_id, "message", variables)

    def move(self, element_id: str, target_id: str) -> None:
        """Call off what waits at an element, enter another of the same scope, and run to the next waits.

        All tokens that wait there move, with what runs inside them and watches at their edge.

        Raises:
            ConflictError: nothing waits at the element.
            InvalidInputError: the target is no element of the same scope that can be entered.
            StepFailedError: a step fails.

        """
        moving = self._at(element_id)
        if not moving:
            raise ConflictError(f"nothing waits at {element_id}")
        if not all(may_reach(task.workflow.spec, target_id) for task in moving):
            raise InvalidInputError(f"a token at {element_id} cannot be moved to {target_id}")
        with failures(self._run):
            for task in moving:
                self._run.move(task, entry_of(task.workflow.spec, target_id))
            self._run.rest()

    def targets_of(self, element_id: str) -> list[str]:
        """Return the elements to which what waits at an element can be moved."""
        specs = {task.workflow.spec.name: task.workflow.spec for task in self._at(element_id)}
        names = dict.fromkeys(name for spec in specs.values() for name in spec.task_specs)
        return [
            name
            for name in names
            if name != element_id and all(may_reach(spec, name) for spec in specs.values())
        ]

    def cancel(self) -> None:
        """End everything; nothing waits any longer."""
        workflow = self._run.workflow
        for task in list(workflow.tasks.values()):
            self._run.cancel(task)

    def open_tasks(self) -> list[OpenTask]:
        """Return the user tasks that wait for people."""
        return [open_task(task) for task in self._live() if isinstance(task.task_spec, UserTask)]

    def timers(self) -> list[ArmedTimer]:
        """Return the timers that wait for their moment."""
        return [armed_timer(task) for task in self._live() if is_waiting(task, "timer")]

    def subscriptions(self) -> list[Subscription]:
        """Return the waits for messages."""
        return [subscription(task) for task in self._live() if is_waiting(task, "message")]

    def variables_at(self, workflow_task_id: UUID | None = None) -> dict[str, Value]:
        """Return everything in reach of a token, or the variables of the process.

        Raises:
            ConflictError: there is no such token.

        """
        if workflow_task_id is None:
            return dict(self._run.scopes.local(PROCESS_SCOPE))
        return dict(self._run.scopes.view(chain_of(self._find(workflow_task_id))))

    @property
    def is_completed(self) -> bool:
        """Whether the process has reached its end; then no token is left."""
        return self._run.is_finished

    @property
    def outcome(self) -> str:
        """The end event last reached, empty before the first."""
        return self._run.outcome

    @property
    def active_element_ids(self) -> set[str]:
        """Where tokens are, inside called processes too."""
        hidden = {"process"}
        return {
            task.task_spec.element.id
            for task in self._live()
            if task.task_spec.element.kind not in hidden and not _is_silent(task)
        }

    @property
    def completed_element_ids(self) -> set[str]:
        """What tokens have passed, inside called processes too."""
        return set(self._run.done)

    @property
    def taken_flow_ids(self) -> set[str]:
        """The sequence flows that tokens have taken, inside called processes too."""
        return set(self._run.taken)

    def forget_walk(self) -> None:
        """Let ``taken_flow_ids`` tell only what tokens take from now on."""
        self._run.taken.clear()

    def _fire(self, workflow_task_id: UUID, kind: str, variables: Mapping[str, Value]) -> None:
        task = self._find(workflow_task_id)
        if not is_waiting(task, kind):
            raise ConflictError(f"{workflow_task_id} waits for no {kind}")
        with failures(self._run):
            self._run.fire(task, variables)
            self._run.rest()

    def _find(self, workflow_task_id: UUID) -> Task:
        for scope in self._run.workflow.scopes():
            task = scope.tasks.get(workflow_task_id)
            if task is not None:
                return task
        raise ConflictError(f"nothing waits at {workflow_task_id}")

    def _at(self, element_id: str) -> list[Task]:
        return [task for task in self._live() if task.task_spec.name == element_id and not _is_silent(task)]

    def _live(self) -> Iterator[Task]:
        for scope in self._run.workflow.scopes():
            yield from (task for task in scope.tasks.values() if tokens.is_live(task))


def _is_silent(task: Task) -> bool:
    """Whether the token only waits for what may happen at the edge: no place where the work stands."""
    return isinstance(task.task_spec, Catch) and task.task_spec.is_at_edge


@contextmanager
def failures(run: Run) -> Generator[None, None, None]:
    """Turn failures into ones that name their element; a conflict and what fails outside pass as they are."""
    try:
        yield
    except ConflictError:
        raise
    except StepFailedError as error:
        error.element_id = error.element_id or run.at
        raise
    except RecursionError as error:
        raise QuotaExceededError("the steps nest too deeply", element_id=run.at) from error
    except BpmnError as error:
        raise StepFailedError(f"nobody catches the error {error.code!r}", element_id=run.at) from error
    except _MISHAPS as error:
        raise StepFailedError(f"{type(error).__name__} at {run.at}", element_id=run.at) from error
