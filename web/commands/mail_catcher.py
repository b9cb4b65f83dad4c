"""A mail server for the demonstration: it takes every mail and keeps it as a file."""

import hashlib
import socket
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_HOST: Final = "127.0.0.1"


class _Keeper:
    """Writes each mail it takes into a folder as ``.eml``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802  # aiosmtpd's
        """Keep one mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        digest = hashlib.sha256(content).hexdigest()[:8]
        (self._folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{digest}.eml").write_bytes(content)
        return "250 OK"


@contextmanager
def mail_catcher(folder: Path) -> Generator[int, None, None]:
    """Listen on a free port of this machine, which is yielded, while the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    with socket.create_server((_HOST, 0)) as probe:
        port = int(probe.getsockname()[1])
    controller = Controller(_Keeper(folder), hostname=_HOST, port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
