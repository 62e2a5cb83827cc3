"""SofaSport's events at a given time, with status and score."""

from typing import Any

from dev.sandbox.calendar import Event, Fixture, listed
from dev.sandbox.match_clock import ENDED_AFTER, HALF_TIME_FROM, SECOND_HALF_FROM, minute_of
from dev.sandbox.season import Season
from dev.sandbox.sofasport_people import ENGLAND, SPORT, team_object

TOURNAMENT_ID = 17
SEASONS_BEFORE = (("24/25", 71_902), ("23/24", 60_377), ("22/23", 51_048))
CATEGORY = {
    "name": "England",
    "slug": "england",
    "sport": SPORT,
    "id": 1,
    "country": ENGLAND,
    "flag": "england",
    "alpha2": "EN",
}
TOURNAMENT = {
    "name": "Premier League",
    "slug": "premier-league",
    "category": CATEGORY,
    "priority": 700,
    "id": 1,
    "uniqueTournament": {
        "name": "Premier League",
        "slug": "premier-league",
        "category": CATEGORY,
        "userCount": 1_000_000,
        "hasPerformanceGraphFeature": False,
        "id": TOURNAMENT_ID,
        "country": {},
        "hasEventPlayerStatistics": True,
        "displayInverseHomeAwayTeams": False,
    },
}
STATUSES = {
    0: ("Not started", "notstarted"),
    6: ("1st half", "inprogress"),
    31: ("Halftime", "inprogress"),
    7: ("2nd half", "inprogress"),
    60: ("Postponed", "postponed"),
    100: ("Ended", "finished"),
}
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def season_object(year: str, season_id: int) -> dict[str, Any]:
    """A season, as in the list of seasons and in events."""
    return {"name": f"Premier League {year}", "year": year, "editor": False, "id": season_id}


def start_of(event: Event, as_of: int) -> int:
    """The start time of the event at `as_of`. A postponed event keeps its old time."""
    start = listed(event.listings, as_of).kickoff_at
    if start is None:
        raise ValueError(f"Event {event.event_id} has a listing without a start time.")
    return start


def status_code(fixture: Fixture, event: Event, as_of: int) -> int:
    """0 not started, 6, 31 and 7 in progress, 60 postponed, 100 ended."""
    if listed(event.listings, as_of).postponed:
        return 60
    age = as_of - fixture.kickoff_at
    if event.stale or age < 0:
        return 0
    if age >= ENDED_AFTER:
        return 100
    return 6 if age < HALF_TIME_FROM else 31 if age < SECOND_HALF_FROM else 7


def score_objects(season: Season, fixture: Fixture, code: int, as_of: int) -> list[dict[str, int]]:
    """The score objects of home and away; empty before the match and while it is postponed."""
    if code in (0, 60):
        return [{}, {}]
    match = season.match(fixture)
    now, first = match.score(minute_of(as_of - fixture.kickoff_at)), match.score(45)
    scores = []
    for side in (0, 1):
        half = min(now[side], first[side])
        score = {"current": now[side], "display": now[side], "period1": half}
        if code in (7, 100):
            score["period2"] = now[side] - half
        score["normaltime"] = now[side]
        scores.append(score)
    return scores


def event_object(season: Season, fixture: Fixture, event: Event, as_of: int) -> dict[str, Any]:
    """One event of a list. `roundInfo` is always the planned round. As in the real API, the flags are unreliable."""
    code = status_code(fixture, event, as_of)
    description, kind = STATUSES[code]
    home, away = season.clubs[fixture.home], season.clubs[fixture.away]
    scores = score_objects(season, fixture, code, as_of)
    start = start_of(event, as_of)
    result: dict[str, Any] = {
        "tournament": TOURNAMENT,
        "season": season_object(season.sofasport_year, season.sofasport_season_id),
        "roundInfo": {"round": fixture.planned_gameweek},
        "customId": custom_id(event.event_id),
        "status": {"code": code, "description": description, "type": kind},
        "homeTeam": team_object(home),
        "awayTeam": team_object(away),
        "homeScore": scores[0],
        "awayScore": scores[1],
        "time": {},
        "changes": {"changeTimestamp": 0 if code == 0 else listed(event.listings, as_of).known_at},
        "hasGlobalHighlights": code == 100,
        "detailId": 1,
        "crowdsourcingDataDisplayEnabled": False,
        "id": event.event_id,
        "slug": f"{home.slug}-{away.slug}",
        "startTimestamp": start,
        "finalResultOnly": False,
        "feedLocked": code == 100,
        "isEditor": False,
    }
    if code == 100:
        current = [score["current"] for score in scores]
        result["winnerCode"] = 3 if current[0] == current[1] else 1 if current[0] > current[1] else 2
        result["changes"] = {
            "changes": ["status.code", "status.description", "status.type"],
            "changeTimestamp": fixture.kickoff_at + ENDED_AFTER,
        }
    if season.seeded.fraction("flags", event.event_id) < (0.9 if code == 100 else 0.1):
        result.update(hasXg=True, hasEventPlayerStatistics=True, hasEventPlayerHeatMap=True)
    return result


def custom_id(event_id: int) -> str:
    """The three letters that SofaSport uses as an id for a pair of clubs."""
    return "".join(LETTERS[(event_id // 24**place) % 24] for place in range(3))
