"""The data dictionary: every table, view and function as Markdown, read from the catalogue of a migrated database.

The meanings are the comments that `migrations/comments.sql` puts on the database objects.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from fpl_pulse.store.queries import query

INTRODUCTION = """\
# Data dictionary

Every table, view and function of the schema `pulse`. `make dictionary` generates this file from the database catalogue,
and a test fails when the file is out of date. To change a sentence, edit
[`comments.sql`](../include/fpl_pulse/store/migrations/comments.sql) and run `make dictionary`.

- Seasons are written `2025-26`. All times are UTC.
- `as_of`, `observed_at`, `made_at` and `confirmed_at` are as-of times of runs
  ([ADR 0001](adr/0001-the-moment-of-a-run.md)).
- `updated_at` is the wall clock of the last change of a row's content.
- `dag_id`, `run_id` and `task_id` are Airflow's.
- The primary key is in **bold**."""

FAMILIES = (
    ("FPL", ("fpl_",)),
    ("SofaSport", ("sofasport_",)),
    ("Identity resolution", ("team_mappings", "player_mappings", "fixture_mappings", "mapping_", "lost_links")),
    ("Comparison of SofaSport with FPL", ("fixture_reconciliations", "figure_differences")),
    ("Corrections", ("revisions", "changes")),
    ("Coverage and quota", ("coverage", "event_gameweeks", "expected_data", "freshness", "quota_")),
    ("Archive and calls", ("raw_", "rejected_records", "api_")),
    ("Runs, plans and alerts", ("",)),
)
"""A heading and the prefixes of its tables' names. A table belongs to the first heading that matches."""


@dataclass(frozen=True)
class Column:
    """One column of a table or view."""

    table_name: str
    name: str
    type: str
    nullable: bool
    comment: str | None


@dataclass(frozen=True)
class Constraint:
    """A key, a check or a unique index. `kind`: p primary key, u unique, f foreign key, c check, i unique index."""

    table_name: str
    kind: str
    columns: list[str]
    definition: str


@dataclass(frozen=True)
class Table:
    """A table or view with its columns and constraints."""

    name: str
    comment: str | None
    is_view: bool
    columns: Sequence[Column]
    constraints: Sequence[Constraint]


def read_tables(conn: Connection[Any]) -> list[Table]:
    """Every table and view of the schema `pulse` in order of name, except Alembic's version table."""
    with conn.cursor(row_factory=class_row(Column)) as cursor:
        columns = cursor.execute(query("catalogue_columns").encode()).fetchall()
    with conn.cursor(row_factory=class_row(Constraint)) as cursor:
        constraints = cursor.execute(query("catalogue_constraints").encode()).fetchall()
    return [
        Table(
            name,
            comment,
            is_view,
            [column for column in columns if column.table_name == name],
            [constraint for constraint in constraints if constraint.table_name == name],
        )
        for name, comment, is_view in conn.execute(query("catalogue_tables").encode())
    ]


def dictionary(conn: Connection[Any]) -> str:
    """The dictionary as Markdown.

    Args:
        conn: a database with every migration applied.
    """
    remaining = read_tables(conn)
    parts = [INTRODUCTION]
    for heading, prefixes in FAMILIES:
        family = [table for table in remaining if table.name.startswith(prefixes)]
        remaining = [table for table in remaining if table not in family]
        parts += [f"## {heading}", *("\n".join(_lines(table)) for table in family)]
    functions = conn.execute(query("catalogue_functions").encode()).fetchall()
    parts += ["## Functions", "\n".join(f"- `{name}`: {comment}" for name, comment in functions)]
    return "\n\n".join(parts) + "\n"


def _lines(table: Table) -> Iterator[str]:
    key = next((one.columns for one in table.constraints if one.kind == "p"), [])
    yield f"### {table.name}" + (" (view)" if table.is_view else "")
    yield ""
    yield table.comment or ""
    yield ""
    yield "| column | type | null | meaning |"
    yield "|---|---|---|---|"
    for column in table.columns:
        name = f"**{column.name}**" if column.name in key else column.name
        meaning = (column.comment or "").replace("|", r"\|")
        yield f"| {name} | {column.type} | {'yes' if column.nullable else 'no'} | {meaning} |"
    rest = [one for one in table.constraints if one.kind != "p"]
    if rest:
        yield ""
    for constraint in rest:
        # Every object is in the schema pulse, and every index is a B-tree: leave both words out.
        yield f"- `{constraint.definition.replace('pulse.', '').replace(' USING btree', '')}`"
