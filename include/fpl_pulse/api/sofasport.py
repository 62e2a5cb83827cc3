"""SofaSport's endpoints: SofaScore data through RapidAPI, under `/v1/`. Each docstring gives the payload."""

from typing import Literal

from fpl_pulse.api.calls import Resource
from fpl_pulse.season import SOFASPORT_TOURNAMENT_ID

MAX_PAGES = 40
"""A season has 13 pages of events. More than this means that the list never ends."""

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
    """A resource of the present season. `season` is not sent; it keeps the seasons apart in the archive."""
    return Resource("sofasport", endpoint, f"/v1/{endpoint}", {**query, "season": season}, query=query)


def seasons() -> Resource:
    """The Premier League's seasons: `seasons[]` of {id, year "25/26"}."""
    return _resource(SEASONS, unique_tournament_id=SOFASPORT_TOURNAMENT_ID)


def events(season_id: int, course: Course, page: int) -> Resource:
    """Up to 30 past (`last`, newest first) or coming (`next`) events: {events[], hasNextPage}. `page` counts from 0."""
    return _resource(
        EVENTS, seasons_id=season_id, unique_tournament_id=SOFASPORT_TOURNAMENT_ID, course_events=course, page=page
    )


def squad(season: str, team_id: int) -> Resource:
    """The players listed for a club now: `players[]` of {player}."""
    return _of_season(SQUAD, season, team_id=team_id)


def lineups(event_id: int) -> Resource:
    """Both lineups with each player's match statistics: {confirmed, home, away}."""
    return _resource(LINEUPS, event_id=event_id)


def heatmap(event_id: int, player_id: int) -> Resource:
    """A player's recorded actions in a match: a list of {x, y}, 0 to 100."""
    return _resource(HEATMAP, event_id=event_id, player_id=player_id)


def season_statistics(season_id: int, player_id: int) -> Resource:
    """A player's totals of a season: {statistics, team}. A player without minutes has no data."""
    return _resource(
        SEASON_STATISTICS,
        player_id=player_id,
        seasons_id=season_id,
        unique_tournament_id=SOFASPORT_TOURNAMENT_ID,
        player_stat_type="overall",
    )


def attributes(season: str, player_id: int) -> Resource:
    """A player's radar attributes: {playerAttributeOverviews[], averageAttributeOverviews[]}.

    Their yearShift counts back from `season`, the season in which they are fetched.
    """
    return _of_season(ATTRIBUTES, season, player_id=player_id)
