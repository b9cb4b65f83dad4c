"""Regular expressions of forms, run by an engine whose time grows with the text alone."""

from functools import lru_cache
from typing import Any, Final

import re2  # pyright: ignore[reportMissingTypeStubs] -- the package brings none

_RE2: Final[Any] = re2
_MAX_PATTERN: Final = 1_000
_MEMORY_BYTES: Final = 1 << 20


def problem_of(pattern: str) -> str:
    """Return why the pattern cannot be used, or an empty text."""
    if len(pattern) > _MAX_PATTERN:
        return f"longer than {_MAX_PATTERN} characters"
    try:
        _compile(pattern)
    except _RE2.error as error:
        return _text_of(error)
    return ""


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern matches somewhere in the text, as in JavaScript's ``test``."""
    return _compile(pattern).search(text) is not None


@lru_cache(maxsize=512)
def _compile(pattern: str) -> Any:  # noqa: ANN401 -- re2 has no types
    options = _RE2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY_BYTES
    return _RE2.compile(pattern, options)


def _text_of(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
