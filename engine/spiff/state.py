"""The state of an instance as bytes: sealed by a checksum, apart from the program that it belongs to."""

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

import zstandard
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.task import Task

from engine.errors import EngineError, QuotaExceededError
from engine.spiff.workflow import AnyWorkflow, InstanceWorkflow, ScopeWorkflow

if TYPE_CHECKING:
    from engine.spiff.run import Run

MAGIC: Final = b"VD"
VERSION: Final = 1
DEPTH_LIMIT: Final = 900
"""The library stops looking at depth 1000, silently."""
_HEADER_BYTES: Final = len(MAGIC) + 1 + hashlib.sha256().digest_size
_SIZE_LIMIT_BYTES: Final = 64 * 1024 * 1024


class StateDamagedError(EngineError):
    """The stored state is not what was saved, or of a version that we do not read."""


def seal(content: object) -> bytes:
    """Return JSON, compressed, behind a version and a checksum."""
    packed = zstandard.ZstdCompressor(level=3).compress(json.dumps(content, separators=(",", ":")).encode())
    return MAGIC + bytes([VERSION]) + hashlib.sha256(packed).digest() + packed


def unseal(sealed: bytes) -> dict[str, Any]:
    """Return what ``seal`` wrote.

    Raises:
        StateDamagedError: it did not write this, or another version did.

    """
    if len(sealed) <= _HEADER_BYTES or sealed[:2] != MAGIC:
        raise StateDamagedError("this is no state of an instance")
    if sealed[2] != VERSION:
        raise StateDamagedError(f"state of version {sealed[2]}; this release reads version {VERSION}")
    packed = sealed[_HEADER_BYTES:]
    if hashlib.sha256(packed).digest() != sealed[3:_HEADER_BYTES]:
        raise StateDamagedError("the checksum of the state is wrong")
    try:
        content = json.loads(
            zstandard.ZstdDecompressor().decompress(packed, max_output_size=_SIZE_LIMIT_BYTES)
        )
    except (zstandard.ZstdError, ValueError) as error:
        raise StateDamagedError("the state cannot be read") from error
    if not isinstance(content, dict):
        raise StateDamagedError("the state is no object")
    return cast("dict[str, Any]", content)


def dump(run: "Run") -> dict[str, Any]:
    """Return the tokens of a run that has come to rest, as JSON.

    Raises:
        QuotaExceededError: the tree is deeper than the library can see.

    """
    workflow = run.workflow
    return {
        "program": run.program.sha256,
        "process": workflow.spec.name,
        "outcome": run.outcome,
        "finished": run.is_finished,
        "done": sorted(run.done),
        "taken": sorted(run.taken),
        "tokens": _dump_tokens(workflow),
        "scopes": [
            [key.hex, scope.spec.name, _dump_tokens(scope)] for key, scope in workflow.subprocesses.items()
        ],
    }


def restore(run: "Run", content: Mapping[str, Any]) -> None:
    """Put the tokens that ``dump`` wrote into a new run.

    Raises:
        StateDamagedError: they do not fit the program.

    """
    if content.get("program") != run.program.sha256:
        raise StateDamagedError(f"the state belongs to program {content.get('program')!s:.12}")
    scopes = dict(run.program.scopes)
    try:
        run.outcome, run.is_finished = content["outcome"], content["finished"]
        run.done, run.taken = set(content["done"]), set(content["taken"])
        run.workflow = InstanceWorkflow(scopes[content["process"]], scopes, run, deserializing=True)
        _restore_tokens(run.workflow, content["tokens"])
        for key, name, tokens in content["scopes"]:
            holder = run.workflow.get_task_from_id(UUID(key))
            scope = ScopeWorkflow(scopes[name], holder, run.workflow, deserializing=True)
            run.workflow.subprocesses[holder.id] = scope
            _restore_tokens(scope, tokens)
    except (SpiffWorkflowException, LookupError, TypeError, ValueError) as error:
        raise StateDamagedError(f"the state does not fit the program: {error!r:.200}") from error


def _dump_tokens(workflow: AnyWorkflow) -> list[list[Any]]:
    """Return the tokens of a scope, each behind its parent: id, parent's place, node, state, facts."""
    places: dict[UUID, int] = {}
    tokens: list[list[Any]] = []
    waiting = [(workflow.task_tree, -1, 0)]
    while waiting:
        task, parent, depth = waiting.pop()
        if depth > DEPTH_LIMIT:
            raise QuotaExceededError(f"a tree of more than {DEPTH_LIMIT} tokens' depth")
        places[task.id] = len(tokens)
        tokens.append([task.id.hex, parent, task.task_spec.name, task.state, task.internal_data])
        waiting.extend((child, places[task.id], depth + 1) for child in reversed(task.children))
    return tokens


def _restore_tokens(workflow: AnyWorkflow, tokens: list[list[Any]]) -> None:
    restored: list[Task] = []
    for key, parent, name, state, facts in tokens:
        holder = restored[int(parent)] if parent >= 0 else None
        task = Task(workflow, workflow.spec.task_specs[name], holder, state=state, id=UUID(key))
        task.internal_data = dict(facts)
        restored.append(task)
    workflow.task_tree = restored[0]
