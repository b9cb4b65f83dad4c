"""Stands in for what a dry run must not call: actions and form sources give made-up values instead."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from engine.dry_runs.cast import PLAYER_ROLE, roles_of, units_of
from engine.dry_runs.demands import Demands
from engine.dry_runs.form_values import make_up_form_values
from engine.dry_runs.samples import Stock, candidates
from engine.dry_runs.shapes import Shape
from engine.errors import BpmnError, StepFailedError
from engine.feel import Value
from engine.forms import Form
from engine.setup import ActionCall, ActionResult, FormCall, Setup

WANTED_FAILURE: Final = "the player of the dry run lets it fail"
_NO_SHAPE: Final = Shape()


@dataclass(frozen=True)
class Result:
    """What an action is said to do: return values, fail, or throw an error event of the diagram."""

    values: Mapping[str, Value] = field(default_factory=dict[str, Value])
    fails: bool = False
    error_code: str = ""


@dataclass(frozen=True)
class Called:
    """An action that would have been called at an element, and what was done in its place."""

    element_id: str
    action: str
    result: Result


@dataclass
class Pretence:
    """The made-up surroundings of one definition; remembers what was asked of them."""

    demands: Demands
    forms: Mapping[str, Form]
    results: Mapping[str, Result] = field(default_factory=dict[str, Result])
    """What the player has laid down, by element id; everything else is made up."""
    called: list[Called] = field(default_factory=list[Called])

    def act(self, call: ActionCall) -> ActionResult:
        """Do what the action of an element is said to do.

        Raises:
            BpmnError: the player wants the error event.
            StepFailedError: the player wants the step to fail.

        """
        element = call.element
        result = self.results.get(element.id) or Result(self.made_up_at(element.id, call.now))
        name = element.action if call.task is None else element.properties.get("record")
        self.called.append(Called(element.id, name or "", result))
        if result.error_code:
            raise BpmnError(result.error_code)
        if result.fails:
            raise StepFailedError(WANTED_FAILURE, element_id=element.id)
        return result.values

    def fill(self, call: FormCall) -> Mapping[str, Value]:
        """Make up what the form of a task starts with."""
        form = self.forms.get(call.task.form_id or "")
        if form is None:
            return {}
        english = call.reader.language == "en"
        return make_up_form_values(
            form, call.variables, self.demands.shapes, self.stock(call.now), english=english
        )

    def made_up_at(self, element_id: str, now: datetime) -> dict[str, Value]:
        """Make up the variables that an element is to give."""
        return {name: self.values_for(name, now)[0] for name in self.demands.given_by.get(element_id, ())}

    def values_for(self, name: str, now: datetime) -> list[Value]:
        """Return a few values for a variable, the most likely first."""
        return candidates(name, self.demands.shapes.get(name, _NO_SHAPE), self.stock(now))

    def stock(self, now: datetime) -> Stock:
        """Return what values may name at a moment."""
        return Stock(units_of(self.demands), sorted(self.demands.usernames), now)

    def dress(self, setup: Setup) -> Setup:
        """Return a setup in which nothing real is left to be called.

        Of the installation's own remain its roles and the words of its mails.
        """
        return replace(
            setup,
            roles=roles_of(self.demands, setup.roles),
            actions=dict.fromkeys(self.demands.actions, self.act),
            form_sources=dict.fromkeys(self.demands.form_sources, self.fill),
            keys=setup.files,
            sees_everything=frozenset({PLAYER_ROLE}),
            administers=frozenset({PLAYER_ROLE}),
        )
