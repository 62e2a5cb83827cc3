"""The views of the schema fpl: one row for each natural key, names in words, and questions with known answers."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from psycopg import sql

from dev.pipelines import Pipelines
from fpl_pulse.packs.views import VIEWS
from tests.installations import FIRST_MONDAY

KEYS = {name: view.key for name, view in VIEWS.items()}
MAY_BE_EMPTY = {"corrections", "external_ids", "players_at_deadline", "price_changes", "review_queue"}


def rows(installation: Pipelines, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    return installation.conn.execute(statement.encode(), parameters).fetchall()


def test_every_view_has_a_key(unchanged: Pipelines) -> None:
    views = rows(unchanged, "select viewname from pg_views where schemaname = 'fpl'")
    assert {name for (name,) in views} == set(KEYS)


@pytest.mark.parametrize("view", KEYS)
def test_a_view_has_one_row_for_each_key(unchanged: Pipelines, view: str) -> None:
    key = sql.SQL(", ").join(map(sql.Identifier, KEYS[view]))
    counted = sql.SQL("select count(*), count(distinct ({key})) from {view}").format(
        key=key, view=sql.Identifier("fpl", view)
    )
    found, distinct = unchanged.conn.execute(counted).fetchone() or (0, 0)
    assert found == distinct
    assert found or view in MAY_BE_EMPTY


def test_the_league_table_is_that_of_the_results(unchanged: Pipelines) -> None:
    results = rows(
        unchanged,
        "select home_team_code, away_team_code, home_score, away_score from pulse.fpl_fixtures"
        " where finished_provisional",
    )
    expected: dict[int, list[int]] = {}
    for home, away, scored, conceded in results:
        for code, mine, others in ((home, scored, conceded), (away, conceded, scored)):
            line = expected.setdefault(code, [0, 0, 0, 0])
            line[0] += 1
            line[1] += mine
            line[2] += others
            line[3] += 3 if mine > others else mine == others
    found = rows(unchanged, "select team_code, played, goals_for, goals_against, points from fpl.teams")
    assert {code: line for code, *line in found} == expected
    ranked = [points for (points,) in rows(unchanged, "select points from fpl.teams order by rank")]
    assert ranked == sorted(ranked, reverse=True)


def test_a_players_season_has_fpls_totals(unchanged: Pipelines) -> None:
    different = rows(
        unchanged,
        "select seasons.player, seasons.points, listed.total_points from fpl.player_seasons as seasons"
        " join pulse.fpl_players as listed using (season, element_id)"
        " where (seasons.points, seasons.minutes, seasons.goals, seasons.assists)"
        " is distinct from (listed.total_points, listed.minutes, listed.goals, listed.assists)",
    )
    assert different == []


def test_both_sources_stand_side_by_side(unchanged: Pipelines) -> None:
    both = rows(
        unchanged,
        "select count(*), count(*) filter (where abs(minutes - sofasport_minutes) <= 3), count(rating)"
        " from fpl.player_matches where minutes > 0",
    )
    count, equal, rated = both[0]
    assert count == equal > 100
    assert rated > 0.9 * count
    different = rows(
        unchanged,
        "select matches.player from fpl.player_matches as matches"
        " join pulse.sofasport_lineup_players as lineups"
        " on lineups.event_id = matches.event_id and lineups.player_id = matches.sofasport_player_id"
        " where (matches.rating, matches.sofasport_goals, matches.touches)"
        " is distinct from (lineups.rating, lineups.goals, lineups.touches)",
    )
    assert different == []


def test_opponent_venue_and_result_are_those_of_the_fixture(unchanged: Pipelines) -> None:
    for home, away, scored, conceded, fixture in rows(
        unchanged,
        "select home_team, away_team, home_score, away_score, fixture_id from fpl.fixtures"
        " where state in ('played', 'final')",
    ):
        found = rows(
            unchanged,
            "select distinct team, opponent, venue, result, team_score, opponent_score from fpl.player_matches"
            " where fixture_id = %s and minutes > 0 order by venue desc",
            fixture,
        )
        words = {1: ("won", "lost"), 0: ("drawn", "drawn"), -1: ("lost", "won")}
        of_home, of_away = words[(scored > conceded) - (scored < conceded)]
        assert found == [
            (home, away, "home", of_home, scored, conceded),
            (away, home, "away", of_away, conceded, scored),
        ]


def test_a_double_gameweek_is_summed_and_both_matches_can_be_reached(small: Pipelines) -> None:
    played = "select distinct gameweek from fpl.fixtures where state in ('played', 'final') order by 1 limit 2"
    (first,), (second,) = rows(small, played)
    small.conn.execute("update pulse.fpl_fixtures set gameweek = %s where gameweek = %s", [first, second])
    for player, matches, fixtures, opponents, points, minutes, goals in rows(
        small,
        "select code, matches, fixture_ids, opponents, points, minutes, sofasport_goals from fpl.player_gameweeks"
        " where gameweek = %s and minutes > 90",
        first,
    ):
        assert matches == len(fixtures) == len(opponents) == 2
        assert rows(
            small,
            "select sum(points), sum(minutes), sum(sofasport_goals) from fpl.player_matches"
            " where code = %s and fixture_id = any(%s)",
            player,
            fixtures,
        ) == [(points, minutes, goals)]
    assert rows(small, "select count(*) from fpl.player_gameweeks where gameweek = %s", second) == [(0,)]


def test_a_teams_match_has_the_sums_of_its_players(unchanged: Pipelines) -> None:
    different = rows(
        unchanged,
        "select team, matches.fixture_id from fpl.team_matches as matches cross join lateral ("
        " select sum(shots) as shots, sum(expected_goals) as expected_goals from fpl.player_matches as players"
        " where players.fixture_id = matches.fixture_id and players.team_code = matches.team_code) as players"
        " where (matches.shots, matches.expected_goals) is distinct from (players.shots, players.expected_goals)",
    )
    assert different == []
    points = "select team_code, sum(points) from fpl.team_matches where result is not null group by 1 order by 1"
    assert rows(unchanged, points) == rows(unchanged, "select team_code, points from fpl.teams order by 1")


def test_a_heatmap_has_all_points_with_numbers(unchanged: Pipelines) -> None:
    counted = rows(unchanged, "select count(*), min(x) >= 0, max(x) <= 100, min(number) from fpl.heatmap_points")
    stored = rows(
        unchanged,
        "select sum(point_count) from pulse.sofasport_heatmaps as heatmaps join pulse.player_mappings as links"
        " on links.sofasport_player_id = heatmaps.player_id",
    )
    assert counted == [(stored[0][0], True, True, 1)]


def test_a_radar_is_the_players_own_with_the_average_beside(small: Pipelines) -> None:
    for player, position, own, average in rows(
        small, "select player, position, attacking, average_attacking from fpl.radar where position <> 'Goalkeeper'"
    ):
        assert own is not None, player
        letter = position[0]
        assert (average,) in rows(
            small, "select attacking from pulse.sofasport_position_averages where position = %s", letter
        )
    small.conn.execute("delete from pulse.sofasport_attributes where season = '2025-26'")
    earlier = rows(small, "select count(*), count(*) filter (where is_earlier_season) from fpl.radar")
    assert earlier[0][0] == earlier[0][1] > 0


def test_positions_and_states_are_words(unchanged: Pipelines) -> None:
    positions = {position for (position,) in rows(unchanged, "select distinct position from fpl.players")}
    assert positions == {"Goalkeeper", "Defender", "Midfielder", "Forward"}
    assert {status for (status,) in rows(unchanged, "select distinct status from fpl.players")} <= {
        "available", "doubtful", "injured", "suspended", "unavailable", "not eligible",
    }  # fmt: skip
    assert rows(
        unchanged, "select distinct position from fpl.player_matches where sofasport_position = 'Goalkeeper'"
    ) == [("Goalkeeper",)]


def test_a_case_in_review_has_names(small: Pipelines) -> None:
    link = rows(
        small,
        "update pulse.mapping_candidates set status = 'review' where kind = 'player' and sofasport_id ="
        " (select min(sofasport_id) from pulse.mapping_candidates where kind = 'player' and status = 'linked')"
        " returning sofasport_id, fpl_id",
    )
    found = rows(small, "select sofasport_name, fpl_name, team, sofasport_id, fpl_id from fpl.review_queue")
    assert [line[3:] for line in found] == link
    assert all(found[0][:3])


def test_the_price_of_a_match_is_the_last_one_before_kick_off(small: Pipelines) -> None:
    code, element, fixture, kickoff = rows(
        small,
        "select code, element_id, fixture_id, kickoff_at from fpl.player_matches where minutes > 0"
        " order by kickoff_at desc, code limit 1",
    )[0]
    price = "select price from fpl.player_matches where code = %s and fixture_id = %s"
    assert rows(small, price, code, fixture) == [(None,)], "FPL was read for the first time after this match"
    for days, cost in ((3, 61), (2, 62), (-1, 63)):
        small.conn.execute(
            "insert into pulse.fpl_player_history (season, element_id, observed_at, team_code, now_cost)"
            " select season, element_id, %s, team_code, %s from pulse.fpl_players where element_id = %s",
            [kickoff - timedelta(days=days), cost, element],
        )
    small.conn.execute("select pulse.refresh_player_matches('2025-26', %s)", [[fixture]])
    assert rows(small, price, code, fixture) == [(Decimal("6.2"),)]


def test_the_monday_of_the_sandbox_is_the_one_that_is_asked_about(small: Pipelines) -> None:
    small.conn.execute("select set_config('pulse.now', %s, false)", [f"{FIRST_MONDAY + timedelta(days=3)}T12:00:00Z"])
    assert rows(small, "select count(*), bool_and(is_all_right) from fpl.week_status") == [(5, True)]


def test_a_correction_of_both_sides_of_a_match_is_two_rows_with_different_keys(small: Pipelines) -> None:
    small.conn.execute(
        "update pulse.sofasport_lineups set formation = '9-0-1', observed_at = observed_at + interval '2 days'"
        " where event_id = (select min(event_id) from pulse.sofasport_lineups)"
    )
    key = ", ".join(VIEWS["corrections"].key)
    found = rows(small, f"select count(*), count(distinct ({key})) from fpl.corrections where figure = 'formation'")
    assert found == [(2, 2)]
