"""Names and keys: what a field may be called."""

import re
from typing import Final

from engine.forms.model import Path
from engine.forms.problems import Findings

_NAME: Final = re.compile(r"[^\W\d]\w*")
_ID: Final = re.compile(r"[^\W\d][\w.-]*")
_PATH_IN_TEXT: Final = re.compile(r"\{\{\s*([^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*\}\}")
_MAX_KEY: Final = 200
_RESERVED: Final = frozenset({"csrf_token", "this", "parent", "item", "partial"})
"""Field names of our pages, and the names by which expressions reach rows."""
_WORDS: Final = frozenset(
    {"true", "false", "null", "and", "or", "not", "if", "then", "else", "for", "in", "return"}
    | {"some", "every", "satisfies", "between", "function"}
)
"""Words of FEEL: no expression could read a variable with this name."""


def is_id(text: str) -> bool:
    """Whether the text may be the id of a form or component."""
    return len(text) <= _MAX_KEY and _ID.fullmatch(text) is not None


def read_path(text: str) -> Path | None:
    """Return the path of names that ``text`` writes, or None if it is none."""
    names = tuple(text.split("."))
    if len(text) > _MAX_KEY or not all(_NAME.fullmatch(name) for name in names):
        return None
    return names


def read_key(text: str, findings: Findings, *, element_id: str | None) -> Path:
    """Return the path of a key, or an empty one after noting what is wrong with it."""
    path = read_path(text)
    if path is None:
        findings.add("bad_key", element_id=element_id, key=text, value=text)
        return ()
    if any(name.startswith("__") for name in path) or path[0] in _RESERVED or not _WORDS.isdisjoint(path):
        findings.add("reserved_key", element_id=element_id, key=text, value=text)
        return ()
    return path


def split_text(text: str) -> list[str]:
    """Split a text at its ``{{path}}``: plain parts at even places, paths at odd ones."""
    return _PATH_IN_TEXT.split(text)


def has_block(text: str) -> bool:
    """Whether the text has a template tag that is more than a path: ``{{#loop}}``, ``{{/if}}``."""
    return re.search(r"\{\{\s*[#/^>!&]", text) is not None
