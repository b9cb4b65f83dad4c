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
from engine.people.gaps import Gap, gaps_of_units, roles_without_mail
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
    RegisterError,
    change_person,
    create_person,
    create_unit,
    find_people,
    find_unit,
    find_units,
)

__all__ = [
    "AppointmentError",
    "Authority",
    "Gap",
    "RegisterError",
    "authority_of",
    "change_person",
    "create_person",
    "create_unit",
    "delegate",
    "delegations_of",
    "end_delegation",
    "end_role",
    "find_people",
    "find_unit",
    "find_units",
    "gaps_of_units",
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
    "roles_without_mail",
    "set_password",
    "staffed_groups",
    "verify_password",
]
