"""Walks a directive from its entry to its final report."""

import directive_moves as moves
from institution import Institution
from sqlalchemy import select

from engine import database
from engine.models import OutboxMail
from processes.awards.models import DirectiveReportState, DirectiveState, DirectiveTaskState


def test_a_directive_is_sent_followed_and_summed_up(city: Institution) -> None:
    moves.send(city)
    moves.report(city)
    moves.finish(city)
    moves.sum_up(city)

    assert city.outcome("directive_task") == "task_done"
    assert city.outcome("directive_report") == "report_sent"
    assert city.outcome("directive") == "directive_closed"
    with database.transaction(city.factory) as session:
        assert moves.the_directive(session).state is DirectiveState.CLOSED
        assert moves.the_task(session).state is DirectiveTaskState.DONE
        report = moves.the_report(session)
        assert (report.state, report.number) == (DirectiveReportState.SENT, "01/BC-BTĐKT")
        assert report.pdf is not None
        assert report.word is not None
        assert "vpcp@example.org" in set(session.scalars(select(OutboxMail.address)))
