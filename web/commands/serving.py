"""``vinhdanh serve`` and ``worker``: the two kinds of processes of an installation."""

import argparse
import os
import signal
import sys
import threading
from types import FrameType

from engine import settings


def serve(options: argparse.Namespace) -> int:
    """Serve the pages until stopped: by gunicorn, or by waitress where there is none (Windows)."""
    settings.from_environment()
    if sys.platform != "win32":
        os.execv(  # noqa: S606  # no shell; the process becomes the server
            sys.executable,
            [
                sys.executable,
                "-m",
                "gunicorn",
                "--worker-class=gthread",
                "--threads=8",
                f"--workers={options.workers}",
                f"--bind={options.host}:{options.port}",
                "--access-logfile=-",
                "--logger-class=web.commands.access_log.AccessLogger",
                "web.commands.serving:application()",
            ],
        )
    import waitress  # type: ignore[import-untyped]  # noqa: PLC0415  # ships no types; only where it serves

    waitress.serve(application(), host=options.host, port=options.port, threads=8)
    return 0


def application() -> object:
    """Return the application of the installation that the environment names, for a WSGI server."""
    from web.app import create_app  # noqa: PLC0415  # heavy; only servers need it

    return create_app(settings.from_environment())


def worker(_options: argparse.Namespace) -> int:
    """Run timers, messages, schedules, reminders and mail until stopped; finishes what it has begun."""
    from web import jobs  # noqa: PLC0415  # heavy; only workers need it
    from web.wiring import install  # noqa: PLC0415

    ended = stop_signal()
    jobs.work(install(settings.from_environment()), ended)
    return 0


def stop_signal() -> threading.Event:
    """Return an event that Ctrl-C or SIGTERM sets."""
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    return ended
