"""What the forms of a decision begin with: its lines, sums, the next number."""

from engine.feel import Value
from engine.people import local_day
from engine.setup import FormCall
from processes.awards import registers
from processes.awards.answers import context_of
from processes.awards.calls import decision_of
from processes.awards.decision_page import DecisionFacts, decision_facts
from processes.awards.decisions import NUMBER_MARK
from processes.awards.registry import form_source


@form_source("decision.draft")
def draft_values(call: FormCall) -> dict[str, Value]:
    """Give the lines, their sums, and why the Chairman sent the draft back."""
    decision = decision_of(call)
    facts = decision_facts(call.session, decision, language="vi")
    return context_of(
        _lines(facts) | {"returned": decision.send_back_reason, "submission_note": decision.submission_note}
    )


@form_source("decision.numbering")
def numbering_values(call: FormCall) -> dict[str, Value]:
    """Give the lines, today, and the number the register would give now."""
    decision = decision_of(call)
    facts = decision_facts(call.session, decision, language="vi")
    today = local_day(call.now)
    next_number = registers.last_number(call.session, "decision", today.year) + 1
    return context_of(_lines(facts) | {"issued_on": today, "next_number": f"{next_number:02d}{NUMBER_MARK}"})


def _lines(facts: DecisionFacts) -> dict[str, object]:
    lines = [line for group in facts.groups for line in group.lines]
    return {
        "line_count": facts.line_count,
        "total_bonus": dots(facts.total_bonus),
        "base_salary": dots(facts.base_salary),
        "line_table": [
            {
                "position": number,
                "name": line.name,
                "about": f"{line.about or line.unit}",
                "award": line.award,
                "bonus": dots(line.bonus),
            }
            for number, line in enumerate(lines, start=1)
        ],
        "line_options": [{"label": f"{line.name} ({line.award})", "value": str(line.id)} for line in lines],
    }


def dots(amount: int) -> str:
    """Return an amount as officials write it: 1.500.000."""
    return f"{amount:,}".replace(",", ".")
