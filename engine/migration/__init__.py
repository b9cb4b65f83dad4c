"""Brings running instances to another version of their process: previewed, planned, carried out, undone."""

from engine.migration.consequences import Group, Verdict, find_groups
from engine.migration.plans import carry_out, create_plan, get_plan, list_plans, undo

__all__ = ["Group", "Verdict", "carry_out", "create_plan", "find_groups", "get_plan", "list_plans", "undo"]
