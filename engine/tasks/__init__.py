"""People's work: the inbox, claiming, completing and handing over, drafts and comments."""

from engine.tasks.facts import answers_of, barred_from, element_of, variables_of
from engine.tasks.inbox import (
    done_by,
    get_task,
    inbox_groups,
    inbox_mine,
    tasks_of_instance,
    waiting_for_others,
)
from engine.tasks.notes import add_comment, find_draft, list_comments, save_draft
from engine.tasks.overdue import late_under
from engine.tasks.work import claim, complete_task, hand_over, release

__all__ = [
    "add_comment",
    "answers_of",
    "barred_from",
    "claim",
    "complete_task",
    "done_by",
    "element_of",
    "find_draft",
    "get_task",
    "hand_over",
    "inbox_groups",
    "inbox_mine",
    "late_under",
    "list_comments",
    "release",
    "save_draft",
    "tasks_of_instance",
    "variables_of",
    "waiting_for_others",
]
