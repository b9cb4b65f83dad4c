"""Checks what diagrams do when they run: whom they reach, what they decide by, where tokens end."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from engine.diagram import Diagram
from engine.ingest.domains import domains_of
from engine.ingest.gateways import check_gateways
from engine.ingest.mends import Offer, add_mends
from engine.ingest.problems import Surroundings
from engine.ingest.report import Report
from engine.ingest.routes import check_routes
from engine.ingest.safeguards import check_safeguards
from engine.ingest.soundness import check_soundness
from engine.ingest.variables import Known, check_variables
from engine.ingest.ways import Ways

if TYPE_CHECKING:
    from engine.forms import Form

MOST_FLOW_NODES: Final = 2_000


def check_behaviour(
    diagrams: Mapping[str, Diagram],
    files: Mapping[str, bytes],
    surroundings: Surroundings,
    *,
    reports: Mapping[str, Report],
) -> None:
    """Report what would go wrong in a run, and give all problems their mends; the files see one another."""
    known = Known.of(diagrams.values(), forms_of(files))
    domains = domains_of(diagrams.values(), known)
    offer = Offer(known.forms, surroundings.roles or (), domains, known)
    for name, diagram in diagrams.items():
        report = reports[name]
        if len(diagram.elements) > MOST_FLOW_NODES:
            report.add("too_many_elements", limit=str(MOST_FLOW_NODES))
            continue
        ways = Ways(diagram)
        check_routes(ways, report)
        check_soundness(ways, report)
        check_gateways(diagram, domains, known, report=report)
        check_variables(ways, known, report)
        check_safeguards(ways, report)
        add_mends(report, ways, offer)


def forms_of(files: Mapping[str, bytes]) -> dict[str, "Form"]:
    """Return the forms that can be read, by id."""
    from engine.forms import FormSchemaError, parse_schema  # noqa: PLC0415  # they read names as this package does

    found: dict[str, Form] = {}
    for name, content in files.items():
        if name.endswith(".form"):
            try:
                form = parse_schema(content)
            except FormSchemaError:
                continue
            found[form.id] = form
    return found
