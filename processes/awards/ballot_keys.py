"""Private keys of open ballots: files outside the database, destroyed after closing."""

import os
import secrets
from pathlib import Path

from nacl.public import PrivateKey

from engine.errors import EngineError


class BallotKeyLostError(EngineError):
    """The private key of a ballot is gone or damaged: members vote again under a new one."""


def create_key(folder: Path, session_id: int) -> bytes:
    """Make a key pair, keep the private one in ``folder`` for its owner alone, return the public one.

    The file's name carries the public key, so that an opening that was rolled back is never mistaken for one
    that was not.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = PrivateKey.generate()
    public = bytes(key.public_key)
    path = _path(folder, session_id, public)
    partial = path.with_name(f".{secrets.token_hex(8)}.part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, bytes(key))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    partial.rename(path)
    _sync_folder(folder)
    return public


def load_key(folder: Path, session_id: int, public_key: bytes) -> PrivateKey:
    """Return the private key that belongs to ``public_key``.

    Raises:
        BallotKeyLostError: it is not there, or is another's.

    """
    try:
        key = PrivateKey(_path(folder, session_id, public_key).read_bytes())
    except (OSError, ValueError, TypeError) as failure:
        raise BallotKeyLostError(f"the key of council session {session_id} is lost") from failure
    if bytes(key.public_key) != public_key:
        raise BallotKeyLostError(f"the key of council session {session_id} is another's")
    return key


def destroy_keys(folder: Path, session_id: int) -> None:
    """Overwrite and remove every key of a council session; what is gone already is no error."""
    found = list(folder.glob(f"{session_id:d}-*.key"))
    for path in found:
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        path.unlink(missing_ok=True)
    if found:
        _sync_folder(folder)


def sessions_with_keys(folder: Path) -> set[int]:
    """Return the ids of the council sessions of which a key file lies there."""
    return {
        int(path.name.partition("-")[0])
        for path in folder.glob("*-*.key")
        if path.name.partition("-")[0].isdecimal()
    }


def _path(folder: Path, session_id: int, public_key: bytes) -> Path:
    return folder / f"{session_id:d}-{public_key[:8].hex()}.key"


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
