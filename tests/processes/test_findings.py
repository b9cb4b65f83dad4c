"""The findings of a dossier in the real process: what is looked up, who comes first, what a reason is for."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from institution import Institution
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from engine import database
from engine.models import Task
from engine.setup import FormCall
from processes.awards import catalogue
from processes.awards.errors import AnswerError
from processes.awards.finding_rules import NOMINEE_RULES, UNIT_RULES, FindingVerdict
from processes.awards.findings import find_findings
from processes.awards.models import Dossier, Nominee, Verdict
from processes.awards.standing import read_conditions
from processes.nomination import sources

FAILED, DOUBTFUL, _TO_JUDGE, MET = FindingVerdict
MERIT = "bang_khen_tinh_cong_trang"
FIGHTER = "cstd_tinh"


def test_every_condition_of_the_catalogue_has_its_rule_and_article(session: Session) -> None:
    rules = [
        rule
        for rule_set in catalogue.load_catalogue(session)
        for rule in catalogue.find_awards(session, rule_set)
    ]
    conditions = [one for rule in rules for one in read_conditions(rule.conditions)]
    slugs = {rule.award.slug for rule in rules}

    assert {one.rule for one in conditions} == {*NOMINEE_RULES, *UNIT_RULES}
    assert all(one.article and one.article_en and one.certainty in "ABC" for one in conditions)
    assert all({one.award, *one.awards} <= slugs | {""} for one in conditions)
    for award in catalogue.city_awards(session):
        assert [rule for rule in rules if rule.award_id == award.id and rule.conditions]


def nominate(city: Institution, *rows: Mapping[str, object], award: str = MERIT) -> int:
    """Bring a dossier with these rows to its appraisal."""
    dossier_id = city.begin()
    full = [{"kind": "individual", "achievement": "Xuất sắc.", **row} for row in rows]
    city.complete(
        "officer", "prepare_dossier", award_round="2026", award=award, summary="Đợt 1", nominees=full
    )
    city.complete("head", "sign_submission", submission_outcome="sign", submission_number="1/TTr-SYT")
    city.complete("appraiser", "receive_dossier", receipt_outcome="receive")
    return dossier_id


def found_of(city: Institution, dossier_id: int) -> dict[str, dict[str, FindingVerdict]]:
    with database.transaction(city.factory) as session:
        dossier = session.get_one(Dossier, dossier_id)
        found = find_findings(session, dossier).of_nominee
        return {one.name: {each.rule: each.verdict for each in found[one.id]} for one in dossier.nominees}


FIGHTS = "Chiến sĩ thi đua cơ sở; 2023, 2024, 2025; 15/QĐ-SYT"
BORN = date(1980, 5, 1)


def test_a_nominee_of_two_dossiers_is_found_by_name_and_birth(city: Institution) -> None:
    nominate(city, {"name": "Trần Thị Hòa", "born_on": BORN, "prior_awards": FIGHTS})
    second = nominate(
        city,
        {"name": "Trần Thị Hoà", "born_on": BORN, "prior_awards": FIGHTS},
        {"name": "Lê Văn An", "born_on": BORN},
    )
    found = found_of(city, second)

    assert found["Trần Thị Hoà"]["named_once"] is FAILED
    assert found["Trần Thị Hoà"]["prior_award"] is MET
    assert found["Lê Văn An"]["named_once"] is MET
    assert found["Lê Văn An"]["prior_award"] is DOUBTFUL


def test_drafts_of_units_are_told_to_nobody(city: Institution) -> None:
    first = nominate(city, {"name": "Trần Thị Hòa", "born_on": BORN})
    city.begin()
    city.prepare("Trần Thị Hòa")

    assert found_of(city, first)["Trần Thị Hòa"]["named_once"] is MET


def test_what_a_decision_granted_stands_in_the_history_of_the_next_dossier(city: Institution) -> None:
    simplified = "bang_khen_tinh_dot_xuat"
    first = nominate(city, {"name": "Trần Thị Hòa", "born_on": BORN}, award=simplified)
    city.appraise(first, {})
    city.complete("agency", "approve_appraisal", approval_outcome="approve")
    city.draft()
    city.sign()
    city.number()
    again = nominate(city, {"name": "Trần Thị Hòa", "born_on": BORN}, award=simplified)
    merit = nominate(city, {"name": "Trần Thị Hòa", "born_on": BORN})

    assert found_of(city, again)["Trần Thị Hòa"]["named_once"] is FAILED
    assert found_of(city, merit)["Trần Thị Hòa"]["one_merit"] is DOUBTFUL
    with database.transaction(city.factory) as session:
        dossier = session.get_one(Dossier, merit)
        (known,) = find_findings(session, dossier).held[dossier.nominees[0].id]
    assert known.source == "Quyết định số 01/QĐ-UBND ngày 23/11/2026"


def test_accepting_against_a_condition_needs_a_reason_that_is_kept(city: Institution) -> None:
    dossier_id = nominate(city, {"name": "Lê Văn An"}, award=FIGHTER)
    with database.transaction(city.factory) as session:
        nominee_id = session.get_one(Dossier, dossier_id).nominees[0].id
    row = {"nominee_id": nominee_id, "verdict": "accept"}

    with pytest.raises(AnswerError, match="Lê Văn An"):
        city.complete("appraiser", "appraise_dossier", nominees=[row], opinion="")
    city.complete("appraiser", "appraise_dossier", nominees=[row | {"reason": "Đã xem bản gốc."}], opinion="")

    with database.transaction(city.factory) as session:
        nominee = session.get_one(Nominee, nominee_id)
        assert (nominee.verdict, nominee.verdict_reason) == (Verdict.ACCEPT, "Đã xem bản gốc.")


def test_accepting_whom_nothing_speaks_against_keeps_no_reason(city: Institution) -> None:
    dossier_id = nominate(city, {"name": "Lê Văn An", "prior_awards": FIGHTS})
    city.appraise(dossier_id, {})

    with database.transaction(city.factory) as session:
        assert session.get_one(Dossier, dossier_id).nominees[0].verdict_reason == ""


def test_a_line_nobody_can_read_is_named_to_the_unit(city: Institution) -> None:
    with pytest.raises(AnswerError, match="Giấy khen nhiều lần"):
        nominate(city, {"name": "Lê Văn An", "prior_awards": "Giấy khen nhiều lần"})


def test_those_with_findings_against_them_come_first(city: Institution) -> None:
    nominate(
        city,
        {"name": "An", "prior_awards": FIGHTS, "initiative": "Máy lọc"},
        {"name": "Bình", "initiative": "Máy lọc"},
        award=FIGHTER,
    )
    with database.transaction(city.factory) as session:
        task = session.scalars(select(Task).where(Task.element_id == "appraise_dossier")).one()
        variables: dict[str, Any] = {"dossier_id": session.scalars(select(Dossier.id)).one()}
        reader = city.person(session, "appraiser")
        values = sources.appraisal_values(FormCall(session, task.instance, task, variables, reader, city.now))
    rows: Any = values["nominees"]
    found: Any = values["nominee_findings"]

    assert [(row["name"], row["check_kind"]) for row in rows] == [("Bình", "stop"), ("An", "warn")]
    assert values["findings_tally"] == "1 không đạt, 1 cần xem"
    assert found[0][0]["note"] == "Điều 22 Luật Thi đua, khen thưởng"


def test_hundreds_of_nominees_cost_no_more_queries(city: Institution) -> None:
    few = nominate(city, {"name": "Một"}, {"name": "Hai"})
    many = nominate(city, *({"name": f"Người thứ {number}", "prior_awards": FIGHTS} for number in range(300)))

    def statements(dossier_id: int) -> int:
        count = 0

        def add(*_args: object) -> None:
            nonlocal count
            count += 1

        with database.transaction(city.factory) as session:
            dossier = session.get_one(Dossier, dossier_id)
            assert dossier.nominees
            assert dossier.documents == []
            event.listen(city.engine, "before_cursor_execute", add)
            found = find_findings(session, dossier)
            event.remove(city.engine, "before_cursor_execute", add)
            assert len(found.of_nominee) == len(dossier.nominees)
        return count

    assert statements(many) == statements(few) <= 5
