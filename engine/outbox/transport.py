"""The conversation with a mail server: one mail, one recipient, bounded in time, its answers sorted."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final, Protocol

from engine.errors import EngineError
from engine.text import one_line

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_PERMANENT: Final = 500


class TryLaterError(EngineError):
    """The mail was not taken now; the same again may work later."""


class ServerUnavailableError(TryLaterError):
    """The server cannot be used at all: no other mail would fare better now."""


class MailRefusedError(EngineError):
    """The server will never take this mail; the message holds its words."""


class Transport(Protocol):
    """Sends one mail."""

    def send(self, message: EmailMessage, address: str) -> str:
        """Hand the message over for one address; return the server's words as it took it.

        Raises:
            TryLaterError: not now.
            MailRefusedError: never.

        """
        ...


@dataclass(frozen=True)
class SmtpTransport:
    """A mail server spoken to by SMTP; one connection a mail, never longer than ``limit_s`` seconds."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    """STARTTLS with a verified certificate; port 465 speaks TLS from the start."""
    timeout_s: float = 20
    limit_s: float = 60

    def send(self, message: EmailMessage, address: str) -> str:
        """See ``Transport.send``."""
        with _errors_sorted(), self._connected() as server:
            refused = server.send_message(message, to_addrs=[address])
        for code, words in refused.values():
            _raise_for(code, words)
        return _line_of(*server.taken)

    @contextmanager
    def _connected(self) -> Generator["_Listening", None, None]:
        """Open the connection and close it, without letting a failing QUIT undo a mail that was taken."""
        server = self._open()
        try:
            with _cut_after(server, self.limit_s):
                if self.user:
                    server.login(self.user, self.password)
                yield server
        finally:
            try:
                server.quit()
            except (smtplib.SMTPException, OSError):
                server.close()

    def _open(self) -> "_Listening":
        if self.tls and self.port == smtplib.SMTP_SSL_PORT:
            context = ssl.create_default_context()
            return _ListeningSsl(self.host, self.port, timeout=self.timeout_s, context=context)
        server = _Listening(self.host, self.port, timeout=self.timeout_s)
        if self.tls:
            server.starttls(context=ssl.create_default_context())
        return server


class _Listening(smtplib.SMTP):
    """Remembers how the server answered to the message: its own class throws that away."""

    taken: tuple[int, bytes] = (0, b"")

    def data(self, msg: "ReadableBuffer | str") -> tuple[int, bytes]:
        """Send the message itself."""
        self.taken = super().data(msg)
        return self.taken


class _ListeningSsl(_Listening, smtplib.SMTP_SSL):
    """The same, encrypted from the start."""


@contextmanager
def _cut_after(server: smtplib.SMTP, limit_s: float) -> Generator[None, None, None]:
    """Cut a conversation that a server drips on: each of its bytes would start the time-out anew."""
    timer = threading.Timer(limit_s, _cut, [server])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(server: smtplib.SMTP) -> None:
    if server.sock is not None:
        server.sock.shutdown(socket.SHUT_RDWR)


@contextmanager
def _errors_sorted() -> Generator[None, None, None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        _raise_for(code, words)
    except smtplib.SMTPDataError as error:
        _raise_for(error.smtp_code, error.smtp_error)
    except smtplib.SMTPNotSupportedError as error:
        raise MailRefusedError(f"the mail server cannot take this mail: {error}") from error
    except (smtplib.SMTPException, OSError) as error:
        # Also a refused sender or log-in: the installation's fault, the same for every mail.
        raise ServerUnavailableError(one_line(f"{type(error).__name__}: {error}")) from error


def _raise_for(code: int, words: bytes | str) -> None:
    line = _line_of(code, words)
    raise MailRefusedError(line) if code >= _PERMANENT else TryLaterError(line)


def _line_of(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return one_line(f"{code} {text}")
