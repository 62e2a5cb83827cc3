"""SofaSport over two seasons: which season a request is about."""

from collections.abc import Callable
from typing import Any, TypeVar

from dev.sandbox.sofasport import NoSuchDataError, SofaSport
from dev.sandbox.sofasport_events import season_object

Payload = TypeVar("Payload")


class SofaSportSeasons:
    """The payloads of the SofaSport API at a time at which a second season can be listed."""

    def __init__(self, first: SofaSport, second: SofaSport, *, is_listed: bool) -> None:
        """Choose the seasons. Squads are those of the second one; its events exist once it is listed."""
        self._first = first
        self._second = second
        self._listed = [second, first] if is_listed else [first]

    def seasons(self, tournament_id: int) -> dict[str, Any]:
        """The seasons of a tournament, newest first."""
        answer = self._first.seasons(tournament_id)
        season = self._second.season
        if self._second in self._listed:
            answer["seasons"].insert(0, season_object(season.sofasport_year, season.sofasport_season_id))
        return answer

    def season_events(self, tournament_id: int, season_id: int, course: str, page: int) -> dict[str, Any]:
        """A page of past ("last") or future ("next") events."""
        return self._first_answer(lambda one: one.season_events(tournament_id, season_id, course, page))

    def teams_statistics(self, tournament_id: int, season_id: int) -> dict[str, Any]:
        """Ranked lists of the clubs."""
        return self._first_answer(lambda one: one.teams_statistics(tournament_id, season_id))

    def squad(self, team_id: int) -> dict[str, Any]:
        """The players listed for a club of the second season."""
        return self._second.squad(team_id)

    def lineups(self, event_id: int) -> dict[str, Any]:
        """The lineups of an event."""
        return self._first_answer(lambda one: one.lineups(event_id))

    def heatmap(self, event_id: int, player_id: int) -> list[dict[str, int]]:
        """The points where a player touched the ball."""
        return self._first_answer(lambda one: one.heatmap(event_id, player_id))

    def player_statistics(self, event_id: int, player_id: int) -> dict[str, Any]:
        """One player's statistics in one match."""
        return self._first_answer(lambda one: one.player_statistics(event_id, player_id))

    def season_statistics(self, tournament_id: int, season_id: int, player_id: int) -> dict[str, Any]:
        """A player's season totals."""
        return self._first_answer(lambda one: one.season_statistics(tournament_id, season_id, player_id))

    def attribute_overviews(self, player_id: int) -> dict[str, Any]:
        """The radar attributes of a player of either season. They do not begin anew in summer."""
        try:
            return self._first.attribute_overviews(player_id)
        except NoSuchDataError:
            return self._second.attribute_overviews(player_id)

    def _first_answer(self, ask: Callable[[SofaSport], Payload]) -> Payload:
        """The answer of the season that has one."""
        for one in self._listed:
            try:
                return ask(one)
            except NoSuchDataError:
                continue
        raise NoSuchDataError
