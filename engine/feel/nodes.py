"""The parts an expression consists of, as the parser hands them to the compiler."""

from dataclasses import dataclass
from typing import TypeAlias

from engine.feel.types import Type
from engine.feel.values import Value


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands in the text."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, a parameter or a built-in function."""

    name: str


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """``[a, b]``."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral:
    """``{a: 1, b: a + 1}``; later entries see the earlier ones."""

    entries: tuple[tuple[str, "Node"], ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral:
    """``[a..b)``."""

    start: "Node"
    end: "Node"
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class OneSidedRange:
    """``(> a)``, or the same with one of ``= != < <= >=``."""

    operator: str
    end: "Node"


@dataclass(frozen=True, slots=True)
class Negation:
    """``-a``."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class Chain:
    """``a + b - c``: operators of one precedence, applied from the left."""

    first: "Node"
    rest: tuple[tuple[str, "Node"], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``a < b`` with one of ``= != < <= > >=``."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Logic:
    """``a and b and c``, or the same with ``or``."""

    operator: str
    operands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Between:
    """``a between low and high``."""

    operand: "Node"
    low: "Node"
    high: "Node"


@dataclass(frozen=True, slots=True)
class Test:
    """One test of a value: an operator with an operand, or an expression without an operator."""

    operator: str | None
    operand: "Node"
    uses_input: bool = False
    """Whether the expression speaks of the tested value as ``?``."""


@dataclass(frozen=True, slots=True)
class In:
    """``a in test`` or ``a in (test, test)``."""

    operand: "Node"
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """``a instance of type``."""

    operand: "Node"
    type: Type


@dataclass(frozen=True, slots=True)
class If:
    """``if a then b else if c then d else e`` with all its branches."""

    branches: tuple[tuple["Node", "Node"], ...]
    otherwise: "Node"


@dataclass(frozen=True, slots=True)
class Iterator:
    """``name in source``, or ``name in source..end``."""

    name: str
    source: "Node"
    end: "Node | None" = None


@dataclass(frozen=True, slots=True)
class For:
    """``for a in as, b in bs return body``."""

    iterators: tuple[Iterator, ...]
    body: "Node"
    uses_partial: bool
    """Whether the body looks at the results so far."""
    cost: int
    """Steps that one evaluation of the body takes, as far as the text tells."""


@dataclass(frozen=True, slots=True)
class Quantified:
    """``some a in as satisfies condition``, or the same with ``every``."""

    is_every: bool
    iterators: tuple[Iterator, ...]
    condition: "Node"
    cost: int


@dataclass(frozen=True, slots=True)
class FunctionLiteral:
    """``function(a: number, b) body``."""

    type: Type
    """Its parameters; what it gives is not known."""
    body: "Node"
    cost: int
    depth: int
    """How deeply the body is nested."""


@dataclass(frozen=True, slots=True)
class Property:
    """The step ``.name`` behind a value."""

    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    """The step ``[condition or index]`` behind a value."""

    condition: "Node"
    cost: int
    uses_item: bool = True
    """Whether the condition speaks of the item as ``item``."""


@dataclass(frozen=True, slots=True)
class Call:
    """The step ``(a, b)`` or ``(x: a, y: b)`` behind a value; ``names`` is empty for the first form."""

    arguments: tuple["Node", ...]
    names: tuple[str, ...] = ()


Step: TypeAlias = Property | Filter | Call


@dataclass(frozen=True, slots=True)
class Postfix:
    """``base.name[condition](argument)``: steps applied from the left."""

    base: "Node"
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class IsDefined:
    """``is defined(path)``: whether every name of the path is there."""

    path: "Node"


Node: TypeAlias = (
    Literal
    | Name
    | ListLiteral
    | ContextLiteral
    | RangeLiteral
    | OneSidedRange
    | Negation
    | Chain
    | Comparison
    | Logic
    | Between
    | In
    | InstanceOf
    | If
    | For
    | Quantified
    | FunctionLiteral
    | Postfix
    | IsDefined
)
