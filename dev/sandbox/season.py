"""The season: clubs, people, calendar and matches. A match is played when it is first requested."""

from functools import cached_property

from dev.sandbox.calendar import Fixture, plan_season
from dev.sandbox.clubs import create_clubs
from dev.sandbox.matches import Match, play
from dev.sandbox.people import Person, create_people
from dev.sandbox.seeded_random import SeededRandom

DEFAULT_SEED = 2025
DEFAULT_CLUBS = 20


class Season:
    """The complete season, independent of the clock. The same seed gives the same season."""

    sofasport_year = "25/26"
    sofasport_season_id = 88_214

    def __init__(self, seed: int = DEFAULT_SEED, clubs: int = DEFAULT_CLUBS) -> None:
        """Create clubs, people and calendar; no match is played yet. The number of clubs is even, from 4 to 20."""
        self.seeded = SeededRandom(seed)
        self.clubs = create_clubs(clubs)
        self.people = create_people(self.clubs, self.seeded)
        self.fixtures = plan_season(self.seeded, clubs)
        self._matches: dict[int, Match] = {}

    def match(self, fixture: Fixture) -> Match:
        """The finished match of a fixture."""
        if fixture.fixture_id not in self._matches:
            squads = (self.squad(fixture.home, fixture.kickoff_at), self.squad(fixture.away, fixture.kickoff_at))
            self._matches[fixture.fixture_id] = play(fixture, self.clubs, squads, self.seeded)
        return self._matches[fixture.fixture_id]

    def squad(self, club: int, when: int) -> list[Person]:
        """The players of a club at this time, best first. Only those that SofaSport knows."""
        found = [
            person for person in self._people_of_club[club] if (spell := person.spell(when)) and spell.club == club
        ]
        return sorted(found, key=lambda person: -person.ability)

    def kicked_off(self, as_of: int) -> list[Fixture]:
        """Fixtures that have begun, by kick-off."""
        return [fixture for fixture in self._by_kickoff if fixture.kickoff_at <= as_of]

    def prepare(self, as_of: int) -> None:
        """Play all matches that began before `as_of`, so that requests at that time are fast."""
        for fixture in self.kicked_off(as_of):
            self.match(fixture)

    @cached_property
    def _by_kickoff(self) -> list[Fixture]:
        return sorted(self.fixtures, key=lambda fixture: (fixture.kickoff_at, fixture.fixture_id))

    @cached_property
    def _people_of_club(self) -> list[list[Person]]:
        return [
            [
                person
                for person in self.people
                if person.profiles and any(spell.club == club.number for spell in person.spells)
            ]
            for club in self.clubs
        ]
