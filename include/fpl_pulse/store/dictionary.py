"""The data dictionary: every table, view and function as Markdown, read from the catalogue of a migrated database.

The meanings are the comments that `migrations/comments.sql` puts on the database objects.
"""

from collections.abc import Collection
from typing import Any

from psycopg import Connection

from fpl_pulse.store.queries import query
from fpl_pulse.store.views import SCHEMAS

INTRODUCTION = """\
# Data dictionary

Every table, view and function. Analysts read the views of the [schema fpl](#the-schema-fpl), the web app those of the
[schema webapp](#the-schema-webapp). The tables behind them are in the schema `pulse`, from [FPL](#fpl) on.

`make dictionary` generates this file from the database catalogue, and a test fails when the file is out of date. To
change a sentence, edit [`comments.sql`](../include/fpl_pulse/store/migrations/comments.sql), or for the schemas of
views a file in [`views/`](../include/fpl_pulse/store/views), and run `make dictionary`.

- Seasons are written `2025-26`. All times are UTC.
- `as_of`, `observed_at`, `made_at` and `confirmed_at` are as-of times of runs
  ([ADR 0001](adr/0001-the-as-of-time-of-a-run.md)).
- `updated_at` is the wall clock of the last change of a row's content.
- `dag_id`, `run_id` and `task_id` are Airflow's.
- The primary key is in **bold**."""

FAMILIES = (
    ("FPL", ("fpl_",)),
    ("SofaSport", ("sofasport_",)),
    (
        "Identity resolution",
        ("team_mappings", "player_mappings", "fixture_mappings", "mapping_", "lost_links", "external_ids"),
    ),
    ("Comparison of SofaSport with FPL", ("fixture_reconciliations", "figure_differences", "player_matches")),
    ("Corrections", ("revisions", "changes")),
    ("Coverage and quota", ("coverage", "event_gameweeks", "expected_data", "freshness", "quota_")),
    ("Archive and calls", ("raw_", "rejected_records", "api_")),
    ("Runs, plans and alerts", ("",)),
)
"""A heading and the prefixes of its tables' names. A table belongs to the first heading that matches."""


def dictionary(conn: Connection[Any]) -> str:
    """The dictionary of a database with every migration applied, as Markdown."""
    parts = [INTRODUCTION]
    for schema in SCHEMAS:
        parts += [f"## The schema {schema}", *(markdown for _, markdown in _tables(conn, schema))]
        parts.append(_functions(conn, schema))
    remaining = _tables(conn, "pulse")
    for heading, prefixes in FAMILIES:
        family = [table for table in remaining if table[0].startswith(prefixes)]
        remaining = [table for table in remaining if table not in family]
        parts += [f"## {heading}", *(markdown for _, markdown in family)]
    parts += ["## Functions", _functions(conn, "pulse")]
    return "\n\n".join(parts) + "\n"


def dictionary_of(conn: Connection[Any], schema: str, without: Collection[str] = ()) -> str:
    """The dictionary of one schema as a page of its own.

    Args:
        conn: a database with every migration applied.
        schema: the schema.
        without: names of tables and views to leave out.
    """
    parts = [markdown for name, markdown in _tables(conn, schema) if name not in without]
    return "\n\n".join(["# Data dictionary", *parts]) + "\n"


def _tables(conn: Connection[Any], schema: str) -> list[tuple[str, str]]:
    return conn.execute(query("catalogue_tables"), {"schema": schema}).fetchall()


def _functions(conn: Connection[Any], schema: str) -> str:
    functions = conn.execute(query("catalogue_functions"), {"schema": schema})
    return "\n".join(f"- `{name}`: {comment}" for name, comment in functions)
