"""Kills a forked process at a chosen statement of its work."""

import os
import signal
import time
from collections.abc import Callable

from sqlalchemy import Engine, event

PATIENCE_S = 30


def survives(engine: Engine, moment: int, work: Callable[[], bool]) -> bool:
    """Work in a forked process that dies at its ``moment``-th moment; return whether it came to its end.

    A moment is a statement or a commit. ``work`` is repeated until it has done something: a server may not
    have noticed yet that the process before is dead.
    """
    child = os.fork()
    if child == 0:
        try:
            # Connections of the parent are not this process's to use or to close.
            engine.dispose(close=False)
            with engine.connect() as connection:
                connection.close()
            _die_at(engine, moment)
            deadline = time.monotonic() + PATIENCE_S
            while not work() and time.monotonic() < deadline:
                time.sleep(0.01)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFEXITED(status)


def _die_at(engine: Engine, moment: int) -> None:
    passed = 0

    def strike(*_: object) -> None:
        nonlocal passed
        passed += 1
        if passed == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "commit"):
        event.listen(engine, name, strike)
