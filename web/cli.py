"""The command ``vinhdanh``: everything an administrator does at a terminal."""

import argparse
import logging
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from engine.errors import EngineError
from web.log_lines import LineFormatter

FAILED: Final = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 1 if something is wrong, 2 for wrong use."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["check"]:
        return _check(words[1:])
    options = _parser().parse_args(words)
    command = COMMANDS[options.command]
    _log_to_terminal()
    run: Callable[[argparse.Namespace], int] = getattr(import_module(command.module), command.function)
    try:
        return run(options)
    except EngineError as error:
        sys.stderr.write(f"vinhdanh {options.command}: {error}\n")
        return FAILED


def _check(words: list[str]) -> int:
    """Check files: the one command that reads its own arguments, as its answers are fixed to the letter."""
    from engine.ingest import check  # noqa: PLC0415  # each command imports only what it needs
    from web.commands.definitions import surroundings  # noqa: PLC0415

    return check.main(words, surroundings(), sys.stdout)


def _log_to_terminal() -> None:
    """Say what we do; of the libraries, only warnings."""
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for package in ("engine", "processes", "web"):
        logging.getLogger(package).setLevel(logging.INFO)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="vinhdanh", description="Thi đua, khen thưởng: từ đề nghị đến quyết định.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="LỆNH")
    for name, command in COMMANDS.items():
        command.add_options(commands.add_parser(name, help=command.help))
    return parser


def _no_options(_parser: ArgumentParser) -> None:
    """Add nothing."""


def _demo_options(parser: ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fresh", action="store_true", help="xóa dữ liệu cũ | begin anew")
    parser.add_argument("--var", type=Path, default=Path("var"), help="thư mục dữ liệu | folder of its data")


def _serve_options(parser: ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2)


def _migration_options(parser: ArgumentParser) -> None:
    parser.add_argument("message")
    parser.add_argument("--folder", type=Path, help="thư mục để ghi | where to write it")


def _publish_options(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--author", required=True, metavar="USERNAME")
    parser.add_argument("--publisher", required=True, metavar="USERNAME")
    parser.add_argument(
        "--drop-safeguards",
        action="store_true",
        help="cho phép bỏ bước bắt buộc của bản đang dùng | let it leave out mandatory steps",
    )


def _export_options(parser: ArgumentParser) -> None:
    parser.add_argument("key", metavar="KEY")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--version", type=int, metavar="N", help="mặc định: bản đang dùng | the one in use")


def _decide_options(parser: ArgumentParser) -> None:
    from web.commands.decide import inputs  # noqa: PLC0415  # each command imports only what it needs

    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--decision", required=True, metavar="NAME")
    parser.add_argument("--input", type=inputs, default="{}", metavar="JSON")
    parser.add_argument("--explain", action="store_true", help="dòng nào khớp | which rules fired")


def _dry_run_options(parser: ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="FILE|FOLDER")
    parser.add_argument("--json", action="store_true", help="in bằng JSON | print JSON")


def _bench_options(parser: ArgumentParser) -> None:
    parser.add_argument("--postgresql", metavar="URL", help="đo cả trên máy chủ này | measure there too")


def _check_options(parser: ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="FILE|FOLDER")


@dataclass(frozen=True)
class Command:
    """Where a command lives, imported only when it is run, and what it takes."""

    help: str
    module: str
    function: str
    add_options: Callable[[ArgumentParser], None] = _no_options


COMMANDS: Final[Mapping[str, Command]] = {
    "demo": Command(
        "chạy bản trình diễn | run a filled demonstration", "web.commands.demo", "demo", _demo_options
    ),
    "init": Command(
        "tạo, nâng cấp cơ sở dữ liệu | make or upgrade the database", "web.commands.database", "init"
    ),
    "serve": Command("chạy trang web | serve the pages", "web.commands.serving", "serve", _serve_options),
    "worker": Command(
        "chạy hẹn giờ, nhắc việc, gửi thư | run timers, reminders and mail", "web.commands.serving", "worker"
    ),
    "check": Command(
        "kiểm tra sơ đồ, bảng, biểu mẫu | check diagrams, tables and forms", "", "", _check_options
    ),
    "decide": Command(
        "xét thử một bảng quyết định | make one decision of a file",
        "web.commands.decide",
        "decide",
        _decide_options,
    ),
    "publish": Command(
        "công bố quy trình | publish definitions", "web.commands.definitions", "publish", _publish_options
    ),
    "export": Command(
        "ghi quy trình ra thư mục | write a definition to a folder",
        "web.commands.definitions",
        "export",
        _export_options,
    ),
    "dry-run": Command(
        "chạy thử quy trình bằng đồng hồ giả | play a definition with a fake clock",
        "web.commands.dry_run",
        "dry_run",
        _dry_run_options,
    ),
    "check-schema": Command(
        "so sánh bảng với các bước nâng cấp | compare tables and migrations",
        "web.commands.database",
        "check_schema",
    ),
    "write-migration": Command(
        "viết bước nâng cấp | write the next migration",
        "web.commands.database",
        "write_migration",
        _migration_options,
    ),
    "bench": Command(
        "đo tốc độ | measure the hot paths on databases of its own",
        "web.bench",
        "bench",
        _bench_options,
    ),
    "doctor": Command("khám hệ thống | look for what is wrong", "web.commands.doctor", "doctor"),
    "verify-history": Command(
        "kiểm tra nhật ký | verify the chain of the history", "web.commands.doctor", "verify_history"
    ),
}


if __name__ == "__main__":
    sys.exit(main())
