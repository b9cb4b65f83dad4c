"""What is carried of a stored instance: its tokens as a tree, and what is still to be done with them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from SpiffWorkflow.util.task import TaskState

from engine.diagram import Element
from engine.spiff.fitting import Finding
from engine.spiff.nodes import Node
from engine.spiff.workflow import ScopeSpec


@dataclass
class Token:
    """A stored token with its place in the tree."""

    id: str
    node: Node
    state: int
    facts: dict[str, Any]
    children: list["Token"] = field(default_factory=list["Token"])

    @property
    def is_live(self) -> bool:
        """Whether it is still on its way."""
        return bool(self.state & TaskState.NOT_FINISHED_MASK)

    def family(self) -> Iterable["Token"]:
        """Return the token and all below it."""
        yield self
        for child in self.children:
            yield from child.family()


@dataclass(frozen=True)
class Arrival:
    """A token that the new version adds: it watches an edge, or enters an element from outside."""

    id: UUID
    is_watch: bool
    since: tuple[str, ...] = ()
    """The tokens from whose arrival a watch counts; none: from the beginning of its scope."""


@dataclass(frozen=True)
class Renewal:
    """A token that waits on, at an element that may now be written otherwise."""

    id: UUID
    old: Element
    new: Element


@dataclass
class Carried:
    """A state for the new program, and what is still to be done with it. Unfit while findings are open."""

    content: dict[str, Any]
    findings: list[Finding] = field(default_factory=list[Finding])
    arrivals: list[Arrival] = field(default_factory=list[Arrival])
    renewals: list[Renewal] = field(default_factory=list[Renewal])
    dropped: list[str] = field(default_factory=list[str])
    """Elements that nothing watches for any longer: events at an edge that the new version does not have."""
    gone: set[str] = field(default_factory=set[str])
    """Tokens that are left out; their variables end with them."""
    inner: dict[str, str] = field(default_factory=dict[str, str])
    """Token -> the scope that runs inside it in the new version."""

    def found(self, finding: Finding) -> None:
        """Take note of what becomes of an element's tokens, once."""
        if finding not in self.findings:
            self.findings.append(finding)


def tree_of(tokens: list[list[Any]], scope: ScopeSpec) -> Token:
    """Return the root of the stored tokens of a scope."""
    made = [Token(key, scope.task_specs[name], state, dict(facts)) for key, _, name, state, facts in tokens]
    for token, (_, parent, *_) in zip(made, tokens, strict=True):
        if parent >= 0:
            made[int(parent)].children.append(token)
    return made[0]
