"""Every path of a decision, walked by its people's answers."""

from datetime import timedelta

import pypdf
import pytest
from institution import Institution

from engine import database, people
from engine.errors import ConflictError, NotFoundError
from processes.awards import decision_page, decisions
from processes.awards.errors import AnswerError
from processes.awards.models import DecisionState

SIMPLIFIED = "bang_khen_tinh_dot_xuat"


def drafted(city: Institution, *names: str) -> int:
    city.to_council(*names, award=SIMPLIFIED)
    return city.draft()


def test_a_decision_is_numbered_and_its_document_made(city: Institution) -> None:
    decision_id = drafted(city, "Trần Thị Bình", "Lê Văn An")
    city.sign()
    city.number()

    assert city.outcome("decision") == "decision_issued"
    with database.transaction(city.factory) as session:
        decision = decisions.get_decision(session, decision_id, reader=city.authority(session, "officer"))
        facts = decision_page.decision_facts(session, decision, language="vi")
        path = decisions.pdf_of(session, decision, reader=city.authority(session, "officer"))
    assert facts.number_text == "01/QĐ-UBND"
    assert facts.total_bonus == 2 * 3_800_000
    assert facts.direct_worker_percent == 100
    text = "".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    assert "01/QĐ-UBND" in text
    assert "Trần Thị Bình" in text
    assert "Căn cứ Nghị định số 152/2025/NĐ-CP" in text
    assert "Cổng Thông tin điện tử thành phố" in text


def test_a_draft_is_hidden_from_units(city: Institution) -> None:
    decision_id = drafted(city, "Trần Thị Bình")

    with pytest.raises(NotFoundError), database.transaction(city.factory) as session:
        decisions.get_decision(session, decision_id, reader=city.authority(session, "officer"))


def test_the_chairman_sends_back_and_the_draft_gathers_anew(city: Institution) -> None:
    decision_id = drafted(city, "Trần Thị Bình")
    city.complete("agency", "submit_decision", submission_note="")
    city.complete("chairman", "sign_decision", outcome="send_back", reason="Chờ thêm hồ sơ.")
    assert city.open_elements() == ["submit_decision"]

    city.to_council("Lê Văn An", award=SIMPLIFIED)
    city.complete("agency", "submit_decision", submission_note="")
    city.complete("chairman", "sign_decision", outcome="send_back", reason="Ghép thêm.")
    with database.transaction(city.factory) as session:
        decision = decisions.get_decision(session, decision_id, reader=city.authority(session, "chairman"))
        assert decision_page.decision_facts(session, decision, language="vi").line_count == 2


def test_a_draft_whose_dossiers_are_withdrawn_ends(city: Institution) -> None:
    dossier_id = city.to_council("Trần Thị Bình", award=SIMPLIFIED)
    city.draft()
    city.complete("agency", "submit_decision", submission_note="")
    city.withdraw(dossier_id, "head")
    with pytest.raises(AnswerError):
        city.complete("chairman", "sign_decision", outcome="sign")
    city.complete("chairman", "sign_decision", outcome="send_back", reason="Không còn ai.")

    assert city.outcome("decision") == "nothing_to_decide"
    with database.transaction(city.factory) as session:
        assert city.decision(session).state is DecisionState.ABANDONED


def test_pulling_out_needs_a_reason(city: Institution) -> None:
    drafted(city, "Trần Thị Bình", "Lê Văn An")
    with database.transaction(city.factory) as session:
        line_id = city.decision(session).lines[0].id

    with pytest.raises(AnswerError):
        city.sign(pulled=[{"line_id": line_id, "state": "later", "reason": " "}])


def test_a_decision_is_not_dated_before_its_signature_nor_ahead(city: Institution) -> None:
    drafted(city, "Trần Thị Bình")
    city.sign()
    today = people.local_day(city.now)

    for day in (today - timedelta(days=1), today + timedelta(days=1)):
        with pytest.raises(AnswerError):
            city.complete("clerk", "number_decision", issued_on=day)
    city.number()
    assert city.outcome("decision") == "decision_issued"


def test_with_nobody_waiting_no_draft_is_begun(city: Institution) -> None:
    with pytest.raises(ConflictError):
        city.draft()
