"""Prints docs/dags.md, generated from the DAGs: `python -m fpl_pulse.cli.docs`.

`make dags` writes the file. A test compares it with the DAGs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fpl_pulse.week import WEEK, WeeklySlot

if TYPE_CHECKING:
    from airflow.sdk import DAG

DAGS = Path(__file__).resolve().parents[3] / "dags"

HEAD = """\
# The DAGs

`make dags` generates this page from the DAGs, and a test compares it with them. Slots are London time. A limit is for
a run's own work, without its wait. A run that is not *done by* its deadline raises an alert. Each DAG's section says
what to do when a task is red. How to trigger a DAG manually: [README](../README.md#manual-runs).
"""

COLUMNS: Mapping[str, Callable[[DAG, WeeklySlot | None], str]] = {
    "DAG": lambda dag, _: f"[`{dag.dag_id}`](#{dag.dag_id})",
    "in the UI": lambda dag, _: dag.dag_display_name,
    "slot": lambda _, slot: f"{slot.day} {slot.hour:02d}:00" if slot else "manual",
    "limit": lambda dag, slot: _duration(slot.limit if slot else dag.dagrun_timeout),
    "done by": lambda _, slot: slot.deadline if slot else "",
    "waits for": lambda _, slot: f"`{slot.waits_for}`" if slot and slot.waits_for else "",
    "purpose": lambda dag, _: _first_sentence(_documentation(dag)),
    "writes": lambda dag, _: ", ".join(f"`{name}`" for name in tables_written(dag)),
}
"""The columns of the overview: heading, and what a DAG has there."""


def document(dags: Mapping[str, DAG]) -> str:
    """The whole page as Markdown: an overview, then each DAG with its documentation, tasks and params.

    Args:
        dags: DAGs by id. The page lists the weekly ones first, in the order of the week.
    """
    slots = {slot.dag_id: slot for slot in WEEK}
    ordered = [dags[dag_id] for dag_id in (*slots, *sorted(set(dags) - set(slots)))]
    week = _table(tuple(COLUMNS), [[cell(dag, slots.get(dag.dag_id)) for cell in COLUMNS.values()] for dag in ordered])
    parts = [HEAD, "\n".join(week) + "\n"]
    for dag in ordered:
        parts.append("\n".join(_section(dag)))
    return "\n".join(parts)


def tables_written(dag: DAG) -> list[str]:
    """The tables that the DAG's tasks have as outlets, in the order of the tasks."""
    return list(dict.fromkeys(outlet.name for task in _tasks(dag) for outlet in task.outlets))


def _section(dag: DAG) -> Iterator[str]:
    yield f"## {dag.dag_id}\n"
    yield f"*{dag.dag_display_name}*\n"
    yield f"{_documentation(dag)}\n"
    yield "### Tasks\n"
    yield from _table(
        ("task", "kind", "starts after", "pool", "retries", "writes", "what it does"),
        [
            [
                f"`{task.task_id}`",
                f"{task.task_type}, mapped" if task.is_mapped else task.task_type,
                _starts_after(task),
                "" if task.pool == "default_pool" else f"`{task.pool}`",
                str(task.retries),
                ", ".join(f"`{outlet.name}`" for outlet in task.outlets),
                task.doc_md or "",
            ]
            for task in _tasks(dag)
        ],
    )
    yield ""
    if not dag.params:
        yield "This DAG has no params.\n"
        return
    yield "### Params\n"
    yield from _table(
        ("param", "in the form", "type and limits", "when empty", "meaning"),
        [
            [f"`{name}`", str(schema.get("title", "")), limits(schema), default, description]
            for name, schema, default, description in _params(dag)
        ],
    )
    yield ""


def limits(schema: Mapping[str, Any]) -> str:
    """A Param's JSON schema in words, for example: `list of at most 400 integers, each 1 to 38; or null`."""
    kinds = [schema["type"]] if isinstance(schema["type"], str) else list(schema["type"])
    kind = next(kind for kind in kinds if kind != "null")
    if kind == "array":
        items = schema["items"]
        text = f"list of at most {schema['maxItems']} {items['type']}s, each {_range(items)}"
    elif "enum" in schema:
        text = "one of " + ", ".join(f"`{value}`" for value in schema["enum"])
    elif "minimum" in schema:
        text = f"{kind}, {_range(schema)}"
    elif "format" in schema:
        text = f"{kind}, {schema['format']} with an offset"
    else:
        text = kind
    return f"{text}; or null" if "null" in kinds else text


def _params(dag: DAG) -> Iterator[tuple[str, Mapping[str, Any], str, str]]:
    for name in dag.params:
        param = dag.params.get_param(name)
        default = {None: "null", True: "true", False: "false"}[param.value] if param.has_value else "null"
        is_required = not param.has_value and "null" not in param.schema["type"]
        yield name, param.schema, "required" if is_required else f"`{default}`", param.description or ""


def _range(schema: Mapping[str, Any]) -> str:
    return f"{schema['minimum']:,} to {schema['maximum']:,}"


def _tasks(dag: DAG) -> list[Any]:
    return list(dag.topological_sort())  # type: ignore[no-untyped-call]


def _documentation(dag: DAG) -> str:
    """The DAG's `doc_md` without its first line. The page has a heading of its own for each DAG."""
    return (dag.doc_md or "").strip().partition("\n")[2].strip()


def _first_sentence(text: str) -> str:
    return " ".join(text.partition("\n\n")[0].split()).partition(". ")[0].removesuffix(".") + "."


def _starts_after(task: Any) -> str:  # noqa: ANN401 - plain and mapped operators have no common type
    upstream = ", ".join(f"`{task_id}`" for task_id in sorted(task.upstream_task_ids))
    return f"{task.trigger_rule.value}: {upstream}" if upstream else "start of the run"


def _duration(length: timedelta | None) -> str:
    return "" if length is None else f"{int(length.total_seconds()) // 60} min"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (head, ["---"] * len(head), *rows):
        # A bar would end the cell, and a line break the row.
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def main() -> int:
    """Print the page.

    Returns:
        The exit status: 1 when a DAG file has an import error, otherwise 0.
    """
    # Airflow logs to the standard output, which is for the page.
    with redirect_stdout(sys.stderr):
        from airflow.dag_processing.dagbag import DagBag

        bag = DagBag(str(DAGS))
    for file, error in bag.import_errors.items():
        print(f"{file}: {error}", file=sys.stderr)
    if not bag.import_errors:
        print(document(bag.dags), end="")
    return 1 if bag.import_errors else 0


if __name__ == "__main__":
    sys.exit(main())
