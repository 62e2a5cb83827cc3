"""FPL's fixtures and gameweeks at a given time."""

from typing import Any

from dev.sandbox.calendar import Fixture, listed
from dev.sandbox.clubs import Club
from dev.sandbox.match_clock import ENDED_AFTER, FINISHED_AFTER, minute_of
from dev.sandbox.official import FIELDS, OfficialResults
from dev.sandbox.seeded_random import SeededRandom
from dev.sandbox.timestamps import MINUTE, iso

DEADLINE_BEFORE = 90 * MINUTE  # before the first kick-off of a gameweek
FIXTURE_STATS = (
    "goals_scored",
    "assists",
    "own_goals",
    "penalties_saved",
    "penalties_missed",
    "yellow_cards",
    "red_cards",
    "saves",
    "bonus",
    "bps",
    "defensive_contribution",
)


def fixture_object(results: OfficialResults, fixture: Fixture, as_of: int) -> dict[str, Any]:
    """One fixture at `as_of`; gameweek and kick-off are None while it has no date."""
    season = results.season
    home, away = season.clubs[fixture.home], season.clubs[fixture.away]
    listing = listed(fixture.listings, as_of)
    age = as_of - fixture.kickoff_at
    score = season.match(fixture).score(minute_of(age)) if age >= 0 else (None, None)
    return {
        "code": fixture.code,
        "event": listing.gameweek,
        "finished": age >= FINISHED_AFTER,
        "finished_provisional": age >= ENDED_AFTER,
        "id": fixture.fixture_id,
        "kickoff_time": None if listing.kickoff_at is None else iso(listing.kickoff_at),
        "minutes": minute_of(age),
        "provisional_start_time": False,
        "started": None if listing.kickoff_at is None else age >= 0,
        "team_a": away.fpl_id,
        "team_a_score": score[1],
        "team_h": home.fpl_id,
        "team_h_score": score[0],
        "stats": fixture_stats(results, fixture, as_of) if age >= ENDED_AFTER else [],
        "team_h_difficulty": difficulty(away),
        "team_a_difficulty": difficulty(home),
        "pulse_id": 120_000 + fixture.fixture_id,
    }


def difficulty(opponent: Club) -> int:
    """The difficulty of an opponent, from 2 (weak) to 5."""
    return 3 + sum(opponent.strength > bound for bound in (0.15, 0.4)) - (opponent.strength < -0.1)


def fixture_stats(results: OfficialResults, fixture: Fixture, as_of: int) -> list[dict[str, Any]]:
    """The statistics of a fixture by side: [{"identifier", "a": [{"value", "element"}], "h": [...]}]."""
    side_of = {
        person.number: side
        for side, numbers in enumerate(
            [entry.person for entry in side.appearances] for side in results.season.match(fixture).sides
        )
        for person in numbers
    }
    result = []
    for name in FIXTURE_STATS:
        lists: tuple[list[dict[str, int]], list[dict[str, int]]] = ([], [])
        for row, _ in results.rows(fixture, as_of):
            value = int(row.values[FIELDS.index(name)])
            if value:
                lists[side_of[row.person.number]].append({"value": value, "element": row.element.element_id})
        for entries in lists:
            entries.sort(key=lambda entry: -entry["value"])
        result.append({"identifier": name, "a": lists[1], "h": lists[0]})
    return result


def gameweek_fixtures(fixtures: tuple[Fixture, ...], as_of: int) -> dict[int, list[Fixture]]:
    """{gameweek: fixtures} as announced at `as_of`."""
    last = max(fixture.planned_gameweek for fixture in fixtures)
    found: dict[int, list[Fixture]] = {gameweek: [] for gameweek in range(1, last + 1)}
    for fixture in fixtures:
        gameweek = listed(fixture.listings, as_of).gameweek
        if gameweek is not None:
            found[gameweek].append(fixture)
    return found


def deadline(fixtures: list[Fixture], as_of: int) -> int:
    """The deadline of a gameweek with these fixtures, in seconds since the epoch."""
    kickoffs = [listed(fixture.listings, as_of).kickoff_at for fixture in fixtures]
    return min(kickoff for kickoff in kickoffs if kickoff is not None) - DEADLINE_BEFORE


def is_finished(fixtures: list[Fixture], as_of: int) -> bool:
    """Whether all fixtures of a gameweek are finished."""
    return all(as_of - fixture.kickoff_at >= FINISHED_AFTER for fixture in fixtures)


def gameweek_object(
    gameweek: int, deadline_at: int, offset: int, finished: bool, top: tuple[int, int] | None, seeded: SeededRandom
) -> dict[str, Any]:
    """One of bootstrap's `events`.

    `offset` is -1, 0 or 1 for the previous, current and next gameweek. `top` is the best (element id, points).
    """
    passed = offset <= 0

    def fraction(what: str) -> float:
        return seeded.fraction("gameweek", what, gameweek)

    return {
        "id": gameweek,
        "name": f"Gameweek {gameweek}",
        "deadline_time": iso(deadline_at),
        "release_time": None,
        "average_entry_score": 38 + int(30 * fraction("average")) if finished else 0,
        "finished": finished,
        "data_checked": finished,
        "highest_scoring_entry": 1000 + int(9e6 * fraction("entry")) if finished else None,
        "deadline_time_epoch": deadline_at,
        "deadline_time_game_offset": 0,
        "highest_score": 105 + int(40 * fraction("highest")) if finished else None,
        "is_previous": offset == -1,
        "is_current": offset == 0,
        "is_next": offset == 1,
        "cup_leagues_created": False,
        "h2h_ko_matches_created": False,
        "can_enter": not passed,
        "can_manage": not passed,
        "released": True,
        "ranked_count": 9_000_000 if passed else 0,
        "overrides": {"rules": {}, "scoring": {}, "element_types": [], "pick_multiplier": None},
        "chip_plays": [],
        "most_selected": top[0] if top else None,
        "most_transferred_in": top[0] if top else None,
        "top_element": top[0] if top else None,
        "top_element_info": {"id": top[0], "points": top[1]} if top else None,
        "transfers_made": int(2e7 * fraction("transfers")) if passed else 0,
        "most_captained": top[0] if top else None,
        "most_vice_captained": top[0] if top else None,
    }
