"""Keeps Python out: SpiffWorkflow's own ways to run scripts and expressions are closed."""

from typing import NoReturn

from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine

from engine.errors import EngineError


class PythonRefusedError(EngineError):
    """Something asked the library to run Python text."""


def _refuse(*_: object, **__: object) -> NoReturn:
    raise PythonRefusedError("the library never runs a script, an expression or a service")


class NoPythonEnvironment(BasePythonScriptEngineEnvironment):
    """Refuses; the library calls it directly for correlations and ad-hoc conditions."""

    evaluate = execute = call_service = _refuse


class NoPythonEngine(PythonScriptEngine):
    """Refuses whatever the library asks for; expressions are FEEL and evaluated by us."""

    def __init__(self) -> None:
        super().__init__(NoPythonEnvironment())

    validate = evaluate = execute = call_service = _refuse
