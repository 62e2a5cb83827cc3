"""The SofaSport API at a given time: one method for each endpoint, which returns the content of `data`."""

from functools import cached_property
from typing import Any

from dev.sandbox.attributes import attribute_overviews
from dev.sandbox.calendar import Event, Fixture
from dev.sandbox.heatmaps import heatmap, is_empty, is_late
from dev.sandbox.lineups import Appearance
from dev.sandbox.match_clock import ENDED_AFTER
from dev.sandbox.match_statistics import Statistics
from dev.sandbox.people import SQUAD_LISTING_LAG, Person, Profile
from dev.sandbox.season import DEFAULT_CLUBS, Season
from dev.sandbox.sofasport_events import (
    SEASONS_BEFORE,
    TOURNAMENT_ID,
    event_object,
    season_object,
    start_of,
    status_code,
)
from dev.sandbox.sofasport_lineups import CONFIRMED_BEFORE, known_statistics, lineups_object, statistics_missing
from dev.sandbox.sofasport_people import player_object, squad_player, team_object
from dev.sandbox.timestamps import DAY, HOUR
from dev.sandbox.totals import season_statistics, team_statistics

PAGE_SIZE = 30  # with twenty clubs; fewer in a small league, so that it has several pages as well
LATE_HEATMAP_AFTER = 30 * HOUR
MONTH = 30 * DAY


class NoSuchDataError(Exception):
    """The endpoint has no data for these parameters."""


class SofaSport:
    """The payloads of the SofaSport API at `as_of`. NoSuchDataError becomes its 404."""

    def __init__(self, season: Season, as_of: int) -> None:
        """Choose the season and the time."""
        self.season = season
        self.as_of = as_of

    def seasons(self, tournament_id: int) -> dict[str, Any]:
        """The seasons of a tournament."""
        if tournament_id != TOURNAMENT_ID:
            raise NoSuchDataError
        own = (self.season.sofasport_year, self.season.sofasport_season_id)
        return {"seasons": [season_object(year, season_id) for year, season_id in (own, *SEASONS_BEFORE)]}

    def season_events(self, tournament_id: int, season_id: int, course: str, page: int) -> dict[str, Any]:
        """A page of past ("last") or future ("next") events, ascending. Pages of "last" go back in time."""
        self._check_season(tournament_id, season_id)
        rows = self._listed_events[course]
        size = PAGE_SIZE * len(self.season.clubs) // DEFAULT_CLUBS
        if course == "last":
            end = max(0, len(rows) - page * size)
            chosen, more = rows[max(0, end - size) : end], end > size
        else:
            end = (page + 1) * size
            chosen, more = rows[end - size : end], len(rows) > end
        if not chosen:
            raise NoSuchDataError
        return {
            "events": [event_object(self.season, fixture, event, self.as_of) for _, fixture, event in chosen],
            "hasNextPage": more,
        }

    def teams_statistics(self, tournament_id: int, season_id: int) -> dict[str, Any]:
        """Ranked lists of the clubs."""
        self._check_season(tournament_id, season_id)
        matches = []
        for fixture in self._fixtures_with_statistics:
            match = self.season.match(fixture)
            score = match.score()
            for number, side in enumerate(match.sides):
                known = [
                    known_statistics(fixture, entry, self.as_of, self.season.seeded)
                    for entry in side.appearances
                    if entry.minutes
                ]
                matches.append((side.club, score[number], score[1 - number], known))
        if not matches:
            raise NoSuchDataError
        return {
            name: [
                {
                    "team": team_object(self.season.clubs[club]),
                    "statistics": {name: value, "id": 30_000 + club, "matches": played, "awardedMatches": 0},
                }
                for club, played, value in rows
            ]
            for name, rows in team_statistics(matches).items()
        }

    def squad(self, team_id: int) -> dict[str, Any]:
        """The players listed for a club, without academy players that have the id of a youth team."""
        club = next((club for club in self.season.clubs if club.sofasport_id == team_id), None)
        if club is None:
            raise NoSuchDataError
        players = []
        for person in self.season.people:
            spell = person.spell(self.as_of - SQUAD_LISTING_LAG) or person.spell(self.as_of)
            if spell and spell.club == club.number and not (person.academy and club.number % 3 != 2):
                players += [
                    squad_player(person, profile, spell.shirt, club, self.season.seeded) for profile in person.profiles
                ]
        players.sort(key=lambda row: self.season.seeded.fraction("squad order", row["player"]["id"]))
        return {"players": players, "foreignPlayers": [], "nationalPlayers": [], "supportStaff": []}

    def lineups(self, event_id: int) -> dict[str, Any]:
        """The lineups of an event."""
        fixture, event = self._playable(event_id)
        lineups = lineups_object(self.season, fixture, start_of(event, self.as_of), self.as_of)
        if lineups is None:
            raise NoSuchDataError
        return lineups

    def heatmap(self, event_id: int, player_id: int) -> list[dict[str, int]]:
        """The points where a player touched the ball."""
        fixture, entry = self._appearance(event_id, player_id)
        late = is_late(event_id, entry, self.season.seeded)
        if not entry.minutes or self.as_of - fixture.kickoff_at < (LATE_HEATMAP_AFTER if late else ENDED_AFTER):
            raise NoSuchDataError
        return [] if is_empty(event_id, entry, self.season.seeded) else heatmap(event_id, entry, self.season.seeded)

    def player_statistics(self, event_id: int, player_id: int) -> dict[str, Any]:
        """One player's statistics in one match."""
        fixture, entry = self._appearance(event_id, player_id)
        known = known_statistics(fixture, entry, self.as_of, self.season.seeded)
        if not known or statistics_missing(fixture, self.as_of, self.season.seeded):
            raise NoSuchDataError
        spell = entry.person.spell(fixture.kickoff_at)
        profile = entry.person.profile(fixture.kickoff_at)
        club = self.season.clubs[spell.club if spell else fixture.home]
        return {
            "player": player_object(entry.person, profile, spell.shirt if spell else None, self.season.seeded),
            "team": team_object(club),
            "statistics": known,
            "position": entry.position,
        }

    def season_statistics(self, tournament_id: int, season_id: int, player_id: int) -> dict[str, Any]:
        """A player's season totals: the sum of the match statistics that are visible now."""
        self._check_season(tournament_id, season_id)
        matches = self._appearances_with_statistics.get(player_id)
        if not matches:
            raise NoSuchDataError
        person, _ = self._profiles[player_id]
        spell = person.spell(self.as_of) or person.spells[-1]
        return {
            "statistics": season_statistics(person.number, matches),
            "team": team_object(self.season.clubs[spell.club]),
        }

    def attribute_overviews(self, player_id: int) -> dict[str, Any]:
        """The radar attributes of a player."""
        if player_id not in self._profiles:
            raise NoSuchDataError
        person, _ = self._profiles[player_id]
        overviews = attribute_overviews(person, player_id, self.as_of // MONTH, self.season.seeded)
        if overviews is None:
            raise NoSuchDataError
        return overviews

    def _check_season(self, tournament_id: int, season_id: int) -> None:
        if (tournament_id, season_id) != (TOURNAMENT_ID, self.season.sofasport_season_id):
            raise NoSuchDataError

    def _playable(self, event_id: int) -> tuple[Fixture, Event]:
        """The fixture of an event that is listed and not postponed."""
        if event_id not in self._events:
            raise NoSuchDataError
        fixture, event = self._events[event_id]
        if event.stale or status_code(fixture, event, self.as_of) == 60:
            raise NoSuchDataError
        return fixture, event

    def _appearance(self, event_id: int, player_id: int) -> tuple[Fixture, Appearance]:
        fixture, _ = self._playable(event_id)
        if fixture.kickoff_at - self.as_of <= CONFIRMED_BEFORE:
            for side in self.season.match(fixture).sides:
                for entry in side.appearances:
                    if entry.person.profile(fixture.kickoff_at).sofasport_id == player_id:
                        return fixture, entry
        raise NoSuchDataError

    @cached_property
    def _events(self) -> dict[int, tuple[Fixture, Event]]:
        return {
            event.event_id: (fixture, event)
            for fixture in self.season.fixtures
            for event in fixture.events
            if event.created_at <= self.as_of
        }

    @cached_property
    def _listed_events(self) -> dict[str, list[tuple[int, Fixture, Event]]]:
        rows = sorted(
            ((start_of(event, self.as_of), fixture, event) for fixture, event in self._events.values()),
            key=lambda row: (row[0], row[2].event_id),
        )
        return {
            "last": [row for row in rows if row[0] <= self.as_of],
            "next": [row for row in rows if row[0] > self.as_of],
        }

    @cached_property
    def _profiles(self) -> dict[int, tuple[Person, Profile]]:
        return {profile.sofasport_id: (person, profile) for person in self.season.people for profile in person.profiles}

    @cached_property
    def _fixtures_with_statistics(self) -> list[Fixture]:
        """The fixtures that have ended and have statistics."""
        return [
            fixture
            for fixture in self.season.kicked_off(self.as_of - ENDED_AFTER)
            if not statistics_missing(fixture, self.as_of, self.season.seeded)
        ]

    @cached_property
    def _appearances_with_statistics(self) -> dict[int, list[tuple[Appearance, Statistics]]]:
        found: dict[int, list[tuple[Appearance, Statistics]]] = {}
        for fixture in self._fixtures_with_statistics:
            for side in self.season.match(fixture).sides:
                for entry in side.appearances:
                    if entry.minutes:
                        player_id = entry.person.profile(fixture.kickoff_at).sofasport_id
                        known = known_statistics(fixture, entry, self.as_of, self.season.seeded)
                        found.setdefault(player_id, []).append((entry, known))
        return found
