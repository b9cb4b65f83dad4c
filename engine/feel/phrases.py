"""Names of several words: only who knows them can tell where they end."""

from collections.abc import Iterable
from functools import lru_cache

from engine.feel.errors import FeelSyntaxError
from engine.feel.tokens import Kind, collapse, tokenize

Words = tuple[str, ...]


class Phrases:
    """Names that are written in several words, found by the first of them."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, dict[Words, str]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Add a name, unless it consists of one word."""
        words = words_of(name)
        if len(words) > 1:
            known = self._by_first.setdefault(words[0], {})
            known[words] = name
            self._by_first[words[0]] = dict(sorted(known.items(), key=lambda entry: -len(entry[0])))

    def beginning_with(self, first: str) -> dict[Words, str]:
        """Return the names that begin with this word by their words, the longest first."""
        return self._by_first.get(first, {})


@lru_cache(maxsize=4096)
def words_of(name: str) -> Words:
    """Return the texts of the tokens a name consists of; a name that cannot be read is one word."""
    if name.isidentifier():
        return (name,)
    try:
        tokens = tokenize(name)[:-1]
    except FeelSyntaxError:
        return (name,)
    if not tokens or any(token.kind in (Kind.STRING, Kind.QUOTED_NAME) for token in tokens):
        return (name,)
    return tuple(token.text for token in tokens)


def is_written(name: str, text: str) -> bool:
    """Whether a text is this name, up to the white space between its words."""
    return collapse(name) == collapse(text)
