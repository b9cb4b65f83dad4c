"""The demo is filled by really running the processes."""

from time import monotonic

from institution import MONDAY
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import database
from engine.models import Incident, Task, TaskState
from engine.setup import Setup
from processes.awards import decisions, demo
from processes.awards.models import (
    Award,
    CouncilSession,
    CouncilState,
    Decision,
    DecisionState,
    Dossier,
    DossierStage,
    Inspection,
)


def test_the_demo_shows_every_state(session_factory: sessionmaker[Session], setup: Setup) -> None:
    begun = monotonic()
    demo.fill(session_factory, MONDAY)
    took_seconds = monotonic() - begun

    with database.transaction(session_factory) as session:
        assert list(session.scalars(select(Incident.message))) == []
        stages = set(session.scalars(select(Dossier.stage)))
        states = list(session.scalars(select(CouncilSession.state).order_by(CouncilSession.id)))
        issued = session.scalars(select(Decision).where(Decision.state == DecisionState.ISSUED)).one()
        waiting = set(session.scalars(select(Task.element_id).where(Task.state == TaskState.OPEN)))
        assert len(list(session.scalars(select(Award)))) == 43
        assert len(list(session.scalars(select(Inspection)))) == 3
        assert issued.pdf_sha256 is not None
        assert decisions.pdf_path(setup.files, issued.pdf_sha256).stat().st_size > 10_000
    assert stages >= set(DossierStage) - {DossierStage.SENT_BACK, DossierStage.AWAITING_DECISION}
    assert states == [CouncilState.SIGNED, CouncilState.SIGNED, CouncilState.VOTING]
    assert {"sign_decision", "close_voting", "submit_self_report", "receive_dossier"} <= waiting
    assert took_seconds < 60
