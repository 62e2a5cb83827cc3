"""A weekly run reads as much from a store with 25 seasons as from a store with one.

The week after the first one runs on both stores, and Postgres counts the rows and pages that each statement reads. The
stores are so small that the planner would rather read a whole table than look rows up, so every other way is off: a
statement that still reads more lacks an index or a condition. What the planner does in large stores is measured by
`dev.bench.growth`.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from dev.bench.many_seasons import add_seasons
from dev.bench.statements import Touched, recording
from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from fpl_pulse import alerts, etl, store
from fpl_pulse.alerts import outbox
from fpl_pulse.api import sofasport
from fpl_pulse.etl.queries import query as etl_query
from fpl_pulse.store import archive, attempts, plans, runs, week_status
from tests.installations import FIRST_MONDAY

SEASONS = 25

OF_PEOPLE_AND_CLUBS = frozenset({
    "sofasport_players", "sofasport_teams", "player_mappings", "team_mappings", "fpl_gameweeks", "fpl_teams",
    "fpl_seasons", "sofasport_seasons", "sofasport_position_averages", "mapping_decisions", "lost_links", "week_slots",
    "external_ids",
})  # fmt: skip
"""Tables that grow by a few hundred narrow rows a season: reading one whole takes a millisecond or two."""

NOT_IN_A_WEEK = {
    "as_of_times_of_archive": "rebuild",
    "archive_by_time": "rebuild",
    "select_archive_as_of": "rebuild",
    "restore_archive": "rebuild",
    "restore_alerts": "rebuild",
    "references_of_tables": "rebuild",
    "fill_player_matches": "rebuild",
    "make_decision_again": "rebuild",
    "catalogue_functions": "the data dictionary",
    "catalogue_tables": "the data dictionary",
    "vanished_external_ids": "the crosswalk, a command of the operator",
    "decision_holders": "a command of the operator",
    "decision_names": "a command of the operator",
    "newest_decision": "a command of the operator",
    "store_decision": "a command of the operator",
    "create_register": "a command of the operator",
    "known_register": "a command of the operator",
    "stated_links": "a command of the operator",
    "wanted_external_ids": "a command of the operator",
    "store_external_ids": "a command of the operator",
    "delete_external_ids": "a command of the operator",
    "names_of_pairs": "a command of the operator",
    "pairs_in_review": "a command of the operator",
    "follow_changed_codes": "runs when FPL replaces a temporary code",
    "squad_before": "runs when a squad was fetched; reads one squad",
    "positions_of_players": "runs when attributes changed; reads one player",
    "owners_of_attributes": "runs when a player's attributes have other ids than before",
    "refused_lineups": "runs when a match lacks lineups or has wrong ones",
    "withdraw_official": "runs when FPL no longer lists figures",
    "newest_first_page": "runs when SofaSport's season id is looked up, once a season",
    "has_season_begun": "runs when SofaSport's season id is looked up, once a season",
    "slow_down": "runs after a 429; one row for each API",
    "take_slot": "sets a setting of its transaction, so it cannot be explained; one row for each API",
    "source_is_down": "runs in an outage; reads one run's plan by its index",
    "answered_call": "runs in an outage; reads one run's plan by its index",
    "killed_in_a_row": "runs in Airflow only; reads one task's attempts by the primary key",
    "limit_locks": "reads no table",
    "add_coverage": "inserts one row at a time",
    "take_back_deletions": "runs when rows were deleted",
    "pages_of_deleted_events": "runs when events were deleted; reads the season's pages",
    "census_of_squads": "runs after a squad was read",
    "census_of_attributes": "runs after attributes were read",
}
"""Query files that the recorded week does not run, with the reason."""


FORGET_COMING_MATCHES = """
    with coming as (
        delete from pulse.fixture_mappings
        where event_id in (select event_id from pulse.sofasport_events where start_at > '2025-10-01')
        returning event_id
    )
    delete from pulse.sofasport_events where start_at > '2025-10-01'
"""
"""Most matches of the store's season are not played yet. Without them a match has as many rows as in a whole season, so
the planner expects what it expects there."""

FORGET_THAT_THEY_WERE_THERE = """
    update pulse.raw_resources as resources set loaded_rows = held.stored_rows
    from pulse.resource_rows as held
    where held.resource_id = resources.resource_id and held.endpoint = 'seasons/events'
"""
"""Otherwise the week loads the deleted events again."""


@dataclass(frozen=True)
class Recorded:
    """What the statements of the same week touched in both stores: text -> what was touched."""

    one: dict[str, Touched]
    many: dict[str, Touched]


def run_week(pipelines: Pipelines, players: list[int]) -> None:
    """The second week, what only Airflow's tasks run around the steps, and the load of attributes of some players.

    And the status of the week, which an operator reads.
    """
    contexts = pipelines.week(FIRST_MONDAY + timedelta(weeks=1))
    run = contexts["update_lineups"].run
    attempts.begin(pipelines.conn, run)
    attempts.fail(pipelines.conn, run, "A sentence.", can_retry=True)
    attempts.newest(pipelines.conn, run.dag_id, run.run_id)
    attempts.has_unloaded_fetches(pipelines.conn, run, "fetch_lineup", "load_lineups")
    runs.newest(pipelines.conn, run.dag_id)
    runs.newest_of_week(pipelines.conn, run.dag_id, run.as_of)
    runs.summary(pipelines.conn, run)
    seasons = archive.newest(pipelines.conn, sofasport.SEASONS)
    assert seasons is not None
    archive.mark_rejected(pipelines.conn, seasons)
    plans.mark_failed(pipelines.conn, seasons)
    archive.invalidate(pipelines.conn, sofasport.events(contexts["update_lineups"].season_id(), "next", 0))
    archive.end_list(pipelines.conn, sofasport.events(contexts["update_lineups"].season_id(), "next", 0))
    outbox.raise_alert(pipelines.conn, run, "run_failed", run.dag_id, "A sentence.", once=True)
    outbox.times_reported(pipelines.conn, run, "run_failed")
    outbox.close_alerts_about_runs(pipelines.conn, run)
    outbox.claim_unsent(pipelines.conn)
    for _ in range(2):
        outbox.raise_alert(pipelines.conn, run, "run_partial", run.dag_id, "A sentence.", renew=True)
    attempts.mark(pipelines.conn, run, "success", "A sentence.")
    outbox.close_marked_run(pipelines.conn, run.dag_id, run.run_id, "A sentence")
    week_status.set_now(pipelines.conn, run.as_of + timedelta(days=2))
    week_status.read(pipelines.conn)
    # In the second week no attributes are due.
    contexts["update_radar_attributes"].records(etl_query("stored_attributes"), ids=players)


@pytest.fixture(scope="module")
def recorded(postgres: EmbeddedPostgres, first_week: str, sandbox: str) -> Recorded:
    """The second week on a store with one season and on one with 25."""
    found = []
    for seasons in (1, SEASONS):
        name = f"test_{seasons}_seasons"
        postgres.create_database(name, template=first_week)
        with psycopg.connect(postgres.dsn(name), autocommit=True) as conn:
            conn.execute(FORGET_COMING_MATCHES)
            conn.execute(FORGET_THAT_THEY_WERE_THERE)
            add_seasons(conn, seasons - 1)
            for way in ("seqscan", "hashjoin", "mergejoin"):
                conn.execute(f"set enable_{way} = off")
            newest = "select distinct player_id from pulse.sofasport_attributes order by player_id desc limit 20"
            players = [player_id for (player_id,) in conn.execute(newest)]
            with recording(conn) as touched:
                run_week(Pipelines(conn, sandbox), players)
        found.append(touched)
        postgres.drop_database(name)
    return Recorded(*found)


def query_files() -> dict[str, str]:
    """Name -> text of every query file of the product."""
    folders = [Path(package.__path__[0]) / "queries" for package in (etl, store, alerts)]
    return {file.stem: file.read_text() for folder in folders for file in sorted(folder.glob("*.sql"))}


def test_every_query_file_is_recorded_or_exempt_for_a_reason(recorded: Recorded) -> None:
    files = query_files()
    silent = {name for name, text in files.items() if text not in recorded.many}
    assert silent == set(NOT_IN_A_WEEK)


MOST_GROWTH = 1.5
"""How many times as much a statement may read with 25 seasons: the planner joins the same tables in another order."""

SLACK = 60
"""Rows or pages that an execution may read more: the levels of larger indexes, a player's other seasons."""


def test_no_statement_reads_more_rows_with_the_number_of_seasons(recorded: Recorded) -> None:
    grown = {}
    for text, many in recorded.many.items():
        before = recorded.one.get(text, Touched())
        rows = [of.rows_without(OF_PEOPLE_AND_CLUBS) for of in (before, many)]
        if rows[1] > MOST_GROWTH * rows[0] + SLACK * many.executions:
            grown[text] = (before, many)
    assert grown == {}


def test_no_statement_reads_more_pages_with_the_number_of_seasons(recorded: Recorded) -> None:
    grown = {}
    for text, many in recorded.many.items():
        before = recorded.one.get(text, Touched())
        # A look-up reads the levels of an index and the page of the row.
        look_ups = 5 * many.rows_without(())
        if many.buffers > max(MOST_GROWTH * before.buffers, look_ups) + SLACK * many.executions:
            grown[text] = (before, many)
    assert grown == {}


def test_no_statement_reads_a_table_from_the_first_row_to_the_last(recorded: Recorded) -> None:
    whole = {text: tables for text, many in recorded.many.items() if (tables := many.read_whole - OF_PEOPLE_AND_CLUBS)}
    assert whole == {}
