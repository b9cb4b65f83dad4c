"""Names of files as people may safely download them."""

import re
import unicodedata
from typing import Final

from engine.text import nfc

_FORBIDDEN: Final = re.compile(r'[<>:"|?*\x00-\x1f]')
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_LONGEST: Final = 120
_NAMELESS: Final = "tep"


def clean_name(name: str, suffix: str) -> str:
    """Return the last part of a name without anything that deceives or breaks, ending in ``suffix``.

    Directions of writing, invisible letters, control characters, paths, and names of devices are taken out; a
    name with another ending gets the right one after it.
    """
    last = re.split(r"[/\\]", nfc(name))[-1]
    visible = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    plain = " ".join(_FORBIDDEN.sub(" ", visible).split()).rstrip(". ")
    stem = plain[: -len(suffix)] if plain.lower().endswith(suffix) else plain
    stem = stem.strip(". ")[:_LONGEST].strip(". ") or _NAMELESS
    return f"_{stem}{suffix}" if _DEVICES.fullmatch(stem) else f"{stem}{suffix}"
