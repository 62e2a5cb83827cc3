"""The season: clubs, people, calendar, and matches played when first asked for."""

from functools import cached_property

from dev.sandbox.calendar import Fixture, plan_season
from dev.sandbox.chance import Chance
from dev.sandbox.clubs import found_clubs
from dev.sandbox.matches import Match, play
from dev.sandbox.people import Person, gather_people

DEFAULT_SEED = 2025


class Season:
    """All that ever happens, whatever the clock says. The same seed gives the same season."""

    def __init__(self, seed: int = DEFAULT_SEED) -> None:
        """Make clubs, people and calendar; no match is played yet."""
        self.chance = Chance(seed)
        self.clubs = found_clubs()
        self.people = gather_people(self.clubs, self.chance)
        self.fixtures = plan_season(self.chance)
        self._matches: dict[int, Match] = {}

    def match(self, fixture: Fixture) -> Match:
        """The match of a fixture as it ends."""
        if fixture.fixture_id not in self._matches:
            squads = (
                self.squad(fixture.home, fixture.kickoff_at),
                self.squad(fixture.away, fixture.kickoff_at),
            )
            self._matches[fixture.fixture_id] = play(fixture, self.clubs, squads, self.chance)
        return self._matches[fixture.fixture_id]

    def squad(self, club: int, when: int) -> list[Person]:
        """Who can play for a club at `when`, best first."""
        found = [
            person for person in self._ever_at[club] if (spell := person.spell(when)) and spell.club == club
        ]
        return sorted(found, key=lambda person: -person.ability)

    def kicked_off(self, as_of: int) -> list[Fixture]:
        """Fixtures that have begun, by kick-off."""
        return [fixture for fixture in self._by_kickoff if fixture.kickoff_at <= as_of]

    def prepare(self, as_of: int) -> None:
        """Play all matches that began before `as_of`, so that the answers of that moment are quick."""
        for fixture in self.kicked_off(as_of):
            self.match(fixture)

    @cached_property
    def _by_kickoff(self) -> list[Fixture]:
        return sorted(self.fixtures, key=lambda fixture: (fixture.kickoff_at, fixture.fixture_id))

    @cached_property
    def _ever_at(self) -> list[list[Person]]:
        return [
            [
                person
                for person in self.people
                if person.profiles and any(spell.club == club.number for spell in person.spells)
            ]
            for club in self.clubs
        ]
