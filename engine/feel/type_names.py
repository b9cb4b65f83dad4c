"""Reads types where they are written: behind ``instance of`` and behind parameters."""

from typing import Final

from engine.feel.cursor import Cursor
from engine.feel.phrases import Phrases
from engine.feel.tokens import Kind
from engine.feel.types import ANY, SAME, SIMPLE_TYPES, Type

_MAX_LEVELS: Final = 20
_BUILT_IN: Final = Phrases(SIMPLE_TYPES | SAME.keys())
_SHORT: Final = {"any": "Any", "null": "Null"}
"""How these types are written in some models."""


def parse_type(cursor: Cursor, levels: int = _MAX_LEVELS) -> Type:
    """Parse a type such as ``number``, ``list<string>`` or ``context<a: date>``.

    Raises:
        FeelSyntaxError: it is none, nobody has declared it, or it is nested too deeply.

    """
    if not levels:
        raise cursor.error("too_deep", code="too_deep", limit=_MAX_LEVELS)
    if declared := _declared(cursor):
        return declared
    name = _built_in(cursor)
    if name == "function":
        return _function(cursor, levels)
    members: list[tuple[str, Type]] = []
    if name in ("list", "range", "context") and cursor.accept("<"):
        members = _members(cursor, levels, has_keys=name == "context")
    if name in ("list", "range") and len(members) > 1:
        raise cursor.error("one_type", name=name)
    return Type(name, tuple(members))


def _declared(cursor: Cursor) -> Type | None:
    """The longest name that a decision model gave to a type."""
    name = cursor.take_phrase(cursor.type_phrases)
    if name is None and cursor.token.text in cursor.types:
        name = cursor.advance().text
    return None if name is None else cursor.types[name]


def _built_in(cursor: Cursor) -> str:
    name = cursor.take_phrase(_BUILT_IN)
    if name is None:
        if cursor.token.kind is not Kind.NAME and not cursor.at("function", "null"):
            raise cursor.error("type")
        name = _SHORT.get(cursor.token.text, cursor.token.text)
        if name not in SIMPLE_TYPES:
            raise cursor.error("unknown_type", code="unknown_type")
        cursor.advance()
    return SAME.get(name, name)


def _function(cursor: Cursor, levels: int) -> Type:
    if not cursor.accept("<"):
        return Type("function")
    parameters = _members(cursor, levels, has_keys=False)
    result = parse_type(cursor, levels - 1) if cursor.accept("->") else ANY
    return Type("function", tuple(parameters), result)


def _members(cursor: Cursor, levels: int, *, has_keys: bool) -> list[tuple[str, Type]]:
    members: list[tuple[str, Type]] = []
    while not cursor.accept(">"):
        if members:
            cursor.expect(",")
        key = ""
        if has_keys:
            key = cursor.take_name("entry", ends=(":",))
            cursor.expect(":")
        members.append((key, parse_type(cursor, levels - 1)))
    return members
