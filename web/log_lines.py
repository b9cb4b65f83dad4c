"""Writes the log so that nothing a person or a file says can begin a line or move a terminal's cursor."""

import logging
import unicodedata
from types import TracebackType
from typing import Final

FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"

Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LineFormatter(logging.Formatter):
    """Formats a record with its control characters spelled out; tracebacks keep their lines, indented."""

    def __init__(self) -> None:
        super().__init__(FORMAT)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        """Return the record on one line."""
        return spelled(super().formatMessage(record))

    def formatException(self, ei: Failure) -> str:  # noqa: N802  # logging's name
        """Return the traceback, its lines marked as such: a message inside it forges no record."""
        lines = super().formatException(ei).split("\n")
        return "\n".join(f"    | {spelled(line)}" for line in lines)


def spelled(text: str) -> str:
    """Return ``text`` with control, format and line characters written as escapes."""
    return "".join(
        letter.encode("unicode_escape").decode()
        if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        else letter
        for letter in text
    )
