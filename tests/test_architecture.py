"""Holds the house to its plan: what must exist beside what, and which words belong where."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from engine.ingest.xml import Node
from processes import wiring

ROOT = Path(__file__).parents[1]
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
DIAGRAMS = sorted((ROOT / "processes").glob("*/*.bpmn"))
AWARD_WORDS = re.compile(
    r"award|dossier|nominee|nomination|council|chairman|ballot|envelope|commendation|khen|thi đua|hội đồng",
    re.IGNORECASE,
)
VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]")


def _elements(tag: str) -> Iterator[tuple[Path, Node]]:
    for path in DIAGRAMS:
        for element in etree.parse(path).iter(BPMN + tag):
            yield path, element


def _property(element: Node, name: str) -> str | None:
    for item in element.iter(ZEEBE + "property"):
        if item.get("name") == name:
            return item.get("value")
    return None


def test_there_are_diagrams() -> None:
    assert {path.stem for path in DIAGRAMS} >= {"nomination", "council_session", "decision", "inspection"}


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_a_diagram_is_named_like_its_folder_and_its_process(path: Path) -> None:
    processes = {process.get("id") for process in etree.parse(path).iter(BPMN + "process")}

    assert path.stem == path.parent.name
    assert path.stem in processes


def test_every_user_task_has_a_form_or_a_page() -> None:
    missing = [
        f"{path.stem}.{task.get('id')}"
        for path, task in _elements("userTask")
        if not _property(task, "page")
        and not (ROOT / "forms" / path.stem / f"{task.get('id')}.form").exists()
    ]

    assert missing == []


def test_every_form_belongs_to_a_user_task() -> None:
    tasks = {(path.stem, task.get("id")) for path, task in _elements("userTask")}
    forms = {(form.parent.name, form.stem) for form in (ROOT / "forms").glob("*/*.form")}

    assert forms - tasks == set()


def test_every_service_task_names_an_action_that_exists() -> None:
    named = {
        definition.get("type")
        for tag in ("serviceTask", "sendTask")
        for _path, task in _elements(tag)
        for definition in task.iter(ZEEBE + "taskDefinition")
    }

    assert named - set(wiring.ACTIONS) == set()


def test_what_a_user_task_reads_and_records_exists() -> None:
    sources = {_property(task, "values") for _path, task in _elements("userTask")} - {None}
    records = {_property(task, "record") for _path, task in _elements("userTask")} - {None}

    assert sources - set(wiring.FORM_SOURCES) == set()
    assert records - set(wiring.ACTIONS) == set()


@pytest.mark.parametrize("tag", ["userTask", "serviceTask", "participant", "process"])
def test_what_people_read_in_a_diagram_has_english(tag: str) -> None:
    silent = [
        f"{path.stem}.{element.get('id')}"
        for path, element in _elements(tag)
        if element.get("name") and not _property(element, "en")
    ]

    assert silent == []


def test_the_engine_has_never_heard_of_awards() -> None:
    heard = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted((ROOT / "engine").rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if AWARD_WORDS.search(line)
    ]

    assert heard == []


def test_templates_speak_through_gettext() -> None:
    # A language is offered under its own name, in a tag that says which language that is.
    spoken = re.compile(r"\{[{%#].*?[}%#]\}|<button[^>]*\blang=\"vi\"[^>]*>", re.DOTALL)
    loud = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "web" / "templates").rglob("*.html"))
        for line in spoken.sub("", path.read_text()).splitlines()
        if VIETNAMESE.search(line)
    ]

    assert loud == []
