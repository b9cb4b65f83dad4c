"""Makes the PDF of an official document from its template and its facts."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from engine.errors import EngineError
from engine.text import nfc
from processes.awards import typesetting

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ROOT: Final = Path(__file__).resolve().parents[1]
"""Templates lie below, and read nothing outside."""
WALL_SECONDS: Final = 60
CITY_HEAD: Final = "ỦY BAN NHÂN DÂN"
CITY_NAME: Final = "THÀNH PHỐ HẢI PHÒNG"
CITY: Final = "Hải Phòng"


@dataclass(frozen=True)
class PaperWords:
    """Words that every official document has, for pages that show one; ``official.typ`` prints the same."""

    state: str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    motto: str = "Độc lập - Tự do - Hạnh phúc"
    place: str = CITY
    number: str = "Số:"
    article: str = "Điều"
    receivers: str = "Nơi nhận:"
    position: str = "STT"
    bonus: str = "Tiền thưởng (đồng)"


@dataclass(frozen=True)
class Signature:
    """What stands above and below a signature."""

    lines: tuple[str, ...]
    name: str


class DocumentFailedError(EngineError):
    """A document could not be made; the message says what the typesetter said."""


def render_pdf(
    template: Path,
    data: "Mapping[str, Any] | DataclassInstance",
    *,
    fonts: Path | None = None,
    dated: datetime | None = None,
) -> bytes:
    """Return the PDF/A of a template below ``processes/``, filled with ``data``; takes half a second.

    ``data`` reaches the template as JSON text: nothing in it is read as markup. ``fonts`` is a folder; where
    it exists, no font of the system is used. ``dated`` is the moment the file says it was made, so that the
    same facts give the same bytes.

    Raises:
        DocumentFailedError: the template lies elsewhere or is wrong, or it took too long.

    """
    path = template.resolve()
    if not path.is_relative_to(ROOT) or not path.is_file():
        raise DocumentFailedError(f"{template} is no template of this house")
    request = {
        "template": str(path),
        "root": str(ROOT),
        "fonts": str(fonts) if fonts is not None and fonts.is_dir() else None,
        "data": json.dumps(_plain(data), ensure_ascii=False),
        "timestamp": int(dated.timestamp()) if dated else 0,
    }
    return _typeset(json.dumps(request).encode(), path.name)


def _typeset(request: bytes, name: str) -> bytes:
    """Run the typesetter apart: what hangs can be stopped, and what it eats is not ours."""
    command = [sys.executable, "-I", typesetting.__file__]
    try:
        done = subprocess.run(  # noqa: S603  # our own script, no shell
            command, input=request, capture_output=True, timeout=WALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentFailedError(f"{name} took more than {WALL_SECONDS} seconds") from error
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        said = done.stderr.decode(errors="replace")[-2_000:]
        raise DocumentFailedError(f"{name} could not be typeset ({done.returncode}): {said}")
    return done.stdout


def store_pdf(files: Path, pdf: bytes) -> str:
    """Keep a document under its digest below ``files/documents`` and return the digest."""
    sha256 = hashlib.sha256(pdf).hexdigest()
    folder = files / "documents"
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{sha256}.part"
    unfinished.write_bytes(pdf)
    unfinished.replace(folder / f"{sha256}.pdf")
    return sha256


def official_date(day: date | None) -> str:
    """Return a day as documents write it: a zero before days below ten and before months one and two.

    Without a day the blanks a pen fills in. Decree 30/2020, annex I, part II, section 4.
    """
    if day is None:
        return f"{CITY}, ngày      tháng      năm"
    two_digits = {1, 2}
    month = f"{day.month:02d}" if day.month in two_digits else str(day.month)
    return f"{CITY}, ngày {day.day:02d} tháng {month} năm {day.year}"


def _plain(value: object) -> Any:  # noqa: ANN401  # JSON is of any kind
    """Return facts as JSON takes them, texts in NFC."""
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        members = cast("Mapping[object, object]", value)
        return {str(name): _plain(item) for name, item in members.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in cast("list[object]", value)]
    if isinstance(value, str):
        return nfc(value)
    return value.isoformat() if isinstance(value, date) else value
