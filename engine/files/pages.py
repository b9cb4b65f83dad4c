"""Whether a PDF or a picture has anything on it, as far as can be said without drawing it."""

import re
import zlib
from collections.abc import Iterator
from typing import Final

_PAGE: Final = re.compile(rb"/Type\s{0,9}/Page(?![A-Za-z])")
_PACKED_OBJECTS: Final = re.compile(rb"/Type\s{0,9}/ObjStm")
_STREAM: Final = re.compile(rb"stream\r?\n")
_LONGEST_HEADER: Final = 2_000
_UNPACKED_LIMIT_BYTES: Final = 64 * 1024 * 1024
"""Of all streams together."""


def is_without_pages(pdf: bytes) -> bool:
    """Whether a PDF certainly has no page: none in the open, and none in streams that can all be read.

    Who cannot tell, as with an encrypted file, says no.
    """
    if _PAGE.search(pdf):
        return False
    return all(unpacked is not None and not _PAGE.search(unpacked) for unpacked in _packed_objects(pdf))


def is_picture_cut(content: bytes) -> bool:
    """Whether a PNG or JPEG is no whole picture: it has no size, or its end is missing."""
    if content.startswith(b"\x89PNG"):
        width, height = content[16:20], content[20:24]
        is_sized = content[12:16] == b"IHDR" and any(width) and any(height)
        return not is_sized or b"IEND" not in content[24:]
    return b"\xff\xd9" not in content[4:]


def _packed_objects(pdf: bytes) -> Iterator[bytes | None]:
    """Yield the streams in which a PDF keeps objects, unpacked up to a limit; None where that fails."""
    whole, left = memoryview(pdf), _UNPACKED_LIMIT_BYTES
    for found in _PACKED_OBJECTS.finditer(pdf):
        begin = _STREAM.search(pdf, found.end(), found.end() + _LONGEST_HEADER)
        if begin is None or left <= 0:
            yield None
            return
        try:
            unpacked = zlib.decompressobj().decompress(whole[begin.end() :], left)
        except zlib.error:
            yield None
            return
        left -= len(unpacked)
        yield unpacked
