"""Directive 01/CT-UBND of 03/01/2024 in the demo: entered, sent, reported on, extended, told upwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import instances, outbox, starting
from engine.models import Task, TaskState
from engine.outbox import MailRefusedError
from engine.people import local_day
from processes.awards import directive_distribution, directives
from processes.awards.demo.directive_plan import MADE_UP, Plan, load_plan
from processes.awards.demo.moves import Moves, in_office
from processes.awards.models import Directive, DirectiveTask, ReportState
from processes.directive_task import extending

LOOKING_BACK: Final = timedelta(days=305)
STEP: Final = timedelta(days=7)
"""Shorter than the time a unit has to write a report."""
SENDER: Final = "Vinh Danh <vinhdanh@haiphong.invalid>"
REGULAR_REPORTS: Final = 2
_RECENT: Final = timedelta(days=100)
"""A report day this near to the present, or after it, is the last one the demo knows."""
_WITHOUT_MAILBOX: Final = "vanthu@tdkt-trunguong.invalid"
_UNREAD: Final = frozenset({"thutruong.cathai", "thutruong.songxanh", "thanhvien4", "thanhvien8", "vanphong"})
_READ_OUTSIDE: Final = frozenset({"vanthu@bonoivu.invalid", "vanthu@thanhuy-hdnd.invalid"})
_LOGINS: Final[Mapping[str, str]] = {
    "so_noi_vu": "sonoivu",
    "so_khoa_hoc": "sokhoahoc",
    "lien_doan_lao_dong": "liendoan",
    "so_giao_duc": "sogiaoduc",
    "so_tai_chinh": "sotaichinh",
    "so_cong_thuong": "socongthuong",
    "so_xay_dung": "soxaydung",
    "so_van_hoa": "sovanhoa",
    "so_nong_nghiep": "sonongnghiep",
    "bao_dai": "baodai",
    "mat_tran": "mattran",
}


class Postman:
    """Takes every mail as sent and keeps none: the mails of the past reached whom they reached."""

    def send(self, message: EmailMessage, address: str) -> str:  # noqa: ARG002  # a transport's parameters
        """Take a mail; one address is wrong, as one always is."""
        if address == _WITHOUT_MAILBOX:
            raise MailRefusedError("550 5.1.1 no such mailbox")
        return "250 2.0.0 OK"


@dataclass
class Story:
    """How far the directive is."""

    moves: Moves
    plan: Plan
    directive_id: int = 0
    sent_back: set[int] = field(default_factory=set[int])
    """Tasks whose report came back once."""
    asked: set[int] = field(default_factory=set[int])
    """Positions of tasks for which more time was asked."""
    regular_reports: int = 0

    @property
    def until(self) -> datetime:
        """When the demo is filled."""
        return self.moves.until


def tell(factory: sessionmaker[Session], now: datetime) -> None:
    """Let the demo's people carry out the directive until ``now``."""
    moves = Moves(factory, start=in_office(now - LOOKING_BACK), until=now)
    story = Story(moves, load_plan(local_day(now)))
    _enter(story)
    _read(story)
    while moves.now < now:
        moves.wait(STEP / timedelta(hours=1))
        _report(story)
        _wish_for_time(story)
        _report_upwards(story)
        _send_mails(story)
    _begin_report(story)


def _enter(story: Story) -> None:
    """Enter the directive and send it out."""
    moves = story.moves
    with moves.acting_as("thamdinh") as (session, person, authority):
        instance = starting.begin(
            session,
            "directive",
            "directive_received",
            unit_code="",
            starter=person,
            authority=authority,
            now=moves.now,
        )
        instance_id = instance.id
    document = moves.add_paper("thamdinh", "Chỉ thị 01-CT-UBND ngày 03-01-2024.pdf")
    entry: dict[str, Any] = story.plan.entry(starts_on=local_day(moves.now), upload_id=document)
    moves.complete_of("thamdinh", "enter_directive", instance_id, **entry)
    with moves.acting_as("truongban") as (session, _person, _authority):
        story.directive_id = session.scalars(
            select(Directive.id).where(Directive.instance_id == instance_id)
        ).one()
    moves.wait(3)
    moves.complete(
        "truongban",
        "approve_distribution",
        f"directive:{story.directive_id}",
        approval_outcome="approve",
        reason="",
    )


def _read(story: Story) -> None:
    """Let most of those it was sent to say that they have received it: on the page, or by the mail's link."""
    moves = story.moves
    _send_mails(story)
    moves.wait(20)
    with moves.acting_as("thamdinh") as (session, _person, _authority):
        directive = session.get_one(Directive, story.directive_id)
        for line in directive_distribution.recipient_rows(session, directive):
            for row in line.deliveries:
                person = row.delivery.person
                if person is not None and person.username not in _UNREAD:
                    directive_distribution.confirm_reading(session, directive, person=person, now=moves.now)
                elif row.delivery.address in _READ_OUTSIDE:
                    directive_distribution.confirm_delivery(session, row.delivery, now=moves.now)


def _report(story: Story) -> None:
    """Let every unit that is asked for a report hand it in, and the agency verify it."""
    for task_id in _waiting(story, "report_progress"):
        _hand_in(story, task_id)


def _hand_in(story: Story, task_id: int) -> None:
    moves, about = story.moves, f"directive_task:{task_id}"
    with moves.acting_as("thamdinh") as (session, _person, _authority):
        task = session.get_one(DirectiveTask, task_id)
        plan, login = story.plan.of_task(task.position), _LOGINS[task.lead_unit.code]
        is_last = _is_last(story, task)
        if is_last and plan.get("leaves_last") == "report_progress":
            return
        answers = story.plan.report(task)
    proof = moves.add_paper(f"canbo.{login}", "Biểu số liệu, ảnh minh chứng.pdf")
    moves.complete(f"canbo.{login}", "report_progress", about, evidence=[proof], **answers)
    moves.complete(f"thutruong.{login}", "sign_report", about, signature_outcome="sign", reason="")
    if is_last and plan.get("leaves_last") == "verify_report":
        return
    _verify(story, task_id, plan)


def _verify(story: Story, task_id: int, plan: Mapping[str, Any]) -> None:
    moves, about = story.moves, f"directive_task:{task_id}"
    if plan.get("sent_back") and task_id not in story.sent_back:
        story.sent_back.add(task_id)
        moves.complete(
            "thamdinh2",
            "verify_report",
            about,
            verification_outcome="send_back",
            reason=plan["sent_back"],
        )
        _hand_in(story, task_id)
        return
    moves.complete("thamdinh2", "verify_report", about, verification_outcome="accept", reason="")


def _is_last(story: Story, task: DirectiveTask) -> bool:
    """Whether this is the last report day before the demo's present."""
    day = task.next_report_on or task.due_on
    reported = [one for one in task.reports if one.state is ReportState.ACCEPTED]
    return bool(reported) and day > local_day(story.until) - _RECENT


def _wish_for_time(story: Story) -> None:
    """Let units ask for more time when their plan says so; the head of the agency answers."""
    today = local_day(story.moves.now)
    for position, plan in enumerate(story.plan.document["tasks"], 1):
        wish: Mapping[str, Any] | None = plan.get("extension")
        if wish is None or position in story.asked:
            continue
        if today >= local_day(story.until) - timedelta(days=wish["asked_days_ago"]):
            story.asked.add(position)
            _extend(story, position, wish, login=_LOGINS[plan["lead"]])


def _extend(story: Story, position: int, wish: Mapping[str, Any], *, login: str) -> None:
    moves, present = story.moves, local_day(story.until)
    with moves.acting_as(f"thutruong.{login}") as (session, person, _authority):
        task = session.scalars(
            select(DirectiveTask).where(
                DirectiveTask.directive_id == story.directive_id, DirectiveTask.position == position
            )
        ).one()
        about = f"directive_task:{task.id}"
        extending.ask_extension(
            session,
            task,
            actor=person,
            wished_on=present + timedelta(days=wish["wished_in_days"]),
            reason=wish["reason"],
            now=moves.now,
        )
    moves.settle()
    moves.wait(26)
    granted = wish.get("granted_in_days")
    moves.complete(
        "truongban",
        "decide_extension",
        about,
        extension_outcome="grant" if granted else "refuse",
        granted_on=present + timedelta(days=granted) if granted else None,
        answer=wish["answer"],
    )


def _report_upwards(story: Story) -> None:
    """Let the agency report to the Committee twice: when half and when most of the time is over."""
    due_after = LOOKING_BACK * (story.regular_reports * 2 + 4) / 8
    if story.regular_reports >= REGULAR_REPORTS or story.moves.now < story.until - LOOKING_BACK + due_after:
        return
    story.regular_reports += 1
    instance_id = _begin_report(story)
    moves = story.moves
    with moves.acting_as("thamdinh") as (session, _person, authority):
        directive = directives.get_directive(session, story.directive_id, reader=authority)
        draft = directives.find_reports(session, directive, reader=authority)[0]
        assessment, proposals = draft.assessment + MADE_UP, draft.proposals
    moves.complete_of("thamdinh", "draft_report", instance_id, assessment=assessment, proposals=proposals)
    moves.wait(4)
    moves.complete_of("truongban", "sign_report", instance_id, signature_outcome="sign", reason="")


def _begin_report(story: Story) -> int:
    """Begin a regular report; return its instance. The last one stays a draft."""
    with story.moves.acting_as("thamdinh") as (session, person, _authority):
        instance = instances.start(
            session,
            "directive_report",
            variables={"directive_id": story.directive_id},
            title=story.plan.document["number"],
            actor=person,
            now=story.moves.now,
        )
        return instance.id


def _waiting(story: Story, element_id: str) -> list[int]:
    """Return the tasks of the directive in which a step waits."""
    with story.moves.acting_as("thamdinh") as (session, _person, _authority):
        query = (
            select(DirectiveTask.id)
            .join(Task, Task.instance_id == DirectiveTask.instance_id)
            .where(Task.element_id == element_id, Task.state == TaskState.OPEN)
            .order_by(DirectiveTask.position)
        )
        return list(session.scalars(query))


def _send_mails(story: Story) -> None:
    moves = story.moves
    while outbox.send_due(moves.factory, now=moves.now, transport=Postman(), sender=SENDER):
        pass
