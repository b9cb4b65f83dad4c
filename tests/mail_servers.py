"""Mail servers for tests: a well-behaved one that keeps what it takes, and one that breaks off."""

import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession


@dataclass
class MailServer:
    """A real server in a thread; ``answer`` is what it says to a message, ``refused`` whom it refuses."""

    port: int
    answer: str = "250 OK"
    refused: set[str] = field(default_factory=set[str])
    taken: list[bytes] = field(default_factory=list[bytes])

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name and parameters
        self,
        server: SMTP,  # noqa: ARG002
        session: SmtpSession,  # noqa: ARG002
        envelope: Envelope,
        address: str,
        options: list[str],  # noqa: ARG002
    ) -> str:
        """Take or refuse a recipient."""
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:  # noqa: ARG002, N802
        """Keep a message, or answer otherwise."""
        if self.answer.startswith("250"):
            self.taken.append(bytes(envelope.content or b""))  # type: ignore[arg-type]  # bytes without SMTPUTF8
        return self.answer


@contextmanager
def mail_server() -> Generator[MailServer, None, None]:
    """Run a server on a free port."""
    handler = MailServer(free_port())
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()


@contextmanager
def evil_server(*answers: bytes) -> Generator[int, None, None]:
    """Run a server that gives ``answers`` one after another and then closes the connection; yields its port.

    The answer ``b"DATA"`` reads a whole message first; ``b"HANG"`` says nothing until the client leaves, and
    ``b"DRIP"`` goes on for five seconds.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, answers), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=5)


def free_port() -> int:
    """Return a port nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _serve(listener: socket.socket, answers: tuple[bytes, ...]) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, suppress(OSError):
            _talk(connection, answers)


def _talk(connection: socket.socket, answers: tuple[bytes, ...]) -> None:
    connection.settimeout(5)
    with connection.makefile("rb") as lines:
        for number, answer in enumerate(answers):
            if number:
                lines.readline()
            if answer == b"DATA":
                while lines.readline() not in {b".\r\n", b""}:
                    pass
            elif answer == b"HANG":
                lines.read()
            elif answer == b"DRIP":
                for _ in range(100):
                    connection.sendall(b"250-more\r\n")
                    time.sleep(0.05)
            else:
                connection.sendall(answer + b"\r\n")
