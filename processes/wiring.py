"""What the processes hand down to the engine: roles, actions, form sources, definitions, tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from engine import mailing, texts
from engine.setup import Action
from processes.awards import models as tables
from processes.awards import successions
from processes.awards.registry import ACTIONS as OWN_ACTIONS
from processes.awards.registry import FORM_SOURCES
from processes.awards.roles import ADMINISTERS, ROLES, SEES_EVERYTHING
from processes.council_session import actions as council_actions
from processes.council_session import sources as council_sources
from processes.decision import actions as decision_actions
from processes.decision import sources as decision_sources
from processes.directive import actions as directive_actions
from processes.directive import distributing, entering
from processes.directive import sources as directive_sources
from processes.directive_report import actions as directive_report_actions
from processes.directive_report import sources as directive_report_sources
from processes.directive_task import extending, following, lateness
from processes.directive_task import reporting as directive_task_reporting
from processes.directive_task import sources as directive_task_sources
from processes.inspection import concluding, notice, reporting, visiting
from processes.inspection import sources as inspection_sources
from processes.inspection_plan import drafting, starts, summarising
from processes.inspection_plan import sources as plan_sources
from processes.nomination import appraising, preparing, sources, telling

__all__ = [
    "ACTIONS",
    "ADMINISTERS",
    "DEFINITIONS",
    "FORM_SOURCES",
    "MODULES",
    "ROLES",
    "SEES_EVERYTHING",
    "successions",
]

MODULES: Final = (
    tables,
    appraising,
    preparing,
    sources,
    telling,
    council_actions,
    council_sources,
    decision_actions,
    decision_sources,
    directive_actions,
    distributing,
    entering,
    directive_sources,
    following,
    directive_task_reporting,
    extending,
    lateness,
    directive_task_sources,
    directive_report_actions,
    directive_report_sources,
    notice,
    reporting,
    visiting,
    concluding,
    inspection_sources,
    drafting,
    starts,
    summarising,
    plan_sources,
)
"""Importing them fills the tables' metadata and the two registries."""

ACTIONS: Final[Mapping[str, Action]] = {texts.ACTION: mailing.send_mail, **OWN_ACTIONS}
"""What diagrams may call: the mails of their own texts, and what the processes offer."""

_HERE: Final = Path(__file__).parent

DEFINITIONS: Final = tuple(
    _HERE / name
    for name in (
        "nomination",
        "council_session",
        "decision",
        "inspection",
        "inspection_plan",
        "directive",
        "directive_task",
        "directive_report",
    )
)
"""Folders of the definitions this institution publishes."""
