"""The institution's own processes, changed while they run: dossiers at every wait, and a vote half cast."""

from collections.abc import Callable

import pytest
from institution import Institution
from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import bundles, database, definitions, history, migration, people
from engine.migration import Verdict
from engine.migration.journal import snapshot
from engine.models import (
    DefinitionVersion,
    InstanceMigration,
    MessageSubscription,
    MigrationState,
    ProcessInstance,
    Task,
    TaskState,
    Timer,
)
from processes import wiring
from processes.awards.models import Choice, CouncilSession

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
STEP = """<userTask xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="{id}" name="{id}"><extensionElements><zeebe:userTask/>
<zeebe:assignmentDefinition candidateGroups="clerk"/>
<zeebe:properties><zeebe:property name="page" value="plain"/></zeebe:properties></extensionElements>
<incoming>{flow}</incoming><outgoing>{id}_out</outgoing></userTask>"""


class Drawing:
    """The diagram of a shipped process, to be changed as an editor would change it."""

    def __init__(self, key: str) -> None:
        folder = next(folder for folder in wiring.DEFINITIONS if folder.name == key)
        self.key = key
        self.files = bundles.folder_files(folder)
        self.root = etree.fromstring(self.files[f"{key}.bpmn"])

    def find(self, element_id: str) -> etree._Element:  # pyright: ignore[reportPrivateUsage]  # lxml has no public name for it
        """Return an element of the diagram."""
        return next(element for element in self.root.iter() if element.get("id") == element_id)

    def insert_after(self, flow_id: str, step_id: str) -> None:
        """Put a clerk's task on a sequence flow."""
        flow = self.find(flow_id)
        process = flow.getparent()
        assert process is not None
        target_id = str(flow.get("targetRef"))
        flow.set("targetRef", step_id)
        process.append(etree.fromstring(STEP.format(id=step_id, flow=flow_id)))
        etree.SubElement(
            process, f"{BPMN}sequenceFlow", id=f"{step_id}_out", sourceRef=step_id, targetRef=target_id
        )
        for incoming in self.find(target_id).iter(f"{BPMN}incoming"):
            if incoming.text == flow_id:
                incoming.text = f"{step_id}_out"

    def redirect(self, flow_id: str, target_id: str) -> None:
        """Let a sequence flow lead elsewhere."""
        self.find(flow_id).set("targetRef", target_id)
        incoming = etree.SubElement(self.find(target_id), f"{BPMN}incoming")
        incoming.text = flow_id

    def remove(self, *element_ids: str) -> None:
        """Take elements out, with the flows from and to them and what draws them."""
        flows = [
            str(flow.get("id"))
            for flow in self.root.iter(f"{BPMN}sequenceFlow")
            if {flow.get("sourceRef"), flow.get("targetRef")} & set(element_ids)
        ]
        gone = {*element_ids, *flows}
        for element in list(self.root.iter()):
            if gone & {element.get("id"), element.get("bpmnElement"), element.text}:
                parent = element.getparent()
                if parent is not None:
                    parent.remove(element)

    def due(self, element_id: str, text: str) -> None:
        """Change the deadline of a task."""
        for schedule in self.find(element_id).iter(f"{ZEEBE}taskSchedule"):
            schedule.set("dueDate", text)

    def publish(self, city: Institution) -> int:
        """Publish the changed diagram as the next version; return its id."""
        files = {**self.files, f"{self.key}.bpmn": etree.tostring(self.root)}
        with database.transaction(city.factory) as session:
            author, publisher = city.person(session, "secretary"), city.person(session, "clerk")
            version = definitions.create_draft(session, self.key, files, author=author, now=city.now)
            definitions.publish(session, version, publisher=publisher, now=city.now)
            return version.id


def migrate(city: Institution, version_id: int, **mapping: str) -> None:
    """Bring everything that runs on other versions to this one; nothing may be left behind."""
    with database.transaction(city.factory) as session:
        version = session.get_one(DefinitionVersion, version_id)
        actor = people.create_person(session, username="mover", full_name="Mover")
        people.give_role(
            session, actor, "process_administrator", starts_on=people.local_day(city.now), now=city.now
        )
        groups = migration.find_groups(session, version, now=city.now)
        chosen = dict(pair for group in groups for pair in group.instances)
        migration.create_plan(
            session,
            version,
            chosen=chosen,
            mapping=mapping,
            reason="Sửa quy trình",
            actor=actor,
            now=city.now,
        )
    migration.carry_out(city.factory, now=city.now)
    with database.transaction(city.factory) as session:
        entries = session.scalars(select(InstanceMigration)).all()
        assert entries
        assert {(entry.state, str(entry.problem)) for entry in entries} == {(MigrationState.MIGRATED, "{}")}


def to_supplement(city: Institution) -> int:
    dossier_id = city.submit("Trần Thị Bình")
    due_on = people.local_day(city.now).replace(day=30)
    asked = {"supplement_due_on": due_on, "supplement_request": "Giấy chứng nhận."}
    city.appraise(dossier_id, {"Trần Thị Bình": "supplement"}, **asked)
    return dossier_id


def to_signature(city: Institution) -> int:
    dossier_id = city.begin()
    city.prepare("Trần Thị Bình")
    return dossier_id


def to_receipt(city: Institution) -> int:
    dossier_id = to_signature(city)
    city.complete("head", "sign_submission", submission_outcome="sign", submission_number="1/TTr-SYT")
    return dossier_id


def to_approval(city: Institution) -> int:
    dossier_id = city.submit("Trần Thị Bình")
    city.appraise(dossier_id, {})
    return dossier_id


def to_decision(city: Institution) -> int:
    dossier_id = city.to_council("Trần Thị Bình")
    hold_council(city, dossier_id)
    return dossier_id


def hold_council(city: Institution, dossier_id: int) -> None:
    session_id = city.call_council(dossier_id)
    city.vote_all(session_id, Choice.AGREE)
    city.finish_council()


WAITS: dict[str, Callable[[Institution], int]] = {
    "await_decision": to_decision,
    "await_council_result": lambda city: city.to_council("Trần Thị Bình"),
    "approve_appraisal": to_approval,
    "supplement_dossier": to_supplement,
    "appraise_dossier": lambda city: city.submit("Trần Thị Bình"),
    "receive_dossier": to_receipt,
    "sign_submission": to_signature,
    "prepare_dossier": lambda city: city.begin(),
}


def edited_nomination() -> Drawing:
    """Rename a task, put two in, change a deadline."""
    drawing = Drawing("nomination")
    drawing.find("prepare_dossier").set("name", "Soạn hồ sơ đề nghị")
    drawing.insert_after("sign_submission_to_is_submission_signed", "stamp_letter")
    drawing.insert_after("await_council_result_to_did_anyone_pass", "file_result")
    drawing.due("appraise_dossier", "=add working days(today(), 3)")
    return drawing


def waits_of(session: Session) -> list[list[object]]:
    """Return everything that is waited for, with all that must survive."""
    waits = (
        select(Task.id, Task.element_id, Task.due_at, Task.assignee_id)
        .where(Task.state == TaskState.OPEN)
        .order_by(Task.id),
        select(Timer.workflow_task_id, Timer.due_at).order_by(Timer.workflow_task_id),
        select(MessageSubscription.workflow_task_id, MessageSubscription.correlation_key).order_by(
            MessageSubscription.workflow_task_id
        ),
    )
    return [[tuple(row) for row in session.execute(query)] for query in waits]


def test_dossiers_at_every_wait_go_on_in_an_edited_diagram_and_back(city: Institution) -> None:
    for bring in WAITS.values():
        bring(city)
    with database.transaction(city.factory) as session:
        before = waits_of(session)
        running = session.scalars(select(ProcessInstance.id).where(ProcessInstance.key == "nomination")).all()
        rows = {instance_id: snapshot(session, instance_id) for instance_id in running}
    version_id = edited_nomination().publish(city)
    with database.transaction(city.factory) as session:
        groups = migration.find_groups(session, session.get_one(DefinitionVersion, version_id), now=city.now)
        places = {finding.element_id for group in groups for finding in group.findings}
        assert places == set(WAITS)
        assert {group.verdict for group in groups} == {Verdict.CONTINUES}

    migrate(city, version_id)

    with database.transaction(city.factory) as session:
        assert waits_of(session) == before
        names = session.scalars(
            select(Task.name).where(Task.element_id == "prepare_dossier", Task.state == TaskState.OPEN)
        )
        assert set(names) == {"Soạn hồ sơ đề nghị"}
        assert history.verify_all(session) == []
        plan = session.scalars(select(InstanceMigration)).all()[0].plan
        migration.undo(session, plan, actor=plan.created_by, now=city.now)
    migration.carry_out(city.factory, now=city.now)
    with database.transaction(city.factory) as session:
        assert {entry.state for entry in session.scalars(select(InstanceMigration))} == {
            MigrationState.UNDONE
        }
        assert {key: snapshot(session, key) for key in running} == rows


@pytest.mark.parametrize("wait", ["sign_submission", "appraise_dossier", "await_council_result"])
def test_a_migrated_dossier_is_walked_to_its_end(city: Institution, wait: str) -> None:
    dossier_id = WAITS[wait](city)

    migrate(city, edited_nomination().publish(city))

    if wait == "sign_submission":
        city.complete("head", "sign_submission", submission_outcome="sign", submission_number="1/TTr-SYT")
        city.complete("clerk", "stamp_letter")
        city.complete("appraiser", "receive_dossier", receipt_outcome="receive")
    if wait != "await_council_result":
        city.appraise(dossier_id, {})
        city.complete("agency", "approve_appraisal", approval_outcome="approve")
    hold_council(city, dossier_id)
    city.complete("clerk", "file_result")
    city.draft()
    city.sign()
    city.number()
    assert city.outcome() == "nomination_granted"


def test_a_task_that_was_removed_becomes_the_one_it_is_mapped_to(city: Institution) -> None:
    to_receipt(city)
    drawing = Drawing("nomination")
    drawing.redirect("is_submission_signed_to_receive_dossier", "tell_receipt")
    drawing.remove("receive_dossier", "is_dossier_received")
    with database.transaction(city.factory) as session:
        task_id = session.scalars(select(Task.id).where(Task.element_id == "receive_dossier")).one()
    version_id = drawing.publish(city)
    with database.transaction(city.factory) as session:
        [group] = migration.find_groups(session, session.get_one(DefinitionVersion, version_id), now=city.now)
        assert (group.verdict, group.findings[0].target_id) == (Verdict.NEEDS_MAPPING, "prepare_dossier")

    migrate(city, version_id, receive_dossier="appraise_dossier")

    with database.transaction(city.factory) as session:
        task = session.get_one(Task, task_id)
        assert (task.element_id, task.state, task.form_id) == (
            "appraise_dossier",
            TaskState.OPEN,
            "appraise_dossier",
        )


def test_a_council_goes_on_voting_in_an_edited_diagram(city: Institution) -> None:
    session_id = city.call_council(city.to_council("Trần Thị Bình"))
    city.vote(session_id, "member_1", Choice.AGREE)
    drawing = Drawing("council_session")
    drawing.find("close_voting").set("name", "Đóng bỏ phiếu")
    drawing.insert_after("count_ballot_to_sign_minutes", "print_minutes")
    with database.transaction(city.factory) as session:
        before = waits_of(session)

    migrate(city, drawing.publish(city))

    with database.transaction(city.factory) as session:
        assert waits_of(session) == before
    city.vote(session_id, "chair", Choice.DISAGREE)
    city.complete("secretary", "close_voting")
    city.complete("clerk", "print_minutes")
    city.complete("chair", "sign_minutes", minutes_note="")
    with database.transaction(city.factory) as session:
        [line] = session.get_one(CouncilSession, session_id).lines
        assert (line.agree_count, line.disagree_count) == (1, 1)
    assert city.outcome("council_session")
