"""Tests of the command: wrong use, the database, the doctor, and a whole demonstration."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from mail_servers import free_port, mail_server

from engine import database, people, settings
from engine.schema import ENGINE_VERSIONS
from web import cli
from web.wiring import install

ROOT = Path(__file__).parents[2]


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VINHDANH_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("VINHDANH_SECRET_KEY", "a secret of this test")
    monkeypatch.delenv("VINHDANH_DATABASE_URL", raising=False)
    return tmp_path / "var"


def test_wrong_use_is_told_from_failure(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["no-such-command"])

    assert ended.value.code == 2
    assert "no-such-command" in capsys.readouterr().err


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_says_what_it_takes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    if name == "check":
        assert cli.main(["check", "--help"]) == 2
        return
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])

    assert ended.value.code == 0
    assert "usage: vinhdanh" in capsys.readouterr().out


def test_missing_settings_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("VINHDANH_SECRET_KEY", raising=False)

    assert cli.main(["init"]) == 1
    assert "VINHDANH_SECRET_KEY" in capsys.readouterr().err


def test_a_new_installation_lacks_only_its_worker(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["init"]) == 0
    assert cli.main(["init"]) == 0
    assert (installation / "vinhdanh.sqlite3").is_file()
    assert cli.main(["verify-history"]) == 0
    capsys.readouterr()

    with mail_server() as server:
        monkeypatch.setenv("VINHDANH_SMTP_PORT", str(server.port))
        assert cli.main(["doctor"]) == 1

    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["- worker"]


def test_the_code_declares_what_the_migrations_make() -> None:
    if not any(ENGINE_VERSIONS.glob("*.py")):
        pytest.skip("no migration is written yet")

    assert cli.main(["check-schema"]) == 0


def test_a_file_with_an_error_is_checked_from_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.bpmn"
    path.write_text("<definitions/>")

    assert cli.main(["check", "--json", str(path)]) == 1
    assert json.loads(capsys.readouterr().out)[0]["ok"] is False


def test_our_own_definitions_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(ROOT / "processes")]) == 0, capsys.readouterr().out


def test_a_demonstration_runs_and_ends(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "web.cli", "demo", "--port", str(port), "--var", str(tmp_path / "var")]
    process = subprocess.Popen(  # noqa: S603  # our own command
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    try:
        assert _answers(f"http://127.0.0.1:{port}/login", process)
    finally:
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)

    assert process.returncode == 0, output
    assert "chutich" in output
    assert "Traceback" not in output


def _answers(address: str, process: subprocess.Popen[str]) -> bool:
    for _ in range(300):
        if process.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310  # our own server
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.3)
    return False


@pytest.mark.usefixtures("installation")
def test_an_exported_definition_is_the_published_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["init"]) == 0
    installed = install(settings.from_environment())
    with database.transaction(installed.factory) as session:
        for username in ("anna", "binh"):
            people.create_person(session, username=username, full_name=username)
    publish = ["publish", "--author", "anna", "--publisher", "binh"]
    assert cli.main([*publish, str(ROOT / "processes" / "decision")]) == 0

    assert cli.main(["export", "decision", str(tmp_path / "kept")]) == 0

    assert cli.main([*publish, str(tmp_path / "kept" / "processes" / "decision")]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "decision 1"
    assert cli.main(["export", "decision", str(tmp_path / "kept"), "--version", "7"]) == 1
