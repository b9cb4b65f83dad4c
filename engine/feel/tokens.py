"""Cuts the text of an expression into tokens, in linear time."""

import re
import sys
from dataclasses import dataclass
from enum import Enum
from typing import Final

from engine.feel.errors import FeelSyntaxError
from engine.feel.limits import MAX_CHARACTERS


class Kind(Enum):
    """What a token is."""

    NUMBER = "number"
    STRING = "string"
    NAME = "name"
    QUOTED_NAME = "quoted name"
    KEYWORD = "keyword"
    SYMBOL = "symbol"
    END = "end of the expression"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the language; ``text`` of a string or quoted name is what stands between the quotes."""

    kind: Kind
    text: str
    start: int
    end: int


KEYWORDS: Final = frozenset(
    {"if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "between"}
    | {"instance", "of", "function", "external", "true", "false", "null"}
)

# The letters of the DMN standard (grammar rules 28 and 29) without the two invisible joiners.
_START = (
    r"A-Za-z_\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u167F\u1681-\u1FFF"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFE\uFF00-\uFFFD\U00010000-\U000EFFFF"
)
_SPACE = r"\s\u1680\u180E\u2000-\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF"
_TOKEN: Final = re.compile(
    rf"""
      (?P<space>   [{_SPACE}]+ | //[^\n]* | /\*[^*]*\*+(?:[^/*][^*]*\*+)*/ )
    | (?P<number>  (?:[0-9]+(?:\.[0-9]+)? | \.[0-9]+) (?:[eE][+-]?[0-9]+)? )
    | (?P<string>  "[^"\\]*(?:\\.[^"\\]*)*" )
    | (?P<quoted>  `[^`\n]+` )
    | (?P<name>    [{_START}][{_START}0-9\u00B7\u0300-\u036F\u203F\u2040]* )
    | (?P<symbol>  \.\. | \*\* | <= | >= | != | -> | [-+*/=<>()\[\]{{}},:.@?'] )
    """,
    re.VERBOSE | re.DOTALL,
)
_KIND_OF_GROUP: Final = {
    "number": Kind.NUMBER,
    "string": Kind.STRING,
    "quoted": Kind.QUOTED_NAME,
    "name": Kind.NAME,
    "symbol": Kind.SYMBOL,
}
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_SIMPLE_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_OPENINGS: Final = {
    '"': "text_open",
    "/*": "comment_open",
    "`": "name_open",
}
_WHITE: Final = re.compile(f"[{_SPACE}]+")


def collapse(text: str) -> str:
    """Return a name with one space wherever it has white space, as the standard compares names."""
    return _WHITE.sub(" ", text).strip()


def tokenize(text: str) -> list[Token]:
    """Cut a text into tokens; the last is always the end.

    Raises:
        FeelSyntaxError: it is too long or contains what no token starts with.

    """
    if len(text) > MAX_CHARACTERS:
        raise FeelSyntaxError("too_long", position=0, code="too_long", limit=MAX_CHARACTERS, length=len(text))
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or (match.lastgroup == "symbol" and text.startswith("/*", position)):
            raise _unreadable(text, position)
        if match.lastgroup != "space":
            tokens.append(_token(match))
        position = match.end()
    tokens.append(Token(Kind.END, "", len(text), len(text)))
    return tokens


def _unreadable(text: str, position: int) -> FeelSyntaxError:
    for start, reason in _OPENINGS.items():
        if text.startswith(start, position):
            return FeelSyntaxError(reason, position=position)
    return FeelSyntaxError("meaningless", position=position, found=repr(text[position]))


def _token(match: re.Match[str]) -> Token:
    kind, text = _KIND_OF_GROUP[match.lastgroup or ""], match.group()
    if kind is Kind.NAME and text in KEYWORDS:
        kind = Kind.KEYWORD
    if kind is Kind.STRING:
        text = _unescape(text[1:-1], match.start() + 1)
    if kind is Kind.QUOTED_NAME:
        text = text[1:-1]
    if kind in (Kind.NAME, Kind.QUOTED_NAME) and text.startswith("__"):
        raise FeelSyntaxError("reserved_name", position=match.start(), code="reserved_name", name=text[:60])
    return Token(kind, text, match.start(), match.end())


def _unescape(text: str, position: int) -> str:
    r"""Replace escapes; a backslash before any other character stays, as in patterns such as ``\d``."""
    if "\\" not in text:
        return text

    def replace(match: re.Match[str]) -> str:
        digits = match[1] or match[2]
        if digits is None:
            return _SIMPLE_ESCAPES.get(match[3], match[0])
        code = int(digits, 16)
        if code > sys.maxunicode:
            raise FeelSyntaxError("no_character", position=position + match.start(), found=match[0])
        return chr(code)

    return _join_surrogates(_ESCAPE.sub(replace, text), position)


def _join_surrogates(text: str, position: int) -> str:
    """Make one character of an escaped pair of surrogates; half a pair is no text."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise FeelSyntaxError("half_character", position=position) from None
