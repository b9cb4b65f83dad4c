"""Packs the files of a definition into one value with a digest, and unpacks only what is whole."""

import hashlib
import struct
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import zstandard

from engine.errors import EngineError, InvalidInputError

SUFFIXES: Final = (".bpmn", ".dmn", ".form", ".text")
MAX_BUNDLE_BYTES: Final = 32 * 1024 * 1024
MAX_FILES: Final = 300
MAX_NAME: Final = 120
_HEADER: Final = b"vinhdanh bundle 1\n"


class BundleDamagedError(EngineError):
    """The stored files of a version are not what was stored; restore them from a backup."""


def canonical(files: Mapping[str, bytes]) -> bytes:
    """Return the bytes that stand for ``files``, whatever the order they came in."""
    parts = [_HEADER]
    for name in sorted(files):
        encoded = name.encode()
        parts += [struct.pack(">II", len(encoded), len(files[name])), encoded, files[name]]
    return b"".join(parts)


def digest(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over the canonical content."""
    return hashlib.sha256(canonical(files)).hexdigest()


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return ``files`` as one compressed value.

    Raises:
        InvalidInputError: a name is no plain file name of a known kind, or there is too much.

    """
    for name in files:
        _check_name(name)
    content = canonical(files)
    if len(files) > MAX_FILES or len(content) > MAX_BUNDLE_BYTES:
        raise InvalidInputError(f"a definition holds at most {MAX_FILES} files and {MAX_BUNDLE_BYTES} bytes")
    return zstandard.ZstdCompressor(level=9).compress(content)


def unpack(packed: bytes, sha256: str) -> dict[str, bytes]:
    """Return the files in ``packed``.

    Raises:
        BundleDamagedError: they do not have the digest ``sha256``.

    """
    try:
        content = zstandard.ZstdDecompressor().decompress(packed, max_output_size=MAX_BUNDLE_BYTES)
    except zstandard.ZstdError as error:
        raise BundleDamagedError(f"bundle {sha256} cannot be unpacked") from error
    if hashlib.sha256(content).hexdigest() != sha256 or not content.startswith(_HEADER):
        raise BundleDamagedError(f"bundle {sha256} has another digest")
    return _split(memoryview(content)[len(_HEADER) :])


def folder_files(folder: Path) -> dict[str, bytes]:
    """Return the files of the definition in ``folder``: its own, and the forms kept in ``forms/`` beside it.

    ``processes/errand`` takes its forms from ``forms/errand``.
    """
    forms = folder.resolve().parent.parent / "forms" / folder.resolve().name
    paths = [path for suffix in SUFFIXES for path in folder.glob(f"*{suffix}")]
    paths += forms.glob("*.form") if forms.is_dir() else []
    return {path.name: path.read_bytes() for path in sorted(paths)}


def _split(content: memoryview) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    while content:
        name_length, length = struct.unpack_from(">II", content)
        end = 8 + name_length + length
        files[bytes(content[8 : 8 + name_length]).decode()] = bytes(content[8 + name_length : end])
        content = content[end:]
    return files


def _check_name(name: str) -> None:
    plain = all(unicodedata.category(character)[0] in "LNPSM" or character == " " for character in name)
    if not plain or any(mark in name for mark in "/\\:") or name.startswith("."):
        raise InvalidInputError(f"not a plain file name: {name!r}")
    if len(name) > MAX_NAME or not name.endswith(SUFFIXES):
        raise InvalidInputError(f"not a file of a definition: {name!r}")
