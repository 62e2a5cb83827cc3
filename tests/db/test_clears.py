"""What a retry or a clear fetches again: missing and changed data, and nothing else."""

from datetime import timedelta

from dev.pipelines import Pipelines, slots_of, units_of
from fpl_pulse.api import sofasport
from fpl_pulse.etl import heatmaps, lineups
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store import runs
from tests.installations import FIRST_MONDAY

FIRST = slots_of(FIRST_MONDAY)
TUESDAY = FIRST["update_lineups"]


def a_match(loaded: Pipelines) -> int:
    """SofaSport's id of a match with lineups."""
    return int(loaded.one("select min(event_id) from pulse.sofasport_lineups"))


def test_a_retry_makes_no_call_for_a_lineup_in_the_archive(loaded: Pipelines) -> None:
    event_id = a_match(loaded)
    loaded.forget("endpoint = %s and event_id = %s", sofasport.LINEUPS, event_id)
    context = loaded.context("update_lineups", TUESDAY)
    assert units_of(lineups.plan_matches(context)) == [event_id]
    assert lineups.fetch_lineup(context, [event_id]) == 1
    assert lineups.fetch_lineup(context, [event_id]) == 0
    assert loaded.calls(context) == {"events/lineups": 1}


def test_a_forced_refresh_fetches_a_stored_lineup_again(loaded: Pipelines) -> None:
    event_id = a_match(loaded)
    selection = Selection(matches=(event_id,), refresh=True)
    context = loaded.context("update_lineups", TUESDAY, selection)
    lineups.plan_matches(context)
    assert lineups.fetch_lineup(context, [event_id]) == 1
    assert loaded.calls(context) == {"events/lineups": 1}


def test_a_correction_of_minutes_makes_the_heatmap_due_once(loaded: Pipelines) -> None:
    event_id = a_match(loaded)
    player_id = loaded.one("select max(player_id) from pulse.sofasport_heatmaps where event_id = %s", event_id)
    correct = "update pulse.sofasport_lineup_players set {} where event_id = %s and player_id = %s"
    loaded.conn.execute(correct.format("rating = 1.5").encode(), (event_id, player_id))
    context = loaded.context("collect_heatmaps", FIRST["collect_heatmaps"])
    assert heatmaps.plan_heatmaps(context) == []
    loaded.conn.execute(correct.format("minutes = minutes + 1").encode(), (event_id, player_id))
    assert units_of(heatmaps.plan_heatmaps(context)) == [event_id]
    assert heatmaps.fetch_heatmaps(context, [event_id]) == 1
    assert loaded.calls(context) == {"events/player-heatmap": 1}
    assert heatmaps.plan_heatmaps(context) == []


def test_a_player_who_gets_minutes_later_makes_his_heatmap_due(loaded: Pipelines) -> None:
    event_id, player_id = loaded.conn.execute(
        "select event_id, player_id from pulse.sofasport_lineup_players where coalesce(minutes, 0) = 0 limit 1"
    ).fetchone() or (0, 0)
    context = loaded.context("collect_heatmaps", FIRST["collect_heatmaps"])
    assert heatmaps.plan_heatmaps(context) == []
    loaded.conn.execute(
        "update pulse.sofasport_lineup_players set minutes = 5 where event_id = %s and player_id = %s",
        (event_id, player_id),
    )
    assert units_of(heatmaps.plan_heatmaps(context)) == [event_id]


def test_a_clear_finds_only_the_run_of_the_same_week(loaded: Pipelines) -> None:
    (run_id_of_the_week,) = loaded.conn.execute(
        "select run_id from pulse.pipeline_runs where dag_id = 'collect_heatmaps'"
    ).fetchone() or ("",)
    found = runs.newest_of_week(loaded.conn, "collect_heatmaps", TUESDAY)
    assert found is not None
    assert found.run_id == run_id_of_the_week
    for weeks in (-1, 1):
        other_week = TUESDAY + timedelta(weeks=weeks)
        assert runs.newest_of_week(loaded.conn, "collect_heatmaps", other_week) is None
    of_a_selection = loaded.context("collect_heatmaps", FIRST["collect_heatmaps"]).run
    loaded.conn.execute("update pulse.pipeline_runs set is_full = false where run_id = %s", (of_a_selection.run_id,))
    assert runs.newest_of_week(loaded.conn, "collect_heatmaps", TUESDAY) == found
