"""Reminds people of their tasks: who is told what, when; once, whatever the number of workers.

Every rung of a task's ladder is a row with a due moment. Rungs go into one digest per person and working
morning; a task that is due soon is announced at once, and so is lateness to the head.
"""

from engine.reminders.announcing import announce
from engine.reminders.digests import send_digests
from engine.reminders.ladder import DEFAULT_LADDER, Ladder, parse_ladder
from engine.reminders.planning import drop_for, plan_for
from engine.reminders.rungs import send_due

__all__ = [
    "DEFAULT_LADDER",
    "Ladder",
    "announce",
    "drop_for",
    "parse_ladder",
    "plan_for",
    "send_digests",
    "send_due",
]
