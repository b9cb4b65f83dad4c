"""Directives: what they order of whom and until when, what was reported, whom they were sent to."""

import enum
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models import Base, Person, Unit, Upload, enum_type


class DirectiveState(enum.Enum):
    """Where a directive stands."""

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    IN_FORCE = "in_force"
    CLOSED = "closed"


class Directive(Base):
    """A directive as it was issued."""

    __tablename__ = "directive"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    """01/CT-UBND."""
    subject: Mapped[str]
    subject_en: Mapped[str] = mapped_column(default="")
    issued_on: Mapped[date]
    signer: Mapped[str]
    signer_title: Mapped[str]
    closes_on: Mapped[date]
    """The day the final report sums it up."""
    state: Mapped[DirectiveState] = mapped_column(enum_type(DirectiveState), default=DirectiveState.DRAFT)
    review_note: Mapped[str] = mapped_column(default="")
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), unique=True)
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    """The signed document."""
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    distributed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    upload: Mapped[Upload | None] = relationship()
    items: Mapped[list["DirectiveItem"]] = relationship(
        back_populates="directive", order_by="DirectiveItem.position", cascade="all, delete-orphan"
    )
    tasks: Mapped[list["DirectiveTask"]] = relationship(
        back_populates="directive", order_by="DirectiveTask.position", cascade="all, delete-orphan"
    )
    recipients: Mapped[list["DirectiveRecipient"]] = relationship(
        back_populates="directive", order_by="DirectiveRecipient.position", cascade="all, delete-orphan"
    )


class DirectiveItem(Base):
    """One numbered item of a directive, in its own words."""

    __tablename__ = "directive_item"
    __table_args__ = (UniqueConstraint("directive_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    directive_id: Mapped[int] = mapped_column(ForeignKey("directive.id"))
    position: Mapped[int]
    """Its number in the document."""
    text: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    summary_en: Mapped[str] = mapped_column(default="")

    directive: Mapped[Directive] = relationship(back_populates="items")


class DirectiveTaskState(enum.Enum):
    """Whether a task of a directive is still followed."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class DirectiveTask(Base):
    """Work a directive gives to a unit, followed until its day."""

    __tablename__ = "directive_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    directive_id: Mapped[int] = mapped_column(ForeignKey("directive.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("directive_item.id"))
    position: Mapped[int]
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    lead_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    """Who answers for it."""
    starts_on: Mapped[date]
    due_on: Mapped[date]
    rhythm: Mapped[str]
    """How often it is reported: once, monthly, quarterly, half_yearly, yearly."""
    next_report_on: Mapped[date | None]
    progress_percent: Mapped[int] = mapped_column(default=0)
    """What the last accepted report says."""
    state: Mapped[DirectiveTaskState] = mapped_column(
        enum_type(DirectiveTaskState), default=DirectiveTaskState.OPEN
    )
    done_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    """When lateness was last told upwards."""
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(default="")
    """Why the head of the agency took the task back."""
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), unique=True)

    directive: Mapped[Directive] = relationship(back_populates="tasks")
    item: Mapped[DirectiveItem | None] = relationship()
    lead_unit: Mapped[Unit] = relationship(lazy="joined")
    partners: Mapped[list["DirectiveTaskPartner"]] = relationship(cascade="all, delete-orphan")
    targets: Mapped[list["DirectiveTarget"]] = relationship(
        back_populates="task", order_by="DirectiveTarget.position", cascade="all, delete-orphan"
    )
    reports: Mapped[list["TaskReport"]] = relationship(
        back_populates="task", order_by="TaskReport.id", cascade="all, delete-orphan"
    )
    extensions: Mapped[list["TaskExtension"]] = relationship(
        back_populates="task", order_by="TaskExtension.id", cascade="all, delete-orphan"
    )


class DirectiveTaskPartner(Base):
    """A unit that takes part in a task it does not answer for."""

    __tablename__ = "directive_task_partner"

    task_id: Mapped[int] = mapped_column(ForeignKey("directive_task.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)

    unit: Mapped[Unit] = relationship(lazy="joined")


class DirectiveTarget(Base):
    """A figure a task is to reach: one number, or a range."""

    __tablename__ = "directive_target"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("directive_task.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    measure: Mapped[str]
    """The unit of measure: ``%``, ``USD/người``, ``tỷ đồng``."""
    measure_en: Mapped[str] = mapped_column(default="")
    lowest: Mapped[Decimal] = mapped_column(Numeric(24, 6))
    highest: Mapped[Decimal | None] = mapped_column(Numeric(24, 6))
    """The upper end where the directive names a range."""

    task: Mapped[DirectiveTask] = relationship(back_populates="targets")
    figures: Mapped[list["ReportedFigure"]] = relationship(
        back_populates="target", order_by="ReportedFigure.report_id", cascade="all, delete-orphan"
    )


class ReportState(enum.Enum):
    """Where a report on a task stands."""

    WRITTEN = "written"
    """By the officer; its head has not signed yet."""
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"


class TaskReport(Base):
    """One report on a task: how far it is, with figures and evidence."""

    __tablename__ = "task_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("directive_task.id"), index=True)
    period_ends_on: Mapped[date]
    """The report day it answers."""
    progress_percent: Mapped[int]
    is_final: Mapped[bool] = mapped_column(default=False)
    """Whether the unit reports the task as done."""
    text: Mapped[str]
    difficulties: Mapped[str] = mapped_column(default="")
    lower_because: Mapped[str] = mapped_column(default="")
    """Why the progress is lower than what was accepted before; empty where it is not."""
    state: Mapped[ReportState] = mapped_column(enum_type(ReportState), default=ReportState.WRITTEN)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    judged_at: Mapped[datetime | None]
    judgement: Mapped[str] = mapped_column(default="")
    """Why it was sent back, or a remark."""

    task: Mapped[DirectiveTask] = relationship(back_populates="reports")
    written_by: Mapped[Person] = relationship(foreign_keys=[written_by_id])
    judged_by: Mapped[Person | None] = relationship(foreign_keys=[judged_by_id])
    figures: Mapped[list["ReportedFigure"]] = relationship(
        back_populates="report", cascade="all, delete-orphan"
    )
    evidence: Mapped[list["ReportEvidence"]] = relationship(cascade="all, delete-orphan")


class ReportedFigure(Base):
    """What a report says of a target."""

    __tablename__ = "reported_figure"

    report_id: Mapped[int] = mapped_column(ForeignKey("task_report.id"), primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("directive_target.id"), primary_key=True)
    value: Mapped[Decimal] = mapped_column(Numeric(24, 6))

    report: Mapped[TaskReport] = relationship(back_populates="figures")
    target: Mapped[DirectiveTarget] = relationship(back_populates="figures")


class ReportEvidence(Base):
    """A file that proves a report."""

    __tablename__ = "report_evidence"

    report_id: Mapped[int] = mapped_column(ForeignKey("task_report.id"), primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), primary_key=True)

    upload: Mapped[Upload] = relationship(lazy="joined")


class ExtensionState(enum.Enum):
    """What became of a wish for more time."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class TaskExtension(Base):
    """A unit's wish for a later day, and the answer."""

    __tablename__ = "task_extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("directive_task.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    due_on_before: Mapped[date]
    wished_on: Mapped[date]
    reason: Mapped[str]
    state: Mapped[ExtensionState] = mapped_column(enum_type(ExtensionState), default=ExtensionState.ASKED)
    granted_on: Mapped[date | None]
    """The new day, which may be earlier than wished."""
    answer: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]

    task: Mapped[DirectiveTask] = relationship(back_populates="extensions")
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])


class DirectiveRecipient(Base):
    """One line of the recipients' list (nơi nhận): who is sent the directive, and whether he has read it."""

    __tablename__ = "directive_recipient"

    id: Mapped[int] = mapped_column(primary_key=True)
    directive_id: Mapped[int] = mapped_column(ForeignKey("directive.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    """As the document names it: ``TV HĐTĐKT TP``."""
    name_en: Mapped[str] = mapped_column(default="")
    group: Mapped[str] = mapped_column(default="")
    """Who that is here: ``role``, ``role@unit`` or ``role@*`` for all units; empty: an address outside."""
    address: Mapped[str] = mapped_column(default="")
    """Where no group is named."""

    directive: Mapped[Directive] = relationship(back_populates="recipients")
    deliveries: Mapped[list["DirectiveDelivery"]] = relationship(
        back_populates="recipient", order_by="DirectiveDelivery.id", cascade="all, delete-orphan"
    )


class DirectiveDelivery(Base):
    """The notice sent to one address for one line of the list, and its reading."""

    __tablename__ = "directive_delivery"
    __table_args__ = (UniqueConstraint("recipient_id", "person_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("directive_recipient.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(default="")
    """Empty: a person without an address, told on his pages alone."""
    token_sha256: Mapped[str] = mapped_column(unique=True)
    """Digest of the secret in the mail's link. The mail itself, which the outbox keeps, holds the link."""
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_mail.id"), unique=True)
    """Whether and when it was delivered stands there."""
    read_at: Mapped[datetime | None]

    recipient: Mapped[DirectiveRecipient] = relationship(back_populates="deliveries")
    person: Mapped[Person | None] = relationship()


class DirectiveReportState(enum.Enum):
    """Where a regular report stands."""

    DRAFT = "draft"
    AWAITING_SIGNATURE = "awaiting_signature"
    SENT = "sent"


class DirectiveReport(Base):
    """A regular report to the People's Committee; point 9 of Directive 01/CT-UBND of 03/01/2024."""

    __tablename__ = "directive_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    directive_id: Mapped[int] = mapped_column(ForeignKey("directive.id"), index=True)
    number: Mapped[str] = mapped_column(default="")
    """15/BC-BTĐKT, once it is signed."""
    period_name: Mapped[str]
    """``Quý I năm 2024``."""
    period_ends_on: Mapped[date]
    is_final: Mapped[bool] = mapped_column(default=False)
    assessment: Mapped[str] = mapped_column(default="")
    proposals: Mapped[str] = mapped_column(default="")
    state: Mapped[DirectiveReportState] = mapped_column(
        enum_type(DirectiveReportState), default=DirectiveReportState.DRAFT
    )
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), unique=True)
    drafted_at: Mapped[datetime]
    review_note: Mapped[str] = mapped_column(default="")
    """Why the head of the agency sent the draft back."""
    signed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    pdf_upload_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    word_upload_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))

    directive: Mapped[Directive] = relationship()
    signed_by: Mapped[Person | None] = relationship()
    pdf: Mapped[Upload | None] = relationship(foreign_keys=[pdf_upload_id])
    word: Mapped[Upload | None] = relationship(foreign_keys=[word_upload_id])
