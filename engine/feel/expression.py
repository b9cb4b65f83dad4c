"""Parsed expressions and cells of decision tables: what the rest of the program holds in its hands."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from engine.feel import repetition, steps, type_names
from engine.feel.compiler import Code, compile_node
from engine.feel.conditions import Check, compile_tests
from engine.feel.cursor import Known
from engine.feel.errors import FeelLimitError, FeelSyntaxError
from engine.feel.limits import MAX_NESTING, Environment, Run
from engine.feel.measure import measure
from engine.feel.nodes import Test
from engine.feel.parser import open_cursor, parse_whole
from engine.feel.scope import Scope
from engine.feel.types import Type
from engine.feel.unary import parse_tests
from engine.feel.values import Value

_SHORT: Final = 500
"""Longer texts take a lot of memory when compiled, so few of them are remembered."""
_STILL: Final = Environment()
_CONTAINERS: Final = (list, dict)
_NOTHING: Final = Known()
_NONE: Final[Mapping[str, Type]] = {}
_COMPILERS: Final = (repetition, steps)
"""Imported for what they register with the compiler."""


@dataclass(frozen=True)
class Expression:
    """An expression that was read and may be evaluated any number of times."""

    text: str
    names: frozenset[str]
    """The variables it may read, without those it binds itself."""
    paths: frozenset[tuple[str, ...]]
    """The properties it reads of them: ``("request", "unit_code")``."""
    filter_names: frozenset[str]
    """Those of ``names`` that occur only inside filters, where they may be properties of the item."""
    functions: frozenset[str]
    """The built-in functions it calls: with ``now`` among them, its value depends on more than variables."""
    _code: Code = field(repr=False, compare=False)

    def evaluate(self, variables: Mapping[str, Value], *, environment: Environment = _STILL) -> Value:
        """Return the value for these variables, which are not changed.

        Raises:
            FeelLimitError: the evaluation asks for too much.

        """
        run = Run(environment)
        try:
            value = self._code(Scope(variables, None, run))
        except RecursionError:
            raise FeelLimitError("the expression or its values are nested too deeply") from None
        if type(value) in _CONTAINERS:
            measure(value, run)
        return value

    def within(self, scope: Scope) -> Value:
        """Return the value as part of an evaluation under way, which meters it and catches recursion."""
        return self._code(scope)


@dataclass(frozen=True)
class UnaryTests:
    """The cell of a decision table: tests of which the tested value has to pass one."""

    text: str
    names: frozenset[str]
    paths: frozenset[tuple[str, ...]]
    functions: frozenset[str]
    """The built-in functions that are called."""
    is_negated: bool
    tests: tuple[Test, ...] = field(repr=False)
    """What the cell says, for those who compare cells; empty for ``-``."""
    _check: Check | None = field(repr=False, compare=False)
    """None for ``-``, which every value passes."""

    def evaluate(
        self, value: Value, variables: Mapping[str, Value], *, environment: Environment = _STILL
    ) -> bool | None:
        """Whether the value passes; null if that cannot be told.

        Raises:
            FeelLimitError: the evaluation asks for too much.

        """
        try:
            return self.within(value, Scope(variables, None, Run(environment)))
        except RecursionError:
            raise FeelLimitError("the tests or their values are nested too deeply") from None

    def within(self, value: Value, scope: Scope) -> bool | None:
        """Whether the value passes, as part of an evaluation under way; null if that cannot be told."""
        if self._check is None:
            return True
        passed = self._check(value, scope)
        return passed is not self.is_negated if isinstance(passed, bool) else None


def parse(
    text: str,
    names: Collection[str] = (),
    *,
    members: Collection[str] = (),
    types: Mapping[str, Type] = _NONE,
) -> Expression:
    """Return the expression that a text without the leading ``=`` stands for; the same text is read once.

    Decision models know more than diagrams: ``names`` are variables, which may consist of several words and
    may hold functions, ``members`` are entries of contexts with names of several words, ``types`` are those
    that the model declares.

    Raises:
        FeelSyntaxError: it is none, or one that we refuse.

    """
    read = _parse_short if len(text) <= _SHORT else _parse_long
    return read(text, _known(names, members, types))


def _known(names: Collection[str], members: Collection[str], types: Mapping[str, Type]) -> Known:
    if not names and not members and not types:
        return _NOTHING
    return Known(frozenset(names), frozenset(members), frozenset(types.items()))


def _parse(text: str, known: Known) -> Expression:
    try:
        cursor = open_cursor(text, known)
        code = compile_node(parse_whole(cursor))
    except RecursionError:
        raise _too_deep() from None
    return Expression(
        text=text,
        names=frozenset(cursor.free),
        paths=frozenset(cursor.paths),
        filter_names=frozenset(cursor.free - cursor.free_outside_filters),
        functions=frozenset(cursor.functions),
        _code=code,
    )


_parse_short: Final = lru_cache(maxsize=2048)(_parse)
_parse_long: Final = lru_cache(maxsize=16)(_parse)


def parse_unary_tests(
    text: str,
    names: Collection[str] = (),
    *,
    members: Collection[str] = (),
    types: Mapping[str, Type] = _NONE,
) -> UnaryTests:
    """Return the tests that the cell of a decision table stands for; the same text is read once.

    Raises:
        FeelSyntaxError: it is none, or one that we refuse.

    """
    read = _parse_short_tests if len(text) <= _SHORT else _parse_long_tests
    return read(text, _known(names, members, types))


def _parse_unary_tests(text: str, known: Known) -> UnaryTests:
    try:
        cursor = open_cursor(text, known)
        is_negated, tests = parse_tests(cursor)
        check = compile_tests(tests) if tests else None
    except RecursionError:
        raise _too_deep() from None
    return UnaryTests(
        text=text,
        names=frozenset(cursor.free),
        paths=frozenset(cursor.paths),
        functions=frozenset(cursor.functions),
        is_negated=is_negated,
        tests=tests,
        _check=check,
    )


_parse_short_tests: Final = lru_cache(maxsize=2048)(_parse_unary_tests)
_parse_long_tests: Final = lru_cache(maxsize=16)(_parse_unary_tests)


def parse_type(text: str, types: Mapping[str, Type] = _NONE) -> Type:
    """Return the type that a text such as ``list<number>`` stands for; ``types`` are declared elsewhere.

    Raises:
        FeelSyntaxError: it is none.

    """
    cursor = open_cursor(text, _known((), (), types))
    found = type_names.parse_type(cursor)
    cursor.expect_end()
    return found


def _too_deep() -> FeelSyntaxError:
    return FeelSyntaxError("too_deep", position=0, code="too_deep", limit=MAX_NESTING)


def evaluate(text: str, variables: Mapping[str, Value], *, environment: Environment = _STILL) -> Value:
    """Read an expression and return its value for these variables, whose names may consist of several words.

    Raises:
        FeelSyntaxError: it is none, or one that we refuse.
        FeelLimitError: the evaluation asks for too much.

    """
    expression = parse(text, variables, members=_members_of(variables.values()))
    return expression.evaluate(variables, environment=environment)


def unary_test(
    text: str, value: Value, variables: Mapping[str, Value], *, environment: Environment = _STILL
) -> bool | None:
    """Read the cell of a decision table and tell whether the value passes; null if that cannot be told.

    Raises:
        FeelSyntaxError: it is none, or one that we refuse.
        FeelLimitError: the evaluation asks for too much.

    """
    tests = parse_unary_tests(text, variables, members=_members_of((value, *variables.values())))
    return tests.evaluate(value, variables, environment=environment)


def names(text: str) -> frozenset[str]:
    """Return the variables that an expression reads.

    Raises:
        FeelSyntaxError: it is none, or one that we refuse.

    """
    return parse(text).names


def _members_of(level: Iterable[Value]) -> frozenset[str]:
    """Return the names of all entries, in contexts inside each other, that consist of more than one word."""
    found: set[str] = set()
    parts, seen = list(level), set[int]()
    while parts:
        part = parts.pop()
        if not isinstance(part, list | dict) or id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, dict):
            found.update(key for key in part if not key.isidentifier())
        parts += part.values() if isinstance(part, dict) else part
    return frozenset(found)
