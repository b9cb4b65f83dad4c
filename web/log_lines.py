"""Writes the log so that nothing said in it can begin a line, move a terminal's cursor or open an address."""

import logging
import re
import unicodedata
from types import TracebackType
from typing import Final

SECRET_ADDRESSES: Final = re.compile(r"(/calendar/|/directives/received/)[^\s/?#\"']+")
"""Addresses that open something to whoever knows them: a log must not hand them on."""
FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"

Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LineFormatter(logging.Formatter):
    """Formats a record with its control characters spelled out; tracebacks keep their lines, indented."""

    def __init__(self) -> None:
        super().__init__(FORMAT)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        """Return the record on one line."""
        return spelled(without_secrets(super().formatMessage(record)))

    def formatException(self, ei: Failure) -> str:  # noqa: N802  # logging's name
        """Return the traceback, its lines marked as such: a message inside it forges no record."""
        lines = without_secrets(super().formatException(ei)).split("\n")
        return "\n".join(f"    | {spelled(line)}" for line in lines)


def without_secrets(text: str) -> str:
    """Return ``text`` with the secret part of addresses left out."""
    return SECRET_ADDRESSES.sub(r"\1...", text)


def spelled(text: str) -> str:
    """Return ``text`` with control, format and line characters written as escapes."""
    return "".join(
        letter.encode("unicode_escape").decode()
        if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        else letter
        for letter in text
    )
