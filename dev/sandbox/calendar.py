"""The calendar: all fixtures, and what each source announced about them at which time."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dev.sandbox.seeded_random import SeededRandom
from dev.sandbox.timestamps import DAY, HOUR, MINUTE, timestamp

FIRST_SATURDAY = date(2025, 8, 16)
LAST_SATURDAY = date(2026, 5, 23)
INTERNATIONAL_BREAKS = frozenset({date(2025, 9, 6), date(2025, 10, 11), date(2025, 11, 15), date(2026, 3, 28)})
MIDWEEK_TUESDAY = date(2025, 12, 2)
PUBLISHED_AT = timestamp("2025-06-18T08:00:00Z")
FIRST_FIXTURE_CODE = 3_104_500
FIRST_EVENT_ID = 15_730_000

TELEVISION_NOTICE = 42 * DAY  # television picks are announced six weeks ahead
STALE_GAMEWEEK = 4  # the fixture with a stale second event is played in this gameweek
STALE_KNOWN_AT = timestamp("2025-08-22T10:00:00Z")
POSTPONED_GAMEWEEK = 16
POSTPONED_AT = timestamp("2025-12-12T12:00:00Z")
REARRANGED_AT = timestamp("2026-01-08T15:00:00Z")
REARRANGED_GAMEWEEK = 24  # its double gameweek
REARRANGED_DAY = date(2026, 2, 4)
LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Listing:
    """Gameweek and kick-off that a source shows from `known_at` on; both None while FPL has no date."""

    known_at: int
    gameweek: int | None
    kickoff_at: int | None
    postponed: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """SofaSport's entry of a fixture. A stale event stays postponed, and a second event replaces it."""

    event_id: int
    listings: tuple[Listing, ...]
    created_at: int = PUBLISHED_AT
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Fixture:
    """A match between the clubs numbered `home` and `away`. It is planned for one gameweek and played in another."""

    fixture_id: int
    code: int
    planned_gameweek: int
    gameweek: int
    kickoff_at: int
    home: int
    away: int
    listings: tuple[Listing, ...]
    events: tuple[Event, ...]

    @property
    def event_id(self) -> int:
        """The SofaSport event of the played match."""
        return self.events[-1].event_id


def listed(listings: tuple[Listing, ...], as_of: int) -> Listing:
    """The newest listing that is known at `as_of`."""
    return max(
        (entry for entry in listings if entry.known_at <= as_of), key=lambda entry: entry.known_at, default=listings[0]
    )


def plan_season(seeded: SeededRandom, clubs: int) -> tuple[Fixture, ...]:
    """All fixtures, 380 with twenty clubs. Ids are assigned in the order of gameweek and kick-off."""
    rng = seeded.generator("calendar")
    fixtures: list[Fixture] = []
    event_ids = [FIRST_EVENT_ID + 11 * number for number in range(400)]
    rng.shuffle(event_ids)  # so that sorting both sources by id does not match them
    rounds = round_robin(clubs)
    for gameweek, ((monday, midweek), pairs) in enumerate(zip(gameweek_days(), rounds, strict=False), start=1):
        rng.shuffle(pairs)
        is_last = gameweek == len(rounds)
        slots = kickoff_slots(gameweek, monday, midweek, is_last, rng)
        slots = [slots[place * len(slots) // len(pairs)] for place in range(len(pairs))]
        for (home, away), kickoff_at in sorted(zip(pairs, slots, strict=True), key=lambda row: row[1]):
            number = len(fixtures)
            default_at = slots[0] if midweek or is_last else at(monday + timedelta(days=5), 15, 0)
            fixtures.append(
                new_fixture(number, gameweek, home, away, default_at, kickoff_at, event_ids[number], seeded)
            )
    stale = next(
        n
        for n, fixture in enumerate(fixtures)
        if fixture.planned_gameweek == STALE_GAMEWEEK and len(fixture.listings) > 1
    )
    fixtures[stale] = with_stale_event(fixtures[stale], event_ids[len(fixtures)])
    moved = [
        n
        for n, fixture in enumerate(fixtures)
        if fixture.planned_gameweek == POSTPONED_GAMEWEEK and fixture.kickoff_at > POSTPONED_AT + DAY
    ]
    for n in moved[:1]:  # the season of a small league ends before
        fixtures[n] = postponed_fixture(fixtures[n])
    return tuple(fixtures)


def gameweek_days() -> list[tuple[date, bool]]:
    """[(Monday of the week, whether midweek)] of each gameweek, in order: 37 weekends and one midweek."""
    weeks = (LAST_SATURDAY - FIRST_SATURDAY).days // 7 + 1
    saturdays = [FIRST_SATURDAY + timedelta(days=7 * week) for week in range(weeks)]
    days = [(saturday - timedelta(days=5), False) for saturday in saturdays if saturday not in INTERNATIONAL_BREAKS]
    return sorted([*days, (MIDWEEK_TUESDAY - timedelta(days=1), True)], key=lambda row: (row[0], not row[1]))


def round_robin(clubs: int) -> list[list[tuple[int, int]]]:
    """The rounds of (home, away) pairs by the circle method. The second half swaps home and away."""
    others = clubs - 1
    rounds = []
    for turn in range(others):
        circle = [0, *(1 + (turn + place) % others for place in range(others))]
        pairs = [(circle[place], circle[others - place]) for place in range(clubs // 2)]
        rounds.append([(b, a) if (place + turn) % 2 else (a, b) for place, (a, b) in enumerate(pairs)])
    return rounds + [[(away, home) for home, away in pairs] for pairs in rounds]


def at(when: date, hour: int, minute: int) -> int:
    """London time -> seconds since the epoch."""
    return int(datetime.combine(when, time(hour, minute), LONDON).timestamp())


def kickoff_slots(gameweek: int, monday: date, midweek: bool, is_last: bool, rng: random.Random) -> list[int]:
    """The ten kick-offs of a gameweek of twenty clubs."""

    def on(days: int, hour: int, minute: int = 0) -> int:
        return at(monday + timedelta(days=days), hour, minute)

    if is_last:  # the last day of the season: all at the same time
        return [on(6, 16)] * 10
    if midweek:
        return [on(1, 19, 30)] * 4 + [on(2, 19, 30)] * 5 + [on(2, 20, 15)]
    slots = [on(5, 12, 30), on(5, 17, 30), on(6, 14), on(6, 14), on(6, 16, 30)]
    if rng.random() < 0.55:
        slots.append(on(4, 20))
    before_midweek = monday + timedelta(days=8) == MIDWEEK_TUESDAY
    if not before_midweek and (gameweek == 7 or rng.random() < 0.8):
        slots.append(on(7, 20))
    return slots + [on(5, 15)] * (10 - len(slots))


def new_fixture(
    number: int,
    gameweek: int,
    home: int,
    away: int,
    default_at: int,
    kickoff_at: int,
    event_id: int,
    seeded: SeededRandom,
) -> Fixture:
    """A fixture as first published and, if television picked it, as changed later."""
    listings = [Listing(PUBLISHED_AT, gameweek, default_at)]
    event_listings = list(listings)
    if kickoff_at != default_at:
        known_at = max(PUBLISHED_AT + 20 * DAY, default_at - TELEVISION_NOTICE)
        lag = int(seeded.fraction("event lag", number) * 36) * HOUR
        listings.append(Listing(known_at, gameweek, kickoff_at))
        event_listings.append(Listing(known_at + lag, gameweek, kickoff_at))
    return Fixture(
        fixture_id=number + 1,
        code=FIRST_FIXTURE_CODE + number,
        planned_gameweek=gameweek,
        gameweek=gameweek,
        kickoff_at=kickoff_at,
        home=home,
        away=away,
        listings=tuple(listings),
        events=(Event(event_id, tuple(event_listings)),),
    )


def with_stale_event(fixture: Fixture, new_event_id: int) -> Fixture:
    """The change of kick-off creates a new event; the old one stays as postponed, with the old time."""
    first, second = fixture.listings
    late = Listing(STALE_KNOWN_AT, second.gameweek, second.kickoff_at)
    old = Event(
        fixture.event_id, (first, Listing(STALE_KNOWN_AT, first.gameweek, first.kickoff_at, postponed=True)), stale=True
    )
    new = Event(new_event_id, (late,), created_at=STALE_KNOWN_AT)
    return replaced(fixture, (first, late), (old, new), fixture.gameweek, fixture.kickoff_at)


def postponed_fixture(fixture: Fixture) -> Fixture:
    """The fixture is called off the day before, has no date for weeks, and is played in a later gameweek."""
    kickoff_at = at(REARRANGED_DAY, 20, 0)
    listings = (
        *fixture.listings,
        Listing(POSTPONED_AT, None, None),
        Listing(REARRANGED_AT, REARRANGED_GAMEWEEK, kickoff_at),
    )
    event = fixture.events[0]
    called_off = Listing(POSTPONED_AT + 20 * MINUTE, fixture.planned_gameweek, fixture.kickoff_at, postponed=True)
    again = Listing(REARRANGED_AT + 5 * HOUR, fixture.planned_gameweek, kickoff_at)
    moved = Event(event.event_id, (*event.listings, called_off, again))
    return replaced(fixture, listings, (moved,), REARRANGED_GAMEWEEK, kickoff_at)


def replaced(
    fixture: Fixture, listings: tuple[Listing, ...], events: tuple[Event, ...], gameweek: int, kickoff_at: int
) -> Fixture:
    """The fixture with other listings, events, gameweek and kick-off."""
    return Fixture(
        fixture.fixture_id,
        fixture.code,
        fixture.planned_gameweek,
        gameweek,
        kickoff_at,
        fixture.home,
        fixture.away,
        listings,
        events,
    )
