"""Runs diagrams in memory: the only place that knows SpiffWorkflow. It has never heard of a database."""

from engine.spiff.execution import Execution
from engine.spiff.fitting import Fate, Finding, Reason
from engine.spiff.host import Host
from engine.spiff.migration import Armed, Migration, Stored, migrate
from engine.spiff.program import Program, compile_program
from engine.spiff.state import StateDamagedError
from engine.spiff.waits import ArmedTimer, OpenTask, Subscription

__all__ = [
    "Armed",
    "ArmedTimer",
    "Execution",
    "Fate",
    "Finding",
    "Host",
    "Migration",
    "OpenTask",
    "Program",
    "Reason",
    "StateDamagedError",
    "Stored",
    "Subscription",
    "compile_program",
    "migrate",
]
