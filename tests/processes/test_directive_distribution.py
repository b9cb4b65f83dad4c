"""A directive reaches its recipients: one secret link each, and nobody is left out in silence."""

import hashlib
import re
from dataclasses import replace

import directive_moves as moves
import pytest
from institution import Institution
from sqlalchemy import select

from engine import database, definitions, instances, people
from engine.mail import ComposedMail, MailFacts, compose_plainly
from engine.models import MailState, OutboxMail, ProcessInstance, RoleHolding
from engine.setup import ActionCall, Setup
from processes.awards.models import DirectiveDelivery, DirectiveState
from processes.directive import actions


@pytest.fixture
def setup(setup: Setup) -> Setup:
    """Write mails as they are, with the page their button opens."""

    def compose(facts: MailFacts) -> ComposedMail:
        plain = compose_plainly(facts)
        return replace(plain, text=f"{plain.text}{facts.notice.path if facts.notice else ''}")

    return replace(setup, compose_mail=compose)


def test_each_recipient_gets_a_link_of_his_own_and_only_its_digest_is_kept(city: Institution) -> None:
    moves.send(city)

    sent = moves.mails(city, "Chỉ thị số 01/CT-UBND")
    tokens = [re.findall(r"/directives/received/([\w-]+)", text) for _address, text in sent]
    assert [address for address, _text in sent] == ["head@example.org", "vpcp@example.org"]
    assert len({token for found in tokens for token in found}) == 2
    with database.transaction(city.factory) as session:
        kept = session.scalars(select(DirectiveDelivery).order_by(DirectiveDelivery.id)).all()
        digests = [hashlib.sha256(found[0].encode()).hexdigest() for found in tokens]
        assert [one.token_sha256 for one in kept] == digests
        assert [one.address for one in kept] == ["head@example.org", "vpcp@example.org"]
        assert [one.person_id for one in kept] == [city.staff["head"], None]
        assert moves.the_directive(session).state is DirectiveState.IN_FORCE


def test_whoever_has_no_address_is_recorded_and_the_agency_is_told(city: Institution) -> None:
    moves.hire(city, "silent", "unit_head", "so_noi_vu", has_address=False)

    moves.send(city)

    with database.transaction(city.factory) as session:
        query = select(DirectiveDelivery).where(DirectiveDelivery.person_id == city.staff["silent"])
        delivery = session.scalars(query).one()
        mail = session.get_one(OutboxMail, delivery.mail_id)
        assert (delivery.address, mail.state) == ("", MailState.FAILED)
    told = moves.mails(city, "Chỉ thị 01/CT-UBND: nơi nhận chưa gửi được")
    assert {address for address, _text in told} == {"agency@example.org", "appraiser@example.org"}
    assert "silent" in told[0][1]


def test_a_line_that_nobody_holds_any_more_is_told_of(city: Institution) -> None:
    moves.begin(city, "directive", "directive_received")
    recipients = [{"name": "Thanh tra", "group": "inspector"}, {"name": "Đơn vị", "group": "unit_head@*"}]
    city.complete("appraiser", "enter_directive", **moves.entry(city, recipients=recipients))
    with database.transaction(city.factory) as session:
        held = session.scalars(select(RoleHolding).where(RoleHolding.role == "inspector")).one()
        session.delete(held)

    city.complete("agency", "approve_distribution", approval_outcome="approve")

    (_address, text), *_ = moves.mails(city, "Chỉ thị 01/CT-UBND: nơi nhận chưa gửi được")
    assert "Thanh tra" in text


def test_a_receiver_reads_in_his_language(city: Institution) -> None:
    with database.transaction(city.factory) as session:
        city.person(session, "head").language = "en"

    moves.send(city)

    assert [address for address, _text in moves.mails(city, "Directive 01/CT-UBND")] == ["head@example.org"]


def test_each_task_is_opened_once_whatever_is_tried_again(city: Institution) -> None:
    task = moves.task_row(city)
    moves.send(city, tasks=[task, task], targets=[])

    with database.transaction(city.factory) as session:
        directive = moves.the_directive(session)
        instance = session.get_one(ProcessInstance, directive.instance_id)
        diagram = definitions.program_of(session, instance.version_id).diagrams["directive.bpmn"]
        known = instances.as_context({"directive_id": directive.id})
        actions.open_tasks(
            ActionCall(session, instance, diagram.elements["open_tasks"], known, None, city.now)
        )

        opened = select(ProcessInstance.business_key).where(ProcessInstance.key == "directive_task")
        assert sorted(filter(None, session.scalars(opened))) == [
            f"directive_task:{one.id}" for one in directive.tasks
        ]


def test_who_entered_a_directive_does_not_approve_it(city: Institution) -> None:
    moves.hire(city, "director", "home_affairs_director")
    with database.transaction(city.factory) as session:
        both = city.person(session, "agency")
        starts_on = people.local_day(city.now)
        people.give_role(session, both, "appraisal_officer", unit=None, starts_on=starts_on, now=city.now)
    moves.begin(city, "directive", "directive_received")
    city.complete("agency", "enter_directive", **moves.entry(city))

    city.complete("director", "approve_distribution", approval_outcome="approve")

    assert "report_progress" not in city.open_elements()
    with database.transaction(city.factory) as session:
        assert moves.the_directive(session).distributed_at == city.now
