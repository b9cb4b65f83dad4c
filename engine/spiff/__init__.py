"""Runs diagrams in memory: the only place that knows SpiffWorkflow. It has never heard of a database."""

from engine.spiff.execution import Execution
from engine.spiff.host import Host
from engine.spiff.program import Program, compile_program
from engine.spiff.state import StateDamagedError
from engine.spiff.waits import ArmedTimer, OpenTask, Subscription

__all__ = [
    "ArmedTimer",
    "Execution",
    "Host",
    "OpenTask",
    "Program",
    "StateDamagedError",
    "Subscription",
    "compile_program",
]
