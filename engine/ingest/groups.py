"""Reads which groups an expression can give a task to, as far as its text tells."""

from dataclasses import dataclass, field

from engine.feel.nodes import Chain, If, ListLiteral, Literal, Node
from engine.ingest.conditions import read_node


@dataclass(frozen=True)
class Named:
    """A group; ``in_any_unit``: only the role stands there, the unit is worked out."""

    text: str
    in_any_unit: bool = False

    @property
    def role(self) -> str:
        """The role without the unit."""
        return self.text.partition("@")[0]

    def is_among(self, staffed: frozenset[str]) -> bool:
        """Whether one of the groups that have people is or may be this one."""
        if self.in_any_unit:
            return any(one.startswith(f"{self.text}@") for one in staffed)
        return self.text in staffed


@dataclass
class Groups:
    """What a text or expression names; ``is_complete``: it can give nothing else."""

    named: list[Named] = field(default_factory=list[Named])
    is_complete: bool = True


def groups_in(text: str) -> Groups:
    """Return the groups that a text with ``=`` may give: those written out, and roles of some unit."""
    node = read_node(text)
    found = Groups()
    waiting = [node] if node is not None else []
    found.is_complete = node is not None
    while waiting:
        part = waiting.pop(0)
        inner = _parts(part)
        named = _named(part)
        if not inner and not named:
            found.is_complete = False
        waiting += inner
        found.named += named
    return found


def _parts(node: Node) -> list[Node]:
    if isinstance(node, If):
        return [*(result for _, result in node.branches), node.otherwise]
    return list(node.items) if isinstance(node, ListLiteral) else []


def _named(node: Node) -> list[Named]:
    if isinstance(node, Literal) and isinstance(node.value, str):
        return [Named(text.strip(" ")) for text in node.value.split(",")]
    if not isinstance(node, Chain) or any(operator != "+" for operator, _ in node.rest):
        return []
    first = node.first.value if isinstance(node.first, Literal) else None
    if not isinstance(first, str) or "@" not in first or "," in first:
        return []
    return [Named(first.partition("@")[0], in_any_unit=True)]
