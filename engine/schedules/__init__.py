"""Recurring starts of a process, once for each chosen unit: inspections, reports, reviews."""

from engine.schedules.changing import change, create_schedule, pause, resume, retire, set_up
from engine.schedules.cron import InvalidCronError, read_cron
from engine.schedules.finding import (
    LastStart,
    find_schedules,
    get_schedule,
    history_of,
    last_starts,
    starts_between,
    starts_of,
)
from engine.schedules.firing import start_due
from engine.schedules.forecast import ComingStart, coming, done_until, try_out
from engine.schedules.needs import Needs, StartVariable
from engine.schedules.rhythms import CRON, MONTHS, RHYTHMS, Occurrence, Rhythm, months_later
from engine.schedules.terms import (
    InvalidScheduleError,
    Problem,
    Terms,
    find_needs,
    find_startable,
    problems_of,
    variables_of,
)
from engine.schedules.units import count_kinds

__all__ = [
    "CRON",
    "MONTHS",
    "RHYTHMS",
    "ComingStart",
    "InvalidCronError",
    "InvalidScheduleError",
    "LastStart",
    "Needs",
    "Occurrence",
    "Problem",
    "Rhythm",
    "StartVariable",
    "Terms",
    "change",
    "coming",
    "count_kinds",
    "create_schedule",
    "done_until",
    "find_needs",
    "find_schedules",
    "find_startable",
    "get_schedule",
    "history_of",
    "last_starts",
    "months_later",
    "pause",
    "problems_of",
    "read_cron",
    "resume",
    "retire",
    "set_up",
    "start_due",
    "starts_between",
    "starts_of",
    "try_out",
    "variables_of",
]
