"""Text that people type: normalised, and free of characters that hide or break something."""

import re
import unicodedata
from typing import Final

_LINE_ENDS: Final = re.compile(r"\r\n?|[\u0085\u2028\u2029]")
_HARMFUL: Final = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufffe\\uffff\\u202a-\\u202e\\u2066-\\u2069]"
)
"""Control characters, halves of surrogate pairs, and marks that turn the direction of what stands behind."""


def clean_text(text: str, *, many_lines: bool = False) -> str | None:
    """Return the text in NFC without spaces around it, or None if it holds a harmful character."""
    text = _LINE_ENDS.sub("\n", text) if many_lines else text.strip()
    text = unicodedata.normalize("NFC", text).strip()
    if _HARMFUL.search(text) or (not many_lines and "\n" in text):
        return None
    return text
