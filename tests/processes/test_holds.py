"""An inspection's hold keeps dossiers of the unit from approval until it is mended or lifted."""

from datetime import date, timedelta

import pytest
from institution import MONDAY, Institution
from sqlalchemy import select

from engine import database, people
from engine.errors import ConflictError, NotAllowedError
from engine.models import HistoryEvent, OutboxMail, Unit
from processes.awards import holds
from processes.awards.errors import AnswerError
from processes.awards.models import (
    Dossier,
    DossierStage,
    Inspection,
    InspectionState,
    Remedy,
    RemedyState,
)

LATE, LATER = date(2026, 11, 20), date(2026, 12, 20)


def _hold(city: Institution, *remedies: Remedy, unit_code: str = "so_y_te") -> int:
    """Conclude an inspection that holds the unit's awards; return its id."""
    with database.transaction(city.factory) as session:
        unit = session.scalars(select(Unit).where(Unit.code == unit_code)).one()
        found = Inspection(
            code="KT-2026-001",
            unit=unit,
            topic="",
            report={},
            opened_at=MONDAY,
            concluded_at=MONDAY,
            state=InspectionState.AWAITING_REMEDY,
            holds_awards=True,
            remedies=list(remedies) or [_remedy()],
        )
        session.add(found)
        session.flush()
        return found.id


def _remedy(due_on: date = LATER, state: RemedyState = RemedyState.OPEN) -> Remedy:
    return Remedy(position=1, text="Lập sổ theo dõi", due_on=due_on, state=state)


def _appraised(city: Institution) -> int:
    dossier_id = city.submit("Lê Vân Khánh", "Phạm Nhật Lệ")
    city.appraise(dossier_id, {})
    return dossier_id


def _approve(city: Institution) -> None:
    city.complete("agency", "approve_appraisal", approval_outcome="approve")


def _stage(city: Institution, dossier_id: int) -> DossierStage:
    with database.transaction(city.factory) as session:
        return session.get_one(Dossier, dossier_id).stage


def _lift(
    city: Institution, inspection_id: int, name: str = "agency", reason: str = "Đã có cam kết."
) -> None:
    with database.transaction(city.factory) as session:
        holds.lift_hold(
            session,
            session.get_one(Inspection, inspection_id),
            actor=city.person(session, name),
            authority=city.authority(session, name),
            reason=reason,
            now=city.now,
        )


@pytest.mark.parametrize(
    ("remedy", "said"),
    [
        (_remedy(), "hạn 20/12/2026"),
        (_remedy(LATE), "quá hạn từ 20/11/2026"),
        (_remedy(LATE, RemedyState.REPORTED), "đã báo cáo, chờ xác minh"),
    ],
)
def test_a_held_dossier_is_appraised_but_not_approved(city: Institution, remedy: Remedy, said: str) -> None:
    _hold(city, Remedy(position=1, text=remedy.text, due_on=remedy.due_on, state=remedy.state))
    dossier_id = _appraised(city)

    with pytest.raises(AnswerError) as refused:
        _approve(city)

    assert "KT-2026-001" in refused.value.vi
    assert f"“Lập sổ theo dõi” ({said})" in refused.value.vi
    assert "Trưởng ban Thi đua - Khen thưởng dừng giữ" in refused.value.vi
    assert "Sở Y tế" in refused.value.en
    assert _stage(city, dossier_id) is DossierStage.AWAITING_APPROVAL


def test_a_held_dossier_can_be_sent_back(city: Institution) -> None:
    _hold(city)
    dossier_id = _appraised(city)
    city.complete("agency", "approve_appraisal", approval_outcome="send_back", reason="Thiếu nhận xét.")

    assert _stage(city, dossier_id) is DossierStage.APPRAISING


def test_a_hold_does_not_keep_refusals_from_being_told(city: Institution) -> None:
    _hold(city)
    dossier_id = city.submit("Lê Vân Khánh")
    city.appraise(dossier_id, {"Lê Vân Khánh": "reject"})
    _approve(city)

    assert _stage(city, dossier_id) is DossierStage.REFUSED


def test_once_all_is_verified_the_dossier_goes_on(city: Institution) -> None:
    inspection_id = _hold(city)
    dossier_id = _appraised(city)
    with database.transaction(city.factory) as session:
        session.get_one(Inspection, inspection_id).remedies[0].state = RemedyState.VERIFIED
    _approve(city)

    assert _stage(city, dossier_id) is not DossierStage.AWAITING_APPROVAL


def test_once_the_head_of_the_agency_lifts_the_hold_the_dossier_goes_on(city: Institution) -> None:
    inspection_id = _hold(city)
    dossier_id = _appraised(city)
    _lift(city, inspection_id)
    _approve(city)

    assert _stage(city, dossier_id) is not DossierStage.AWAITING_APPROVAL
    with database.transaction(city.factory) as session:
        found = session.get_one(Inspection, inspection_id)
        assert found.hold_lifted_reason == "Đã có cam kết."
        assert found.hold_lifted_by_id == city.staff["agency"]
        told = session.scalars(select(OutboxMail.address).where(OutboxMail.subject.contains("Dừng giữ")))
        assert sorted(told) == ["head@example.org", "officer@example.org"]


def test_a_lifted_hold_is_in_the_history_of_its_inspection(city: Institution) -> None:
    city.inspect()
    with database.transaction(city.factory) as session:
        found = session.scalars(select(Inspection)).one()
        found.holds_awards = True
        found.remedies = [_remedy()]
        inspection_id = found.id
    _lift(city, inspection_id)

    with database.transaction(city.factory) as session:
        event = session.scalars(select(HistoryEvent).where(HistoryEvent.kind == "hold_lifted")).one()
        assert event.details == {"reason": "Đã có cam kết."}


def test_only_the_head_of_the_agency_lifts_a_hold_and_says_why(city: Institution) -> None:
    inspection_id = _hold(city)
    with pytest.raises(NotAllowedError):
        _lift(city, inspection_id, "inspector")
    with pytest.raises(AnswerError):
        _lift(city, inspection_id, reason=" ")
    _lift(city, inspection_id)
    with pytest.raises(ConflictError):
        _lift(city, inspection_id)


def test_a_successor_inherits_the_hold(city: Institution) -> None:
    on = people.local_day(MONDAY)
    with database.transaction(city.factory) as session:
        heir = session.scalars(select(Unit).where(Unit.code == "so_y_te")).one()
        old = people.create_unit(session, code="so_cu", name="Sở cũ", kind="department")
        old.valid_until, old.successor_id = on - timedelta(days=1), heir.id
    _hold(city, unit_code="so_cu")
    _appraised(city)

    with pytest.raises(AnswerError):
        _approve(city)


def test_another_unit_is_not_held(city: Institution) -> None:
    _hold(city, unit_code="so_noi_vu")
    dossier_id = _appraised(city)
    _approve(city)

    assert _stage(city, dossier_id) is not DossierStage.AWAITING_APPROVAL
