"""What is logged stays on its line, whatever it says."""

import logging
import sys

from web.log_lines import LineFormatter

EVIL = "x\n2026-11-23 INFO engine: forged\x1b[2J\u202e\u2028\x9b31m"


def record(message: str, *, is_failure: bool = False) -> logging.LogRecord:
    failure = sys.exc_info() if is_failure else None
    return logging.LogRecord("engine", logging.ERROR, __file__, 1, "said %s", (message,), failure)


def test_a_message_is_one_printable_line() -> None:
    line = LineFormatter().format(record(EVIL))

    assert line.isprintable()
    assert "\\n2026-11-23 INFO engine: forged\\x1b[2J" in line


def test_vietnamese_stays_readable() -> None:
    assert LineFormatter().format(record("Kỳ xét đợt 1")).endswith("said Kỳ xét đợt 1")


def test_a_message_in_a_traceback_forges_no_record() -> None:
    lines = list[str]()
    try:
        int(EVIL)
    except ValueError:
        lines = LineFormatter().format(record("that", is_failure=True)).split("\n")

    assert len(lines) > 1
    assert all(line.startswith("    | ") for line in lines[1:])
    assert all(line.isprintable() for line in lines)
