"""The data dictionary: every table, view and function as Markdown, read from the catalogue of a migrated database.

The meanings are the comments that `migrations/comments.sql` puts on the database objects.
"""

from typing import Any

from psycopg import Connection

from fpl_pulse.store.queries import query

INTRODUCTION = """\
# Data dictionary

Every table, view and function of the schema `pulse`. `make dictionary` generates this file from the database catalogue,
and a test fails when the file is out of date. To change a sentence, edit
[`comments.sql`](../include/fpl_pulse/store/migrations/comments.sql) and run `make dictionary`.

- Seasons are written `2025-26`. All times are UTC.
- `as_of`, `observed_at`, `made_at` and `confirmed_at` are as-of times of runs
  ([ADR 0001](adr/0001-the-as-of-time-of-a-run.md)).
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


def dictionary(conn: Connection[Any]) -> str:
    """The dictionary of a database with every migration applied, as Markdown."""
    remaining = conn.execute(query("catalogue_tables")).fetchall()
    parts = [INTRODUCTION]
    for heading, prefixes in FAMILIES:
        family = [table for table in remaining if table[0].startswith(prefixes)]
        remaining = [table for table in remaining if table not in family]
        parts += [f"## {heading}", *(markdown for _, markdown in family)]
    functions = conn.execute(query("catalogue_functions"))
    parts += ["## Functions", "\n".join(f"- `{name}`: {comment}" for name, comment in functions)]
    return "\n\n".join(parts) + "\n"
