"""The SofaSport API of the sandbox at several times."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dev.sandbox.season import Season
from dev.sandbox.sofasport_lineups import NO_STATISTICS
from dev.sandbox.timestamps import HOUR, MINUTE, iso
from dev.sandbox.world import World

Ask = Callable[..., Any]
AllEvents = Callable[[str], list[dict[str, Any]]]


def test_paging_reaches_all_381_ids_of_380_fixtures_and_scores_fit_the_status(all_events: AllEvents) -> None:
    events = all_events("2025-10-13T01:00:00Z")
    assert len({event["id"] for event in events}) == len(events) == 381
    for event in events:
        code = event["status"]["code"]
        assert (event["homeScore"] == {}) == (code in (0, 60))
        assert ("winnerCode" in event) == (code == 100)
    assert Counter(event["status"]["code"] for event in events) == {100: 70, 0: 310, 60: 1}


def test_one_fixture_has_a_stale_postponed_event_beside_its_own(all_events: AllEvents, ask: Ask) -> None:
    events = {event["id"]: event for event in all_events("2025-10-13T01:00:00Z")}
    truth = ask("/__sandbox__/truth")["events"]
    stale = [row for row in truth if row["stale_event_of"]]
    assert len(stale) == 1
    played = next(row for row in truth if row["fpl_fixture_id"] == stale[0]["stale_event_of"])
    old, new = events[stale[0]["sofasport_event_id"]], events[played["sofasport_event_id"]]
    assert (old["status"]["code"], new["status"]["code"]) == (60, 100)
    assert old["homeTeam"]["id"] == new["homeTeam"]["id"]
    assert old["startTimestamp"] != new["startTimestamp"]


def test_the_second_event_appears_only_after_the_match_was_moved(all_events: AllEvents) -> None:
    assert len(all_events("2025-08-21T00:00:00Z")) == 380
    assert len(all_events("2025-08-23T00:00:00Z")) == 381


def test_a_called_off_match_keeps_id_and_round(all_events: AllEvents, season: Season) -> None:
    fixture = next(fixture for fixture in season.fixtures if fixture.gameweek != fixture.planned_gameweek)
    before, during, after = (
        next(event for event in all_events(as_of) if event["id"] == fixture.event_id)
        for as_of in ("2025-12-01T00:00:00Z", "2025-12-20T00:00:00Z", "2026-02-06T00:00:00Z")
    )
    assert [event["status"]["code"] for event in (before, during, after)] == [0, 60, 100]
    assert before["startTimestamp"] == during["startTimestamp"] != after["startTimestamp"]
    assert {event["roundInfo"]["round"] for event in (before, during, after)} == {fixture.planned_gameweek}


def test_lineups_are_first_missing_then_predicted_then_confirmed(client: TestClient, ask: Ask, season: Season) -> None:
    fixture = next(
        fixture
        for fixture in season.fixtures
        if fixture.planned_gameweek == 10
        and season.seeded.fraction("no prediction", fixture.fixture_id) > 0.2
        and season.seeded.fraction("no statistics", fixture.fixture_id) > NO_STATISTICS
    )

    def at(before: int) -> dict[str, Any]:
        data: dict[str, Any] = ask("/v1/events/lineups", iso(fixture.kickoff_at - before), event_id=fixture.event_id)[
            "data"
        ]
        return data

    client.post("/__sandbox__/clock", json={"as_of": iso(fixture.kickoff_at - 8 * 24 * HOUR)})
    assert client.get("/v1/events/lineups", params={"event_id": str(fixture.event_id)}).status_code == 404
    assert at(5 * 24 * HOUR)["home"]["players"] == []
    predicted = at(24 * HOUR)
    assert (predicted["confirmed"], len(predicted["home"]["players"])) == (False, 11)
    confirmed = at(30 * MINUTE)
    assert (confirmed["confirmed"], len(confirmed["home"]["players"])) == (True, 20)
    assert {len(row["statistics"]) for row in confirmed["away"]["players"]} == {0}
    half_time = at(-50 * MINUTE)
    assert max(row["statistics"].get("minutesPlayed", 0) for row in half_time["home"]["players"]) == 45
    final = at(-80 * HOUR)
    assert sum(row["statistics"].get("minutesPlayed", 0) for row in final["home"]["players"]) <= 990
    assert {row["substitute"] for row in final["home"]["players"] if not row["statistics"]} == {True}


def test_the_score_of_the_event_is_that_of_the_lineups(all_events: AllEvents, ask: Ask) -> None:
    compared = 0
    for event in all_events("2025-09-01T12:00:00Z")[:12]:
        data = ask("/v1/events/lineups", event_id=event["id"])["data"]
        if any("statistics" not in row for row in data["home"]["players"]):
            continue
        goals, own = (
            [sum(row["statistics"].get(name, 0) for row in data[side]["players"]) for side in ("home", "away")]
            for name in ("goals", "ownGoals")
        )
        assert goals[0] + own[1] == event["homeScore"]["current"]
        assert goals[1] + own[0] == event["awayScore"]["current"]
        compared += 1
    assert compared > 6


def test_about_one_match_in_twenty_has_no_statistics_for_twenty_hours(ask: Ask, season: Season) -> None:
    bare = [
        fixture
        for fixture in season.fixtures
        if season.seeded.fraction("no statistics", fixture.fixture_id) < NO_STATISTICS
    ]
    assert 8 <= len(bare) <= 32
    early, late = (
        ask("/v1/events/lineups", iso(bare[0].kickoff_at + hours * HOUR), event_id=bare[0].event_id)
        for hours in (19, 21)
    )
    assert not any("statistics" in row for row in early["data"]["home"]["players"])
    assert all("statistics" in row for row in late["data"]["home"]["players"])


def test_ratings_change_until_the_third_day_but_minutes_and_goals_never_do(ask: Ask, season: Season) -> None:
    changed: Counter[str] = Counter()
    for fixture in season.fixtures[:10]:
        if season.seeded.fraction("no statistics", fixture.fixture_id) < NO_STATISTICS:
            continue
        early, late, final = (
            ask("/v1/events/lineups", iso(fixture.kickoff_at + hours * HOUR), event_id=fixture.event_id)["data"]
            for hours in (3, 73, 900)
        )
        assert late == final
        for one, other in zip(early["home"]["players"], late["home"]["players"], strict=True):
            changed.update(
                name
                for name in {*one["statistics"], *other["statistics"]}
                if one["statistics"].get(name) != other["statistics"].get(name)
            )
    assert changed["rating"] > 10
    assert not set(changed) & {"minutesPlayed", "goals", "ownGoals", "goalAssist"}


def test_squads_follow_a_transfer_and_list_both_profiles(ask: Ask, season: Season) -> None:
    mover = next(person for person in season.people if len(person.spells) == 2)
    old, new = (season.clubs[spell.club].sofasport_id for spell in mover.spells)

    def listed(team_id: int, as_of: str) -> set[int]:
        return {row["player"]["id"] for row in ask("/v1/teams/players", as_of, team_id=team_id)["data"]["players"]}

    his_id = mover.profiles[0].sofasport_id
    assert his_id in listed(old, "2025-08-20T00:00:00Z")
    assert his_id not in listed(new, "2025-08-20T00:00:00Z")
    moved_at = mover.spells[1].begins_at
    assert his_id in listed(old, iso(moved_at + 24 * HOUR))
    assert his_id in listed(new, iso(moved_at + 72 * HOUR))
    assert his_id in listed(new, "2026-03-01T00:00:00Z")
    assert his_id not in listed(old, "2026-03-01T00:00:00Z")


def test_some_players_have_a_youth_teams_id_and_some_sides_have_no_missing_players_key(
    season: Season, world: World
) -> None:
    clubs = {club.sofasport_id for club in season.clubs}
    other_ids = sides_without = 0
    for fixture in season.fixtures[::4]:
        lineups = world.sofasport.lineups(fixture.event_id)
        for side in ("home", "away"):
            other_ids += sum(row["teamId"] not in clubs for row in lineups[side]["players"])
            sides_without += "missingPlayers" not in lineups[side]
    assert other_ids > 0
    assert sides_without > 0


@pytest.mark.parametrize("name", ["avgRating", "goalsScored", "cleanSheets"])
def test_team_statistics_rank_all_twenty_clubs(name: str, ask: Ask) -> None:
    data = ask(
        "/v1/seasons/teams-statistics/result",
        seasons_id=88214,
        unique_tournament_id=17,
        seasons_statistics_type="overall",
    )["data"]
    values = [row["statistics"][name] for row in data[name]]
    assert len({row["team"]["id"] for row in data[name]}) == 20
    assert values == sorted(values, reverse=True)
