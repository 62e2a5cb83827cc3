"""Rows that were deleted from the tables come back with the next run or a cleared load, from the archive alone."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from dev.pipelines import ENDINGS, Pipelines, slots_of
from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl import heatmaps, lineups
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.rebuild import rebuild
from fpl_pulse.store import archive
from fpl_pulse.store.digest import different, digest
from tests.installations import FIRST_MONDAY

SLOTS = slots_of(FIRST_MONDAY)


@dataclass(frozen=True)
class Deletion:
    """Rows that somebody deletes, and the pipeline that restores them."""

    dag_id: str
    statements: tuple[str, ...]
    load: int | None = 0
    """Which step of `ENDINGS` loads the rows; None when only the whole pipeline does."""
    is_exact: bool = True
    """Whether the rows come back with their times and without a revision."""


ONE_EVENT = "(select min(event_id) from pulse.sofasport_lineup_players where minutes > 0)"

DELETIONS = {
    "a match": Deletion(
        "update_lineups",
        (
            f"delete from pulse.sofasport_lineup_players where event_id = {ONE_EVENT}",
            "delete from pulse.sofasport_lineups as sides where not exists"
            " (select from pulse.sofasport_lineup_players as players where players.event_id = sides.event_id)",
        ),
    ),
    "one substitute": Deletion(
        "update_lineups",
        (
            "delete from pulse.sofasport_lineup_players where (event_id, player_id) ="
            " (select event_id, player_id from pulse.sofasport_lineup_players where minutes = 0 limit 1)",
        ),
    ),
    "all lineups": Deletion(
        "update_lineups", ("delete from pulse.sofasport_lineup_players", "delete from pulse.sofasport_lineups")
    ),
    "every second heatmap": Deletion(
        "collect_heatmaps", ("delete from pulse.sofasport_heatmaps where player_id % 2 = 0",)
    ),
    "season statistics": Deletion(
        "update_season_stats", ("delete from pulse.sofasport_season_statistics where player_id % 3 = 0",)
    ),
    "attributes": Deletion(
        "update_radar_attributes", ("delete from pulse.sofasport_attributes where player_id % 5 = 0",)
    ),
    "one season of attributes": Deletion(
        "update_radar_attributes",
        ("delete from pulse.sofasport_attributes where season = (select min(season) from pulse.sofasport_attributes)",),
    ),
    "official figures": Deletion(
        "update_lineups", ("delete from pulse.fpl_player_fixtures where element_id % 4 = 0",), load=None
    ),
    "a squad": Deletion(
        "update_fixture_mappings",
        ("delete from pulse.sofasport_squads where team_id = (select min(team_id) from pulse.sofasport_squads)",),
        load=2,
        is_exact=False,
    ),
    "FPL's players with their figures": Deletion(
        "update_season_stats",
        (
            "delete from pulse.fpl_player_fixtures where element_id % 2 = 0",
            "delete from pulse.fpl_players where element_id % 2 = 0",
        ),
        load=None,
        is_exact=False,
    ),
    "a fixture": Deletion(
        "update_season_stats",
        (
            "delete from pulse.fixture_mappings where fixture_id = (select max(fixture_id) from pulse.fpl_fixtures)",
            "delete from pulse.fpl_fixtures where fixture_id = (select max(fixture_id) from pulse.fpl_fixtures)",
        ),
        load=None,
        is_exact=False,
    ),
    "coming events": Deletion(
        "update_fixture_mappings",
        (
            "delete from pulse.fixture_mappings where event_id in (select event_id from pulse.sofasport_events"
            " where start_at > '2025-09-20')",
            "delete from pulse.sofasport_events where start_at > '2025-09-20'",
        ),
        load=1,
        is_exact=False,
    ),
    "a match with its event": Deletion(
        "update_lineups",
        (
            f"create temporary table gone as select {ONE_EVENT} as event_id",
            "delete from pulse.sofasport_heatmaps where event_id in (select event_id from gone)",
            "delete from pulse.sofasport_lineup_players where event_id in (select event_id from gone)",
            "delete from pulse.sofasport_lineups where event_id in (select event_id from gone)",
            "delete from pulse.fixture_reconciliations where event_id in (select event_id from gone)",
            "delete from pulse.fixture_mappings where event_id in (select event_id from gone)",
            "delete from pulse.sofasport_events where event_id in (select event_id from gone)",
        ),
        load=None,
        is_exact=False,
    ),
}


def delete(small: Pipelines, deletion: Deletion) -> None:
    """Delete the rows, and require that the tables differ."""
    before = digest(small.conn)
    for statement in deletion.statements:
        small.conn.execute(statement.encode())
    assert different(before, digest(small.conn)) != []


def calls_of(small: Pipelines, context: StepContext) -> dict[str, int]:
    """The calls to SofaSport; each run reads the newest page of events."""
    calls = small.calls(context)
    calls.pop("seasons/events", None)
    return calls


@pytest.mark.parametrize("name", DELETIONS)
def test_the_next_run_restores_deleted_rows_without_a_call(small: Pipelines, name: str) -> None:
    deletion = DELETIONS[name]
    before, hashes = digest(small.conn), times(small)
    delete(small, deletion)
    context = small.run(deletion.dag_id, SLOTS[deletion.dag_id])
    if name == "a match with its event":
        small.run("collect_heatmaps", SLOTS["collect_heatmaps"])
    assert calls_of(small, context) == {}
    changed = set(different(before, digest(small.conn)))
    assert changed <= (set() if deletion.is_exact else {"revisions", "fixture_mappings"})
    if deletion.is_exact:
        assert times(small) == hashes
        # What follows from the rows is not requested again either.
        for dag_id in ("collect_heatmaps", "update_season_stats", "update_radar_attributes"):
            assert calls_of(small, small.run(dag_id, SLOTS[dag_id])) == {}


def times(small: Pipelines) -> dict[str, object]:
    """The times of the last changes of the rows that are loaded from SofaSport, and of the official figures."""
    tables = (
        "sofasport_lineups", "sofasport_lineup_players", "sofasport_heatmaps", "sofasport_season_statistics",
        "sofasport_attributes", "fpl_player_fixtures",
    )  # fmt: skip
    return {
        name: small.one(f"select md5(string_agg(stored::text, ',' order by stored::text)) from pulse.{name} as stored")
        for name in tables
    }


@pytest.mark.parametrize("name", [name for name, one in DELETIONS.items() if one.load is not None])
def test_a_cleared_load_restores_deleted_rows_without_a_call(small: Pipelines, name: str) -> None:
    deletion = DELETIONS[name]
    before = digest(small.conn)
    delete(small, deletion)
    context = small.context(deletion.dag_id, SLOTS[deletion.dag_id])
    assert deletion.load is not None
    ENDINGS[deletion.dag_id][deletion.load](context)
    assert calls_of(small, context) == {}
    changed = set(different(before, digest(small.conn)))
    assert changed <= (set() if deletion.is_exact else {"revisions", "fixture_mappings"})


def test_a_check_says_which_rows_were_deleted_and_how_they_come_back(small: Pipelines) -> None:
    small.conn.execute("delete from pulse.sofasport_heatmaps where player_id % 2 = 0")
    context = small.context("collect_heatmaps", SLOTS["collect_heatmaps"])
    with pytest.raises(CheckFailedError, match=r"heatmaps: rows of .* responses were deleted .* Clear load_heatmaps"):
        heatmaps.check_heatmaps(context)
    heatmaps.load_heatmaps(context)
    heatmaps.check_heatmaps(context)


def test_without_deletions_no_response_is_loaded_again(small: Pipelines, monkeypatch: pytest.MonkeyPatch) -> None:
    again: list[int] = []
    monkeypatch.setattr(archive, "load_again", lambda _, ids: again.extend(ids))
    for weeks in (0, 1, 2):
        small.week(FIRST_MONDAY + timedelta(weeks=weeks))
    assert again == []


def test_rows_that_the_archive_does_not_have_are_looked_for_once(small: Pipelines) -> None:
    event_id = small.one("select min(event_id) from pulse.sofasport_lineup_players")
    small.conn.execute(
        "update pulse.raw_resources set loaded_rows = loaded_rows + 1"
        " where endpoint = 'events/lineups' and event_id = %s",
        (event_id,),
    )
    context = small.context("update_lineups", SLOTS["update_lineups"])
    assert lineups.load_lineups(context) == {"loaded": 1}
    assert lineups.load_lineups(context) == {"loaded": 0}


def test_a_rebuild_restores_what_no_run_notices(small: Pipelines) -> None:
    before = digest(small.conn)
    small.conn.execute("delete from pulse.sofasport_position_averages")
    small.run("update_radar_attributes", SLOTS["update_radar_attributes"])
    assert small.one("select count(*) from pulse.sofasport_position_averages") == 0
    rebuild(small.context("update_radar_attributes", SLOTS["update_radar_attributes"]))
    assert different(before, digest(small.conn)) == []
