"""Every path of the nomination, walked by its people's answers."""

from datetime import timedelta

import pytest
from institution import Institution
from sqlalchemy import select

from engine import database, people
from engine.errors import ConflictError, NotAllowedError
from engine.models import OutboxMail, Task
from processes.awards import dossier_page
from processes.awards.errors import AnswerError
from processes.awards.models import Choice, Dossier, DossierStage, NomineeResult

SIMPLIFIED = "bang_khen_tinh_dot_xuat"


def stage(city: Institution, dossier_id: int) -> DossierStage:
    with database.transaction(city.factory) as session:
        return session.get_one(Dossier, dossier_id).stage


def test_a_nomination_goes_from_the_unit_to_the_decision(city: Institution) -> None:
    dossier_id = city.to_council("Trần Thị Bình", "Lê Văn An")
    session_id = city.call_council(dossier_id)
    city.vote(session_id, "member_1", Choice.AGREE, Choice.AGREE)
    city.vote(session_id, "chair", Choice.AGREE, Choice.DISAGREE)
    city.finish_council()
    city.draft()
    city.sign()
    city.number()

    assert city.outcome() == "nomination_granted"
    assert stage(city, dossier_id) is DossierStage.GRANTED
    with database.transaction(city.factory) as session:
        assert city.nominee(session, "Trần Thị Bình").result is NomineeResult.GRANTED
        assert city.nominee(session, "Lê Văn An").result is NomineeResult.REFUSED
        assert city.decision(session).number == 1
        assert session.scalars(select(OutboxMail).where(OutboxMail.kind == "result")).first() is not None


def test_the_unit_is_told_that_its_dossier_was_received(city: Institution) -> None:
    city.to_council("Trần Thị Bình")

    with database.transaction(city.factory) as session:
        mails = list(session.scalars(select(OutboxMail).where(OutboxMail.kind == "notice")))
        told = {mail.recipient_id for mail in mails if mail.subject == "Đã tiếp nhận hồ sơ HS-2026-0001"}
    assert told == {city.staff["officer"], city.staff["head"]}


def test_the_first_task_is_the_officers_own(city: Institution) -> None:
    city.begin()

    with database.transaction(city.factory) as session:
        task = session.scalars(select(Task)).one()
        assert task.assignee_id == city.staff["officer"]
        assert task.name_en == "Prepare the dossier"


def test_codes_run_without_gaps(city: Institution) -> None:
    city.begin()
    city.begin()

    with database.transaction(city.factory) as session:
        codes = list(session.scalars(select(Dossier.code).order_by(Dossier.id)))
    assert codes == ["HS-2026-0001", "HS-2026-0002"]


def test_the_head_sends_back_with_a_reason(city: Institution) -> None:
    dossier_id = city.begin()
    city.prepare("Trần Thị Bình")
    city.complete("head", "sign_submission", submission_outcome="send_back", reason="Thiếu báo cáo.")

    assert city.open_elements() == ["prepare_dossier"]
    assert stage(city, dossier_id) is DossierStage.SENT_BACK
    with pytest.raises(AnswerError):
        city.prepare()


def test_sending_back_needs_a_reason(city: Institution) -> None:
    city.begin()
    city.prepare("Trần Thị Bình")

    with pytest.raises(AnswerError):
        city.complete("head", "sign_submission", submission_outcome="send_back", reason=" ")
    assert city.open_elements() == ["sign_submission"]


def test_the_agency_sends_back_to_the_unit(city: Institution) -> None:
    city.begin()
    city.prepare("Trần Thị Bình")
    city.complete("head", "sign_submission", submission_outcome="sign", submission_number="1/TTr")
    city.complete("appraiser", "receive_dossier", receipt_outcome="send_back", reason="Thiếu biên bản.")

    assert city.open_elements() == ["prepare_dossier"]


def test_receipt_fixes_the_rule_set_in_force(city: Institution) -> None:
    dossier_id = city.submit("Trần Thị Bình")

    with database.transaction(city.factory) as session:
        dossier = session.get_one(Dossier, dossier_id)
        assert dossier.rule_set is not None
        assert dossier.rule_set.code == "2026-10"
        assert dossier.received_at == city.now
        task = session.scalars(select(Task).where(Task.element_id == "appraise_dossier")).one()
        assert task.due_at is not None
        assert task.due_at > city.now + timedelta(days=30)


def test_a_supplement_returns_and_old_opinions_stay(city: Institution) -> None:
    dossier_id = city.submit("Trần Thị Bình", "Lê Văn An")
    due_on = people.local_day(city.now) + timedelta(days=7)
    city.appraise(
        dossier_id,
        {"Trần Thị Bình": "supplement"},
        supplement_due_on=due_on,
        supplement_request="Giấy chứng nhận sáng kiến.",
    )
    assert city.open_elements() == ["supplement_dossier"]
    with database.transaction(city.factory) as session:
        task = session.scalars(select(Task).where(Task.element_id == "supplement_dossier")).one()
        assert task.due_at is not None
        assert people.local_day(task.due_at) == due_on

    city.complete("officer", "supplement_dossier", supplement_note="Đã gửi.", supplement_files=[])
    city.appraise(dossier_id, {})

    assert city.open_elements() == ["approve_appraisal"]
    with database.transaction(city.factory) as session:
        said = dossier_page.find_opinions(session, session.get_one(Dossier, dossier_id), language="vi")
        about = [(opinion.turn, opinion.verdict) for opinion in said if opinion.about == "Trần Thị Bình"]
    assert about == [(2, "Đồng ý"), (1, "Cần bổ sung")]


def test_a_supplement_needs_a_day_to_come(city: Institution) -> None:
    dossier_id = city.submit("Trần Thị Bình")

    with pytest.raises(AnswerError):
        city.appraise(
            dossier_id, {"Trần Thị Bình": "supplement"}, supplement_due_on=people.local_day(city.now)
        )


def test_the_head_of_the_agency_sends_back_to_the_officer(city: Institution) -> None:
    dossier_id = city.submit("Trần Thị Bình")
    city.appraise(dossier_id, {})
    city.complete("agency", "approve_appraisal", approval_outcome="send_back", reason="Xem lại.")

    assert city.open_elements() == ["appraise_dossier"]


def test_with_nobody_accepted_the_unit_is_told_why(city: Institution) -> None:
    dossier_id = city.submit("Trần Thị Bình")
    city.appraise(dossier_id, {"Trần Thị Bình": "reject"})
    city.complete("agency", "approve_appraisal", approval_outcome="approve")

    assert city.outcome() == "nomination_refused"
    with database.transaction(city.factory) as session:
        mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "result")).first()
        assert mail is not None
        assert "Chưa đủ thành tích." in mail.text


def test_a_simplified_award_skips_the_council(city: Institution) -> None:
    dossier_id = city.to_council("Trần Thị Bình", award=SIMPLIFIED)

    assert stage(city, dossier_id) is DossierStage.AWAITING_DECISION
    city.draft()
    city.sign()
    city.number()
    assert city.outcome() == "nomination_granted"


def test_with_nobody_passed_the_nomination_ends(city: Institution) -> None:
    dossier_id = city.to_council("Trần Thị Bình")
    session_id = city.call_council(dossier_id)
    city.vote(session_id, "chair", Choice.DISAGREE)
    city.finish_council()

    assert city.outcome() == "nomination_refused"


def test_what_the_chairman_leaves_for_later_waits_for_the_next_decision(city: Institution) -> None:
    city.to_council("Trần Thị Bình", "Lê Văn An", award=SIMPLIFIED)
    city.draft()
    city.sign(pulled=[city.pulled("Lê Văn An", "later")])
    city.number()
    assert city.outcome() == ""

    city.draft()
    city.sign()
    city.number()
    assert city.outcome() == "nomination_granted"
    with database.transaction(city.factory) as session:
        assert city.decision(session).number == 2


def test_what_the_chairman_refuses_ends_the_nomination(city: Institution) -> None:
    city.to_council("Trần Thị Bình", "Lê Văn An", award=SIMPLIFIED)
    other = city.to_council("Phạm Thị Cúc", award=SIMPLIFIED)
    city.draft()
    city.sign(pulled=[city.pulled("Phạm Thị Cúc", "refused")])
    city.number()

    assert stage(city, other) is DossierStage.REFUSED
    assert city.outcome() == "decision_refused"


def test_the_unit_withdraws_before_the_decision(city: Institution) -> None:
    dossier_id = city.submit("Trần Thị Bình")
    city.withdraw(dossier_id, "head")

    assert city.open_elements() == []
    assert stage(city, dossier_id) is DossierStage.WITHDRAWN
    with pytest.raises(ConflictError):
        city.withdraw(dossier_id, "head")


def test_a_dossier_withdrawn_while_members_vote_gets_no_result(city: Institution) -> None:
    first, second = city.to_council("Trần Thị Bình"), city.to_council("Lê Văn An")
    session_id = city.call_council(first, second)
    city.vote_all(session_id, Choice.AGREE, Choice.AGREE)
    city.withdraw(first, "officer")
    city.finish_council()

    assert stage(city, first) is DossierStage.WITHDRAWN
    assert stage(city, second) is DossierStage.AWAITING_DECISION


def test_a_dossier_in_a_draft_decision_can_be_withdrawn_until_it_is_signed(city: Institution) -> None:
    first = city.to_council("Trần Thị Bình", award=SIMPLIFIED)
    second = city.to_council("Lê Văn An", award=SIMPLIFIED)
    city.draft()
    city.withdraw(first, "officer")
    city.sign()

    with pytest.raises(ConflictError):
        city.withdraw(second, "officer")
    city.number()
    with database.transaction(city.factory) as session:
        assert city.nominee(session, "Trần Thị Bình").result is None
        assert city.nominee(session, "Lê Văn An").result is NomineeResult.GRANTED


def test_only_the_unit_withdraws(city: Institution) -> None:
    dossier_id = city.submit("Trần Thị Bình")

    with pytest.raises(NotAllowedError):
        city.withdraw(dossier_id, "appraiser")
