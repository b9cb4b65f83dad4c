"""Reminds people of tasks and dated things: who is told what, when; once, whatever the number of workers.

Every rung of a ladder is a row with a due moment. Rungs go into one digest per person and working morning;
what is due soon is told at once, and so is lateness to the head and to those who oversee all deadlines.
"""

from engine.ladders import DEFAULT_LADDER, Ladder, parse_ladder
from engine.reminders.announcing import announce, tell_of_change, tell_of_new_deadline
from engine.reminders.digests import send_digests
from engine.reminders.planning import drop_for, drop_for_entry, move_deadline, plan_for, plan_for_new
from engine.reminders.process_ladders import ladder_of_process, set_process_ladder
from engine.reminders.recipients import audience_of
from engine.reminders.rungs import send_due

__all__ = [
    "DEFAULT_LADDER",
    "Ladder",
    "announce",
    "audience_of",
    "drop_for",
    "drop_for_entry",
    "ladder_of_process",
    "move_deadline",
    "parse_ladder",
    "plan_for",
    "plan_for_new",
    "send_digests",
    "send_due",
    "set_process_ladder",
    "tell_of_change",
    "tell_of_new_deadline",
]
