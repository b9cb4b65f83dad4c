"""``vinhdanh demo``: a filled installation in one process, with a mail server that keeps every mail."""

import argparse
import logging
import secrets
import shutil
import sys
import threading
from pathlib import Path
from typing import Final

from sqlalchemy import select
from waitress.server import create_server  # type: ignore[import-untyped]  # ships no types

from engine import clock, people, schema
from engine.models import Person
from engine.settings import Settings, SettingsError
from web import jobs
from web.app import create_app
from web.commands.mail_catcher import mail_catcher
from web.commands.serving import stop_signal
from web.wiring import Installation, install, setup_of, tables

PASSWORD: Final = "vinhdanh-2026"  # noqa: S105  # printed on the terminal of whoever starts the demonstration
_DATABASE: Final = "demo.sqlite3"
_MARK: Final = "demo-is-filled"


def demo(options: argparse.Namespace) -> int:
    """Fill an installation if there is none yet, and run all of it until Ctrl-C."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    var = options.var.absolute()
    if options.fresh:
        _clear(var)
    with mail_catcher(var / "mails") as smtp_port:
        settings = _settings(var, port=options.port, smtp_port=smtp_port)
        installed = install(settings)
        schema.upgrade(installed.engine, tables())
        _fill(installed, var / _MARK)
        ended = stop_signal()
        scheduler = jobs.start(installed)
        _serve(installed, ended, port=options.port)
        jobs.stop(scheduler)
    installed.engine.dispose()
    return 0


def _settings(var: Path, *, port: int, smtp_port: int) -> Settings:
    var.mkdir(parents=True, exist_ok=True)
    return Settings(
        var=var,
        database_url=f"sqlite:///{var / _DATABASE}",
        secret_key=_secret_key(var / "secret-key"),
        base_url=f"http://127.0.0.1:{port}",
        smtp_port=smtp_port,
        secure_cookies=False,
    )


def _secret_key(path: Path) -> str:
    """Return the key that signs cookies; made once, readable by its owner alone."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def _clear(var: Path) -> None:
    """Remove what an earlier demonstration has written, and nothing else."""
    for path in [*var.glob(f"{_DATABASE}*"), var / _MARK]:
        path.unlink(missing_ok=True)
    for folder in ("files", "keys", "mails"):
        shutil.rmtree(var / folder, ignore_errors=True)


def _fill(installed: Installation, mark: Path) -> None:
    """Fill an empty installation; one whose filling was broken off must be begun anew."""
    from processes.awards import demo as city  # noqa: PLC0415  # heavy, and only the first start needs it

    if mark.exists():
        return
    with installed.factory() as session:
        if session.scalar(select(Person.id).limit(1)) is not None:
            raise SettingsError("this demonstration was filled only in part; start it with --fresh")
    sys.stdout.write("Đang tạo dữ liệu minh họa... | Filling the demonstration...\n")
    sys.stdout.flush()
    city.fill(installed.factory, clock.now(), password=PASSWORD)
    mark.touch()


def _welcome(installed: Installation) -> str:
    """Return the address and the log-ins, one per role."""
    roles = setup_of(installed.settings).roles
    today = people.local_day(clock.now())
    lines = [f"\nVinh Danh: {installed.settings.base_url}\nMật khẩu | password: {PASSWORD}\n"]
    with installed.factory() as session:
        everybody = session.scalars(select(Person).where(Person.is_active).order_by(Person.id)).all()
        seen: set[str] = set()
        for person in everybody:
            held = sorted({role for role, _ in people.authority_of(session, person, on=today).roles} - seen)
            seen.update(held)
            if held:
                names = ", ".join(f"{roles[role].name_vi} ({roles[role].name_en})" for role in held)
                lines.append(f"  {person.username:<22}{person.full_name}: {names}")
    lines.append(f"\nThư đã gửi | sent mail: {installed.settings.var / 'mails'}\nCtrl-C để dừng | to stop\n")
    return "\n".join(lines)


def _serve(installed: Installation, ended: threading.Event, *, port: int) -> None:
    """Serve pages from threads until ``ended`` is set."""
    app = create_app(installed.settings, engine=installed.engine)
    try:
        server = create_server(app, host="127.0.0.1", port=port, threads=8)
    except OSError as error:
        raise SettingsError(f"port {port} is not free ({error}); choose another one with --port") from error
    threading.Thread(target=server.run, daemon=True).start()
    sys.stdout.write(_welcome(installed))
    sys.stdout.flush()
    ended.wait()
    server.task_dispatcher.shutdown()
