"""What the forms of a council session begin with: dossiers to choose, members, totals."""

from datetime import timedelta
from typing import Final

from engine.clock import CITY_ZONE
from engine.feel import Value
from engine.setup import FormCall
from processes.awards import ballots, rules
from processes.awards.answers import context_of
from processes.awards.calls import meeting_of
from processes.awards.council_page import agenda_candidates
from processes.awards.models import AgendaLine, CouncilSession
from processes.awards.registry import form_source

_MORNING: Final = 8


@form_source("council.agenda")
def agenda_values(call: FormCall) -> dict[str, Value]:
    """Give the dossiers that wait, those chosen before, and a date a week from now."""
    meeting = meeting_of(call)
    proposed = call.now.astimezone(CITY_ZONE).replace(hour=_MORNING, minute=0, second=0, microsecond=0)
    meets_at = meeting.meets_at or proposed + timedelta(days=7)
    return context_of(
        {
            "waiting_dossiers": [
                {
                    "label": f"{item.code} · {item.unit} · {item.nominee_count} {item.award}",
                    "label_en": f"{item.code} · {item.unit} · {item.nominee_count} {item.award_en}",
                    "value": str(item.dossier_id),
                }
                for item in agenda_candidates(call.session, meeting)
            ],
            "dossiers": sorted({str(line.dossier_id) for line in meeting.lines}),
            "meets_at": meets_at,
            "closes_at": meeting.closes_at or meets_at + timedelta(hours=3),
            "place": meeting.place,
        }
    )


@form_source("council.attendance")
def attendance_values(call: FormCall) -> dict[str, Value]:
    """Give the members to call, and how many must be there."""
    meeting = meeting_of(call)
    return context_of(
        {
            "quorum": rules.quorum(len(meeting.members), meeting.quorum_percent),
            "member_count": len(meeting.members),
            "members": [
                {
                    "label": f"{member.person.full_name}, {member.job_title}",
                    "value": str(member.person_id),
                }
                for member in sorted(meeting.members, key=lambda member: member.person.sort_key)
            ],
        }
    )


@form_source("council.turnout")
def turnout_values(call: FormCall) -> dict[str, Value]:
    """Give how many have voted: never who voted how."""
    meeting = meeting_of(call)
    return context_of(
        {
            "voted_count": len(ballots.voters(call.session, meeting)),
            "member_count": len(meeting.members),
        }
    )


@form_source("council.minutes")
def minutes_values(call: FormCall) -> dict[str, Value]:
    """Give the totals of every line."""
    meeting: CouncilSession = meeting_of(call)
    return context_of({"result_table": [_result_row(line) for line in meeting.lines]})


def _result_row(line: AgendaLine) -> dict[str, object]:
    return {
        "position": line.position,
        "name": line.nominee.name,
        "award": line.award.name,
        "agree": line.agree_count,
        "disagree": line.disagree_count,
        "blank": line.blank_count,
        "required": line.required_count,
        "result": "Đạt" if line.is_passed else "Không đạt",
    }
