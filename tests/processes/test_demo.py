"""The demo is filled by really running the processes."""

from institution import MONDAY
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import database
from engine.models import Incident, Task, TaskState
from engine.people import local_day
from engine.setup import Setup
from processes.awards import decisions, demo
from processes.awards.holds import is_in_force
from processes.awards.inspection_figures import is_remedy_late
from processes.awards.models import (
    Award,
    CouncilSession,
    CouncilState,
    Decision,
    DecisionState,
    Dossier,
    DossierStage,
    Inspection,
    InspectionKind,
    InspectionPlan,
    InspectionState,
    PlanState,
    RemedyState,
)


def test_the_demo_shows_every_state(session_factory: sessionmaker[Session], setup: Setup) -> None:
    demo.fill(session_factory, MONDAY)

    with database.transaction(session_factory) as session:
        assert list(session.scalars(select(Incident.message))) == []
        stages = set(session.scalars(select(Dossier.stage)))
        states = list(session.scalars(select(CouncilSession.state).order_by(CouncilSession.id)))
        issued = session.scalars(select(Decision).where(Decision.state == DecisionState.ISSUED)).one()
        waiting = set(session.scalars(select(Task.element_id).where(Task.state == TaskState.OPEN)))
        assert len(list(session.scalars(select(Award)))) == 43
        inspections = session.scalars(select(Inspection)).all()
        plans = list(session.scalars(select(InspectionPlan.state).order_by(InspectionPlan.year)))
        remedies = {
            (one.state, is_remedy_late(one, on=local_day(MONDAY)))
            for inspection in inspections
            for one in inspection.remedies
        }
        held = [one.unit.code for one in inspections if is_in_force(one)]
        assert issued.pdf_sha256 is not None
        assert decisions.pdf_path(setup.files, issued.pdf_sha256).stat().st_size > 10_000
    assert stages >= set(DossierStage) - {DossierStage.SENT_BACK, DossierStage.AWAITING_DECISION}
    assert states == [CouncilState.SIGNED, CouncilState.SIGNED, CouncilState.VOTING]
    assert {"sign_decision", "close_voting", "submit_self_report", "receive_dossier"} <= waiting
    assert {one.state for one in inspections} >= set(InspectionState) - {
        InspectionState.CONCLUDING,
        InspectionState.CANCELLED,
    }
    assert {one.kind for one in inspections} == set(InspectionKind)
    assert remedies >= {
        (RemedyState.OPEN, False),
        (RemedyState.OPEN, True),
        (RemedyState.REPORTED, False),
        (RemedyState.VERIFIED, False),
    }
    assert held == ["xa_kien_thuy"]
    assert any(one.objections and one.state is InspectionState.AWAITING_SIGNATURES for one in inspections)
    assert plans == [PlanState.SUMMARISED, PlanState.APPROVED, PlanState.AWAITING_CHAIRMAN]
