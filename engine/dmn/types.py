"""The types of decision models: what they admit, and how a value is brought into the shape they ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, Protocol

from engine.dmn.errors import NotFittingError
from engine.feel import Function, Run, Scope, UnaryTests, Value, YearsMonthsDuration
from engine.feel import Type as FeelType
from engine.feel.types import ANY as FEEL_ANY


class Type(Protocol):
    """What a value may be; null is of every type."""

    @property
    def name(self) -> str:
        """What the type is called."""
        ...

    @property
    def parts(self) -> "Sequence[Type]":
        """The types it is directly made of."""
        ...

    @property
    def in_feel(self) -> FeelType:
        """What ``instance of`` knows of it; allowed values it does not look at."""
        ...

    def fit(self, value: Value, run: Run) -> Value:
        """Return the value as one of this type: a list of one item stands for the item, and the reverse.

        Raises:
            NotFittingError: it is none.

        """
        ...


@dataclass(frozen=True)
class AnyType:
    """Whatever there is."""

    name: str = "Any"
    parts: "tuple[Type, ...]" = ()
    in_feel: FeelType = FEEL_ANY

    def fit(self, value: Value, run: Run) -> Value:  # noqa: ARG002  # types share one signature
        """Return the value."""
        return value


ANY: Final = AnyType()


@dataclass(frozen=True)
class PlainType:
    """A type of FEEL without parts."""

    name: str
    kind: type
    parts: tuple[Type, ...] = ()

    @property
    def in_feel(self) -> FeelType:
        """The type of the same name."""
        return FeelType(self.name)

    def fit(self, value: Value, run: Run) -> Value:
        """Return the value; a date becomes its midnight in UTC for a moment (10.3.2.9.4)."""
        if value is None or type(value) is self.kind:
            return value
        if isinstance(value, list) and len(value) == 1:
            return self.fit(value[0], run)
        if self.kind is datetime and type(value) is date:
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        raise _other(self.name, value)


@dataclass(frozen=True)
class ListType:
    """A list whose items are of one type."""

    item: Type

    @property
    def name(self) -> str:
        """``list<number>``."""
        return f"list<{self.item.name}>"

    @property
    def parts(self) -> Sequence[Type]:
        """The type of the items."""
        return (self.item,)

    @property
    def in_feel(self) -> FeelType:
        """A list of what the items are."""
        return FeelType("list", (("", self.item.in_feel),))

    def fit(self, value: Value, run: Run) -> Value:
        """Return the list with each item fitted."""
        if value is None:
            return None
        items: list[Value] = value if isinstance(value, list) else [value]
        run.charge(len(items))
        return [self.item.fit(item, run) for item in items]


@dataclass(frozen=True)
class ContextType:
    """A context with these entries, and perhaps more."""

    name: str
    components: Mapping[str, Type]

    @property
    def parts(self) -> Sequence[Type]:
        """The types of the components."""
        return tuple(self.components.values())

    @property
    def in_feel(self) -> FeelType:
        """A context of what the components are."""
        return FeelType("context", tuple((name, part.in_feel) for name, part in self.components.items()))

    def fit(self, value: Value, run: Run) -> Value:
        """Return the context with each component fitted."""
        if value is None:
            return None
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, dict):
            raise _other(self.name, value)
        run.charge(len(self.components))
        fitted = dict(value)
        for name, component in self.components.items():
            if name not in value:
                raise NotFittingError(
                    f"thiếu “{name}” của {self.name}", f"a {self.name} has “{name}”, which is missing"
                )
            try:
                fitted[name] = component.fit(value[name], run)
            except NotFittingError as error:
                raise NotFittingError(f"“{name}”: {error.message_vi}", f"“{name}”: {error}") from error
        return fitted


@dataclass(frozen=True)
class FunctionType:
    """A function."""

    name: str
    parameters: tuple[tuple[str, Type], ...]
    result: Type

    @property
    def parts(self) -> Sequence[Type]:
        """The types of the parameters and of the result."""
        return (*(part for _, part in self.parameters), self.result)

    @property
    def in_feel(self) -> FeelType:
        """A function of what the parameters are."""
        return FeelType(
            "function", tuple((name, part.in_feel) for name, part in self.parameters), self.result.in_feel
        )

    def fit(self, value: Value, run: Run) -> Value:  # noqa: ARG002  # types share one signature
        """Return the function, if it takes as many values."""
        if value is None or (isinstance(value, Function) and len(value.parameters) == len(self.parameters)):
            return value
        raise _other(f"function of {len(self.parameters)} values", value)


@dataclass(frozen=True)
class NarrowedType:
    """A type of which only the values that pass tests are allowed."""

    name: str
    base: Type
    tests: UnaryTests

    @property
    def parts(self) -> Sequence[Type]:
        """What it narrows."""
        return (self.base,)

    @property
    def in_feel(self) -> FeelType:
        """What it narrows."""
        return self.base.in_feel

    def fit(self, value: Value, run: Run) -> Value:
        """Return the value if it is allowed; null is not tested."""
        fitted = self.base.fit(value, run)
        if fitted is not None and self.tests.within(fitted, Scope({}, None, run)) is not True:
            allowed = f"{self.tests.text.strip():.200}"
            raise NotFittingError(
                f"giá trị không nằm trong những giá trị {self.name} cho phép: {allowed}",
                f"the value is none that {self.name} allows: {allowed}",
            )
        return fitted


BUILT_IN: Final[Mapping[str, Type]] = {
    "Any": ANY,
    "context": PlainType("context", dict),
    "list": PlainType("list", list),
    **{
        name: PlainType(called, kind)
        for called, kind, names in (
            ("number", Decimal, ("number",)),
            ("string", str, ("string",)),
            ("boolean", bool, ("boolean",)),
            ("date", date, ("date",)),
            ("time", time, ("time",)),
            ("date and time", datetime, ("date and time", "dateTime")),
            ("days and time duration", timedelta, ("days and time duration", "dayTimeDuration")),
            (
                "years and months duration",
                YearsMonthsDuration,
                ("years and months duration", "yearMonthDuration"),
            ),
        )
        for name in names
    },
}
"""The types that every model knows, under the names that the standard and dmn-js use."""


def _other(wanted: str, value: Value) -> NotFittingError:
    found = type_name(value)
    return NotFittingError(f"cần {wanted}, nhưng là {found}", f"expected a {wanted}, found a {found}")


_NAMES: Final = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    datetime: "date and time",
    dict: "context",
}


def type_name(value: Value) -> str:
    """Return what the type of a value is called."""
    kind = type(value)
    if kind in _NAMES:
        return _NAMES[kind]
    found = (type_.name for type_ in BUILT_IN.values() if isinstance(type_, PlainType) and type_.kind is kind)
    return "null" if value is None else next(found, kind.__name__.lower())


def plain_kind(type_: Type) -> type | None:
    """Return the Python type of a type without parts, or None."""
    while isinstance(type_, NarrowedType):
        type_ = type_.base
    return type_.kind if isinstance(type_, PlainType) else None
