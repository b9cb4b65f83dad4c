"""Keeps Python out: SpiffWorkflow's own ways to run scripts and expressions are closed."""

from collections.abc import Mapping
from typing import NoReturn

from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine

from engine.errors import EngineError


class PythonRefusedError(EngineError):
    """Something asked the library to run Python text."""


class NoPythonEnvironment(BasePythonScriptEngineEnvironment):
    """Refuses; the library calls it directly for correlations and ad-hoc conditions."""

    def evaluate(
        self, expression: str, context: Mapping[str, object], external_context: object = None
    ) -> NoReturn:
        """Refuse an expression."""
        raise PythonRefusedError("no Python expression is ever evaluated")

    def execute(
        self, script: str, context: Mapping[str, object], external_context: object = None
    ) -> NoReturn:
        """Refuse a script."""
        raise PythonRefusedError("no Python script is ever run")

    def call_service(self, context: Mapping[str, object], **kwargs: object) -> NoReturn:
        """Refuse a service."""
        raise PythonRefusedError("no service is ever called by the library")


class NoPythonEngine(PythonScriptEngine):
    """Refuses whatever the library asks for; expressions are FEEL and evaluated by us."""

    def __init__(self) -> None:
        super().__init__(NoPythonEnvironment())

    def validate(self, expression: str) -> NoReturn:
        """Refuse to look at an expression."""
        raise PythonRefusedError("no Python expression is ever read")

    def evaluate(self, task: object, expression: str, external_context: object = None) -> NoReturn:
        """Refuse an expression."""
        raise PythonRefusedError("no Python expression is ever evaluated")

    def execute(self, task: object, script: str, external_context: object = None) -> NoReturn:
        """Refuse a script."""
        raise PythonRefusedError("no Python script is ever run")

    def call_service(self, task: object, **kwargs: object) -> NoReturn:
        """Refuse a service."""
        raise PythonRefusedError("no service is ever called by the library")
