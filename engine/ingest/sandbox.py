"""Runs the checks in a child that may use little time and memory, and that may be killed.

A thread of a web server must not fork: the child might inherit a lock that nobody will ever release. So a
process with one thread forks (milliseconds), and any other starts a fresh interpreter (half a second, and
publishing is rare).
What comes back through the pipe is JSON, never an object.
"""

import base64
import contextlib
import gc
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypedDict

from engine.ingest.checking import list_problems
from engine.ingest.problems import Mend, Problem, Severity, Surroundings

CPU_SECONDS: Final = 10
WALL_SECONDS: Final = 45
"""What is slow because the machine is busy is not stopped; what computes too long, is."""
START_SECONDS: Final = 20
MEMORY_BYTES: Final = 1024 * 1024 * 1024
MOST_ANSWER_BYTES: Final = 8 * 1024 * 1024


class _Request(TypedDict):
    files: dict[str, str]
    roles: list[str] | None
    actions: list[str] | None
    form_sources: list[str] | None
    staffed_groups: list[str] | None
    now: str | None


def run(files: Mapping[str, bytes], surroundings: Surroundings) -> dict[str, list[Problem]] | None:
    """Return the problems of ``files``; None where the child had to be stopped."""
    answer = _fork(files, surroundings) if may_fork() else _start(files, surroundings)
    try:
        return None if answer is None else _decode(answer)
    except (ValueError, KeyError, TypeError):
        return None


def may_fork() -> bool:
    """Whether no other thread could leave a lock in a child of this process."""
    return threading.active_count() == 1 and hasattr(os, "fork")


def main() -> None:
    """Read a request from standard input and write the answer: the fresh interpreter."""
    request: _Request = json.load(sys.stdin)
    _limit()
    files = {name: base64.b64decode(content) for name, content in request["files"].items()}
    staffed, now = request["staffed_groups"], request["now"]
    surroundings = Surroundings(
        roles=request["roles"],
        actions=request["actions"],
        form_sources=request["form_sources"],
        staffed_groups=None if staffed is None else frozenset(staffed),
        now=None if now is None else datetime.fromisoformat(now),
    )
    sys.stdout.buffer.write(_encode(list_problems(files, surroundings)))
    sys.stdout.flush()


def _fork(files: Mapping[str, bytes], surroundings: Surroundings) -> bytes | None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _answer_and_exit(writing, files, surroundings)
    os.close(writing)
    try:
        answer = _read_all(reading, deadline=time.monotonic() + WALL_SECONDS)
    finally:
        os.close(reading)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return answer or None


def _answer_and_exit(writing: int, files: Mapping[str, bytes], surroundings: Surroundings) -> None:
    """Never return: what the parent had open (connections, files) must not be closed by this child."""
    try:
        gc.disable()
        _limit()
        answer = _encode(list_problems(files, surroundings))
        while answer:
            answer = answer[os.write(writing, answer) :]
    except Exception as error:  # noqa: BLE001  # no way back to the caller; what the file said stays out of it
        place = "".join(traceback.format_tb(error.__traceback__, limit=-5))
        sys.stderr.write(f"check failed: {type(error).__name__}\n{place}")
        sys.stderr.flush()
    finally:
        os._exit(0)


def _read_all(reading: int, *, deadline: float) -> bytes | None:
    """Return what comes until the end; None where it takes too long or never ends."""
    parts: list[bytes] = []
    size = 0
    while True:
        ready, _, _ = select.select([reading], [], [], max(deadline - time.monotonic(), 0))
        if not ready:
            return None
        part = os.read(reading, 65536)
        if not part:
            return b"".join(parts)
        size += len(part)
        if size > MOST_ANSWER_BYTES:
            return None
        parts.append(part)


def _start(files: Mapping[str, bytes], surroundings: Surroundings) -> bytes | None:
    request: _Request = {
        "files": {name: base64.b64encode(content).decode() for name, content in files.items()},
        "roles": _listed(surroundings.roles),
        "actions": _listed(surroundings.actions),
        "form_sources": _listed(surroundings.form_sources),
        "staffed_groups": _listed(surroundings.staffed_groups),
        "now": None if surroundings.now is None else surroundings.now.isoformat(),
    }
    home = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "engine.ingest.sandbox"],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=START_SECONDS + WALL_SECONDS,
            env={**os.environ, "PYTHONPATH": path},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 and len(done.stdout) <= MOST_ANSWER_BYTES else None


def _listed(names: Collection[str] | None) -> list[str] | None:
    return None if names is None else sorted(names)


def _limit() -> None:
    """Bound what this process may still use; a system without such limits has the clock alone."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # not on every system

    used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
    bounds = {
        resource.RLIMIT_CPU: used + CPU_SECONDS,
        resource.RLIMIT_AS: _address_space() + MEMORY_BYTES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
    }
    for kind, bound in bounds.items():
        _, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY or hard > bound:
            resource.setrlimit(kind, (bound, hard))


def _address_space() -> int:
    """Return how many bytes this process has mapped; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return MEMORY_BYTES


def _encode(problems: Mapping[str, list[Problem]]) -> bytes:
    rows = {
        name: [{**asdict(problem), "severity": problem.severity.value} for problem in found]
        for name, found in problems.items()
    }
    return json.dumps(rows).encode()


def _decode(answer: bytes) -> dict[str, list[Problem]]:
    rows: dict[str, list[dict[str, Any]]] = json.loads(answer)
    return {name: [_problem(row) for row in found] for name, found in rows.items()}


def _problem(row: dict[str, Any]) -> Problem:
    return Problem(
        severity=Severity(row["severity"]),
        code=row["code"],
        element_id=row["element_id"],
        element_name=row["element_name"],
        message_vi=row["message_vi"],
        message_en=row["message_en"],
        file=row["file"],
        part_id=row["part_id"],
        mend=None if row["mend"] is None else Mend(row["mend"]["kind"], row["mend"]["values"]),
    )


if __name__ == "__main__":
    main()
