"""Stored data does not get worse: incomplete, foreign or invalid responses are rejected and requested again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dev.pipelines import Pipelines, slots_of, units_of
from fpl_pulse.api import fpl, sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import CheckFailedError, PagingError, SelectionError
from fpl_pulse.etl import events, heatmaps, lineups, mapping_check, season_statistics, squads
from fpl_pulse.etl.selection import Selection
from fpl_pulse.store import archive
from tests.db.faults import SEASON, TUESDAY, WEDNESDAY, body_of, change_responses, minutes_of


@pytest.fixture
def event_id(small: Pipelines) -> int:
    """A match of the first gameweek."""
    return int(small.one("select min(event_id) from pulse.sofasport_lineups"))


def test_a_response_without_the_statistics_of_some_players_changes_nothing(small: Pipelines, event_id: int) -> None:
    before = minutes_of(small, event_id)
    body = body_of(small, sofasport.lineups(event_id))
    for entry in body["home"]["players"][:5]:
        entry["statistics"] = {}
    archive.store_response(small.conn, sofasport.lineups(event_id), body, TUESDAY)
    lineups.load_lineups(small.context("update_lineups", TUESDAY))
    assert minutes_of(small, event_id) == before
    reason = small.one("select reason from pulse.rejected_records where resource = %s", f"event_id={event_id}")
    assert "fewer players with minutes (home " in reason


def test_an_impossible_rating_does_not_delete_the_players_minutes(small: Pipelines, event_id: int) -> None:
    before = minutes_of(small, event_id)
    body = body_of(small, sofasport.lineups(event_id))
    starter = body["away"]["players"][2]
    starter["statistics"]["rating"] = 10.5
    archive.store_response(small.conn, sofasport.lineups(event_id), body, TUESDAY)
    lineups.load_lineups(small.context("update_lineups", TUESDAY))
    assert minutes_of(small, event_id) == before
    path = small.one("select path from pulse.rejected_records where resource = %s", f"event_id={event_id}")
    assert path == f"away.players.{starter['player']['id']}.rating"


def test_a_rejected_lineup_is_requested_again_and_the_others_are_loaded(small: Pipelines, event_id: int) -> None:
    other = int(small.one("select max(event_id) from pulse.sofasport_lineups"))
    better = body_of(small, sofasport.lineups(other))
    better["home"]["formation"] = "1-9-1"
    archive.store_response(small.conn, sofasport.lineups(event_id), {"home": "nobody"}, TUESDAY)
    archive.store_response(small.conn, sofasport.lineups(other), better, TUESDAY)
    context = small.context("update_lineups", TUESDAY)
    assert lineups.load_lineups(context) == {"loaded": 1}
    formation = "select formation from pulse.sofasport_lineups where side = 'home' and event_id = %s"
    assert small.one(formation, other) == "1-9-1"
    assert event_id in units_of(lineups.plan_matches(context))
    lineups.fetch_lineup(context, [event_id])
    lineups.load_lineups(context)
    assert event_id not in units_of(lineups.plan_matches(context))


def test_resources_that_differ_between_seasons_have_the_season_in_their_archive_key() -> None:
    def resources_of(season: str) -> list[Resource]:
        squad, radar = sofasport.squad(season, 5), sofasport.attributes(season, 5)
        return [fpl.live(season, 8), fpl.fixtures(season), squad, radar]

    for current, following in zip(resources_of("2025-26"), resources_of("2026-27"), strict=True):
        assert current.key != following.key
        assert "season" not in (current.query or {})


def test_season_statistics_without_minutes_are_rejected_and_not_stored_as_zeros(small: Pipelines) -> None:
    player_id = int(small.one("select min(player_id) from pulse.sofasport_season_statistics"))
    minutes = "select minutes from pulse.sofasport_season_statistics where player_id = %s"
    before = small.one(minutes, player_id)
    season_id = small.one("select season_id from pulse.sofasport_seasons")
    resource = sofasport.season_statistics(season_id, player_id)
    archive.store_response(small.conn, resource, {"statistics": {}, "team": None}, WEDNESDAY)
    context = small.context("update_season_stats", WEDNESDAY)
    season_statistics.load_season_statistics(context)
    assert small.one(minutes, player_id) == before > 0
    outcome = "select outcome from pulse.raw_resources where endpoint = %s and resource = %s"
    assert small.one(outcome, resource.endpoint, resource.key) == "rejected"
    assert season_statistics.plan_season_statistics(context) != []


def test_an_ended_match_cannot_return_to_not_started(small: Pipelines, event_id: int) -> None:
    def not_started(resource: Resource, payload: Any) -> Any:  # noqa: ANN401
        if resource.endpoint == sofasport.EVENTS:
            for event in payload["events"]:
                if event["id"] == event_id:
                    event.update(status={"code": 0}, homeScore={}, awayScore={})
        return payload

    context = small.context("update_fixture_mappings", TUESDAY)
    change_responses(context, not_started)
    events.fetch_sofasport_events(context)
    assert small.one("select status_code from pulse.sofasport_events where event_id = %s", event_id) == 100
    assert "would reopen it" in small.one("select reason from pulse.rejected_records")


def test_an_empty_first_page_of_events_in_mid_season_is_an_error(small: Pipelines) -> None:
    context = small.context("update_fixture_mappings", TUESDAY)
    change_responses(context, lambda resource, payload: None if resource.endpoint == sofasport.EVENTS else payload)
    with pytest.raises(PagingError, match="SofaSport has no last events, but there must be some"):
        events.fetch_sofasport_events(context)


def test_an_open_match_on_an_older_page_is_fetched_from_that_page(small: Pipelines) -> None:
    december = datetime(2025, 12, 15, 2, tzinfo=UTC)
    small.run("update_fixture_mappings", december)
    oldest = int(small.one("select event_id from pulse.sofasport_events order by start_at limit 1"))
    small.conn.execute("update pulse.sofasport_events set status_code = 7 where event_id = %s", (oldest,))
    context = small.context("update_fixture_mappings", december)
    events.fetch_sofasport_events(context)
    assert small.calls(context)[sofasport.EVENTS] > 3
    # The page has not changed since it was small. A refresh loads it again nevertheless.
    selection = Selection(matches=(oldest,), refresh=True)
    events.fetch_sofasport_events(small.context("update_fixture_mappings", december, selection))
    assert small.one("select status_code from pulse.sofasport_events where event_id = %s", oldest) == 100


def test_a_refresh_restores_deleted_rows(small: Pipelines, event_id: int) -> None:
    before = minutes_of(small, event_id)
    for table in ("sofasport_lineup_players", "sofasport_lineups"):
        small.conn.execute(f"delete from pulse.{table} where event_id = %s".encode(), (event_id,))
    small.run("update_lineups", TUESDAY, Selection(matches=(event_id,), refresh=True))
    assert minutes_of(small, event_id) == before


def test_a_refresh_without_a_selection_is_an_error(small: Pipelines) -> None:
    context = small.context("collect_heatmaps", TUESDAY, Selection(refresh=True))
    with pytest.raises(SelectionError, match="choose the gameweeks, matches or players"):
        heatmaps.plan_heatmaps(context)


def test_a_squad_with_a_rejected_player_does_not_mark_anyone_as_left(small: Pipelines) -> None:
    team_id = int(small.one("select min(team_id) from pulse.sofasport_squads"))
    squad = body_of(small, sofasport.squad(SEASON, team_id))
    squad["players"][1]["player"]["id"] = -1
    archive.store_response(small.conn, sofasport.squad(SEASON, team_id), squad, TUESDAY)
    squads.fetch_sofasport_squads(small.context("update_fixture_mappings", TUESDAY))
    no_longer_current = "select count(*) from pulse.sofasport_squads where team_id = %s and not is_current"
    assert small.one(no_longer_current, team_id) == 0
    squad["players"].pop(1)
    archive.store_response(small.conn, sofasport.squad(SEASON, team_id), squad, TUESDAY)
    squads.fetch_sofasport_squads(small.context("update_fixture_mappings", TUESDAY))
    assert small.one(no_longer_current, team_id) == 1


def test_an_empty_squad_is_rejected_and_requested_again_by_the_next_run(small: Pipelines) -> None:
    team_id = int(small.one("select min(team_id) from pulse.sofasport_squads"))
    archive.store_response(small.conn, sofasport.squad(SEASON, team_id), {"players": []}, TUESDAY)
    context = small.context("update_fixture_mappings", TUESDAY)
    squads.fetch_sofasport_squads(context)
    assert small.calls(context) == {}
    assert small.one("select count(*) from pulse.sofasport_squads where team_id = %s", team_id) > 20
    next_run = small.context("update_fixture_mappings", TUESDAY)
    squads.fetch_sofasport_squads(next_run)
    assert small.calls(next_run) == {sofasport.SQUAD: 1}


def test_a_few_heatmaps_without_data_do_not_fail_the_check(small: Pipelines, event_id: int) -> None:
    players = "select player_id from pulse.sofasport_heatmaps where event_id = %s limit 6"
    for (player_id,) in small.conn.execute(players, (event_id,)).fetchall():
        archive.store_no_data(small.conn, sofasport.heatmap(event_id, player_id), TUESDAY)
        small.conn.execute(
            "delete from pulse.sofasport_heatmaps where event_id = %s and player_id = %s", (event_id, player_id)
        )
    later = small.context("collect_heatmaps", TUESDAY + timedelta(days=5))
    assert heatmaps.check_heatmaps(later)["heatmaps"]["have"] > 0


def test_no_data_for_all_heatmaps_fails_the_check(small: Pipelines) -> None:
    for event_id, player_id in small.conn.execute(
        "select event_id, player_id from pulse.sofasport_heatmaps"
    ).fetchall():
        archive.store_no_data(small.conn, sofasport.heatmap(event_id, player_id), TUESDAY)
    small.conn.execute("delete from pulse.sofasport_heatmaps")
    with pytest.raises(CheckFailedError, match="have a heatmap"):
        heatmaps.check_heatmaps(small.context("collect_heatmaps", TUESDAY + timedelta(days=5)))


def test_all_pipelines_succeed_in_a_week_before_the_season_and_request_no_lineups(pipelines: Pipelines) -> None:
    slots = slots_of(datetime(2025, 8, 4, tzinfo=UTC).date())
    contexts = {dag_id: pipelines.run(dag_id, as_of) for dag_id, as_of in slots.items()}
    assert pipelines.calls(contexts["update_lineups"]) == {}
    assert pipelines.one("select count(*) from pulse.pipeline_runs where state = 'success'") == 5


def test_missing_links_do_not_fail_the_check_before_the_first_lineups_are_loaded(small: Pipelines) -> None:
    small.conn.execute("delete from pulse.player_mappings")
    context = small.context("update_fixture_mappings", TUESDAY)
    with pytest.raises(CheckFailedError, match="players with minutes are linked"):
        mapping_check.check_mappings(context)
    for table in ("sofasport_lineup_players", "sofasport_lineups"):
        small.conn.execute(f"delete from pulse.{table}".encode())
    mapping_check.check_mappings(context)


def test_totals_of_a_player_whose_new_club_has_an_incomplete_match_are_not_compared(
    small: Pipelines, event_id: int
) -> None:
    player_id, team_id = small.conn.execute(
        "select player_id, team_id from pulse.sofasport_lineup_players where event_id = %s and minutes > 0 limit 1",
        (event_id,),
    ).fetchone() or (0, 0)
    other_match = small.one(
        "select events.event_id from pulse.sofasport_events as events where status_code = 100"
        " and %s not in (home_team_id, away_team_id) limit 1",
        team_id,
    )
    small.conn.execute("update pulse.sofasport_lineups set with_minutes = 0 where event_id = %s", (other_match,))
    small.conn.execute(
        "update pulse.sofasport_season_statistics set minutes = minutes + 90, team_id ="
        " (select home_team_id from pulse.sofasport_events where event_id = %s) where player_id = %s",
        (other_match, player_id),
    )
    season_statistics.check_season_statistics(small.context("update_season_stats", WEDNESDAY))
