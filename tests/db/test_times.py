"""Every time of the schema is a wall clock, an as-of time or a time from the source, and its comment says which.

A wall clock says when something happened. An as-of time says which time the data is about. In weeks as of 2025 the two
are far apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import sql

from dev.pipelines import Pipelines
from fpl_pulse.alerts import outbox
from fpl_pulse.etl.deciding import decide
from fpl_pulse.store import attempts, reruns, week_status
from fpl_pulse.store.coverage import store_final_freshness
from fpl_pulse.store.decisions import Decision
from tests.db.identity_resolution import LINKED_WITH_MINUTES
from tests.installations import FIRST_MONDAY

TIMES = """
    select tables.relname::text, columns.attname::text, format_type(columns.atttypid, columns.atttypmod),
           coalesce(col_description(tables.oid, columns.attnum), '')
    from pg_class as tables
    join pg_attribute as columns on columns.attrelid = tables.oid
    where tables.relnamespace = 'pulse'::regnamespace and tables.relkind in ('r', 'v')
      and columns.attnum > 0 and not columns.attisdropped
      and format_type(columns.atttypid, columns.atttypmod) like 'timestamp%'
    order by 1, 2
"""

WALL_CLOCK, AS_OF, SOURCE = "Wall clock", "As-of time", "Time from the source"

BEFORE_TODAY = datetime(2025, 12, 1, tzinfo=UTC)
"""The runs of these tests are as of weeks before this time."""

IN_THE_FUTURE = frozenset({"api_calls.quota_resets_at", "quota_left.resets_at", "quota_outlook.resets_at"})
"""Wall clocks of what will happen."""

EMPTY = {
    "api_pace.refused_at": "after a 429",
    "api_pace.slowed_at": "after two 429s",
    "external_ids.updated_at": "after a register of people was read",
    "lost_links.lost_at": "after evidence against a link",
    "lost_links.updated_at": "after evidence against a link",
    "missed_fixtures.missed_since": "after a check that missed an event",
    "missed_fixtures.searched_as_of": "after a check that missed an event",
    "raw_resources.no_data_since": "while a source has no data for something",
    "rejected_records.as_of": "after a rejected record",
    "rejected_records.updated_at": "after a rejected record",
}
"""Columns without values in these weeks, with what would fill them."""


@dataclass(frozen=True)
class Time:
    """A column with times, and the first and last of its values."""

    name: str
    type: str
    meaning: str
    first: datetime | None
    last: datetime | None


def times_of(conn: psycopg.Connection) -> Iterator[Time]:
    for table, column, type_, meaning in conn.execute(TIMES).fetchall():
        expression = sql.SQL("unnest({})" if type_.endswith("[]") else "{}").format(sql.Identifier(column))
        statement = sql.SQL("select min(at), max(at) from (select {} as at from {}) as stored").format(
            expression, sql.Identifier("pulse", table)
        )
        first, last = conn.execute(statement).fetchall()[0]
        yield Time(f"{table}.{column}", type_, meaning, first, last)


def test_every_time_has_a_zone_and_its_comment_says_what_it_is(conn: psycopg.Connection) -> None:
    times = [*times_of(conn)]
    assert len(times) > 80
    assert [time.name for time in times if not time.type.startswith("timestamp with time zone")] == []
    assert [time.name for time in times if not time.meaning.startswith((WALL_CLOCK, AS_OF, SOURCE))] == []


def test_no_as_of_time_has_a_default(conn: psycopg.Connection) -> None:
    defaults = conn.execute(
        "select format('%s.%s', table_name, column_name) from information_schema.columns"
        " where table_schema = 'pulse' and column_default ~ 'now|clock|timestamp'"
    ).fetchall()
    as_of = {time.name for time in times_of(conn) if time.meaning.startswith(AS_OF)}
    assert as_of.isdisjoint(name for (name,) in defaults)


@pytest.fixture
def weeks(small: Pipelines) -> psycopg.Connection:
    """Two weeks as of 2025, with an alert, a decision and what only Airflow's tasks and later seasons write."""
    conn = small.conn
    run = small.week(FIRST_MONDAY + timedelta(weeks=1))["update_lineups"].run
    attempts.begin(conn, run)
    attempts.succeed(conn, run)
    reruns.record(conn, run, "update_fixture_mappings", "scheduled__1", "A sentence.")
    for kind in ("run_failed", "squad_unread", "club_in_review"):
        outbox.raise_alert(conn, run, kind, "a subject", "A sentence.")
    outbox.record_sent(conn, [alert for alert in outbox.claim_unsent(conn) if alert.kind == "run_failed"], None)
    outbox.close_alerts_about_runs(conn, run)
    outbox.close_alerts(conn, run, "squad_unread", still=())
    player_id, code = conn.execute(LINKED_WITH_MINUTES).fetchall()[0]
    decide(small.context("update_lineups", run.as_of), Decision("player", player_id, code, "reject", "Ann", "because"))
    store_final_freshness(conn, "2026-27")
    week_status.set_now(conn, run.as_of)
    return conn


def test_in_weeks_as_of_2025_wall_clocks_are_of_today_and_as_of_times_are_not(weeks: psycopg.Connection) -> None:
    now = datetime.now(UTC)
    times = [*times_of(weeks)]
    assert {time.name for time in times if time.first is None} <= EMPTY.keys()
    wrong = {}
    for time in times:
        if time.first is None or time.last is None:
            continue
        latest = now + timedelta(days=40 if time.name in IN_THE_FUTURE else 0, minutes=1)
        is_wall_clock = now - timedelta(hours=6) < time.first and time.last < latest
        if (time.meaning.startswith(WALL_CLOCK) and not is_wall_clock) or (
            time.meaning.startswith(AS_OF) and time.last > BEFORE_TODAY
        ):
            wrong[time.name] = (time.first, time.last)
    assert wrong == {}
