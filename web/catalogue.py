"""The catalogue of awards and the rule sets: what the law lets be awarded, by which votes and papers."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine import clock, people
from engine.errors import NotAllowedError, NotFoundError
from processes.awards import catalogue, dossier_page
from web import access
from web.i18n import language
from web.transaction import current_authority, reading

pages = Blueprint("catalogue", __name__)


@pages.get("/catalogue")
def index() -> ResponseReturnValue:
    """Show the awards of one rule set, by default the one in force today."""
    wanted = request.args.get("rule_set", 0, type=int)
    with reading() as session:
        if not access.can_see_catalogue(current_authority(session)):
            raise NotAllowedError("the catalogue is for people with a role")
        sets = catalogue.find_rule_sets(session)
        today = people.local_day(clock.now())
        in_force = [
            one for one in sets if one.starts_on <= today and (one.ends_on is None or today <= one.ends_on)
        ]
        chosen = next((one for one in sets if one.id == wanted), None)
        if wanted and chosen is None:
            raise NotFoundError(f"no rule set {wanted}")
        shown = chosen or next(iter(in_force or sets), None)
        rules = catalogue.find_awards(session, shown) if shown else []
        documents = {kind for rule in rules for kind in rule.documents}
        return render_template(
            "catalogue/index.html",
            sets=sets,
            shown=shown,
            in_force=in_force,
            rules=rules,
            document_names={kind: dossier_page.document_name(kind, language()) for kind in documents},
        )
