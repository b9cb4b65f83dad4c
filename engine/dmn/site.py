"""Where an expression of a model is compiled: what is in scope there, and how its texts become code."""

from dataclasses import dataclass, field, replace
from typing import Final

from engine import feel
from engine.dmn.cells import LITTLE
from engine.dmn.errors import DecisionFailedError, NotFittingError
from engine.dmn.reader import Source
from engine.dmn.spots import Spot
from engine.dmn.syntax import report_syntax
from engine.dmn.tables import Table
from engine.dmn.type_reading import Types
from engine.dmn.types import ANY, Type
from engine.feel import FeelLimitError, FeelSyntaxError, UnaryTests, Value
from engine.feel.compiler import Code
from engine.feel.functions import find as find_built_in
from engine.feel.scope import Scope

DEEPEST: Final = 30
LONGEST_TEXT: Final = 20_000


@dataclass(frozen=True)
class Vocabulary:
    """What the expressions of one file may know beside what is in their scope."""

    members: frozenset[str]
    """Names of several words that occur in the models, which may be entries of contexts."""
    declared: frozenset[str]
    """The names of all elements of the file, whether required or not."""
    types: dict[str, feel.Type]
    """What ``instance of`` and the parameters of functions may name."""


@dataclass
class Unit:
    """The element whose logic is compiled, and what is learnt of it on the way."""

    source: Source
    types: Types
    vocabulary: Vocabulary
    is_open: bool
    """Whether names that nobody declares are given from outside: in decisions, not in functions."""
    open_names: set[str] = field(default_factory=set[str])
    """Such names."""
    item_names: set[str] = field(default_factory=set[str])
    """Names inside filters, which are those of the item or come from outside."""
    functions: set[str] = field(default_factory=set[str])
    """The built-in functions that are called."""
    tables: list[Table] = field(default_factory=list[Table])


@dataclass(frozen=True)
class Site:
    """One place in the logic of an element."""

    unit: Unit
    spot: Spot
    names: frozenset[str]
    depth: int = 0
    in_filter: bool = False
    """Whether any name may be one of the item's."""

    def inside(self, vi: str, en: str) -> "Site":
        """Return the place one step further in."""
        return replace(self, spot=self.spot.inside(vi, en), depth=self.depth + 1)

    def binding(self, *names: str) -> "Site":
        """Return the place with more names in scope."""
        return replace(self, names=self.names.union(names))

    def report(self, code: str, **parameters: object) -> Code:
        """Note a problem; return code for what will never be evaluated."""
        self.unit.source.problems.add(code, self.spot, **parameters)
        return _refused

    def type_of(self, reference: str) -> Type:
        """Return a type by its name, or Any if none is named."""
        return self.unit.types.find(reference, self.unit.source, self.spot)

    def expression(self, text: str) -> Code:
        """Return the code of a FEEL expression, which fails naming this place."""
        expression = self._parse(text)
        if expression is None:
            return _refused
        of_items = expression.names if self.in_filter else expression.filter_names
        self.unit.item_names |= of_items - self.names
        self._check_names(expression.names - of_items)
        self.unit.functions |= expression.functions
        within, spot = expression.within, self.spot

        def evaluate(scope: Scope) -> Value:
            try:
                return within(scope)
            except FeelLimitError as error:
                raise DecisionFailedError(spot, str(error)) from error

        return evaluate

    def constant(self, text: str) -> Value:
        """Return the value of an expression that reads no variables and takes little work, else null."""
        known = self.unit.vocabulary
        try:
            expression = feel.parse(text, self.names, members=known.members, types=known.types)
            return None if expression.names else expression.evaluate({}, environment=LITTLE)
        except (FeelSyntaxError, FeelLimitError):
            return None

    def tests(self, text: str) -> UnaryTests | None:
        """Return the tests of a cell, or None for a cell that was reported."""
        if len(text) > LONGEST_TEXT:
            self.report("cell_too_long", limit=LONGEST_TEXT)
            return None
        known = self.unit.vocabulary
        try:
            tests = feel.parse_unary_tests(text, self.names, members=known.members, types=known.types)
        except FeelSyntaxError as error:
            report_syntax(error, text, self.spot, self.unit.source.problems)
            return None
        self.unit.functions |= tests.functions
        self._check_names(tests.names - {"?"})
        return tests

    def _parse(self, text: str) -> feel.Expression | None:
        if not text.strip():
            self.report("logic_missing")
            return None
        if len(text) > LONGEST_TEXT:
            self.report("cell_too_long", limit=LONGEST_TEXT)
            return None
        known = self.unit.vocabulary
        try:
            return feel.parse(text, self.names, members=known.members, types=known.types)
        except FeelSyntaxError as error:
            report_syntax(error, text, self.spot, self.unit.source.problems)
            return None

    def _check_names(self, read: frozenset[str]) -> None:
        for name in sorted(read - self.names):
            if find_built_in(name) is not None:
                self.unit.functions.add(name)
            elif name in self.unit.vocabulary.declared:
                self.report("name_not_required", value=name)
            elif self.unit.is_open and " " not in name:
                self.unit.open_names.add(name)
            else:
                self.report("name_unknown", value=name)


def typed(code: Code, wanted: Type, spot: Spot) -> Code:
    """Return code whose value is brought into the shape of a type, or which fails naming the place."""
    if wanted is ANY:
        return code

    def evaluate(scope: Scope) -> Value:
        value = code(scope)
        try:
            return wanted.fit(value, scope.run)
        except NotFittingError as error:
            raise DecisionFailedError(spot, str(error)) from None

    return evaluate


def _refused(_: Scope) -> Value:
    raise AssertionError("what was refused is not evaluated")
