"""The FPL API at a given time: one method for each endpoint, which returns the complete payload."""

from functools import cached_property
from typing import Any

from dev.sandbox.calendar import Fixture, listed
from dev.sandbox.clubs import Club
from dev.sandbox.fpl_bootstrap import ELEMENT_STATS, SETTINGS, element_types, phases, team_object
from dev.sandbox.fpl_elements import FORM_DAYS, Tally, add_ranks, element_object
from dev.sandbox.fpl_fixtures import (
    deadline,
    difficulty,
    fixture_object,
    gameweek_fixtures,
    gameweek_object,
    is_finished,
)
from dev.sandbox.match_clock import ENDED_AFTER, FINISHED_AFTER, minute_of
from dev.sandbox.official import NOTHING, OfficialResults, OfficialRow, named_values
from dev.sandbox.people import Element, Person
from dev.sandbox.timestamps import day, iso


class NotFoundError(Exception):
    """FPL has no such gameweek or element. The text is the `detail` of the response."""


class Fpl:
    """The payloads of the FPL API at `as_of`."""

    def __init__(self, results: OfficialResults, as_of: int) -> None:
        """Choose the results and the time."""
        self.results = results
        self.season = results.season
        self.as_of = as_of

    def bootstrap(self) -> dict[str, Any]:
        """Gameweeks, clubs, and players with their season totals."""
        elements = [
            element_object(
                person,
                element,
                self._club(person),
                self._tallies.get(person.number, Tally()),
                self.season.seeded,
                left=person.spell(self.as_of) is None,
            )
            for person, element in self._registered
        ]
        add_ranks(elements)
        return {
            "chips": [],
            "events": self._gameweek_objects(),
            "game_settings": SETTINGS,
            "game_config": {"settings": {"timezone": "UTC"}, "rules": SETTINGS, "scoring": {}},
            "phases": phases(),
            "teams": [team_object(club, position) for club, position in self._table()],
            "total_players": 9_000_000,
            "element_stats": ELEMENT_STATS,
            "element_types": element_types(elements),
            "elements": elements,
        }

    def fixtures(self, gameweek: int | None = None) -> list[dict[str, Any]]:
        """All fixtures, or those of one gameweek, by kick-off. Those without a date come first."""
        chosen = self.season.fixtures if gameweek is None else self._gameweeks.get(gameweek, [])
        found = [fixture_object(self.results, fixture, self.as_of) for fixture in chosen]
        return sorted(found, key=lambda fixture: (fixture["kickoff_time"] or "", fixture["id"]))

    def live(self, gameweek: int) -> dict[str, Any]:
        """Every player's statistics in a gameweek, explained by fixture. Empty before the deadline.

        Raises:
            NotFoundError: there is no such gameweek.
        """
        if gameweek not in self._gameweeks:
            raise NotFoundError("Not found.")
        if self._deadlines[gameweek] > self.as_of:
            return {"elements": []}
        rows = {
            (fixture.fixture_id, row.person.number): row
            for fixture in self._gameweeks[gameweek]
            for row, _ in self.results.rows(fixture, self.as_of)
        }
        elements = []
        for person, element in self._registered:
            played = [
                (fixture, rows.get((fixture.fixture_id, person.number)))
                for fixture in self._of_club(person, self._gameweeks[gameweek])
            ]
            elements.append(live_element(element, played))
        return {"elements": elements}

    def event_status(self) -> dict[str, Any]:
        """The state of points on each day of the current gameweek: "" none, l live, p provisional, r final."""
        current = self._current
        if not current:
            return {"status": [], "leagues": ""}
        days: dict[str, list[int]] = {}
        for fixture in self._gameweeks[current]:
            days.setdefault(day(fixture.kickoff_at), []).append(self.as_of - fixture.kickoff_at)
        status = []
        for date, ages in sorted(days.items()):
            final = min(ages) >= FINISHED_AFTER
            points = "r" if final else "p" if min(ages) >= ENDED_AFTER else "l" if max(ages) >= 0 else ""
            status.append({"bonus_added": final, "date": date, "event": current, "points": points})
        return {"status": status, "leagues": "Updated" if all(row["bonus_added"] for row in status) else "Updating"}

    def element_summary(self, element_id: int) -> dict[str, Any]:
        """A player's matches so far, and the remaining fixtures of the club.

        Raises:
            NotFoundError: there is no such element at this time.
        """
        found = next((entry for entry in self._registered if entry[1].element_id == element_id), None)
        if found is None:
            raise NotFoundError("No Element matches the given query.")
        person, element = found
        begun = [fixture for fixture in self.season.kicked_off(self.as_of) if fixture.kickoff_at >= element.added_at]
        history = []
        for fixture in self._of_club(person, begun):
            row = next((row for row, _ in self.results.rows(fixture, self.as_of) if row.person is person), None)
            history.append(self._history_row(person, element, fixture, row))
        club = self._club(person)
        coming = [
            self._upcoming_fixture(fixture, club)
            for fixture in self.season.fixtures
            if club.number in (fixture.home, fixture.away) and self.as_of < fixture.kickoff_at
        ]
        coming.sort(key=lambda line: (line["kickoff_time"] is None, line["kickoff_time"] or ""))
        return {"fixtures": coming, "history": history, "history_past": []}

    def _history_row(
        self, person: Person, element: Element, fixture: Fixture, row: OfficialRow | None
    ) -> dict[str, Any]:
        spell = person.spell(fixture.kickoff_at)
        at_home = spell is not None and spell.club == fixture.home
        score = self.season.match(fixture).score(minute_of(self.as_of - fixture.kickoff_at))
        opponent = self.season.clubs[fixture.away if at_home else fixture.home]
        return {
            "element": element.element_id,
            "fixture": fixture.fixture_id,
            "opponent_team": opponent.fpl_id,
            "total_points": row.points if row else 0,
            "was_home": at_home,
            "kickoff_time": iso(fixture.kickoff_at),
            "team_h_score": score[0],
            "team_a_score": score[1],
            "round": fixture.gameweek,
            "modified": False,
            **named_values(row.values if row else NOTHING),
            "value": element.price,
            "transfers_balance": 0,
            "selected": 0,
            "transfers_in": 0,
            "transfers_out": 0,
        }

    def _upcoming_fixture(self, fixture: Fixture, club: Club) -> dict[str, Any]:
        complete = fixture_object(self.results, fixture, self.as_of)
        at_home = fixture.home == club.number
        opponent = self.season.clubs[fixture.away if at_home else fixture.home]
        names = (
            "id",
            "code",
            "team_h",
            "team_h_score",
            "team_a",
            "team_a_score",
            "event",
            "finished",
            "minutes",
            "provisional_start_time",
            "kickoff_time",
        )
        event_name = f"Gameweek {complete['event']}" if complete["event"] else ""
        return {
            **{name: complete[name] for name in names},
            "event_name": event_name,
            "is_home": at_home,
            "difficulty": difficulty(opponent),
        }

    def _club(self, person: Person) -> Club:
        spell = person.spell(self.as_of) or person.spells[-1]
        return self.season.clubs[spell.club]

    def _of_club(self, person: Person, fixtures: list[Fixture]) -> list[Fixture]:
        """The fixtures of the club that the player belongs to on the day of the fixture."""
        chosen = []
        for fixture in fixtures:
            spell = person.spell(fixture.kickoff_at)
            if spell and spell.club in (fixture.home, fixture.away):
                chosen.append(fixture)
        return chosen

    def _gameweek_objects(self) -> list[dict[str, Any]]:
        current = self._current
        objects = []
        for gameweek, fixtures in self._gameweeks.items():
            finished = is_finished(fixtures, self.as_of)
            top = self._best_of(fixtures) if finished else None
            objects.append(
                gameweek_object(
                    gameweek, self._deadlines[gameweek], gameweek - current, finished, top, self.season.seeded
                )
            )
        return objects

    def _best_of(self, fixtures: list[Fixture]) -> tuple[int, int]:
        """(element id, points) of the best player of a finished gameweek."""
        points: dict[int, int] = {}
        for fixture in fixtures:
            for row, scored in self.results.rows(fixture, self.as_of):
                points[row.element.element_id] = points.get(row.element.element_id, 0) + scored
        return max(points.items(), key=lambda item: (item[1], -item[0]))

    def _table(self) -> list[tuple[Club, int]]:
        """[(club, position in the table)] by club, from the matches that have ended."""
        standing = {club.number: [0, 0, 0] for club in self.season.clubs}
        for fixture in self.season.kicked_off(self.as_of - ENDED_AFTER):
            home, away = self.season.match(fixture).score()
            for club, scored, against in ((fixture.home, home, away), (fixture.away, away, home)):
                line = standing[club]
                line[0] += 3 if scored > against else int(scored == against)
                line[1] += scored - against
                line[2] += scored
        order = sorted(standing, key=lambda club: (standing[club], -club), reverse=True)
        return [(club, order.index(club.number) + 1) for club in self.season.clubs]

    @cached_property
    def _registered(self) -> list[tuple[Person, Element]]:
        """The players that FPL lists at this time, by element id."""
        found = [
            (person, person.element)
            for person in self.season.people
            if person.element and person.element.added_at <= self.as_of
        ]
        return sorted(found, key=lambda entry: entry[1].element_id)

    @cached_property
    def _gameweeks(self) -> dict[int, list[Fixture]]:
        return gameweek_fixtures(self.season.fixtures, self.as_of)

    @cached_property
    def _deadlines(self) -> dict[int, int]:
        return {gameweek: deadline(fixtures, self.as_of) for gameweek, fixtures in self._gameweeks.items()}

    @cached_property
    def _current(self) -> int:
        """The gameweek with the latest past deadline; 0 before the season."""
        return max((gameweek for gameweek, when in self._deadlines.items() if when <= self.as_of), default=0)

    @cached_property
    def _tallies(self) -> dict[int, Tally]:
        """Season totals by person number."""
        tallies: dict[int, Tally] = {}
        for fixture in self.season.kicked_off(self.as_of):
            in_current = listed(fixture.listings, self.as_of).gameweek == self._current
            is_recent = self.as_of - fixture.kickoff_at <= FORM_DAYS
            for row, points in self.results.rows(fixture, self.as_of):
                tally = tallies.setdefault(row.person.number, Tally())
                tally.count(row, points, in_current=in_current, is_recent=is_recent)
        return tallies


def live_element(element: Element, played: list[tuple[Fixture, OfficialRow | None]]) -> dict[str, Any]:
    """One element in a gameweek, with an explanation for each fixture of the club."""
    tally, explain = Tally(), []
    for fixture, row in played:
        lines = row.explained() if row else [("minutes", 0, 0)]
        if row:
            tally.count(row, sum(points for _, _, points in lines), in_current=True, is_recent=True)
        explain.append(
            {
                "fixture": fixture.fixture_id,
                "stats": [
                    {"identifier": name, "points": points, "value": value, "points_modification": 0}
                    for name, value, points in lines
                ],
            }
        )
    stats = {**named_values(tally.values), "total_points": tally.points, "in_dreamteam": False}
    return {"id": element.element_id, "stats": stats, "explain": explain, "modified": False}
