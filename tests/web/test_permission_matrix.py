"""Who gets what from every route: a row for each, so that a new route without one fails."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from city import City
from directive_objects import TOKEN
from flask import Flask

from processes.awards.roles import ADMINISTERS, ROLES, SEES_EVERYTHING

EVERYBODY = frozenset({*ROLES, "other_officer", "nobody"})
WITH_A_ROLE = EVERYBODY - {"nobody"}
COUNCIL = SEES_EVERYTHING | {"council_member", "council_chair", "council_secretary"}
UNIT = frozenset({"unit_officer", "unit_head"})
MEMBERS = frozenset({"council_member", "council_chair"})
DRAFTERS = frozenset({"appraisal_officer", "agency_head", "clerk"})
PLANNERS = frozenset({"inspector", "agency_head"})
SCHEDULERS = PLANNERS | {"appraisal_officer"}
EDITORS = frozenset({"process_administrator"})
MENDERS = frozenset({"process_administrator", "system_administrator"})


@dataclass(frozen=True)
class Row:
    """Who may; everybody else gets ``refused``. ``path`` names real objects, ``form`` is what is posted."""

    allowed: frozenset[str]
    refused: int = 403
    path: str = ""
    form: tuple[tuple[str, str], ...] = ()


NOBODY: frozenset[str] = frozenset()
NO_RUN = "x" * 22
"""A token that no dry run has: a run is its owner's alone."""
ENTERS = frozenset({"appraisal_officer", "agency_head"})
OF_DIRECTIVE = SEES_EVERYTHING | UNIT | {"other_officer"}
RECEIVED = f"/directives/received/{TOKEN}"
TASK_OF_UNIT = SEES_EVERYTHING | ADMINISTERS | UNIT | {"consulted_agency"}

ROWS = {
    "GET /": Row(EVERYBODY),
    "GET /health": Row(EVERYBODY),
    "GET /help": Row(EVERYBODY),
    "GET /login": Row(EVERYBODY),
    "POST /login": Row(EVERYBODY),
    "POST /logout": Row(EVERYBODY),
    "POST /language": Row(EVERYBODY),
    "GET /profile": Row(EVERYBODY),
    "POST /profile/password": Row(EVERYBODY, form=(("old", "x"), ("new", "y"))),
    "POST /profile/delegations": Row(EVERYBODY),
    "POST /profile/delegations/<int:delegation_id>/end": Row(
        frozenset({"unit_head"}), 404, "/profile/delegations/1/end"
    ),
    "POST /profile/calendar": Row(EVERYBODY),
    "POST /profile/calendar/revoke": Row(EVERYBODY),
    "GET /calendar/<token>.ics": Row(NOBODY, 404, f"/calendar/{NO_RUN}.ics"),
    "GET /inbox": Row(EVERYBODY),
    "POST /inbox/claim": Row(EVERYBODY),
    "GET /begin": Row(EVERYBODY),
    "POST /begin/<key>/<element_id>": Row(NOBODY, 404, "/begin/plain/start"),
    "GET /tasks/<int:task_id>": Row(TASK_OF_UNIT, 404, "/tasks/1"),
    "POST /tasks/<int:task_id>": Row(frozenset({"unit_officer"}), 404, "/tasks/1"),
    "POST /tasks/<int:task_id>/draft": Row(frozenset({"unit_officer"}), 404, "/tasks/1/draft"),
    "POST /tasks/<int:task_id>/refresh": Row(NOBODY, 404, "/tasks/1/refresh"),
    "POST /tasks/<int:task_id>/claim": Row(frozenset({"unit_officer"}), 404, "/tasks/1/claim"),
    "POST /tasks/<int:task_id>/release": Row(NOBODY, 404, "/tasks/1/release"),
    "POST /tasks/<int:task_id>/hand-over": Row(ADMINISTERS | {"unit_officer"}, 404, "/tasks/1/hand-over"),
    "POST /tasks/<int:task_id>/comments": Row(
        TASK_OF_UNIT, 404, "/tasks/1/comments", (("text", "Xin xem lại"),)
    ),
    "GET /files/<int:upload_id>": Row(TASK_OF_UNIT, 404, "/files/1"),
    "GET /dossiers": Row(EVERYBODY),
    "POST /dossiers": Row(NOBODY, 403, form=(("unit", "nowhere"),)),
    "GET /dossiers/<int:dossier_id>": Row(SEES_EVERYTHING | UNIT, 404, "/dossiers/1"),
    "GET /dossiers/<int:dossier_id>/diagram.bpmn": Row(
        SEES_EVERYTHING | UNIT, 404, "/dossiers/1/diagram.bpmn"
    ),
    "POST /dossiers/<int:dossier_id>/withdraw": Row(UNIT, 404, "/dossiers/1/withdraw", (("reason", "Nhầm"),)),
    "GET /council": Row(COUNCIL),
    "POST /council": Row(NOBODY, 404),
    "GET /council/<int:session_id>": Row(COUNCIL, 404, "/council/1"),
    "POST /council/<int:session_id>/conflicts": Row(MEMBERS, 404, "/council/1/conflicts", (("line", "1"),)),
    "GET /council/<int:session_id>/ballot": Row(MEMBERS, 404, "/council/1/ballot"),
    "POST /council/<int:session_id>/ballot": Row(MEMBERS, 404, "/council/1/ballot"),
    "POST /council/<int:session_id>/receipt": Row(COUNCIL, 404, "/council/1/receipt"),
    "GET /council/<int:session_id>/minutes": Row(NOBODY, 404, "/council/1/minutes"),
    "GET /council/<int:session_id>/minutes.pdf": Row(NOBODY, 404, "/council/1/minutes.pdf"),
    "GET /decisions": Row(EVERYBODY),
    "POST /decisions": Row(DRAFTERS, 403, form=(("subject", "Về việc khen thưởng"),)),
    "GET /decisions/<int:decision_id>": Row(SEES_EVERYTHING, 404, "/decisions/1"),
    "GET /decisions/<int:decision_id>/document.pdf": Row(NOBODY, 404, "/decisions/1/document.pdf"),
    "GET /decisions/sign/<int:task_id>": Row(NOBODY, 404, "/decisions/sign/1"),
    "POST /decisions/sign/<int:task_id>": Row(NOBODY, 404, "/decisions/sign/1", (("outcome", "send_back"),)),
    "GET /inspections": Row(SEES_EVERYTHING | UNIT | {"inspector", "other_officer"}),
    "GET /inspections/<int:inspection_id>": Row(
        SEES_EVERYTHING | UNIT | {"inspector"}, 404, "/inspections/1"
    ),
    "GET /inspections/<int:inspection_id>/diagram.bpmn": Row(NOBODY, 404, "/inspections/1/diagram.bpmn"),
    "POST /inspections/<int:inspection_id>/hold": Row(frozenset({"agency_head"}), 404, "/inspections/1/hold"),
    "POST /inspections/<int:inspection_id>/cancel": Row(
        frozenset({"agency_head"}), 404, "/inspections/1/cancel"
    ),
    "GET /inspections/new": Row(PLANNERS),
    "POST /inspections/new": Row(PLANNERS),
    "GET /inspections/plans": Row(SEES_EVERYTHING | {"inspector"}),
    "GET /inspections/plans/<int:plan_id>": Row(SEES_EVERYTHING | {"inspector"}, 404, "/inspections/plans/1"),
    "GET /inspections/plans/<int:plan_id>/draw": Row(
        SEES_EVERYTHING | {"inspector"}, 404, "/inspections/plans/1/draw"
    ),
    "POST /inspections/plans/<int:plan_id>/rule": Row(PLANNERS, 404, "/inspections/plans/1/rule"),
    "POST /inspections/plans/<int:plan_id>/lines/<int:line_id>": Row(
        PLANNERS, 404, "/inspections/plans/1/lines/1"
    ),
    "GET /inspections/clusters": Row(SEES_EVERYTHING | UNIT | {"inspector", "other_officer"}),
    "POST /inspections/clusters": Row(frozenset({"agency_head"})),
    "GET /inspections/clusters/<int:cluster_id>": Row(
        frozenset({"agency_head"}), 403, "/inspections/clusters/1"
    ),
    "POST /inspections/clusters/<int:cluster_id>": Row(
        frozenset({"agency_head"}), 403, "/inspections/clusters/1"
    ),
    "GET /schedules": Row(SCHEDULERS | MENDERS | {"auditor"}),
    "GET /schedules/calendar": Row(SCHEDULERS | MENDERS | {"auditor"}),
    "GET /schedules/new": Row(SCHEDULERS | EDITORS),
    "POST /schedules/new": Row(EDITORS, 404, form=(("key", "plain"),)),
    "GET /schedules/<int:schedule_id>": Row(PLANNERS | MENDERS | {"auditor"}, 404, "/schedules/1"),
    "GET /schedules/<int:schedule_id>/edit": Row(PLANNERS | EDITORS, 404, "/schedules/1/edit"),
    "POST /schedules/<int:schedule_id>/edit": Row(PLANNERS | EDITORS, 404, "/schedules/1/edit"),
    "POST /schedules/<int:schedule_id>/<any(pause, resume, retire):act>": Row(
        PLANNERS | EDITORS, 404, "/schedules/1/pause"
    ),
    "GET /directives": Row(WITH_A_ROLE),
    "GET /directives/<int:directive_id>": Row(OF_DIRECTIVE, 404, "/directives/1"),
    "GET /directives/<int:directive_id>/print": Row(OF_DIRECTIVE, 404, "/directives/1/print"),
    "GET /directives/<int:directive_id>/document": Row(NOBODY, 404, "/directives/1/document"),
    "POST /directives/<int:directive_id>/receipt": Row(OF_DIRECTIVE, 404, "/directives/1/receipt"),
    "POST /directives/<int:directive_id>/remind": Row(ENTERS, 404, "/directives/1/remind"),
    "POST /directives/<int:directive_id>/deliveries/<int:delivery_id>/resend": Row(
        ENTERS, 404, "/directives/1/deliveries/1/resend"
    ),
    "POST /directives/<int:directive_id>/reports": Row(NOBODY, 404, "/directives/1/reports"),
    "GET /directives/reports/<int:report_id>.<any(pdf, docx):kind>": Row(
        NOBODY, 404, "/directives/reports/1.pdf"
    ),
    "GET /directives/tasks/<int:task_id>": Row(OF_DIRECTIVE, 404, "/directives/tasks/1"),
    "POST /directives/tasks/<int:task_id>/extension": Row(UNIT, 404, "/directives/tasks/1/extension"),
    "POST /directives/tasks/<int:task_id>/cancel": Row(
        frozenset({"agency_head"}), 404, "/directives/tasks/1/cancel"
    ),
    "GET /directives/tasks/<int:task_id>/evidence/<int:upload_id>": Row(
        NOBODY, 404, "/directives/tasks/1/evidence/1"
    ),
    "GET /directives/entry/<int:task_id>": Row(NOBODY, 404, "/directives/entry/1"),
    **{
        f"{method} /directives/entry/<int:task_id>/{step}{rest}": Row(
            NOBODY, 404, f"/directives/entry/1/{path}{rest}"
        )
        for method, step, path, rest in (
            ("GET", "<any(facts, items, tasks, targets, recipients, check):step>", "check", ""),
            ("POST", "<any(facts, items, tasks, targets, recipients):step>", "facts", ""),
            ("POST", "<any(facts, items, tasks, targets, recipients):step>", "facts", "/draft"),
            ("POST", "check", "check", ""),
        )
    },
    "GET /directives/received/<token>": Row(EVERYBODY, 404, RECEIVED),
    "POST /directives/received/<token>": Row(EVERYBODY, 404, RECEIVED),
    "GET /directives/received/<token>/document": Row(NOBODY, 404, f"{RECEIVED}/document"),
    "GET /people": Row(frozenset({"system_administrator", "auditor"})),
    "GET /people/new": Row(frozenset({"system_administrator"})),
    "POST /people": Row(frozenset({"system_administrator"}), form=(("username", "x y"), ("full_name", "A"))),
    "GET /people/<int:person_id>": Row(frozenset({"system_administrator", "auditor"}), 403, "/people/1"),
    "POST /people/<int:person_id>": Row(
        frozenset({"system_administrator"}), 403, "/people/1", (("full_name", "Người giữ vai trò"),)
    ),
    "POST /people/<int:person_id>/roles": Row(
        frozenset({"system_administrator"}), 403, "/people/1/roles", (("role", "?"),)
    ),
    "POST /people/<int:person_id>/roles/<int:holding_id>/end": Row(
        frozenset({"system_administrator"}), 403, "/people/2/roles/2/end"
    ),
    "POST /people/<int:person_id>/password": Row(
        frozenset({"system_administrator"}), 403, "/people/1/password"
    ),
    "POST /people/<int:person_id>/active": Row(frozenset({"system_administrator"}), 403, "/people/18/active"),
    "GET /units": Row(frozenset({"system_administrator", "auditor"})),
    "POST /units": Row(
        frozenset({"system_administrator"}), form=(("code", "so_a"), ("name", "Sở A"), ("kind", "department"))
    ),
    "GET /units/<int:unit_id>": Row(frozenset({"system_administrator", "auditor"}), 403, "/units/1"),
    "POST /units/<int:unit_id>/abolish": Row(frozenset({"system_administrator"}), 403, "/units/1/abolish"),
    "POST /units/<int:unit_id>/keep": Row(frozenset({"system_administrator"}), 403, "/units/1/keep"),
    "GET /catalogue": Row(WITH_A_ROLE),
    "GET /ladders": Row(ADMINISTERS | {"agency_head", "auditor"}),
    "GET /ladders/<key>": Row(ADMINISTERS, 403, "/ladders/plain"),
    "POST /ladders/<key>": Row(ADMINISTERS, 403, "/ladders/plain", (("due", "on"),)),
    "GET /definitions": Row(ADMINISTERS | {"agency_head", "auditor"}),
    "GET /definitions/<int:version_id>": Row(ADMINISTERS | {"agency_head", "auditor"}, 403, "/definitions/1"),
    "GET /definitions/<int:version_id>/diagram.bpmn": Row(
        ADMINISTERS | {"agency_head", "auditor"}, 403, "/definitions/1/diagram.bpmn"
    ),
    "POST /definitions/<int:version_id>/publish": Row(
        frozenset({"process_administrator"}), 403, "/definitions/2/publish"
    ),
    "POST /definitions/<key>/draft": Row(EDITORS, 403, "/definitions/plain/draft"),
    "POST /definitions/<int:version_id>/restore": Row(EDITORS, 403, "/definitions/1/restore"),
    "GET /definitions/<int:version_id>/bundle.zip": Row(
        ADMINISTERS | {"agency_head", "auditor"}, 403, "/definitions/1/bundle.zip"
    ),
    "POST /studio/import": Row(EDITORS),
    "POST /studio/drafts": Row(EDITORS, form=(("name", "Quy trình mới"),)),
    "GET /studio/drafts/<int:draft_id>": Row(EDITORS, 403, "/studio/drafts/1"),
    "GET /studio/drafts/<int:draft_id>/submit": Row(EDITORS, 403, "/studio/drafts/1/submit"),
    "POST /studio/drafts/<int:draft_id>/submit": Row(EDITORS, 403, "/studio/drafts/1/submit"),
    "POST /studio/drafts/<int:draft_id>/discard": Row(EDITORS, 403, "/studio/drafts/1/discard"),
    "GET /studio/drafts/<int:draft_id>/files/<name>": Row(EDITORS, 403, "/studio/drafts/1/files/plain.bpmn"),
    "PUT /studio/drafts/<int:draft_id>/files/<name>": Row(EDITORS, 403, "/studio/drafts/1/files/plain.bpmn"),
    "DELETE /studio/drafts/<int:draft_id>/files/<name>": Row(
        EDITORS, 403, "/studio/drafts/1/files/plain.bpmn"
    ),
    "POST /studio/drafts/<int:draft_id>/files/<name>/remove": Row(
        EDITORS, 403, "/studio/drafts/1/files/plain.bpmn/remove"
    ),
    "GET /studio/drafts/<int:draft_id>/draft.zip": Row(EDITORS, 403, "/studio/drafts/1/draft.zip"),
    "POST /studio/drafts/<int:draft_id>/files": Row(
        EDITORS, 403, "/studio/drafts/1/files", (("kind", "form"), ("id", "new"))
    ),
    "POST /studio/drafts/<int:draft_id>/check": Row(EDITORS, 403, "/studio/drafts/1/check"),
    "GET /studio/drafts/<int:draft_id>/lists": Row(EDITORS, 403, "/studio/drafts/1/lists"),
    "POST /studio/drafts/<int:draft_id>/visit": Row(EDITORS, 403, "/studio/drafts/1/visit"),
    "POST /studio/drafts/<int:draft_id>/preview": Row(EDITORS, 403, "/studio/drafts/1/preview"),
    "POST /studio/drafts/<int:draft_id>/decide": Row(EDITORS, 403, "/studio/drafts/1/decide"),
    "POST /studio/drafts/<int:draft_id>/text-preview": Row(EDITORS, 403, "/studio/drafts/1/text-preview"),
    "GET /definitions/<int:version_id>/compare": Row(
        ADMINISTERS | {"agency_head", "auditor"}, 403, "/definitions/1/compare?with=1"
    ),
    "GET /studio/drafts/<int:draft_id>/compare": Row(EDITORS, 403, "/studio/drafts/1/compare"),
    "GET /definitions/<int:version_id>/consequences": Row(
        ADMINISTERS | {"agency_head", "auditor"}, 403, "/definitions/1/consequences"
    ),
    "POST /definitions/<int:version_id>/consequences": Row(
        frozenset({"process_administrator"}), 403, "/definitions/1/consequences"
    ),
    "GET /definitions/<key>/running": Row(
        ADMINISTERS | {"agency_head", "auditor"}, 403, "/definitions/plain/running"
    ),
    "GET /instances/<int:instance_id>": Row(ADMINISTERS | {"agency_head", "auditor"}, 403, "/instances/1"),
    "GET /migrations/<int:plan_id>": Row(SEES_EVERYTHING | ADMINISTERS, 404, "/migrations/1"),
    "POST /migrations/<int:plan_id>/undo": Row(
        frozenset({"process_administrator"}), 403, "/migrations/1/undo"
    ),
    **{
        f"POST /instances/<int:instance_id>/{operation}": Row(
            frozenset({"process_administrator"}), 403, f"/instances/1/{operation}", (("reason", "Nhầm"),)
        )
        for operation in ("suspend", "resume", "move", "cancel")
    },
    "POST /definitions/<int:version_id>/dry-run": Row(EDITORS, 403, "/definitions/1/dry-run"),
    "POST /studio/drafts/<int:draft_id>/dry-run": Row(EDITORS, 403, "/studio/drafts/1/dry-run"),
    "GET /dry-runs/<token>": Row(NOBODY, 404, f"/dry-runs/{NO_RUN}"),
    "GET /dry-runs/<token>/diagram.bpmn": Row(NOBODY, 404, f"/dry-runs/{NO_RUN}/diagram.bpmn"),
    "POST /dry-runs/<token>/start": Row(NOBODY, 404, f"/dry-runs/{NO_RUN}/start"),
    "POST /dry-runs/<token>/tasks/<int:task_id>": Row(NOBODY, 404, f"/dry-runs/{NO_RUN}/tasks/1"),
    "POST /dry-runs/<token>/tasks/<int:task_id>/refresh": Row(
        NOBODY, 404, f"/dry-runs/{NO_RUN}/tasks/1/refresh"
    ),
    "POST /dry-runs/<token>/messages/<uuid:wait>": Row(
        NOBODY, 404, f"/dry-runs/{NO_RUN}/messages/{UUID(int=1)}"
    ),
    "POST /dry-runs/<token>/incidents/<int:incident_id>": Row(NOBODY, 404, f"/dry-runs/{NO_RUN}/incidents/1"),
    "POST /dry-runs/<token>/jump": Row(
        NOBODY, 404, f"/dry-runs/{NO_RUN}/jump", (("to", "2026-11-27T08:00:00+07:00"),)
    ),
    "POST /dry-runs/<token>/finish": Row(NOBODY, 404, f"/dry-runs/{NO_RUN}/finish"),
    "POST /dry-runs/<token>/back": Row(NOBODY, 404, f"/dry-runs/{NO_RUN}/back"),
    "GET /mails": Row(MENDERS | {"auditor"}),
    "GET /mails.csv": Row(MENDERS | {"auditor"}),
    "GET /mails/<int:mail_id>": Row(MENDERS | {"auditor"}, 403, "/mails/1"),
    "POST /mails/<int:mail_id>/resend": Row(MENDERS, 403, "/mails/1/resend"),
    "GET /incidents": Row(MENDERS | {"auditor"}),
    "POST /incidents/<int:incident_id>/retry": Row(MENDERS, 403, "/incidents/1/retry"),
}


def _routes(app: Flask) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
        if rule.endpoint != "static"
    }


def test_every_route_has_a_row(full_city: City) -> None:
    assert _routes(full_city.app) == set(ROWS)


@pytest.mark.parametrize("route", ROWS)
def test_a_route_answers_those_who_may_and_refuses_the_others(full_city: City, route: str) -> None:
    row = ROWS[route]
    method, _space, pattern = route.partition(" ")
    full_city.app.config["WTF_CSRF_ENABLED"] = False
    wrong: dict[str, int] = {}
    for username in sorted(EVERYBODY):
        with full_city.client(username).open(
            row.path or pattern, method=method, data=dict(row.form)
        ) as answer:
            pass
        is_allowed = answer.status_code not in {403, 404}
        is_right = is_allowed if username in row.allowed else answer.status_code in {row.refused, 403}
        if not is_right or answer.status_code >= 500:
            wrong[username] = answer.status_code

    assert wrong == {}


def test_who_is_not_signed_in_sees_the_sign_in_page_alone(full_city: City) -> None:
    public = {"/login", "/health", "/language", f"/calendar/{NO_RUN}.ics", RECEIVED, f"{RECEIVED}/document"}
    open_pages = [
        route
        for route, row in ROWS.items()
        if route.startswith("GET") and (row.path or route[4:]) not in public
        if full_city.client().get(row.path or route[4:]).status_code != 302
    ]

    assert open_pages == []
