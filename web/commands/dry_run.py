"""``vinhdanh dry-run``: plays a definition to its end, with a fake clock and made-up answers."""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from engine import bundles, clock
from engine.definitions import NotPublishableError
from engine.dry_runs import Arrival, DryRun, run_to_end, steps_of
from engine.errors import InvalidInputError
from engine.ingest import find_processes, read_diagram
from engine.models import HistoryEvent, OutboxMail, Task
from web import dry_run_failures, dry_run_words, formats
from web.wiring import dry_run_setup

STUCK: Final = 1
ENDINGS: Final = {
    "completed": "Chạy đến hết. | Played to the end.",
    "incident": "Dừng ở một bước hỏng. | Stopped at a step that failed.",
    "nobody": "Dừng ở một việc không ai làm được. | Stopped at a task that nobody can do.",
    "refused": "Dừng ở một biểu mẫu không tự điền được. | Stopped at a form that cannot be filled by itself.",
    "waiting": "Dừng: không chờ gì mà chưa kết thúc. | Stopped: nothing is waited for, and it has not ended.",
    "bounded": "Dừng sau nhiều bước: còn quay vòng. | Stopped after many steps: it goes round and round.",
}


def dry_run(options: argparse.Namespace) -> int:
    """Play a definition; 1 if it is stuck or cannot begin.

    Raises:
        InvalidInputError: there is no diagram, or it cannot be read.

    """
    files = _files(options.path)
    key = _key(options.path, files)
    with tempfile.TemporaryDirectory() as folder:
        try:
            run = DryRun.begin(
                key, files, dry_run_setup(), folder=Path(folder), language="vi", now=clock.now()
            )
        except NotPublishableError as refused:
            return _tell_problems(refused, as_json=options.json)
        arrival = run_to_end(run)
        told = _told(run, arrival)
        run.close()
    sys.stdout.write(f"{json.dumps(told, ensure_ascii=False, indent=1)}\n" if options.json else _text(told))
    return 0 if arrival.ending == "completed" else STUCK


def _files(path: Path) -> Mapping[str, bytes]:
    if path.is_dir():
        return bundles.folder_files(path)
    if not path.is_file():
        raise InvalidInputError(f"there is no file or folder {path}")
    return {path.name: path.read_bytes()}


def _key(path: Path, files: Mapping[str, bytes]) -> str:
    """Return the process to play: named like the file or folder, else the first that no other one calls."""
    diagrams = [name for name in files if name.endswith(".bpmn")]
    names = [one.id for name in diagrams for one in find_processes(files[name]) if one.executable]
    if not names:
        raise InvalidInputError(f"{path} has no executable process")
    if path.stem in names:
        return path.stem
    elements = [e for name in diagrams for e in read_diagram(name, files[name]).elements.values()]
    called = {element.called_process for element in elements}
    return next((name for name in names if name not in called), names[0])


def _told(run: DryRun, arrival: Arrival) -> dict[str, Any]:
    """Return the whole story as plain JSON."""
    with run.factory() as session:
        steps = steps_of(session)
        events = session.scalars(select(HistoryEvent).where(HistoryEvent.instance_id.is_not(None))).all()
        mails = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
        tasks = session.scalars(select(Task).order_by(Task.id)).all()
        log = dry_run_words.tell_steps(run, steps, events, mails, tasks)[::-1]
        gone = {flow for step in steps for flow in step.flows}
        return {
            "process": run.key,
            "ending": arrival.ending,
            "element_id": arrival.element_id,
            "reason": dry_run_failures.explain(arrival.reason) if arrival.reason else "",
            "details": arrival.reason,
            "route": [{"when": one.when, "what": one.heading, "lines": list(one.lines)} for one in log],
            "elements": [event.element_id for event in events if event.element_id],
            "not_taken": sorted(_flows(run) - gone),
            "mails": [
                {
                    "at": mail.created_at.isoformat(),
                    "to": mail.address,
                    "subject": mail.subject,
                    "text": mail.text,
                }
                for mail in mails
            ],
            "deadlines": [
                {"element_id": task.element_id, "name": task.name, "due_at": task.due_at.isoformat()}
                for task in tasks
                if task.due_at is not None
            ],
        }


def _flows(run: DryRun) -> set[str]:
    return {flow_id for diagram in run.program.diagrams.values() for flow_id in diagram.flows}


def _text(told: Mapping[str, Any]) -> str:
    lines = [ENDINGS[told["ending"]]]
    if told["element_id"]:
        lines.append(f"  {told['element_id']}: {told['reason']} ({told['details']})")
    lines.append("\nLộ trình | Route")
    for step in told["route"]:
        lines.append(f"  {step['when']}  {step['what']}")
        lines += [f"      {line}" for line in step["lines"]]
    lines.append("\nHạn | Deadlines")
    lines += [f"  {_moment(one['due_at'])}  {one['name']}" for one in told["deadlines"]]
    lines.append("\nThư | Mails")
    lines += [f"  {_moment(m['at'])}  {m['to']}  {m['subject']}" for m in told["mails"]]
    if told["not_taken"]:
        lines.append("\nNhánh chưa đi | Flows not taken")
        lines += [f"  {flow_id}" for flow_id in told["not_taken"]]
    return "\n".join(lines) + "\n"


def _moment(text: str) -> str:
    return formats.moment(datetime.fromisoformat(text))


def _tell_problems(refused: NotPublishableError, *, as_json: bool) -> int:
    """Print what stands in the way of a run."""
    problems = [
        {"file": p.file, "element_id": p.element_id, "message": p.message_vi, "message_en": p.message_en}
        for p in refused.problems
    ]
    if as_json:
        sys.stdout.write(f"{json.dumps({'ending': 'broken', 'problems': problems}, ensure_ascii=False)}\n")
    else:
        sys.stdout.writelines(
            f"{p['file']} {p['element_id'] or ''}: {p['message']} | {p['message_en']}\n" for p in problems
        )
    return STUCK
