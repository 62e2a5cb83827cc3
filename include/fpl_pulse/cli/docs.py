"""Prints docs/dags.md, generated from the DAGs: `python -m fpl_pulse.cli.docs`.

`make dags` writes the file. A test compares it with the DAGs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fpl_pulse.week import WEEK, WeeklySlot

if TYPE_CHECKING:
    from airflow.sdk import DAG

DAGS = Path(__file__).resolve().parents[3] / "dags"

HEAD = """\
# The DAGs

`make dags` generates this page from the DAGs, and a test compares it with them. Slots are London time. A limit is for
one attempt of a task. A task that fails in an outage is retried until shortly before the next pipeline needs the run
([ADR 0020](adr/0020-outages.md)); the numbers of retries below are Airflow's limit, which is not reached. A run that is
not *done by* its deadline raises an alert. Each DAG's section says what to do when a task is red. How to trigger a DAG
manually: [README](../README.md#manual-runs).
"""


def document(dags: Mapping[str, DAG]) -> str:
    """The whole page as Markdown: an overview, then each DAG with its documentation, tasks and params.

    Args:
        dags: DAGs by id. The page lists the weekly ones first, in the order of the week.
    """
    slots = {slot.dag_id: slot for slot in WEEK}
    ordered = [dags[dag_id] for dag_id in (*slots, *sorted(set(dags) - set(slots)))]
    head = ("DAG", "in the UI", "slot", "limit", "done by", "waits for", "purpose", "writes")
    overview = _table(head, (_overview(dag, slots.get(dag.dag_id)) for dag in ordered))
    return "\n".join([HEAD, *overview, "", *(line for dag in ordered for line in _section(dag))])


def _overview(dag: DAG, slot: WeeklySlot | None) -> list[str]:
    limit = slot.limit if slot else dag.dagrun_timeout
    first_sentence = " ".join(_documentation(dag).partition("\n\n")[0].split()).partition(". ")[0]
    return [
        f"[`{dag.dag_id}`](#{dag.dag_id})",
        dag.dag_display_name,
        f"{slot.day} {slot.hour:02d}:00" if slot else "manual",
        f"{int(limit.total_seconds()) // 60} min" if limit else "",
        slot.deadline if slot else "",
        _code(slot.waits_for) if slot and slot.waits_for else "",
        f"{first_sentence.removesuffix('.')}.",
        _code(*dict.fromkeys(outlet.name for task in _tasks(dag) for outlet in task.outlets)),
    ]


def _section(dag: DAG) -> Iterator[str]:
    yield f"## {dag.dag_id}\n"
    yield f"*{dag.dag_display_name}*\n"
    yield f"{_documentation(dag)}\n"
    yield "### Tasks\n"
    yield from _table(
        ("task", "kind", "starts after", "pool", "retries", "writes", "what it does"), map(_task, _tasks(dag))
    )
    if not dag.params:
        yield "\nThis DAG has no params.\n"
        return
    yield "\n### Params\n"
    yield from _table(("param", "in the form", "type and limits", "when empty", "meaning"), _params(dag))
    yield ""


def _task(task: Any) -> list[str]:  # noqa: ANN401 - plain and mapped operators have no common type
    upstream = _code(*sorted(task.upstream_task_ids))
    return [
        _code(task.task_id),
        f"{task.task_type}, mapped" if task.is_mapped else task.task_type,
        f"{task.trigger_rule.value}: {upstream}" if upstream else "start of the run",
        "" if task.pool == "default_pool" else _code(task.pool),
        str(task.retries),
        _code(*(outlet.name for outlet in task.outlets)),
        task.doc_md or "",
    ]


def _params(dag: DAG) -> Iterator[list[str]]:
    for name in dag.params:
        param = dag.params.get_param(name)
        schema: Mapping[str, Any] = param.schema
        if param.has_value or "null" in _kinds(schema):
            default = _code(json.dumps(param.value if param.has_value else None))
        else:
            default = "required"
        yield [_code(name), str(schema.get("title", "")), limits(schema), default, param.description or ""]


def limits(schema: Mapping[str, Any]) -> str:
    """A Param's JSON schema in words: `at most 400 numbers, each 1 to 60, as a list or a text; or null`."""
    kinds = _kinds(schema)
    kind = next(kind for kind in kinds if kind != "null")
    if "array" in kinds:
        text = f"at most {schema['maxItems']} numbers, each {_range(schema['items'])}, as a list or a text"
    elif "enum" in schema:
        text = f"one of {_code(*schema['enum'])}"
    elif "minimum" in schema:
        text = f"{kind}, {_range(schema)}"
    elif "format" in schema:
        text = f"{kind}, {schema['format']} with an offset"
    else:
        text = kind
    return f"{text}; or null" if "null" in kinds else text


def _kinds(schema: Mapping[str, Any]) -> list[str]:
    """The JSON types that a Param accepts. An optional field of the form may state them in `allOf`."""
    kinds = schema["type"] if "type" in schema else schema["allOf"][0]["type"]
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _range(schema: Mapping[str, Any]) -> str:
    return f"{schema['minimum']:,} to {schema['maximum']:,}"


def _tasks(dag: DAG) -> list[Any]:
    return list(dag.topological_sort())  # type: ignore[no-untyped-call]


def _documentation(dag: DAG) -> str:
    """The DAG's `doc_md` without its first line. The page has a heading of its own for each DAG."""
    return (dag.doc_md or "").strip().partition("\n")[2].strip()


def _code(*names: str) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (head, ["---"] * len(head), *rows):
        # A bar would end the cell, and a line break the row.
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def main() -> int:
    """Print the page. The exit status is 1 when a DAG file has an import error, otherwise 0."""
    # Airflow logs to the standard output, which is for the page.
    with redirect_stdout(sys.stderr):
        from airflow.dag_processing.dagbag import DagBag

        bag = DagBag(str(DAGS))
    for file, error in bag.import_errors.items():
        print(f"{file}: {error}", file=sys.stderr)
    if bag.import_errors:
        return 1
    print(document(bag.dags), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
