"""A check judges each gameweek by itself: one without data fails it in a complete season, a recent one does not."""

from datetime import timedelta

import pytest

from dev.pipelines import ENDINGS, FETCHES, PLANS, Pipelines
from fpl_pulse.etl import thresholds
from tests.db.gameweeks import CHECKS, OF_GAMEWEEK, SETTLED, SHIFT, add_gameweeks, check, coverage_rows, delete_heatmaps

STORED = {
    "update_fixture_mappings": {
        "fixtures with an event", "played fixtures with an ended event", "links for players with minutes",
    },
    "update_lineups": {"matches with lineups", "sides with 11 starters"},
    "collect_heatmaps": {"heatmaps"},
    "update_season_stats": {"season statistics"},
    "update_radar_attributes": {"attributes"},
}  # fmt: skip
"""dag_id -> what its check counts in each gameweek."""


def test_a_gameweek_without_heatmaps_fails_the_check_of_a_complete_season(loaded: Pipelines) -> None:
    add_gameweeks(loaded, 3, 14)
    assert check(loaded, "collect_heatmaps")[1] == []
    deleted = delete_heatmaps(loaded, 2)
    want = loaded.one(
        f"select count(*) from pulse.sofasport_lineup_players where minutes > 0 and event_id in {OF_GAMEWEEK}", 2
    )
    context, problems = check(loaded, "collect_heatmaps")
    (sentence,) = problems
    assert sentence.startswith(f"gameweek 2: only 0 of {want} heatmaps (at least 90%); missing: ")
    assert sentence.endswith(f" and {want - 10} more")
    row = coverage_rows(loaded, context, "heatmaps")[2]
    assert (row["have"], row["want"], row["missing_count"], row["is_enough"]) == (0, want, want, False)
    assert len(row["missing"]) == 50 < deleted
    assert sentence.count(" in ") == 10
    assert all(name in sentence for name in row["missing"][:10])
    assert [
        gameweek for gameweek, row in coverage_rows(loaded, context, "heatmaps").items() if not row["is_enough"]
    ] == [2]
    state, message = loaded.conn.execute(
        "select state, message from pulse.pipeline_runs where run_id = %s", (context.run.run_id,)
    ).fetchone() or ("", "")
    assert (state, message) == ("failed", sentence)


def test_heatmaps_without_data_for_two_weeks_no_longer_fail_the_check(loaded: Pipelines) -> None:
    add_gameweeks(loaded, 3, 38)
    deleted = delete_heatmaps(loaded, 1)
    for days, fails in ((13, True), (15, False)):
        loaded.conn.execute(
            "update pulse.raw_resources set no_data_since = %s where outcome = 'no_data' and event_id is not null",
            (SETTLED - timedelta(days=days),),
        )
        context, problems = check(loaded, "collect_heatmaps")
        assert any(problem.startswith("gameweek 1:") for problem in problems) is fails, problems
        not_yet = coverage_rows(loaded, context, "heatmaps")[1]["not_yet"]
        assert not_yet == 0 if fails else not_yet >= deleted > 200


def test_one_missing_heatmap_more_than_tolerated_fails_the_check(loaded: Pipelines) -> None:
    add_gameweeks(loaded, 3, 6)
    row = coverage_rows(loaded, check(loaded, "collect_heatmaps")[0], "heatmaps")[1]
    tolerated = int(row["want"] * (1 - thresholds.MIN_HEATMAPS_SHARE) + 1e-6) - row["missing_count"]
    assert delete_heatmaps(loaded, 1, tolerated) == tolerated
    assert check(loaded, "collect_heatmaps")[1] == []
    assert delete_heatmaps(loaded, 1, 1) == 1
    assert [problem.split(":")[0] for problem in check(loaded, "collect_heatmaps")[1]] == ["gameweek 1"]


def test_exactly_three_players_of_a_single_match_may_lack_a_heatmap(loaded: Pipelines) -> None:
    add_gameweeks(loaded, 30, 30, matches=1)
    delete_one = (
        "delete from pulse.sofasport_heatmaps where (event_id, player_id) in (select event_id, player_id"
        f" from pulse.sofasport_heatmaps where event_id > {30 * SHIFT} limit 1)"
    )
    before = coverage_rows(loaded, check(loaded, "collect_heatmaps")[0], "heatmaps")[30]
    for _ in range(thresholds.ALWAYS_TOLERATED_MISSING - before["missing_count"]):
        loaded.conn.execute(delete_one.encode())
    row = coverage_rows(loaded, check(loaded, "collect_heatmaps")[0], "heatmaps")[30]
    assert row["missing_count"] == 3 > 0.1 * row["want"]
    assert row["is_enough"]
    loaded.conn.execute(delete_one.encode())
    assert not coverage_rows(loaded, check(loaded, "collect_heatmaps")[0], "heatmaps")[30]["is_enough"]


def test_a_recent_gameweek_passes_but_is_not_complete_until_the_settling_time_has_passed(loaded: Pipelines) -> None:
    add_gameweeks(loaded, 3, 14)
    deleted = delete_heatmaps(loaded, 2)
    kick_off = "update pulse.sofasport_events set start_at = %s where event_id in " + OF_GAMEWEEK
    loaded.conn.execute(kick_off.encode(), (SETTLED - thresholds.SETTLING_TIME + timedelta(minutes=1), 2))
    context, problems = check(loaded, "collect_heatmaps")
    assert problems == []
    row = coverage_rows(loaded, context, "heatmaps")[2]
    assert (row["have"], row["want"], row["missing"], row["is_enough"], row["is_complete"]) == (
        0, 0, [], True, False,
    )  # fmt: skip
    assert row["not_yet"] >= deleted
    loaded.conn.execute(kick_off.encode(), (SETTLED - thresholds.SETTLING_TIME - timedelta(minutes=1), 2))
    assert [problem.split(":")[0] for problem in check(loaded, "collect_heatmaps")[1]] == ["gameweek 2"]


def test_heatmaps_that_a_partial_run_skipped_do_not_fail_the_check(loaded: Pipelines) -> None:
    loaded.conn.execute("delete from pulse.sofasport_heatmaps")
    loaded.forget("endpoint = 'events/player-heatmap'")
    context = loaded.context("collect_heatmaps", SETTLED)
    context.most_calls = 20
    for op_kwargs in PLANS["collect_heatmaps"](context):
        FETCHES["collect_heatmaps"](context, **op_kwargs)
    for step in ENDINGS["collect_heatmaps"]:
        step(context)
    found = coverage_rows(loaded, context, "heatmaps")
    assert sum(row["have"] for row in found.values()) > 10
    calls_skipped = loaded.one("select calls_skipped from pulse.pipeline_runs where run_id = %s", context.run.run_id)
    assert sum(row["not_yet"] for row in found.values()) == calls_skipped > 500
    assert all(row["is_enough"] and not row["is_complete"] for row in found.values())


@pytest.mark.parametrize("dag_id", list(STORED))
def test_each_pipeline_stores_the_coverage_of_each_gameweek(loaded: Pipelines, dag_id: str) -> None:
    found = loaded.conn.execute(
        "select what, gameweek, runs.as_of = coverage.as_of, season, is_enough from pulse.coverage"
        " join pulse.pipeline_runs as runs using (dag_id, run_id) where dag_id = %s",
        (dag_id,),
    ).fetchall()
    assert {what for what, *_ in found} == STORED[dag_id]
    assert {row[2:] for row in found} == {(True, "2025-26", True)}
    for what in STORED[dag_id]:
        gameweeks = range(1, 39) if what == "fixtures with an event" else (1, 2)
        assert sorted(row[1] for row in found if row[0] == what) == list(gameweeks)


@pytest.mark.parametrize("dag_id", list(STORED))
def test_a_cleared_run_replaces_only_its_own_coverage_rows(loaded: Pipelines, dag_id: str) -> None:
    all_rows = "select md5(string_agg(stored::text, ',' order by stored::text)) from pulse.coverage as stored"
    before = loaded.one(all_rows)
    context, _ = check(loaded, dag_id)
    first = loaded.one(all_rows)
    loaded.conn.execute(
        "update pulse.coverage set have = 0, missing = '{Nobody}', gameweek = gameweek + 40"
        " where run_id = %s and gameweek = 2",
        (context.run.run_id,),
    )
    CHECKS[dag_id](context)
    assert loaded.one(all_rows) == first != before
    assert loaded.one(f"{all_rows} where run_id <> %s", context.run.run_id) == before


def test_missing_lineups_or_starters_are_reported_with_gameweek_and_match(loaded: Pipelines) -> None:
    matches = loaded.conn.execute(
        "select event_id, match from pulse.event_gameweeks where gameweek = 2 order by 1 limit 2"
    ).fetchall()
    (without_lineups, its_match), (with_ten, match_with_ten) = matches
    loaded.conn.execute("delete from pulse.sofasport_heatmaps where event_id = %s", (without_lineups,))
    loaded.conn.execute("delete from pulse.sofasport_lineup_players where event_id = %s", (without_lineups,))
    loaded.conn.execute("delete from pulse.sofasport_lineups where event_id = %s", (without_lineups,))
    loaded.conn.execute(
        "update pulse.sofasport_lineup_players set is_starter = false where (event_id, player_id) = (select event_id,"
        " player_id from pulse.sofasport_lineup_players where event_id = %s and side = 'away' and is_starter limit 1)",
        (with_ten,),
    )
    context, problems = check(loaded, "update_lineups")
    assert f"gameweek 2: only 9 of 10 matches with lineups (at least 100%); missing: {its_match}" in problems
    (sides,) = [
        problem for problem in problems if problem.startswith("gameweek 2: only 17 of 18 sides with 11 starters")
    ]
    assert sides.endswith(f"of {match_with_ten}, 10 starters")
    assert coverage_rows(loaded, context, "matches with lineups")[1]["is_enough"]


def test_season_statistics_without_the_minutes_of_a_gameweek_are_missing_in_it(loaded: Pipelines) -> None:
    appearances = (
        "select player_id, sum(minutes) as minutes from pulse.sofasport_lineup_players where minutes > 0"
        f" and event_id in {OF_GAMEWEEK} group by 1"
    )
    behind = loaded.conn.execute(
        "update pulse.sofasport_season_statistics as statistics set minutes = statistics.minutes - newest.minutes"
        f" from ({appearances}) as newest where newest.player_id = statistics.player_id returning 1".encode(),
        (2,),
    ).fetchall()
    context, problems = check(loaded, "update_season_stats")
    assert any(
        problem.startswith(f"gameweek 2: only 0 of {len(behind)} season statistics (at least 98%)")
        for problem in problems
    )
    first = coverage_rows(loaded, context, "season statistics")[1]
    assert first["have"] == first["want"] > 250


def test_missing_links_of_a_gameweek_are_reported_although_the_season_has_enough(loaded: Pipelines) -> None:
    want = loaded.one(
        "select count(distinct fpl_code) from pulse.fpl_player_fixtures where minutes > 0 and gameweek = 2"
    )
    codes = loaded.conn.execute(
        "delete from pulse.player_mappings where fpl_code in (select fpl_code from pulse.fpl_player_fixtures"
        " where minutes > 0 and gameweek = 2 order by 1 limit 17) returning fpl_code"
    ).fetchall()
    context, problems = check(loaded, "update_fixture_mappings")
    (sentence,) = [problem for problem in problems if problem.startswith("gameweek 2")]
    have = loaded.one(
        "select count(distinct fpl_code) from pulse.fpl_player_fixtures as figures where minutes > 0 and gameweek = 2"
        " and exists (select from pulse.player_mappings as links where links.fpl_code = figures.fpl_code)"
    )
    assert want - have == len(set(codes))
    assert sentence.startswith(f"gameweek 2: only {have} of {want} links for players with minutes (at least 95%)")
    name = loaded.one("select web_name from pulse.fpl_players where code = any(%s)", [code for (code,) in codes])
    assert any(
        name in missing for missing in coverage_rows(loaded, context, "links for players with minutes")[2]["missing"]
    )


def test_missing_links_of_a_gameweek_without_lineups_do_not_fail_the_check(loaded: Pipelines) -> None:
    loaded.conn.execute("delete from pulse.player_mappings")
    for table in ("sofasport_heatmaps", "sofasport_lineup_players", "sofasport_lineups"):
        loaded.conn.execute(f"delete from pulse.{table} where event_id in {OF_GAMEWEEK}".encode(), (2,))
    context, problems = check(loaded, "update_fixture_mappings")
    assert [problem[:11] for problem in problems] == ["gameweek 1:"]
    assert coverage_rows(loaded, context, "links for players with minutes")[2]["not_yet"] > 200


def test_missing_attributes_are_reported_with_the_gameweek(loaded: Pipelines) -> None:
    loaded.conn.execute(
        "delete from pulse.sofasport_attributes where player_id in (select player_id from pulse.sofasport_attributes"
        f" join pulse.sofasport_lineup_players as players using (player_id) where players.minutes > 0"
        f" and players.event_id in {OF_GAMEWEEK} group by 1 order by 1 limit 80)".encode(),
        (1,),
    )
    _, problems = check(loaded, "update_radar_attributes")
    assert any(
        problem.startswith("gameweek 1: only ") and "attributes (at least 75%)" in problem for problem in problems
    )


def test_the_first_five_gameweeks_are_reported_in_full_and_the_others_in_one_sentence(loaded: Pipelines) -> None:
    add_gameweeks(loaded, 3, 9)
    loaded.conn.execute("delete from pulse.sofasport_heatmaps where event_id > %s", (SHIFT,))
    _, problems = check(loaded, "collect_heatmaps")
    reported = [problem for problem in problems if problem.startswith("gameweek")]
    assert [problem.split(":")[0] for problem in reported] == [f"gameweek {number}" for number in range(3, 8)]
    assert problems[-1] == "also too few heatmaps in 2 more gameweeks: gameweek 8, gameweek 9"
