"""Typesets one document in a process of its own, which ends when its time or memory is used up.

Started as a script: it reads a request from standard input and writes the PDF, or tells what is wrong.
"""

import json
import sys
from datetime import UTC, datetime
from typing import Any, Final

import typst

CPU_SECONDS: Final = 30
MEMORY_BYTES: Final = 2 * 1024 * 1024 * 1024


def main() -> int:
    """Typeset what the request names: template, root, fonts, data (JSON text), the moment it bears."""
    request: dict[str, Any] = json.load(sys.stdin)
    _limit()
    try:
        pdf = typeset(request)
    except typst.TypstError as error:
        sys.stderr.write(f"{error.message}\n{error.diagnostic}\n")
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


def typeset(request: dict[str, Any]) -> bytes:
    """Return the PDF/A of a request; the same request gives the same bytes."""
    fonts: str | None = request["fonts"]
    return typst.compile(
        request["template"],
        root=request["root"],
        font_paths=[fonts] if fonts else [],
        ignore_system_fonts=bool(fonts),
        sys_inputs={"data": request["data"]},
        pdf_standards="a-2b",
        timestamp=datetime.fromtimestamp(request["timestamp"], UTC),
    )


def _limit() -> None:
    try:
        import resource  # noqa: PLC0415  # not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    sys.exit(main())
