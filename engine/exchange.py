"""Definitions as people keep them outside, in the layout that is published: folders for git, zip files."""

import io
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from engine.bundles import MAX_BUNDLE_BYTES, MAX_FILES, SUFFIXES
from engine.errors import InvalidInputError

_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
"""What a zip says of every file, so that one definition gives one zip."""


def place_of(key: str, name: str) -> PurePosixPath:
    """Return where a file lies: forms in ``forms/KEY``, all else in ``processes/KEY``."""
    return PurePosixPath("forms" if name.endswith(".form") else "processes", key, name)


def write_folder(root: Path, key: str, files: Mapping[str, bytes]) -> list[Path]:
    """Write a definition below ``root``, take away what it no longer has, and return what has changed."""
    wanted = {root / place_of(key, name): content for name, content in files.items()}
    changed = [path for path in _present(root, key) if path not in wanted]
    for path in changed:
        path.unlink()
    for path, content in wanted.items():
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            changed.append(path)
    return sorted(changed)


def to_zip(key: str, files: Mapping[str, bytes]) -> bytes:
    """Return a definition as a zip file of the same layout."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(str(place_of(key, name)), _MOMENT), files[name])
    return packed.getvalue()


def from_zip(content: bytes) -> dict[str, bytes]:
    """Return the files of a definition in a zip file, whatever their folders; all others are left out.

    Raises:
        InvalidInputError: it is no zip file, has no diagram, is too big unpacked, or has a name twice.

    """
    files: dict[str, bytes] = {}
    room = MAX_BUNDLE_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in _members(archive):
                name = unicodedata.normalize("NFC", PurePosixPath(member.filename).name)
                with archive.open(member) as packed:
                    unpacked = packed.read(room + 1)
                room -= len(unpacked)
                if name in files or room < 0 or len(files) >= MAX_FILES:
                    raise InvalidInputError(f"the zip file has {name!r} twice, or too much")
                files[name] = unpacked
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise InvalidInputError("no zip file that can be read") from error
    if not any(name.endswith(".bpmn") for name in files):
        raise InvalidInputError("the zip file has no diagram")
    return files


def _members(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    for member in archive.infolist():
        name = PurePosixPath(member.filename).name
        if name.endswith(SUFFIXES) and not name.startswith(".") and "__MACOSX" not in member.filename:
            yield member


def _present(root: Path, key: str) -> list[Path]:
    folders = [root / "processes" / key, root / "forms" / key]
    return [path for folder in folders for suffix in SUFFIXES for path in folder.glob(f"*{suffix}")]
