"""Every single edit of a shipped definition gives exactly the facts that it changes."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine import bundles
from engine.comparison import Change, Comparison, Weight, What, compare

ROOT = Path(__file__).parents[3]
KEYS = ("nomination", "council_session", "decision", "inspection")
TABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
  <decision id="days" name="Days">
    <decisionTable id="t" hitPolicy="UNIQUE">
      <input id="i1" label="Award"><inputExpression id="e1"><text>award</text></inputExpression></input>
      <input id="i2" label="Nominees"><inputExpression id="e2"><text>count</text></inputExpression></input>
      <output id="o1" name="days"/>
      <annotation name="Article"/>
      <rule id="r1"><inputEntry id="a1"><text>"title"</text></inputEntry>
        <inputEntry id="b1"><text>&lt; 5</text></inputEntry>
        <outputEntry id="c1"><text>10</text></outputEntry>
        <annotationEntry><text>Art. 1</text></annotationEntry></rule>
      <rule id="r2"><inputEntry id="a2"><text>"medal"</text></inputEntry>
        <inputEntry id="b2"><text>-</text></inputEntry>
        <outputEntry id="c2"><text>20</text></outputEntry>
        <annotationEntry><text>Art. 2</text></annotationEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


@pytest.fixture(params=KEYS)
def files(request: pytest.FixtureRequest) -> Mapping[str, bytes]:
    """Give the files of each shipped definition."""
    return bundles.folder_files(ROOT / "processes" / str(request.param))


def nomination() -> dict[str, bytes]:
    """Return the files of the nomination."""
    return bundles.folder_files(ROOT / "processes" / "nomination")


def edited(old: bytes, new: bytes, file: str = "nomination.bpmn") -> Comparison:
    """Compare the nomination with itself after one replacement, which must happen exactly once."""
    files = nomination()
    assert files[file].count(old) == 1, files[file].count(old)
    return compare(files, {**files, file: files[file].replace(old, new)})


def only(comparison: Comparison) -> Change:
    """Return the one change."""
    assert len(comparison.changes) == 1, comparison.changes
    return comparison.changes[0]


def test_a_version_is_equal_to_itself(files: Mapping[str, bytes]) -> None:
    assert not compare(files, dict(files))


def test_everything_is_new_against_nothing(files: Mapping[str, bytes]) -> None:
    assert {change.what for change in compare({}, files).changes} == {What.ADDED}
    assert {change.what for change in compare(files, {}).changes} == {What.REMOVED}


def test_a_renamed_step(files: Mapping[str, bytes]) -> None:
    name = next(name for name in files if name.endswith(".bpmn"))
    marked = files[name].replace(b'<bpmn:userTask id="', b'<bpmn:userTask name="Mot ten khac" xid="', 1)
    if marked == files[name]:
        pytest.skip("no user task")
    task_id = marked.split(b'xid="', 1)[1].split(b'"', 1)[0]
    old_name = marked.split(b'xid="', 1)[1].split(b'name="', 1)[1].split(b'"', 1)[0]
    renamed = files[name].replace(b'name="' + old_name + b'"', b'name="Mot ten khac"')
    changes = [
        change
        for change in compare(files, {**files, name: renamed}).changes
        if change.subject.id == task_id.decode()
    ]
    assert [(change.what, change.before.text, change.after.text) for change in changes] == [
        (What.NAME, old_name.decode(), "Mot ten khac")
    ]


def test_a_changed_deadline() -> None:
    change = only(edited(b"add working days(today(), appraisal_days)", b"add working days(today(), 7)"))
    assert change.what is What.DUE
    assert change.subject.id == "appraise_dossier"
    assert change.before.text == "=add working days(today(), appraisal_days)"
    assert change.after.text == "=add working days(today(), 7)"


def test_another_group_is_a_matter_of_who_decides() -> None:
    change = only(edited(b'candidateGroups="agency_head"', b'candidateGroups="clerk"'))
    assert (change.what, change.weight) == (What.GROUP, Weight.SAFEGUARD)


def test_another_layout_is_told_apart_from_what_runs() -> None:
    files = nomination()
    moved = files["nomination.bpmn"].replace(b'x="', b'x="1', 1)
    found = compare(files, {**files, "nomination.bpmn": moved})
    assert not found.changes
    assert found.redrawn == {"nomination.bpmn"}


def test_a_changed_condition_names_its_way() -> None:
    source = nomination()["nomination.bpmn"]
    condition = source.split(b'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">', 1)[1].split(
        b"<", 1
    )[0]
    files = nomination()
    changed = source.replace(b">" + condition + b"<", b">=false<", 1)
    change = only(compare(files, {**files, "nomination.bpmn": changed}))
    assert change.what is What.CONDITION
    assert change.subject.kind == "flow"
    assert " → " in change.subject.detail
    assert change.after.text == "=false"


def test_another_ladder_of_the_whole_process() -> None:
    files = nomination()
    head, process, rest = files["nomination.bpmn"].partition(b'<bpmn:process id="nomination"')
    ladder = b'<zeebe:properties><zeebe:property name="reminders" value="before:3"/>'
    changed = head + process + rest.replace(b"<zeebe:properties>", ladder, 1)

    change = only(compare(files, {**files, "nomination.bpmn": changed}))

    assert (change.what, change.subject.kind) == (What.REMINDERS, "process")
    assert (change.before.text, change.after.text) == ("", "before:3")


def test_a_step_put_between_two_others() -> None:
    old = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
      <process id="p" name="P" isExecutable="true"><startEvent id="s" name="S"/><task id="a" name="A"/>
      <endEvent id="e" name="E"/>
      <sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
      <sequenceFlow id="f2" sourceRef="a" targetRef="e"/></process></definitions>"""
    new = old.replace(
        b'<sequenceFlow id="f2" sourceRef="a" targetRef="e"/>',
        b'<task id="b" name="B"/><sequenceFlow id="f2" sourceRef="a" targetRef="b"/>'
        b'<sequenceFlow id="f3" sourceRef="b" targetRef="e"/>',
    )
    found = compare({"p.bpmn": old}, {"p.bpmn": new})
    facts = {
        (change.what, change.subject.id, change.before.text, change.after.text) for change in found.changes
    }
    assert facts == {(What.ADDED, "b", "", ""), (What.ROUTE, "a", "E", "B")}
    assert found.marks("p.bpmn") == ({"a": "changed"}, {"b": "added", "a": "changed"})


def test_an_element_with_another_id_is_known_by_kind_and_name() -> None:
    old = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
      <process id="p" isExecutable="true"><startEvent id="s"/><task id="a" name="A"/>
      <sequenceFlow id="f1" sourceRef="s" targetRef="a"/></process></definitions>"""
    change = only(compare({"p.bpmn": old}, {"p.bpmn": old.replace(b'"a"', b'"z"')}))
    assert (change.what, change.before.text, change.after.text) == (What.ID, "a", "z")


def test_an_unreadable_draft_is_told_as_such() -> None:
    files = nomination()
    change = only(compare(files, {**files, "nomination.bpmn": b"<half"}))
    assert change.what is What.UNREADABLE


def form_edit(edit: Mapping[str, object]) -> Comparison:
    """Compare a form of one field with itself, edited."""
    field: dict[str, object] = {"type": "textfield", "id": "F", "key": "reason", "label": "Lý do"}
    old = json.dumps({"type": "default", "id": "f", "components": [field]}).encode()
    new = json.dumps({"type": "default", "id": "f", "components": [{**field, **edit}]}).encode()
    return compare({"f.form": old}, {"f.form": new})


@pytest.mark.parametrize(
    ("edit", "what", "before", "after"),
    [
        ({"label": "Vì sao"}, What.NAME, "Lý do", "Vì sao"),
        ({"label_en": "Reason"}, What.NAME_EN, "", "Reason"),
        ({"type": "textarea"}, What.KIND, "textfield", "textarea"),
        ({"validate": {"required": True}}, What.REQUIRED, "", "true"),
        ({"validate": {"maxLength": 20}}, What.LIMITS, "", "20"),
        ({"conditional": {"hide": "=x"}}, What.HIDDEN, "", "=x"),
        ({"values": [{"label": "A", "value": "a"}]}, What.OPTIONS, "", "A (a)"),
        ({"readonly": True}, What.OTHER, "", "true"),
    ],
)
def test_an_edited_field(edit: Mapping[str, object], what: What, before: str, after: str) -> None:
    change = only(form_edit(edit))
    assert (change.what, change.before.text, change.after.text) == (what, before, after)
    assert change.subject.id == "reason"


def test_fields_that_come_go_and_move() -> None:
    fields = [{"type": "textfield", "id": key, "key": key, "label": key} for key in "abc"]
    forms = [
        json.dumps({"id": "f", "components": listed}).encode()
        for listed in (
            fields,
            [*fields[1:], fields[0], {"type": "number", "id": "d", "key": "d"}],
            fields[:2],
        )
    ]
    moved = compare({"f.form": forms[0]}, {"f.form": forms[1]})
    assert {(change.what, change.subject.id) for change in moved.changes} == {
        (What.ORDER, "a"),
        (What.ADDED, "d"),
    }
    gone = only(compare({"f.form": forms[0]}, {"f.form": forms[2]}))
    assert (gone.what, gone.subject.id) == (What.REMOVED, "c")


@pytest.mark.parametrize(
    ("old", "new", "what", "detail"),
    [
        (b"<text>10</text>", b"<text>14</text>", What.CELL, "days"),
        (b"&lt; 5", b"&lt; 9", What.CELL, "Nominees (count)"),
        (b'"UNIQUE"', b'"FIRST"', What.HIT_POLICY, ""),
        (b'label="Award"', b'label="Title"', What.COLUMNS, ""),
        (b'name="Days"', b'name="Ngay"', What.NAME, ""),
    ],
)
def test_an_edited_table(old: bytes, new: bytes, what: What, detail: str) -> None:
    found = compare({"t.dmn": TABLE}, {"t.dmn": TABLE.replace(old, new)})
    assert (what, detail) in {(change.what, change.subject.detail) for change in found.changes}
    if what is not What.COLUMNS:
        assert len(found.changes) == 1


def test_rows_are_matched_by_what_they_say() -> None:
    head, first, second, tail = re.split(rb"(?=<rule )|(?<=</rule>)(?=\s*</decisionTable>)", TABLE)
    added = only(compare({"t.dmn": head + second + tail}, {"t.dmn": head + first + second + tail}))
    assert (added.what, added.subject.id, added.weight) == (What.ADDED, "1", Weight.SAFEGUARD)
    removed = only(compare({"t.dmn": head + first + second + tail}, {"t.dmn": head + second + tail}))
    assert (removed.what, removed.before.text) == (
        What.REMOVED,
        'Award (award): "title"; Nominees (count): < 5; days: 10; Article: Art. 1',
    )


def test_an_edited_text() -> None:
    old = json.dumps({"type": "mail", "id": "m", "name": "N", "subject": "A"}).encode()
    new = json.dumps({"type": "mail", "id": "m", "name": "N", "subject": "B"}).encode()
    change = only(compare({"m.text": old}, {"m.text": new}))
    assert (change.what, change.subject.detail, change.before.text, change.after.text) == (
        What.CONTENT,
        "subject",
        "A",
        "B",
    )
