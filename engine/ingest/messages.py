"""The sentences for people: what is wrong and how to put it right, in Vietnamese and English."""

import unicodedata
from dataclasses import dataclass
from typing import Final

from engine.ingest.problems import Severity
from engine.ingest.sentences_expressions import EXPRESSION_SENTENCES, PLACES
from engine.ingest.sentences_files import FILE_SENTENCES
from engine.ingest.sentences_graph import GRAPH_SENTENCES
from engine.ingest.sentences_soundness import SOUNDNESS_SENTENCES
from engine.ingest.sentences_texts import TEXT_SENTENCES

LONGEST_QUOTE: Final = 80
LONGEST_LIST: Final = 400
_LISTS: Final = frozenset({"way", "way_en", "example", "example_en"})
"""Parameters that name many things."""

_SENTENCES: Final = {
    **FILE_SENTENCES,
    **EXPRESSION_SENTENCES,
    **GRAPH_SENTENCES,
    **SOUNDNESS_SENTENCES,
    **TEXT_SENTENCES,
}


@dataclass(frozen=True)
class Message:
    """A problem in words."""

    severity: Severity
    vi: str
    en: str


def message(code: str, parameters: dict[str, str]) -> Message:
    """Return the sentence of ``code``; ``place`` among the parameters is put into words of each language.

    Raises:
        KeyError: no such code.

    """
    severity, vi, en = _SENTENCES[code]
    quoted = {name: quote(value, _longest(name)) for name, value in parameters.items()}
    if "place" in parameters:
        place_vi, place_en = PLACES[parameters["place"]]
        return Message(
            severity, vi.format(**quoted | {"place": place_vi}), en.format(**quoted | {"place": place_en})
        )
    return Message(severity, vi.format(**quoted), en.format(**quoted))


def _longest(parameter: str) -> int:
    return LONGEST_LIST if parameter in _LISTS else LONGEST_QUOTE


def quote(value: str, longest: int = LONGEST_QUOTE) -> str:
    """Return ``value`` as a page or terminal may show it: short, and with nothing that they would obey."""
    return visible(value if len(value) <= longest else value[:longest] + "…")


def visible(text: str) -> str:
    """Return ``text`` with control and other invisible characters spelled out."""
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character == " " or unicodedata.category(character)[0] in "LMNPS":
        return character
    return "·" if character in "\t\r\n" else f"\\u{ord(character):04x}"
