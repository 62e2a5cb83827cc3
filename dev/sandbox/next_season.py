"""The season after the first one: renumbered ids, three promoted clubs, and people who stay, move, leave and arrive.

Permanent ids are kept: those of clubs and people at SofaSport, and FPL's codes. FPL's ids of clubs and players, fixture
codes, events and the season's id at SofaSport are new. The calendar is 52 weeks later. Two people have another
SofaSport id than in the season before, one of them without a birth date.
"""

import random
from dataclasses import replace

from dev.sandbox.calendar import Event, Fixture, Listing, plan_season
from dev.sandbox.clubs import FPL_FIRST_CODE, SOFASPORT_FIRST_ID, YOUTH_FIRST_ID, Club
from dev.sandbox.people import (
    FIRST_PLAYER_CODE,
    FIRST_PLAYER_ID,
    SEASON_START,
    Person,
    Registry,
    Spell,
    new_person,
    transfers_within,
)
from dev.sandbox.season import Season
from dev.sandbox.seeded_random import SeededRandom
from dev.sandbox.timestamps import DAY

ONE_SEASON = 52 * 7 * DAY
"""Weekdays and London's clock changes are the same 52 weeks later."""

SECOND_START = SEASON_START + ONE_SEASON
RELEGATED = (4, 11, 16)
# As in `clubs.CLUB_TABLE`. The name of the last one does not match.
PROMOTED_TABLE = (
    ("Elmsworth", "ELM", "Elmsworth Town", "Elmsworth", -0.30, "0057b8"),
    ("Upper Tarn", "UPP", "Upper Tarn Rovers", "Upper Tarn", -0.40, "ffcd00"),
    ("Saddlers", "SAD", "Walbrook Athletic", "Walbrook", -0.45, "e03a3e"),
)
LEAVES, MOVES = 0.08, 0.06  # shares of the players of clubs that stay
STAYS_IN_LEAGUE = 0.15  # share of the players of relegated clubs who move to a club that stays
NEW_PROFILES = ((0, 3), (9, 15))  # (club, index in its squad) of people with a new SofaSport id
FIRST_FIXTURE_CODE_LATER, EVENT_IDS_LATER = 1_000, 50_000
IDS_OF_FIRST_SEASON = 800


class NextSeason(Season):
    """The season after `first`, for the same seed the same one."""

    sofasport_year = "26/27"
    sofasport_season_id = 96_540

    def __init__(self, first: Season) -> None:
        """Create clubs, people and calendar; no match is played yet."""
        self.seeded = SeededRandom(first.seeded.seed + 1)
        self.clubs = next_clubs(first.clubs)
        self.people = next_people(first, self.clubs, self.seeded)
        self.fixtures = tuple(later(fixture) for fixture in plan_season(self.seeded, len(self.clubs)))
        self._matches = {}


def next_clubs(clubs: tuple[Club, ...]) -> tuple[Club, ...]:
    """The clubs of the next season. A promoted club takes the number of a relegated one, not its ids."""
    promoted = {
        number: Club(
            number=number,
            fpl_id=0,
            fpl_code=FPL_FIRST_CODE + 7 * (20 + place),
            fpl_name=fpl_name,
            fpl_short=fpl_short,
            sofasport_id=SOFASPORT_FIRST_ID + 13 * (20 + place),
            sofasport_name=name,
            sofasport_short=short,
            youth_id=YOUTH_FIRST_ID + 20 + place,
            strength=strength,
            colour=colour,
        )
        for place, (number, (fpl_name, fpl_short, name, short, strength, colour)) in enumerate(
            zip(RELEGATED, PROMOTED_TABLE, strict=True)
        )
    }
    found = [promoted.get(club.number, club) for club in clubs]
    ids = {club.number: fpl_id for fpl_id, club in enumerate(sorted(found, key=lambda club: club.fpl_name), start=1)}
    return tuple(replace(club, fpl_id=ids[club.number]) for club in found)


def next_people(first: Season, clubs: tuple[Club, ...], seeded: SeededRandom) -> tuple[Person, ...]:
    """Everybody of the next season. A newcomer takes each place that somebody left."""
    rng = seeded.generator("people")
    registry = registry_after(first.people, len(clubs), rng)
    people: list[Person] = []
    places: list[tuple[int, int, str]] = []
    for person in first.people:
        place = person.spells[-1]
        club = next_club(person, place, rng)
        if club != place.club and not person.academy and person.profiles:
            places.append((place.club, person.squad_index, person.position))
        if club is not None:
            people.append(returning(person, place, club, registry))
    first_number = len(first.people)
    for number, (club, squad_index, position) in enumerate(places, start=first_number):
        newcomer = new_person(number, squad_index, position, club, registry, rng)
        shirt = 30 + squad_index + 1 if squad_index < 30 else squad_index + 1
        people.append(replace(newcomer, spells=(Spell(club, SECOND_START, None, shirt),)))
    return with_element_ids(people, clubs)


def registry_after(people: tuple[Person, ...], clubs: int, rng: random.Random) -> Registry:
    """The ids that the first season did not use, and its names."""
    free = range(IDS_OF_FIRST_SEASON, 2 * IDS_OF_FIRST_SEASON)
    ids = [FIRST_PLAYER_ID + 37 * n for n in free]
    registry = Registry(ids, [FIRST_PLAYER_CODE + 19 * n for n in free], transfers_within(clubs))
    rng.shuffle(registry.player_ids)
    rng.shuffle(registry.codes)
    for person in people:
        registry.names.add(person.naming.name)
        for spell in person.spells:
            registry.web_names.setdefault(spell.club, set()).add(person.naming.web_name)
    return registry


def next_club(person: Person, last: Spell, rng: random.Random) -> int | None:
    """The person's club of the next season; None outside the league."""
    chance = rng.random()
    target = rng.choice([club for club in range(20) if club not in RELEGATED and club != last.club])
    if last.ends_at is not None:
        return None
    if last.club in RELEGATED:
        return target if chance < STAYS_IN_LEAGUE and person.profiles and not person.academy else None
    if (last.club, person.squad_index) in NEW_PROFILES or person.academy or not person.profiles:
        return last.club
    return None if chance < LEAVES else target if chance < LEAVES + MOVES else last.club


def returning(person: Person, last: Spell, club: int, registry: Registry) -> Person:
    """A person of the first season, in the next one."""
    shirt = last.shirt if club == last.club else 100 + person.number % 100
    profiles = person.profiles
    if (last.club, person.squad_index) in NEW_PROFILES and not person.academy and profiles:
        birth_at = None if (last.club, person.squad_index) == NEW_PROFILES[0] else profiles[-1].birth_at
        profiles = (replace(profiles[-1], sofasport_id=registry.player_ids.pop(), birth_at=birth_at),)
    element = person.element and replace(person.element, added_at=max(person.element.added_at, SECOND_START))
    return replace(person, spells=(Spell(club, SECOND_START, None, shirt),), profiles=profiles, element=element)


def with_element_ids(people: list[Person], clubs: tuple[Club, ...]) -> tuple[Person, ...]:
    """Number FPL's players anew, by club as FPL orders them. Everybody is added before the season."""
    ordered = sorted(
        (person for person in people if person.element),
        key=lambda person: (clubs[person.spells[-1].club].fpl_id, person.number),
    )
    ids = {person.number: element_id for element_id, person in enumerate(ordered, start=1)}
    return tuple(
        replace(person, element=replace(person.element, element_id=ids[person.number], added_at=SECOND_START))
        if person.element
        else person
        for person in people
    )


def later(fixture: Fixture) -> Fixture:
    """A fixture of a planned season, 52 weeks later and with other codes and event ids."""
    return replace(
        fixture,
        code=fixture.code + FIRST_FIXTURE_CODE_LATER,
        kickoff_at=fixture.kickoff_at + ONE_SEASON,
        listings=tuple(map(later_listing, fixture.listings)),
        events=tuple(
            Event(
                event.event_id + EVENT_IDS_LATER,
                tuple(map(later_listing, event.listings)),
                event.created_at + ONE_SEASON,
                event.stale,
            )
            for event in fixture.events
        ),
    )


def later_listing(listing: Listing) -> Listing:
    """What a source showed, 52 weeks later."""
    kickoff_at = None if listing.kickoff_at is None else listing.kickoff_at + ONE_SEASON
    return replace(listing, known_at=listing.known_at + ONE_SEASON, kickoff_at=kickoff_at)
