"""Hostile diagrams that get past the checks end within limits: an incident, never a hang or a traceback."""

import contextlib
import json
import tempfile
import time
from pathlib import Path

import pytest
from walking import RecordingHost

from engine.errors import EngineError
from engine.feel import to_feel
from engine.spiff import Execution, Program, compile_program

HOSTILE = Path(__file__).resolve().parents[3] / ".." / "shared" / "hostile"
CASES = (
    [case for case in json.loads((HOSTILE / "manifest.json").read_text()) if case["expect"] != "refuse"]
    if HOSTILE.exists()
    else []
)
DIAGRAMS = [case for case in CASES if case["file"].endswith(".bpmn")]
COMMANDS = 60
SECONDS = 10


def play(program: Program) -> None:
    """Act as everybody who is waited for, a bounded number of times."""
    host = RecordingHost()
    process_id = program.process_ids[0]
    execution = Execution.start(program, process_id, {"amount": to_feel(5)}, host)
    for number in range(COMMANDS):
        if execution.is_completed:
            return
        execution = Execution.load(program, process_id, *execution.save(), host)
        tasks, timers, waits = execution.open_tasks(), execution.timers(), execution.subscriptions()
        if tasks:
            execution.complete_task(tasks[0].workflow_task_id, {"answer": to_feel(number)})
        elif timers:
            host.now = max(host.now, timers[0].due_at)
            execution.fire_timer(timers[0].workflow_task_id)
        else:
            execution.deliver_message(waits[0].workflow_task_id, {})


@pytest.mark.skipif(not DIAGRAMS, reason="the collection of hostile diagrams is not beside the checkout")
@pytest.mark.parametrize("case", DIAGRAMS, ids=lambda case: str(case["id"]))
def test_what_runs_ends_within_limits(case: dict[str, str]) -> None:
    names = [case["file"], *(name for name in case.get("with", []) if name.endswith(".bpmn"))]
    files = {name: (HOSTILE / name).read_bytes() for name in names}
    began = time.process_time()

    with contextlib.suppress(EngineError):
        play(compile_program("0" * 64, files))

    assert time.process_time() - began < SECONDS
    canary = Path(tempfile.gettempdir()) / "canary"
    assert not canary.exists() or not list(canary.iterdir())
