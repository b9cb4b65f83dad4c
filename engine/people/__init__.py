"""Persons, units and who holds which role, with dates: the one place that knows who may act."""

from engine.people.appointments import (
    AppointmentError,
    delegate,
    delegations_of,
    end_delegation,
    end_role,
    get_delegation,
    give_role,
)
from engine.people.authority import Authority, authority_of, local_day, people_holding, staffed_groups
from engine.people.heirs import (
    heir_of,
    heirs_of,
    holder_of,
    ids_of_body,
    is_abolished,
    is_same_body,
    predecessors_of,
)
from engine.people.passwords import hash_password, password_problem, set_password, verify_password
from engine.people.register import (
    create_person,
    create_unit,
    find_people,
    find_unit,
    find_units,
    rename_person,
)

__all__ = [
    "AppointmentError",
    "Authority",
    "authority_of",
    "create_person",
    "create_unit",
    "delegate",
    "delegations_of",
    "end_delegation",
    "end_role",
    "find_people",
    "find_unit",
    "find_units",
    "get_delegation",
    "give_role",
    "hash_password",
    "heir_of",
    "heirs_of",
    "holder_of",
    "ids_of_body",
    "is_abolished",
    "is_same_body",
    "local_day",
    "password_problem",
    "people_holding",
    "predecessors_of",
    "rename_person",
    "set_password",
    "staffed_groups",
    "verify_password",
]
