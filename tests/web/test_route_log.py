"""The log of a task tells which rule a decision rests on, with the ground that stands beside it."""

from city import City
from factories import MONDAY

from engine.diagram import Diagram
from engine.models import HistoryEvent
from web import route_log


def test_decision_names_table_rule_and_ground(city: City) -> None:
    rules: list[dict[str, object]] = [
        {"number": 2, "notes": {"Căn cứ": "Điều 25"}},
        {"number": 3, "notes": {}},
    ]
    event = HistoryEvent(
        kind="decided",
        element_id="decide",
        happened_at=MONDAY,
        details={"tables": [{"name": "Xếp loại", "rules": rules}]},
    )

    with city.app.test_request_context("/"):
        (line,) = route_log.tell([event], [], Diagram("errand.bpmn", {}, {}, {}), MONDAY)

    assert line.text.startswith("Áp dụng bảng quyết định")
    assert line.quote == "Xếp loại, dòng 2: Điều 25 · Xếp loại, dòng 3"
