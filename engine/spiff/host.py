"""What an execution asks of its surroundings."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from engine.diagram import Element
from engine.feel import Value, WorkingCalendar


class Host(Protocol):
    """The surroundings of one command on one instance."""

    @property
    def now(self) -> datetime:
        """The moment of the command, aware."""
        ...

    @property
    def calendar(self) -> WorkingCalendar | None:
        """The working days that expressions ask for."""
        ...

    def run_action(self, element: Element, variables: Mapping[str, Value]) -> Mapping[str, Value] | None:
        """Do what a service task names and return its results; ``BpmnError`` throws an error event."""
        ...

    def throw_message(
        self, element: Element, name: str, correlation_key: str, variables: Mapping[str, Value]
    ) -> None:
        """Send a message to whoever waits for it, in this instance or another."""
        ...

    def decide(self, element: Element, decision_id: str, variables: Mapping[str, Value]) -> Value:
        """Return what the decision that a business rule task names comes to."""
        ...

    def record(self, kind: str, element: Element) -> None:
        """Take note that a token has passed an element.

        ``kind`` is ``activity_completed``, ``event_caught``, ``event_thrown``, ``gateway_passed`` or
        ``flow ended``.
        """
        ...
