"""A check looks at every gameweek by itself: one with nothing does not hide in a season, a young one is not red."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl import (
    attributes,
    heatmaps,
    lineups,
    mapping_check,
    season_statistics,
    thresholds,
)
from fpl_pulse.etl.context import StepContext
from tests.db.conftest import ENDINGS, FETCHES, FIRST_MONDAY, PLANS, Pipelines, slots_of

SLOTS = slots_of(FIRST_MONDAY)
SETTLED = SLOTS["collect_heatmaps"] + timedelta(days=3)
OF_GAMEWEEK = (
    "(select event_id from pulse.fixture_mappings join pulse.fpl_fixtures using (season, fixture_id)"
    " where gameweek = %s)"
)
SHIFT = 20_000_000
"""Added to the ids of copied matches, once a gameweek; larger than any id of the pretend season."""
WRITTEN = {
    "update_fixture_mappings": {
        "fixtures with an event", "played fixtures with an ended event", "links for players with minutes",
    },
    "update_lineups": {"matches with lineups", "sides with 11 starters"},
    "collect_heatmaps": {"heatmaps"},
    "update_season_stats": {"season statistics"},
    "update_radar_attributes": {"attributes"},
}  # fmt: skip
CHECKS: dict[str, Callable[[StepContext], Any]] = {
    "update_fixture_mappings": mapping_check.check_mappings,
    "update_lineups": lineups.check_lineups,
    "collect_heatmaps": heatmaps.check_heatmaps,
    "update_season_stats": season_statistics.check_season_statistics,
    "update_radar_attributes": attributes.check_attributes,
}


def rows(pipelines: Pipelines, context: StepContext, what: str) -> dict[int, dict[str, Any]]:
    """The rows of a run, by gameweek."""
    found = pipelines.conn.execute(
        "select gameweek, to_jsonb(coverage) from pulse.coverage where dag_id = %s and run_id = %s and what = %s",
        (context.run.dag_id, context.run.run_id, what),
    ).fetchall()
    return {int(gameweek): dict(row) for gameweek, row in found}


def check(pipelines: Pipelines, dag_id: str) -> tuple[StepContext, list[str]]:
    """A run that only checks, days after the matches; and what it found wrong."""
    context = pipelines.context(dag_id, SETTLED)
    try:
        CHECKS[dag_id](context)
    except CheckFailedError as failed:
        return context, list(failed.problems)
    return context, []


def lose_heatmaps(pipelines: Pipelines, gameweek: int, count: int | None = None) -> int:
    """Take heatmaps of a gameweek away as if SofaSport had none; how many they were."""
    taken = pipelines.conn.execute(
        f"delete from pulse.sofasport_heatmaps where (event_id, player_id) in (select event_id, player_id"
        f" from pulse.sofasport_heatmaps where event_id in {OF_GAMEWEEK} order by 1, 2 limit %s)"
        " returning format('event_id=%%s&player_id=%%s', event_id, player_id)".encode(),
        (gameweek, count),
    ).fetchall()
    pipelines.conn.execute(
        "update pulse.raw_resources set outcome = 'no_data' where resource = any(%s)",
        ([key for (key,) in taken],),
    )
    return len(taken)


def add_gameweeks(pipelines: Pipelines, first: int, last: int, matches: int = 10) -> None:
    """Gameweeks of SofaSport's own, each the matches of the first again: FPL does not know them."""
    for gameweek in range(first, last + 1):
        copied = {"shift": gameweek * SHIFT, "gameweek": gameweek, "matches": matches}
        pipelines.conn.execute(
            "create temporary table copied as select event_id from pulse.event_gameweeks where gameweek = 1"
            " order by event_id limit %(matches)s",
            copied,
        )
        for table, changed in (
            ("sofasport_events", "'round', %(gameweek)s, "),
            ("sofasport_lineups", ""),
            ("sofasport_lineup_players", ""),
            ("sofasport_heatmaps", ""),
        ):
            pipelines.conn.execute(
                f"insert into pulse.{table} select (jsonb_populate_record(one, jsonb_build_object({changed}"
                f" 'event_id', event_id + %(shift)s))).* from pulse.{table} as one"
                " where event_id in (select event_id from copied)".encode(),
                copied,
            )
        pipelines.conn.execute("drop table copied")
    # Every player of theirs has a heatmap, or no minutes.
    pipelines.conn.execute(
        "update pulse.sofasport_lineup_players as players set minutes = 0 where event_id > %s and not exists ("
        "select from pulse.sofasport_heatmaps as heatmaps where heatmaps.event_id = players.event_id"
        " and heatmaps.player_id = players.player_id)",
        (SHIFT,),
    )


def test_a_gameweek_without_heatmaps_does_not_hide_in_a_season(loaded: Pipelines) -> None:
    add_gameweeks(loaded, 3, 14)
    assert check(loaded, "collect_heatmaps")[1] == []
    lost = lose_heatmaps(loaded, 2)
    want = loaded.one(
        f"select count(*) from pulse.sofasport_lineup_players where minutes > 0 and event_id in {OF_GAMEWEEK}",
        2,
    )
    context, problems = check(loaded, "collect_heatmaps")
    (sentence,) = problems
    assert sentence.startswith(f"gameweek 2: only 0 of {want} heatmaps (at least 90%); missing: ")
    assert sentence.endswith(f" and {want - 10} more")
    row = rows(loaded, context, "heatmaps")[2]
    assert (row["have"], row["want"], row["missing_count"], row["is_enough"]) == (0, want, want, False)
    assert len(row["missing"]) == 50 < lost
    assert sentence.count(" in ") == 10
    assert all(name in sentence for name in row["missing"][:10])
    assert [
        gameweek for gameweek, one in rows(loaded, context, "heatmaps").items() if not one["is_enough"]
    ] == [2]
    state, message = loaded.conn.execute(
        "select state, message from pulse.pipeline_runs where run_id = %s", (context.run.run_id,)
    ).fetchone() or ("", "")
    assert (state, message) == ("failed", sentence)


def test_an_absence_of_two_weeks_is_believed_and_makes_no_gameweek_red_any_more(loaded: Pipelines) -> None:
    add_gameweeks(loaded, 3, 38)
    lost = lose_heatmaps(loaded, 1)
    for days, is_red in ((13, True), (15, False)):
        loaded.conn.execute(
            "update pulse.raw_resources set no_data_since = %s where outcome = 'no_data' and event_id is not null",
            (SETTLED - timedelta(days=days),),
        )
        context, problems = check(loaded, "collect_heatmaps")
        assert any(one.startswith("gameweek 1:") for one in problems) is is_red, problems
        not_yet = rows(loaded, context, "heatmaps")[1]["not_yet"]
        assert not_yet == 0 if is_red else not_yet >= lost > 200


def test_the_share_of_a_gameweek_is_judged_to_the_man(loaded: Pipelines) -> None:
    add_gameweeks(loaded, 3, 6)
    row = rows(loaded, check(loaded, "collect_heatmaps")[0], "heatmaps")[1]
    may_lack = int(row["want"] * (1 - thresholds.MIN_HEATMAPS_SHARE) + 1e-6) - row["missing_count"]
    assert lose_heatmaps(loaded, 1, may_lack) == may_lack
    assert check(loaded, "collect_heatmaps")[1] == []
    assert lose_heatmaps(loaded, 1, 1) == 1
    assert [one.split(":")[0] for one in check(loaded, "collect_heatmaps")[1]] == ["gameweek 1"]


def test_three_men_of_a_single_match_may_always_lack_a_heatmap_and_no_more(loaded: Pipelines) -> None:
    add_gameweeks(loaded, 30, 30, matches=1)
    lose = (
        "delete from pulse.sofasport_heatmaps where (event_id, player_id) in (select event_id, player_id"
        f" from pulse.sofasport_heatmaps where event_id > {30 * SHIFT} limit 1)"
    )
    before = rows(loaded, check(loaded, "collect_heatmaps")[0], "heatmaps")[30]
    for _ in range(thresholds.ALWAYS_TOLERATED_MISSING - before["missing_count"]):
        loaded.conn.execute(lose.encode())
    row = rows(loaded, check(loaded, "collect_heatmaps")[0], "heatmaps")[30]
    assert row["missing_count"] == 3 > 0.1 * row["want"]
    assert row["is_enough"]
    loaded.conn.execute(lose.encode())
    assert not rows(loaded, check(loaded, "collect_heatmaps")[0], "heatmaps")[30]["is_enough"]


def test_a_young_gameweek_is_not_red_and_not_complete_until_it_is_settled(loaded: Pipelines) -> None:
    add_gameweeks(loaded, 3, 14)
    lost = lose_heatmaps(loaded, 2)
    kick_off = "update pulse.sofasport_events set start_at = %s where event_id in " + OF_GAMEWEEK
    loaded.conn.execute(kick_off.encode(), (SETTLED - thresholds.SETTLING_TIME + timedelta(minutes=1), 2))
    context, problems = check(loaded, "collect_heatmaps")
    assert problems == []
    row = rows(loaded, context, "heatmaps")[2]
    assert (row["have"], row["want"], row["missing"], row["is_enough"], row["is_complete"]) == (
        0, 0, [], True, False,
    )  # fmt: skip
    assert row["not_yet"] >= lost
    loaded.conn.execute(kick_off.encode(), (SETTLED - thresholds.SETTLING_TIME - timedelta(minutes=1), 2))
    assert [one.split(":")[0] for one in check(loaded, "collect_heatmaps")[1]] == ["gameweek 2"]


def test_what_a_short_run_has_left_out_is_counted_apart_and_not_red(loaded: Pipelines) -> None:
    loaded.conn.execute("delete from pulse.sofasport_heatmaps")
    loaded.forget("endpoint = 'events/player-heatmap'")
    context = loaded.context("collect_heatmaps", SETTLED)
    context.most_calls = 20
    for op_kwargs in PLANS["collect_heatmaps"](context):
        FETCHES["collect_heatmaps"](context, **op_kwargs)
    for step in ENDINGS["collect_heatmaps"]:
        step(context)
    found = rows(loaded, context, "heatmaps")
    assert sum(row["have"] for row in found.values()) > 10
    calls_skipped = loaded.one(
        "select calls_skipped from pulse.pipeline_runs where run_id = %s", context.run.run_id
    )
    assert sum(row["not_yet"] for row in found.values()) == calls_skipped > 500
    assert all(row["is_enough"] and not row["is_complete"] for row in found.values())


@pytest.mark.parametrize("dag_id", list(WRITTEN))
def test_every_pipeline_writes_what_it_found_of_every_gameweek(loaded: Pipelines, dag_id: str) -> None:
    found = loaded.conn.execute(
        "select what, gameweek, runs.as_of = coverage.as_of, season, is_enough from pulse.coverage"
        " join pulse.pipeline_runs as runs using (dag_id, run_id) where dag_id = %s",
        (dag_id,),
    ).fetchall()
    assert {what for what, *_ in found} == WRITTEN[dag_id]
    assert {row[2:] for row in found} == {(True, "2025-26", True)}
    for what in WRITTEN[dag_id]:
        gameweeks = range(1, 39) if what == "fixtures with an event" else (1, 2)
        assert sorted(row[1] for row in found if row[0] == what) == list(gameweeks)


@pytest.mark.parametrize("dag_id", list(WRITTEN))
def test_a_run_that_is_cleared_writes_its_rows_anew_and_leaves_those_of_others(
    loaded: Pipelines, dag_id: str
) -> None:
    all_rows = "select md5(string_agg(one::text, ',' order by one::text)) from pulse.coverage as one"
    before = loaded.one(all_rows)
    context, _ = check(loaded, dag_id)
    once = loaded.one(all_rows)
    loaded.conn.execute(
        "update pulse.coverage set have = 0, missing = '{Nobody}', gameweek = gameweek + 40"
        " where run_id = %s and gameweek = 2",
        (context.run.run_id,),
    )
    CHECKS[dag_id](context)
    assert loaded.one(all_rows) == once != before
    assert loaded.one(f"{all_rows} where run_id <> %s", context.run.run_id) == before


def test_a_gameweek_that_lacks_lineups_or_starters_is_named_with_the_match(loaded: Pipelines) -> None:
    event_ids = loaded.conn.execute(
        "select event_id, match from pulse.event_gameweeks where gameweek = 2 order by 1 limit 2"
    ).fetchall()
    (gone, gone_match), (ten, ten_match) = event_ids
    loaded.conn.execute("delete from pulse.sofasport_heatmaps where event_id = %s", (gone,))
    loaded.conn.execute("delete from pulse.sofasport_lineup_players where event_id = %s", (gone,))
    loaded.conn.execute("delete from pulse.sofasport_lineups where event_id = %s", (gone,))
    loaded.conn.execute(
        "update pulse.sofasport_lineup_players set is_starter = false where (event_id, player_id) = (select event_id,"
        " player_id from pulse.sofasport_lineup_players where event_id = %s and side = 'away' and is_starter limit 1)",
        (ten,),
    )
    context, problems = check(loaded, "update_lineups")
    assert f"gameweek 2: only 9 of 10 matches with lineups (at least 100%); missing: {gone_match}" in problems
    (sides,) = [one for one in problems if one.startswith("gameweek 2: only 17 of 18 sides with 11 starters")]
    assert sides.endswith(f"of {ten_match}, 10 starters")
    assert rows(loaded, context, "matches with lineups")[1]["is_enough"]


def test_season_statistics_that_do_not_reach_to_a_gameweek_are_missing_in_it(loaded: Pipelines) -> None:
    appeared = (
        "select player_id, sum(minutes) as minutes from pulse.sofasport_lineup_players where minutes > 0"
        f" and event_id in {OF_GAMEWEEK} group by 1"
    )
    late = loaded.conn.execute(
        "update pulse.sofasport_season_statistics as statistics set minutes = statistics.minutes - newest.minutes"
        f" from ({appeared}) as newest where newest.player_id = statistics.player_id returning 1".encode(),
        (2,),
    ).fetchall()
    context, problems = check(loaded, "update_season_stats")
    assert any(
        one.startswith(f"gameweek 2: only 0 of {len(late)} season statistics (at least 98%)")
        for one in problems
    )
    first = rows(loaded, context, "season statistics")[1]
    assert first["have"] == first["want"] > 250


def test_links_that_a_gameweek_lacks_are_named_though_the_season_has_enough(loaded: Pipelines) -> None:
    want = loaded.one(
        "select count(distinct fpl_code) from pulse.fpl_player_fixtures where minutes > 0 and gameweek = 2"
    )
    codes = loaded.conn.execute(
        "delete from pulse.player_mappings where fpl_code in (select fpl_code from pulse.fpl_player_fixtures"
        " where minutes > 0 and gameweek = 2 order by 1 limit 17) returning fpl_code"
    ).fetchall()
    context, problems = check(loaded, "update_fixture_mappings")
    (sentence,) = [one for one in problems if one.startswith("gameweek 2")]
    have = loaded.one(
        "select count(distinct fpl_code) from pulse.fpl_player_fixtures as figures where minutes > 0 and gameweek = 2"
        " and exists (select from pulse.player_mappings as links where links.fpl_code = figures.fpl_code)"
    )
    assert want - have == len(set(codes))
    assert sentence.startswith(
        f"gameweek 2: only {have} of {want} links for players with minutes (at least 95%)"
    )
    name = loaded.one(
        "select web_name from pulse.fpl_players where code = any(%s)", [code for (code,) in codes]
    )
    assert any(name in one for one in rows(loaded, context, "links for players with minutes")[2]["missing"])


def test_links_that_only_lineups_can_bring_may_wait_for_them(loaded: Pipelines) -> None:
    loaded.conn.execute("delete from pulse.player_mappings")
    for table in ("sofasport_heatmaps", "sofasport_lineup_players", "sofasport_lineups"):
        loaded.conn.execute(f"delete from pulse.{table} where event_id in {OF_GAMEWEEK}".encode(), (2,))
    context, problems = check(loaded, "update_fixture_mappings")
    assert [one[:11] for one in problems] == ["gameweek 1:"]
    assert rows(loaded, context, "links for players with minutes")[2]["not_yet"] > 200


def test_a_gameweek_whose_players_lack_attributes_is_named(loaded: Pipelines) -> None:
    loaded.conn.execute(
        "delete from pulse.sofasport_attributes where player_id in (select player_id from pulse.sofasport_attributes"
        f" join pulse.sofasport_lineup_players as players using (player_id) where players.minutes > 0"
        f" and players.event_id in {OF_GAMEWEEK} group by 1 order by 1 limit 80)".encode(),
        (1,),
    )
    _, problems = check(loaded, "update_radar_attributes")
    assert any(one.startswith("gameweek 1: only ") and "attributes (at least 75%)" in one for one in problems)


def test_of_many_gameweeks_that_lack_the_same_five_are_told_and_the_others_numbered(
    loaded: Pipelines,
) -> None:
    add_gameweeks(loaded, 3, 9)
    loaded.conn.execute("delete from pulse.sofasport_heatmaps where event_id > %s", (SHIFT,))
    _, problems = check(loaded, "collect_heatmaps")
    told = [one for one in problems if one.startswith("gameweek")]
    assert [one.split(":")[0] for one in told] == [f"gameweek {number}" for number in range(3, 8)]
    assert problems[-1] == "too few heatmaps in 2 more as well: gameweek 8, gameweek 9"
