"""Tells by its content what a file is, and refuses what may do harm to whoever opens it."""

import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from engine.errors import InvalidInputError
from engine.files.pages import is_picture_cut, is_without_pages

_UNPACKED_LIMIT_BYTES: Final = 50 * 1024 * 1024
_RATIO_LIMIT: Final = 100
_MEMBERS_LIMIT: Final = 5_000
_CHUNK: Final = 256 * 1024
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = 0x1


class FileRefusedError(InvalidInputError):
    """A file is not taken.

    ``code``: empty, too_big, kind, macros, old_office, bomb, damaged, encrypted, no_pages, not_asked_for (its
    kind is taken elsewhere) or twice (it is among the answers already).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class FileKind:
    """What a file is: its media type and the ending its name gets."""

    media_type: str
    suffix: str


_PDF: Final = FileKind("application/pdf", ".pdf")
_PNG: Final = FileKind("image/png", ".png")
_JPEG: Final = FileKind("image/jpeg", ".jpg")
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_DOCX: Final = FileKind(f"{_OFFICE}.wordprocessingml.document", ".docx")
_XLSX: Final = FileKind(f"{_OFFICE}.spreadsheetml.sheet", ".xlsx")
_ODT: Final = FileKind("application/vnd.oasis.opendocument.text", ".odt")
_ODS: Final = FileKind("application/vnd.oasis.opendocument.spreadsheet", ".ods")
_STARTS: Final = ((b"%PDF-", _PDF), (b"\x89PNG\r\n\x1a\n", _PNG), (b"\xff\xd8\xff", _JPEG))


def check_content(content: bytes) -> FileKind:
    """Return what the file is, whatever its name says.

    Taken are PDF, PNG, JPEG and the documents and tables of Word, Excel and LibreOffice without macros.

    Raises:
        FileRefusedError: it is something else, damaged, encrypted, empty, or unpacks to far too much.

    """
    if not content:
        raise FileRefusedError("empty", "the file is empty")
    if content.startswith(_OLE):
        raise FileRefusedError("old_office", "the file is in the old or encrypted format of Office")
    if content.startswith(b"PK\x03\x04"):
        return _check_package(content)
    for start, kind in _STARTS:
        if content.startswith(start):
            return _check_drawn(content, kind)
    raise FileRefusedError("kind", "the file is no PDF, picture, or document of Word, Excel or LibreOffice")


def is_asked_for(kind: FileKind, accept: Collection[str]) -> bool:
    """Whether a kind is among those a field names: endings, media types, ``image/*``; all in lower case."""
    family = f"{kind.media_type.partition('/')[0]}/*"
    names = {kind.suffix, kind.media_type, family, *({".jpeg"} if kind is _JPEG else ())}
    return not names.isdisjoint(accept)


def _check_drawn(content: bytes, kind: FileKind) -> FileKind:
    if kind is _PDF and is_without_pages(content):
        raise FileRefusedError("no_pages", "the PDF has no page")
    if kind is not _PDF and is_picture_cut(content):
        raise FileRefusedError("damaged", "the picture has no size or no end")
    return kind


def _check_package(content: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            _check_members(package.infolist(), len(content))
            for member in package.infolist():
                _unpack(package, member)
            return _kind_of_package(package)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError, OSError) as error:
        raise FileRefusedError("damaged", f"the package is damaged: {error!r}") from error


def _check_members(members: list[zipfile.ZipInfo], packed_bytes: int) -> None:
    """Refuse by the directory alone, before anything is unpacked."""
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise FileRefusedError("encrypted", "the package is encrypted")
    unpacked_bytes = sum(member.file_size for member in members)
    is_bomb = unpacked_bytes > _UNPACKED_LIMIT_BYTES or unpacked_bytes > packed_bytes * _RATIO_LIMIT
    if is_bomb or len(members) > _MEMBERS_LIMIT:
        raise FileRefusedError("bomb", f"{len(members)} members unpack to {unpacked_bytes} bytes")
    names = [member.filename for member in members]
    if len(set(names)) != len(names) or any(_is_outside(name) for name in names):
        raise FileRefusedError("damaged", "names in the package repeat or lead outside")
    if any(_is_macro(name.lower()) for name in names):
        raise FileRefusedError("macros", "the document has macros")


def _is_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/")


def _is_macro(name: str) -> bool:
    return name.endswith(("vbaproject.bin", "vbadata.xml")) or name.startswith(("basic/", "scripts/"))


def _unpack(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read a member through: what the directory claims about size and checksum must be true."""
    left = member.file_size
    with package.open(member) as stream:
        start = stream.read(len(_OLE))
        if start == _OLE:
            raise FileRefusedError("macros", f"{member.filename} is an embedded object")
        left -= len(start)
        while chunk := stream.read(_CHUNK):
            left -= len(chunk)
    if left:
        raise FileRefusedError("damaged", f"{member.filename} has another size than claimed")


def _kind_of_package(package: zipfile.ZipFile) -> FileKind:
    names = set(package.namelist())
    if "mimetype" in names:
        media_type = package.read("mimetype").decode("ascii", errors="replace")
        for kind in (_ODT, _ODS):
            if media_type == kind.media_type:
                return kind
    if "[Content_Types].xml" in names:
        if b"macroenabled" in package.read("[Content_Types].xml").replace(b"\0", b"").lower():
            raise FileRefusedError("macros", "the document may have macros")
        if "word/document.xml" in names:
            return _DOCX
        if "xl/workbook.xml" in names:
            return _XLSX
    raise FileRefusedError("kind", "the package is no document of Word, Excel or LibreOffice")
