"""Which of two responses about a match counts, and what a refresh forces."""

import copy
from datetime import timedelta
from typing import Any

import pytest

from dev.pipelines import Pipelines
from fpl_pulse.api import sofasport
from fpl_pulse.etl import heatmaps, lineups
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store import archive
from tests.db.faults import TUESDAY, body_of, minutes_of, rejections, store

PLAYERS = "select jsonb_agg(statistics order by player_id) from pulse.sofasport_lineup_players where event_id = %s"
REASON = "select string_agg(reason, '; ') from pulse.rejected_records where resource = %s"


@pytest.fixture
def event_id(loaded: Pipelines) -> int:
    """A match whose figures agree with FPL's."""
    return int(loaded.one("select min(event_id) from pulse.fixture_reconciliations where differing = 0"))


def load(loaded: Pipelines, event_id: int, body: Any, *, forced: bool = False) -> None:  # noqa: ANN401
    archive.store_response(loaded.conn, sofasport.lineups(event_id), body, TUESDAY, load_again=True, forced=forced)
    lineups.load_lineups(loaded.context("update_lineups", TUESDAY))


def test_a_stored_match_that_contradicts_fpl_does_not_keep_the_right_response_out(
    loaded: Pipelines, event_id: int
) -> None:
    minutes, statistics = minutes_of(loaded, event_id), loaded.one(PLAYERS, event_id)
    loaded.conn.execute(
        "update pulse.sofasport_lineup_players set minutes = 90,"
        """ statistics = statistics || '{"minutesPlayed": 90, "of another match": 7}' where event_id = %s""",
        (event_id,),
    )
    load(loaded, event_id, body_of(loaded, sofasport.lineups(event_id)))
    assert minutes_of(loaded, event_id) == minutes
    assert loaded.one(PLAYERS, event_id) == statistics


def test_a_stored_match_that_agrees_with_fpl_keeps_a_worse_response_out(loaded: Pipelines, event_id: int) -> None:
    before = minutes_of(loaded, event_id)
    body = body_of(loaded, sofasport.lineups(event_id))
    for entry in body["home"]["players"][:5]:
        entry["statistics"] = {}
    load(loaded, event_id, body)
    assert minutes_of(loaded, event_id) == before


def test_a_match_is_named_by_the_clubs_of_its_players(loaded: Pipelines, event_id: int) -> None:
    other = int(loaded.one("select max(event_id) from pulse.fixture_reconciliations"))
    before = minutes_of(loaded, event_id)
    load(loaded, event_id, body_of(loaded, sofasport.lineups(other)), forced=True)
    reason = loaded.one(REASON, f"event_id={event_id}")
    assert "these are the players of" in reason
    assert "it looks like another match" in reason
    assert minutes_of(loaded, event_id) == before


def test_exchanged_sides_are_refused(loaded: Pipelines, event_id: int) -> None:
    body = body_of(loaded, sofasport.lineups(event_id))
    body["home"], body["away"] = body["away"], body["home"]
    load(loaded, event_id, body)
    assert "home and away are exchanged" in loaded.one(REASON, f"event_id={event_id}")


def test_a_player_who_has_changed_clubs_since_is_no_stranger(loaded: Pipelines, event_id: int) -> None:
    """Everything names his new club, but for FPL he played in the match."""
    body = body_of(loaded, sofasport.lineups(event_id))
    entry = next(one for one in body["home"]["players"] if (one.get("statistics") or {}).get("minutesPlayed"))
    player_id = entry["player"]["id"]
    new_club = loaded.conn.execute(
        "select sofasport_team_id, fpl_team_code from pulse.team_mappings where sofasport_team_id not in"
        " (select unnest(array[home_team_id, away_team_id]) from pulse.sofasport_events where event_id = %s) limit 1",
        (event_id,),
    ).fetchone()
    assert new_club is not None
    entry["teamId"] = new_club[0]
    loaded.conn.execute("delete from pulse.sofasport_squads where player_id = %s", (player_id,))
    loaded.conn.execute(
        "update pulse.fpl_players set team_code = %s where code ="
        " (select fpl_code from pulse.player_mappings where sofasport_player_id = %s)",
        (new_club[1], player_id),
    )
    before = minutes_of(loaded, event_id)
    load(loaded, event_id, copy.deepcopy(body))
    assert loaded.one(REASON, f"event_id={event_id}") is None
    assert minutes_of(loaded, event_id) == before


@pytest.mark.parametrize(
    ("selection", "is_forced"), [(Selection(gameweeks=(1,), refresh=True), True), (Selection(gameweeks=(1,)), False)]
)
def test_a_refresh_of_a_gameweek_forces_its_matches(loaded: Pipelines, selection: Selection, is_forced: bool) -> None:
    context = loaded.context("update_lineups", TUESDAY, selection)
    for task in lineups.plan_matches(context)[:1]:
        lineups.fetch_lineup(context, task["event_ids"][:1])
    forced = "select count(*) from pulse.raw_responses where forced"
    assert (loaded.one(forced) > 0) is is_forced


def test_a_goalkeepers_heatmap_is_not_a_field_players(loaded: Pipelines) -> None:
    event_id, keeper = loaded.conn.execute(
        "select event_id, player_id from pulse.sofasport_heatmaps join pulse.sofasport_lineup_players"
        " using (event_id, player_id) where position = 'G' and point_count >= 10 order by 1, 2 limit 1"
    ).fetchone() or (0, 0)
    other = int(
        loaded.one(
            "select min(player_id) from pulse.sofasport_heatmaps join pulse.sofasport_lineup_players"
            " using (event_id, player_id) where position = 'F' and event_id = %s",
            event_id,
        )
    )
    body = body_of(loaded, sofasport.heatmap(event_id, keeper))
    # Not the same list, which would be noticed as such.
    body[0]["y"] = (body[0]["y"] + 9) % 100
    resource = sofasport.heatmap(event_id, other)
    archive.store_response(loaded.conn, resource, body, TUESDAY)
    heatmaps.load_heatmaps(loaded.context("collect_heatmaps", TUESDAY))
    assert "a field player" in loaded.one(REASON, resource.key)


def test_minutes_for_the_bench_do_not_replace_the_stored_ones_until_they_are_repeated(
    loaded: Pipelines, event_id: int
) -> None:
    def bench_plays(body: dict[str, Any]) -> None:
        for side in ("home", "away"):
            starter = next(entry for entry in body[side]["players"] if entry["statistics"])
            for entry in body[side]["players"]:
                entry["statistics"] = entry["statistics"] or starter["statistics"] | {"goals": 0}

    before = minutes_of(loaded, event_id)
    body = body_of(loaded, sofasport.lineups(event_id))
    bench_plays(body)
    response_id = store(loaded, sofasport.lineups(event_id), body)
    lineups.load_lineups(loaded.context("update_lineups", TUESDAY))
    assert minutes_of(loaded, event_id) == before
    (rejected,) = rejections(loaded, sofasport.lineups(event_id), response_id)
    assert "contradict FPL's official figures or the score, and 0 of the stored match do" in rejected.reason
    store(loaded, sofasport.lineups(event_id), body)
    lineups.load_lineups(loaded.context("update_lineups", TUESDAY + timedelta(weeks=1)))
    assert minutes_of(loaded, event_id) != before
