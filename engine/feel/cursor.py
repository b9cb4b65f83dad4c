"""Where the parser stands: the tokens, the nesting, and the names that are bound at this place."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from engine.feel.errors import FeelSyntaxError
from engine.feel.limits import MAX_NESTING
from engine.feel.nodes import Node
from engine.feel.phrases import Phrases
from engine.feel.tokens import Kind, Token, collapse, tokenize
from engine.feel.types import Type

COMPARE: Final = 3
"""How strongly comparisons bind; ``or`` and ``and`` bind less, arithmetic more."""
COMPARATORS: Final = ("=", "!=", "<", "<=", ">", ">=")
_WORD_KINDS: Final = frozenset({Kind.NAME, Kind.KEYWORD})
_NAME_SYMBOLS: Final = frozenset({".", "/", "-", "'", "+", "*", "**"})
"""What may stand inside a name beside letters and digits."""


@dataclass
class _Names:
    """What one part of the expression binds."""

    names: set[str] = field(default_factory=set[str])
    phrases: Phrases = field(default_factory=Phrases)


@dataclass(frozen=True)
class Known:
    """What an expression may take for known beside what FEEL brings."""

    names: frozenset[str] = frozenset()
    """Variables, of one word or several."""
    members: frozenset[str] = frozenset()
    """Entries of contexts whose names have several words."""
    types: frozenset[tuple[str, Type]] = frozenset()
    """Types that a decision model declares, by name."""


@dataclass(frozen=True)
class Repeated:
    """A part of the expression with its number of tokens and its nesting."""

    node: Node
    cost: int
    depth: int
    uses: frozenset[str]
    """The variables it mentions."""


class Cursor:
    """A place in the tokens of one expression, and what was learnt on the way to it."""

    def __init__(self, text: str, *, known: Known, parse: Callable[["Cursor", int], Node]) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.position = 0
        self.depth = 0
        self.is_range_end = False
        """Whether the operand ends a range, so that ``[`` may close it."""
        self.uses_input = False
        """Whether ``?`` was met."""
        self.deepest = 0
        """The deepest level since somebody set it back."""
        self.met: set[str] = set()
        """The variables that were mentioned since somebody emptied this."""
        self.patterns = 0
        """How many regular expressions stand in the text."""
        self.functions: set[str] = set()
        """The built-in functions that are called."""
        self.free: set[str] = set()
        self.free_outside_filters: set[str] = set()
        self.paths: set[tuple[str, ...]] = set()
        self.types = dict(known.types)
        self.type_phrases = Phrases(self.types)
        self._parse = parse
        self._filters = 0
        self._bound: list[_Names] = [_Names()]
        self._members = Phrases(known.members)
        for name in known.names:
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
            raise self.error("symbol", symbol=text)

    def expect_end(self) -> None:
        """Check that nothing follows.

        Raises:
            FeelSyntaxError: something does.

        """
        if self.token.kind is not Kind.END:
            raise self.error("end")

    def error(self, reason: str, *, code: str = "syntax", **parameters: object) -> FeelSyntaxError:
        """Return an error of one of the reasons, which says what stands at this place instead."""
        token = self.token
        if self.at("'"):
            reason = "single_quotes"
        if token.kind is not Kind.END:
            parameters["found"] = f"'{token.text[:40]}'"
        return FeelSyntaxError(reason, position=token.start, code=code, **parameters)

    def nested(self, power: int = 0) -> Node:
        """Parse an expression one level deeper.

        Raises:
            FeelSyntaxError: it is none, or nested too deeply.

        """
        if self.depth >= MAX_NESTING:
            raise self.error("too_deep", code="too_deep", limit=MAX_NESTING)
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
        start, met, deepest = self.position, self.met, self.deepest
        self.met, self.deepest = set(), self.depth
        node = self.nested()
        part = Repeated(node, self.position - start, self.deepest - self.depth, frozenset(self.met))
        met |= self.met
        self.met, self.deepest = met, max(deepest, self.deepest)
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
        self._bound[-1].names.add(name)
        self._bound[-1].phrases.add(name)

    def bind_entry(self, name: str) -> None:
        """Bind the entry of a context, which is also a property from here on."""
        self.bind(name)
        self._members.add(name)

    def is_bound(self, name: str) -> bool:
        """Whether the name is bound inside the expression or known from outside."""
        return any(name in level.names for level in self._bound)

    def is_local(self, name: str) -> bool:
        """Whether the name is bound inside the expression."""
        return any(name in level.names for level in self._bound[1:])

    def note_free(self, name: str) -> None:
        """Remember a variable that is mentioned, if it comes from outside."""
        self.met.add(name)
        if self.is_local(name):
            return
        self.free.add(name)
        if not self._filters:
            self.free_outside_filters.add(name)

    def take_phrase(self, *levels: Phrases) -> str | None:
        """Step behind the longest of these names that stands here; return it, as it was made known."""
        here = self.tokens, self.position, self.text
        found = [place for phrases in levels if (place := phrases.longest_at(*here))]
        if not found:
            return None
        name, count = max(found, key=lambda place: place[1])
        self.position += count
        return name

    def take_bound_phrase(self) -> str | None:
        """Step behind the longest name of several words that is bound here; return it."""
        levels = [level.phrases for level in reversed(self._bound)]
        return self.take_phrase(*levels, self._members) if self._filters else self.take_phrase(*levels)

    def written(self, count: int) -> str:
        """Return the next ``count`` tokens as they are written."""
        return self.text[self.token.start : self.ahead(count - 1).end]

    def take_name(self, reason: str, *, ends: tuple[str, ...]) -> str:
        """Step behind a name that is new here, and return it; one of ``ends`` has to stand behind it.

        ``reason`` is that of the error if there is none.

        Raises:
            FeelSyntaxError: no name stands here.

        """
        if self.token.kind is Kind.QUOTED_NAME:
            return self.advance().text
        count = self.count_name_words(ends)
        if not count:
            raise self.error(reason)
        name = collapse(self.written(count))
        self.position += count
        return name

    def count_name_words(self, ends: tuple[str, ...]) -> int:
        """Return how many tokens a new name has that stands here, up to one of ``ends``; 0 if none does."""
        count = 0
        while (token := self.ahead(count)).text not in ends and (
            token.kind in _WORD_KINDS
            or (count and (token.kind is Kind.NUMBER or token.text in _NAME_SYMBOLS))
        ):
            count += 1
        return count

    def take_property(self) -> str:
        """Step behind the name of a property, and return it: one that is known, or all words that stand here.

        Raises:
            FeelSyntaxError: no name stands here.

        """
        if self.token.kind is Kind.QUOTED_NAME:
            return self.advance().text
        if name := self.take_phrase(self._members, *(level.phrases for level in self._bound)):
            return name
        if self.token.kind not in _WORD_KINDS:
            raise self.error("property")
        count = 1
        while self.ahead(count).kind in (Kind.NAME, Kind.NUMBER) and not self._is_defined_stands(count):
            count += 1
        name = collapse(self.written(count))
        self.position += count
        return name

    def _is_defined_stands(self, count: int) -> bool:
        return self.ahead(count).text == "is" and self.ahead(count + 1).text == "defined"
