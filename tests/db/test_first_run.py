"""A first run backfills the season so far with the same code, and its figures are consistent."""

from datetime import UTC, datetime, timedelta

import requests

from dev.pipelines import Pipelines, slots_of
from dev.sandbox.process import KEY
from fpl_pulse.week import PIPELINES
from tests.installations import FIRST_MONDAY

NOW = slots_of(FIRST_MONDAY)["update_radar_attributes"]


def test_every_ended_match_has_eleven_starters_a_side_and_goals_that_add_up_to_the_score(loaded: Pipelines) -> None:
    assert loaded.one("select count(*) from pulse.sofasport_events where status_code = 100") == 20
    sides = loaded.conn.execute(
        "select lineups.event_id, side, starters, confirmed from pulse.sofasport_lineups as lineups"
    ).fetchall()
    assert len(sides) == 40
    assert {(starters, confirmed) for _, _, starters, confirmed in sides} == {(11, True)}
    wrong = loaded.one(
        """
        select count(*) from pulse.sofasport_events as events where status_code = 100 and home_score <> (
            select sum(case when side = 'home' then goals else own_goals end)
            from pulse.sofasport_lineup_players as players
            where players.event_id = events.event_id and minutes > 0)
        """
    )
    assert wrong == 0


def test_all_380_fixtures_have_one_current_event_with_fpls_kick_off_time(loaded: Pipelines) -> None:
    pairs = loaded.conn.execute(
        """
        select fixtures.kickoff_at, events.start_at
        from pulse.fpl_fixtures as fixtures
        join pulse.fixture_mappings as mappings using (season, fixture_id)
        join pulse.sofasport_events as events using (event_id)
        where mappings.is_current
        """
    ).fetchall()
    assert len(pairs) == 380
    assert all(kickoff == start for kickoff, start in pairs)


def test_the_stored_season_id_is_sofasports(loaded: Pipelines, sandbox: str) -> None:
    payload = requests.get(
        f"{sandbox}/v1/unique-tournaments/seasons",
        params={"unique_tournament_id": 17},
        headers={"x-rapidapi-key": KEY, "x-rapidapi-host": "sandbox"},
        timeout=10,
    ).json()
    expected = next(season["id"] for season in payload["data"]["seasons"] if season["year"] == "25/26")
    assert loaded.one("select season_id from pulse.sofasport_seasons where season = '2025-26'") == expected


def test_player_links_are_those_that_the_sandbox_knows_to_be_right(loaded: Pipelines, sandbox: str) -> None:
    truth = requests.get(f"{sandbox}/__sandbox__/truth", timeout=10).json()
    right = {
        (player["sofasport_player_id"], player["fpl_code"])
        for player in truth["players"]
        if player["sofasport_player_id"] and player["fpl_code"]
    }
    found = set(loaded.conn.execute("select sofasport_player_id, fpl_code from pulse.player_mappings").fetchall())
    assert found - right == set()
    assert len(found) >= 0.9 * len({code for _, code in right})


def test_players_whom_fpl_does_not_have_are_stored_too(loaded: Pipelines) -> None:
    without_link = loaded.one(
        """
        select count(*) from pulse.sofasport_lineup_players as players
        where not exists (select from pulse.player_mappings as links
                          where links.sofasport_player_id = players.player_id)
        """
    )
    assert without_link > 0


def test_heatmaps_were_requested_for_exactly_the_players_with_minutes(loaded: Pipelines) -> None:
    requested, with_minutes = loaded.conn.execute(
        """
        select (select count(*) from pulse.raw_resources where endpoint = 'events/player-heatmap'),
               (select count(*) from pulse.sofasport_lineup_players where minutes > 0)
        """
    ).fetchone() or (0, 0)
    assert requested == with_minutes > 500
    stored = loaded.one("select count(*) from pulse.sofasport_heatmaps")
    no_data = loaded.one(
        "select count(*) from pulse.raw_resources where endpoint = 'events/player-heatmap'"
        " and outcome = 'no_data' and no_data_since is not null"
    )
    assert stored + no_data == with_minutes


def test_season_minutes_and_goals_are_the_sums_over_the_matches(loaded: Pipelines) -> None:
    rows = loaded.conn.execute(
        """
        select statistics.minutes, statistics.goals, sum(players.minutes), sum(players.goals)
        from pulse.sofasport_season_statistics as statistics
        join pulse.sofasport_lineup_players as players using (player_id)
        where players.minutes > 0
        group by season, player_id
        """
    ).fetchall()
    assert len(rows) > 350
    assert all(row[:2] == row[2:] for row in rows)


def test_goalkeepers_have_their_own_axes_and_no_player_has_the_average_of_his_position(loaded: Pipelines) -> None:
    keepers = loaded.conn.execute(
        "select saves, anticipation, aerial, attacking from pulse.sofasport_attributes where position = 'G'"
    ).fetchall()
    assert len(keepers) > 20
    assert all(None not in row[:3] and row[3] is None for row in keepers)
    assert loaded.one("select count(*) from pulse.sofasport_position_averages") == 4
    with_average = loaded.one(
        "select count(*) from pulse.sofasport_attributes as own join pulse.sofasport_position_averages as average"
        " on average.details ->> 'id' = own.details ->> 'id'"
    )
    assert with_average == 0


def test_attributes_of_earlier_seasons_are_stored_under_those_seasons(loaded: Pipelines) -> None:
    rows = loaded.conn.execute("select distinct season, year_shift from pulse.sofasport_attributes").fetchall()
    assert set(rows) <= {("2025-26", 0), ("2024-25", 1), ("2023-24", 2), ("2022-23", 3)}
    assert len(rows) >= 3


def test_goals_in_fpls_figures_add_up_to_the_scores_of_its_fixtures(loaded: Pipelines) -> None:
    in_scores, in_figures = loaded.conn.execute(
        """
        select (select sum(home_score + away_score) from pulse.fpl_fixtures where finished),
               (select sum(goals + own_goals) from pulse.fpl_player_fixtures)
        """
    ).fetchone() or (0, 0)
    assert in_scores == in_figures > 0


def test_all_pipelines_again_at_the_same_as_of_time_change_no_row_and_request_one_page_of_events(
    loaded: Pipelines,
) -> None:
    for dag_id in PIPELINES:
        loaded.run(dag_id, NOW)
    contexts = {dag_id: loaded.run(dag_id, NOW) for dag_id in PIPELINES}
    assert {dag_id: loaded.changed(context) for dag_id, context in contexts.items()} == dict.fromkeys(contexts, (0, 0))
    calls = {dag_id: loaded.calls(context) for dag_id, context in contexts.items()}
    assert calls.pop("update_fixture_mappings") == {"seasons/events": 1}
    assert not any(calls.values())


def test_every_response_was_archived_before_it_was_loaded(loaded: Pipelines) -> None:
    waiting = loaded.one(
        "select count(*) from pulse.raw_resources where loaded_response_id is distinct from response_id"
    )
    assert waiting == 0
    loaded_before_archived = loaded.one(
        "select count(*) from pulse.raw_resources join pulse.raw_responses using (response_id)"
        " where raw_responses.fetched_at > loaded_at"
    )
    assert loaded_before_archived == 0


def test_kick_off_times_do_not_depend_on_the_hosts_time_zone(loaded: Pipelines) -> None:
    first = loaded.one("select min(start_at) from pulse.sofasport_events")
    assert first.astimezone(UTC).date() in {datetime(2025, 8, day, tzinfo=UTC).date() for day in (15, 16)}
    assert loaded.one("select max(deadline_at) from pulse.fpl_gameweeks") > NOW + timedelta(days=200)
