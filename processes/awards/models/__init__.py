"""The tables of emulation and commendation, beside the engine's own."""

from processes.awards.models.ballots import (
    BallotChoice,
    BallotEnvelope,
    BallotReceipt,
    BallotSession,
    BallotTurnout,
    Choice,
)
from processes.awards.models.catalogue import (
    Award,
    AwardKind,
    AwardRound,
    AwardRule,
    BallotKind,
    RegisterCounter,
    RuleSet,
    VoteBase,
)
from processes.awards.models.council import (
    AgendaLine,
    CouncilMember,
    CouncilSession,
    CouncilState,
    ExclusionKind,
    VoteExclusion,
)
from processes.awards.models.decisions import Decision, DecisionLine, DecisionState, LineState
from processes.awards.models.dossiers import (
    AppraisalOpinion,
    CouncilResult,
    Dossier,
    DossierDocument,
    DossierStage,
    Nominee,
    NomineeKind,
    NomineeResult,
    Verdict,
)
from processes.awards.models.inspections import Inspection, InspectionState

__all__ = [
    "AgendaLine",
    "AppraisalOpinion",
    "Award",
    "AwardKind",
    "AwardRound",
    "AwardRule",
    "BallotChoice",
    "BallotEnvelope",
    "BallotKind",
    "BallotReceipt",
    "BallotSession",
    "BallotTurnout",
    "Choice",
    "CouncilMember",
    "CouncilResult",
    "CouncilSession",
    "CouncilState",
    "Decision",
    "DecisionLine",
    "DecisionState",
    "Dossier",
    "DossierDocument",
    "DossierStage",
    "ExclusionKind",
    "Inspection",
    "InspectionState",
    "LineState",
    "Nominee",
    "NomineeKind",
    "NomineeResult",
    "RegisterCounter",
    "RuleSet",
    "Verdict",
    "VoteBase",
    "VoteExclusion",
]
