"""Names the functions a diagram may call: actions of its tasks, sources of its forms."""

from collections.abc import Callable

from engine.setup import Action, FormSource

ACTIONS: dict[str, Action] = {}
FORM_SOURCES: dict[str, FormSource] = {}


def action(name: str) -> Callable[[Action], Action]:
    """Register a function as the action ``name`` of service tasks and of the property ``record``."""

    def register(function: Action) -> Action:
        if ACTIONS.setdefault(name, function) is not function:
            raise ValueError(f"two actions are named {name}")
        return function

    return register


def form_source(name: str) -> Callable[[FormSource], FormSource]:
    """Register a function as the form source ``name`` of the property ``values``."""

    def register(function: FormSource) -> FormSource:
        if FORM_SOURCES.setdefault(name, function) is not function:
            raise ValueError(f"two form sources are named {name}")
        return function

    return register
