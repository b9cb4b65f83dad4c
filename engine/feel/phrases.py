"""Names of several words: only who knows them can tell where they end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from engine.feel.errors import FeelSyntaxError
from engine.feel.tokens import Kind, Token, collapse, tokenize

Words = tuple[str, ...]

_MAX_WORDS: Final = 40
"""A name of more words is not recognised."""
_LONGEST: Final = 500
"""Nor is one of more characters."""
_QUOTED: Final = (Kind.STRING, Kind.QUOTED_NAME)


@dataclass(slots=True)
class _Branch:
    """The names that go on with some words in common."""

    by_word: dict[str, "_Branch"] = field(default_factory=dict[str, "_Branch"])
    names: dict[str, str] = field(default_factory=dict[str, str])
    """Those that end here, by how they are written: ``a-b`` and ``a - b`` are two."""


class Phrases:
    """Names that are written in several words."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._root = _Branch()
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Add a name, unless it consists of one word."""
        words = words_of(name)
        if not 1 < len(words) <= _MAX_WORDS:
            return
        branch = self._root
        for word in words:
            branch = branch.by_word.setdefault(word, _Branch())
        branch.names[collapse(name)] = name

    def longest_at(self, tokens: Sequence[Token], start: int, text: str) -> tuple[str, int] | None:
        """Return the longest name that stands in the text at a token, with its number of tokens."""
        branch, found = self._root, None
        for position in range(start, min(start + _MAX_WORDS, len(tokens))):
            token = tokens[position]
            following = branch.by_word.get(token.text)
            if following is None or token.kind in _QUOTED:
                break
            branch = following
            if branch.names and (name := branch.names.get(collapse(text[tokens[start].start : token.end]))):
                found = name, position - start + 1
        return found


def words_of(name: str) -> Words:
    """Return the texts of the tokens a name consists of; a name that cannot be read is one word."""
    return (name,) if name.isidentifier() or len(name) > _LONGEST else _read(name)


@lru_cache(maxsize=4096)
def _read(name: str) -> Words:
    try:
        tokens = tokenize(name)[:-1]
    except FeelSyntaxError:
        return (name,)
    if not tokens or any(token.kind in _QUOTED for token in tokens):
        return (name,)
    return tuple(token.text for token in tokens)
