"""Says in words what another version does to running instances, and what became of a plan."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine import definitions
from engine.migration import Group, Verdict
from engine.models import DefinitionVersion, InstanceMigration, MigrationPlan
from engine.spiff import Fate, Finding, Program, Reason
from web.i18n import gettext as _
from web.i18n import language

LONGEST_NUMBER = 9
"""Digits of an id or a revision that a form may send."""


@dataclass(frozen=True)
class Line:
    """One group of instances on the page."""

    places: str
    """The elements where they wait, as the old version calls them."""
    version: int
    count: int
    verdict: Verdict
    sentences: Sequence[str]
    chosen: str
    """Ids and revisions, as the form sends them back."""


@dataclass(frozen=True)
class Question:
    """An element from which tokens must be told where to go."""

    element_id: str
    name: str
    why: str
    proposal: str
    choices: Sequence[tuple[str, str]]
    """Id and name of each element of the new version that may be chosen."""
    count: int


def lines_of(session: Session, target: DefinitionVersion, groups: Iterable[Group]) -> list[Line]:
    """Return a line for each group."""
    return [_line(session, target, group) for group in groups]


def questions_of(session: Session, target: DefinitionVersion, groups: Iterable[Group]) -> list[Question]:
    """Return what must be decided, each element once, with how many instances wait there."""
    new = definitions.program_of(session, target.id)
    found: dict[str, Question] = {}
    for group in groups:
        old = definitions.program_of(session, group.version.id)
        for finding in group.findings:
            if group.verdict is Verdict.NEEDS_MAPPING and finding.fate is Fate.UNDECIDED:
                earlier = found.get(finding.element_id)
                count = len(group.instances) + (earlier.count if earlier else 0)
                found[finding.element_id] = _question(finding, old, new, count)
    return list(found.values())


def totals_of(groups: Iterable[Group]) -> dict[str, int]:
    """Return how many instances fare how, by the value of the verdict."""
    totals = {verdict.value: 0 for verdict in Verdict}
    for group in groups:
        totals[group.verdict.value] += len(group.instances)
    return totals


def chosen_of(fields: Iterable[str]) -> dict[int, int]:
    """Read the ids and revisions that the lines sent back; what nobody sent is left out."""
    pairs = [pair.partition(":") for text in fields for pair in text.split(",")]
    return {int(key): int(revision) for key, _colon, revision in pairs if _are_numbers(key, revision)}


def ways_of(session: Session, plan: MigrationPlan) -> list[tuple[str, str]]:
    """Return the names of the elements of a plan's mapping: from where, to where."""
    new = definitions.program_of(session, plan.target_version_id)
    versions = {entry.from_version_id for entry in plan.instances}
    olds = [definitions.program_of(session, version_id) for version_id in sorted(versions)]
    return [
        (next((name for old in olds if (name := name_of(old, was)) != was), was), name_of(new, target))
        for was, target in plan.mapping.items()
    ]


def problem_of(session: Session, entry: InstanceMigration) -> str:
    """Say why an instance was left alone or could not be put back."""
    element_id = str(entry.problem.get("element") or "")
    new = definitions.program_of(session, entry.plan.target_version_id)
    step = name_of(new, element_id)
    sentences = {
        "moved_on": _("Hồ sơ đã đi tiếp hoặc đã kết thúc sau lúc xem; hồ sơ giữ nguyên hiện trạng."),
        "unsettled": _("Hồ sơ đang ở bước phải chọn nơi đi tiếp; hồ sơ giữ bản cũ."),
        "failed": _("Bước “%(step)s” của bản mới chưa chạy được; hồ sơ giữ bản cũ.", step=step),
        "broken": _("Gặp lỗi khi làm; hồ sơ giữ nguyên hiện trạng. Xem nhật ký máy chủ."),
        "deeds": _("Khi chuyển đã có bước tự động chạy ra ngoài hồ sơ, nên không hoàn lại được."),
    }
    return sentences.get(str(entry.problem.get("code", "")), "")


def name_of(program: Program, element_id: str) -> str:
    """Return what people call an element."""
    for diagram in program.diagrams.values():
        if element_id in diagram.elements:
            return diagram.elements[element_id].label(language())
    return element_id


def _are_numbers(*texts: str) -> bool:
    return all(text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER for text in texts)


def _line(session: Session, target: DefinitionVersion, group: Group) -> Line:
    old = definitions.program_of(session, group.version.id)
    new = definitions.program_of(session, target.id)
    places = [finding.element_id for finding in group.findings if finding.reason is not Reason.EXPRESSION]
    return Line(
        places=_listed(old, places),
        version=group.version.number,
        count=len(group.instances),
        verdict=group.verdict,
        sentences=[*_findings(group, old, new), *_watches(group, old, new)],
        chosen=",".join(f"{key}:{revision}" for key, revision in group.instances),
    )


def _findings(group: Group, old: Program, new: Program) -> list[str]:
    return [
        _why(finding, new if finding.reason is Reason.EXPRESSION else old)
        for finding in group.findings
        if not finding.is_settled
    ]


def _watches(group: Group, old: Program, new: Program) -> list[str]:
    """Say what is waited for besides, and what no longer is."""
    said: list[str] = []
    if group.armed:
        said.append(_("Chờ thêm: %(names)s.", names=_listed(new, group.armed)))
    if group.overdue:
        said.append(_("%(n)s hồ sơ đã quá mốc này, đến hạn ngay khi chuyển.", n=group.overdue))
    if group.dropped:
        said.append(_("Không còn chờ: %(names)s.", names=_listed(old, group.dropped)))
    if group.suspended:
        said.append(_("%(n)s hồ sơ đang tạm dừng.", n=group.suspended))
    return said


def _listed(program: Program, element_ids: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(name_of(program, element_id) for element_id in element_ids))


def _question(finding: Finding, old: Program, new: Program, count: int) -> Question:
    return Question(
        element_id=finding.element_id,
        name=name_of(old, finding.element_id),
        why=_why(finding, old),
        proposal=finding.target_id or "",
        choices=[(choice, _choice(new, choice)) for choice in finding.choices],
        count=count,
    )


def _choice(program: Program, element_id: str) -> str:
    """Return the name of an element, with its id where it has none of its own."""
    element = program.element(element_id)
    kinds: Mapping[str, str] = {
        "userTask": _("việc"),
        "serviceTask": _("bước tự động"),
        "endEvent": _("kết thúc"),
        "exclusiveGateway": _("rẽ nhánh"),
        "parallelGateway": _("song song"),
    }
    kind = kinds.get(element.kind)
    return f"{element.label(language())} ({kind})" if kind else element.label(language())


def _why(finding: Finding, program: Program) -> str:
    name = name_of(program, finding.element_id)
    if finding.fate is Fate.BLOCKED:
        return _blocked(finding, name)
    sentences = {
        Reason.GONE: _("Bước “%(step)s” không còn ở bản mới.", step=name),
        Reason.OTHER_KIND: _("Bước “%(step)s” ở bản mới là loại khác.", step=name),
        Reason.OTHER_EVENT: _("Bước “%(step)s” ở bản mới chờ tin khác.", step=name),
        Reason.OTHER_SCOPE: _("Bước “%(step)s” nay thuộc quy trình con khác.", step=name),
        Reason.LOOP_CHANGED: _("Cách lặp của bước “%(step)s” đã đổi.", step=name),
        Reason.BRANCH_GONE: _("Nhánh đi tới “%(step)s” không còn.", step=name),
    }
    return sentences.get(finding.reason or Reason.GONE, "")


def _blocked(finding: Finding, name: str) -> str:
    sentences = {
        Reason.LOOP_CHANGED: _(
            "“%(step)s” đang làm dở theo từng người và cách lặp ở bản mới đã khác; chờ bước này xong.",
            step=name,
        ),
        Reason.PROCESS_GONE: _(
            "Quy trình mà “%(step)s” đang gọi không còn ở bản mới; chờ quy trình đó xong.", step=name
        ),
        Reason.EXPRESSION: _("Biểu thức ở “%(step)s” của bản mới không tính được với hồ sơ này.", step=name),
        Reason.DAMAGED: _("Trạng thái lưu của hồ sơ không đọc được; xem trang Sự cố."),
    }
    return sentences.get(
        finding.reason or Reason.GONE,
        _("Việc bên trong “%(step)s” đang làm dở mà bản mới không còn; chờ phần này xong.", step=name),
    )
