"""SofaSport's endpoints: SofaScore data through RapidAPI, under `/v1/`."""

from typing import Literal

from fpl_pulse.api.calls import Resource

PREMIER_LEAGUE = 17
"""SofaScore's unique tournament id of the Premier League."""

PAGE_LIMIT = 40
"""A season has 13 pages of events; more than this is a loop."""

SEASONS = "unique-tournaments/seasons"
EVENTS = "seasons/events"
SQUAD = "teams/players"
LINEUPS = "events/lineups"
HEATMAP = "events/player-heatmap"
SEASON_STATISTICS = "players/statistics/result"
ATTRIBUTES = "players/attribute-overviews"

Course = Literal["last", "next"]


def _resource(endpoint: str, **params: int | str) -> Resource:
    return Resource("sofasport", endpoint, f"/v1/{endpoint}", params)


def _of_season(endpoint: str, season: str, **query: int | str) -> Resource:
    """What the API has only one of, but which is another thing in every season."""
    return Resource("sofasport", endpoint, f"/v1/{endpoint}", {**query, "season": season}, query=query)


def seasons() -> Resource:
    """The Premier League's seasons: `seasons[]` of {id, year "25/26"}."""
    return _resource(SEASONS, unique_tournament_id=PREMIER_LEAGUE)


def events(season_id: int, course: Course, page: int) -> Resource:
    """A page of 30 past (`last`, going back) or coming (`next`) events: {events[], hasNextPage}."""
    return _resource(
        EVENTS, seasons_id=season_id, unique_tournament_id=PREMIER_LEAGUE, course_events=course, page=page
    )


def squad(season: str, team_id: int) -> Resource:
    """Who is listed for a club now: `players[]` of {player}. A list is archived under the season it was read in."""
    return _of_season(SQUAD, season, team_id=team_id)


def lineups(event_id: int) -> Resource:
    """Both lineups with each player's match statistics: {confirmed, home, away}."""
    return _resource(LINEUPS, event_id=event_id)


def heatmap(event_id: int, player_id: int) -> Resource:
    """A player's points in a match: a list of {x, y}, 0-100."""
    return _resource(HEATMAP, event_id=event_id, player_id=player_id)


def season_statistics(season_id: int, player_id: int) -> Resource:
    """A player's season: {statistics, team}; no data without minutes."""
    return _resource(
        SEASON_STATISTICS,
        player_id=player_id,
        seasons_id=season_id,
        unique_tournament_id=PREMIER_LEAGUE,
        player_stat_type="overall",
    )


def attributes(season: str, player_id: int) -> Resource:
    """A player's radar: {playerAttributeOverviews[], averageAttributeOverviews[]}.

    Its yearShift counts from the season it was read in, under which it is archived.
    """
    return _of_season(ATTRIBUTES, season, player_id=player_id)
