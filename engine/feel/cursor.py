"""Where the parser stands: the tokens, the nesting, and the names that are bound at this place."""

from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from engine.feel.errors import FeelSyntaxError
from engine.feel.limits import MAX_NESTING
from engine.feel.nodes import Node
from engine.feel.tokens import Kind, Token, tokenize

Words = tuple[str, ...]

COMPARE: Final = 3
"""How strongly comparisons bind; ``or`` and ``and`` bind less, arithmetic more."""
COMPARATORS: Final = ("=", "!=", "<", "<=", ">", ">=")
_WORD_KINDS: Final = frozenset({Kind.NAME, Kind.KEYWORD})
_MAX_WORDS: Final = 20


@dataclass
class _Names:
    """What one part of the expression binds; ``phrases`` are the names of several words."""

    names: set[str] = field(default_factory=set[str])
    phrases: dict[Words, str] = field(default_factory=dict[Words, str])


@dataclass(frozen=True)
class Repeated:
    """A part of the expression with its number of tokens and its nesting."""

    node: Node
    cost: int
    depth: int
    uses_partial: bool


class Cursor:
    """A place in the tokens of one expression, and what was learnt on the way to it."""

    def __init__(self, text: str, *, known: Collection[str], parse: Callable[["Cursor", int], Node]) -> None:
        self.tokens = tokenize(text)
        self.position = 0
        self.depth = 0
        self.is_range_end = False
        """Whether the operand ends a range, so that ``[`` may close it."""
        self.uses_input = False
        """Whether ``?`` was met."""
        self.deepest = 0
        """The deepest level since somebody set it back."""
        self.partials = 0
        """How often the name ``partial`` was met."""
        self.functions: set[str] = set()
        """The built-in functions that are called."""
        self.free: set[str] = set()
        self.free_outside_filters: set[str] = set()
        self.paths: set[tuple[str, ...]] = set()
        self._parse = parse
        self._filters = 0
        self._bound: list[_Names] = [_Names()]
        self._max_words = 1
        for name in known:
            self.bind(name)

    @property
    def token(self) -> Token:
        """The token at this place."""
        return self.tokens[self.position]

    def ahead(self, count: int) -> Token:
        """Return the token ``count`` places further on, or the end."""
        return self.tokens[min(self.position + count, len(self.tokens) - 1)]

    def at(self, *texts: str) -> bool:
        """Whether a symbol or keyword of this text stands here."""
        return self.token.text in texts and self.token.kind in (Kind.SYMBOL, Kind.KEYWORD)

    def advance(self) -> Token:
        """Return the token at this place and step behind it."""
        token = self.token
        self.position += 1
        return token

    def accept(self, text: str) -> bool:
        """Step behind this symbol or keyword if it stands here."""
        if not self.at(text):
            return False
        self.position += 1
        return True

    def expect(self, text: str) -> None:
        """Step behind this symbol or keyword.

        Raises:
            FeelSyntaxError: something else stands here.

        """
        if not self.accept(text):
            raise self.error(f"expected '{text}'")

    def error(self, message: str, *, code: str = "syntax") -> FeelSyntaxError:
        """Return an error that says what stands at this place instead."""
        token = self.token
        found = token.kind.value if token.kind is Kind.END else f"'{token.text[:40]}'"
        return FeelSyntaxError(f"{message}, found {found}", position=token.start, code=code)

    def nested(self, power: int = 0) -> Node:
        """Parse an expression one level deeper.

        Raises:
            FeelSyntaxError: it is none, or nested too deeply.

        """
        if self.depth >= MAX_NESTING:
            raise FeelSyntaxError(
                f"an expression is nested at most {MAX_NESTING} levels deep",
                position=self.token.start,
                code="too_deep",
            )
        self.depth += 1
        self.deepest = max(self.deepest, self.depth)
        is_range_end, self.is_range_end = self.is_range_end, False
        node = self._parse(self, power)
        self.is_range_end = is_range_end
        self.depth -= 1
        return node

    def repeated(self) -> Repeated:
        """Parse a part that may be evaluated many times, and measure it.

        Raises:
            FeelSyntaxError: it is none, or nested too deeply.

        """
        start, partials, deepest = self.position, self.partials, self.deepest
        self.deepest = self.depth
        node = self.nested()
        part = Repeated(node, self.position - start, self.deepest - self.depth, self.partials > partials)
        self.deepest = max(deepest, self.deepest)
        return part

    def binary(self, power: int) -> Node:
        """Parse the right operand of an operator."""
        return self._parse(self, power)

    @contextmanager
    def binding(self, *names: str) -> Generator[None]:
        """Bind names for a part of the expression; ``bind`` adds more to the same part."""
        self._bound.append(_Names())
        for name in names:
            self.bind(name)
        yield
        self._bound.pop()

    @contextmanager
    def filtering(self) -> Generator[None]:
        """Parse the condition of a filter, where a name may be a property of the item."""
        self._filters += 1
        with self.binding("item"):
            yield
        self._filters -= 1

    def bind(self, name: str) -> None:
        """Bind a name for the rest of the innermost part."""
        words = words_of(name)
        self._bound[-1].names.add(name)
        if len(words) > 1:
            self._bound[-1].phrases[words] = name
            self._max_words = min(max(self._max_words, len(words)), _MAX_WORDS)

    def is_bound(self, name: str) -> bool:
        """Whether the name is bound inside the expression or known from outside."""
        return any(name in level.names for level in self._bound)

    def is_local(self, name: str) -> bool:
        """Whether the name is bound inside the expression."""
        return any(name in level.names for level in self._bound[1:])

    def note_free(self, name: str) -> None:
        """Remember a variable that comes from outside."""
        self.partials += name == "partial"
        if self.is_local(name):
            return
        self.free.add(name)
        if not self._filters:
            self.free_outside_filters.add(name)

    def longest_bound_name(self) -> tuple[str, int] | None:
        """Return the longest bound name of several words that stands here, with its number of tokens."""
        for count in range(self._max_words, 1, -1):
            words = tuple(self.ahead(i).text for i in range(count))
            for level in reversed(self._bound):
                if words in level.phrases:
                    return level.phrases[words], count
        return None

    def stands_here(self, words: Words) -> bool:
        """Whether the next tokens have these texts."""
        if self.token.kind is not Kind.NAME or self.token.text != words[0]:
            return False
        return all(
            self.ahead(i).text == word and self.ahead(i).kind is not Kind.STRING
            for i, word in enumerate(words)
        )

    def take_name(self, what: str) -> str:
        """Step behind a name, which may consist of several words, and return it.

        Raises:
            FeelSyntaxError: no name stands here.

        """
        if self.token.kind is Kind.QUOTED_NAME:
            return self.advance().text
        if self.token.kind not in _WORD_KINDS:
            raise self.error(f"expected {what}")
        words = [self.advance().text]
        while self.token.kind is Kind.NAME and not self._at_is_defined():
            words.append(self.advance().text)
        return " ".join(words)

    def _at_is_defined(self) -> bool:
        return self.token.text == "is" and self.ahead(1).text == "defined"


def words_of(name: str) -> Words:
    """Return the texts of the tokens a name consists of; a name that cannot be read is one word."""
    if name.isidentifier():
        return (name,)
    try:
        return tuple(token.text for token in tokenize(name)[:-1]) or (name,)
    except FeelSyntaxError:
        return (name,)
