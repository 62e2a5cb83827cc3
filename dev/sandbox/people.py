"""The people: their names, clubs, and their entries in each source."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from dev.sandbox.clubs import Club
from dev.sandbox.names import Naming, invent, slug
from dev.sandbox.seeded_random import SeededRandom
from dev.sandbox.timestamps import DAY, timestamp

SEASON_START = timestamp("2025-07-01T00:00:00Z")
SQUAD = "G" * 3 + "D" * 10 + "M" * 11 + "F" * 6
FIRST_PLAYER_CODE = 310_000
FIRST_PLAYER_ID = 1_240_000
Transfer = tuple[int, int, int, int]
TRANSFERS: tuple[Transfer, ...] = (  # (from club, index in its squad, to club, time)
    (2, 14, 9, timestamp("2025-09-01T12:00:00Z")),
    (6, 25, 12, timestamp("2026-01-14T12:00:00Z")),
    (17, 4, 3, timestamp("2026-01-29T12:00:00Z")),
)
LEAVERS = ((4, 18, timestamp("2025-09-02T12:00:00Z")), (10, 8, timestamp("2026-01-20T12:00:00Z")))
TWO_PROFILES = (7, 15)  # (club, index) of the player with a second SofaSport id from the time below on
SECOND_PROFILE_FROM = timestamp("2025-09-20T00:00:00Z")
SQUAD_LISTING_LAG = 2 * DAY  # SofaSport's squad lists show a transfer two days late
FPL_ONLY_CLUBS = (1, 5, 8, 11, 15, 19)  # each has one player in FPL that SofaSport does not know
NEVER_IN_FPL_CLUBS = range(10)  # FPL never adds the academy players of these clubs


@dataclass(frozen=True, slots=True)
class Spell:
    """A player's time at a club: from `begins_at` until before `ends_at` (None if it has not ended)."""

    club: int
    begins_at: int
    ends_at: int | None
    shirt: int

    def holds(self, when: int) -> bool:
        """Whether the player is at the club at this time."""
        return self.begins_at <= when and (self.ends_at is None or when < self.ends_at)


@dataclass(frozen=True, slots=True)
class Profile:
    """A SofaSport player. Lineups use it from `used_from` until before `used_until`."""

    sofasport_id: int
    name: str
    short_name: str
    birth_at: int | None
    used_from: int = 0
    used_until: int | None = None

    @property
    def slug(self) -> str:
        """The name as SofaSport writes it in URLs."""
        return slug(self.name)


@dataclass(frozen=True, slots=True)
class Element:
    """An FPL player. `element_id` is valid for one season, `code` is permanent. `price` is in tenths of a million."""

    element_id: int
    code: int
    element_type: int
    first_name: str
    second_name: str
    web_name: str
    birth_date: str | None
    added_at: int
    price: int


@dataclass(frozen=True, slots=True)
class Person:
    """One player. `ability` is from 0 to 1. `squad_index` is the index in the squad of the first club."""

    number: int
    squad_index: int
    position: str
    ability: float
    naming: Naming
    height: int
    left_footed: bool
    spells: tuple[Spell, ...]
    academy: bool
    profiles: tuple[Profile, ...] = ()
    element: Element | None = None

    def spell(self, when: int) -> Spell | None:
        """The player's club at this time; None if outside the league."""
        return next((spell for spell in self.spells if spell.holds(when)), None)

    def profile(self, when: int) -> Profile:
        """The SofaSport profile that lineups use at this time. The player must have one."""
        return next(
            entry
            for entry in self.profiles
            if entry.used_from <= when and (entry.used_until is None or when < entry.used_until)
        )


@dataclass(slots=True)
class Registry:
    """The ids that are still free, the names in use, and the transfers of the season."""

    player_ids: list[int]
    codes: list[int]
    transfers: tuple[Transfer, ...]
    names: set[str] = field(default_factory=set)
    web_names: dict[int, set[str]] = field(default_factory=dict)


def create_people(clubs: tuple[Club, ...], seeded: SeededRandom) -> tuple[Person, ...]:
    """Create all people: thirty players and an academy player for each club, and six that only FPL knows."""
    rng = seeded.generator("people")
    registry = Registry(
        [FIRST_PLAYER_ID + 37 * n for n in range(800)],
        [FIRST_PLAYER_CODE + 19 * n for n in range(800)],
        transfers_within(len(clubs)),
    )
    rng.shuffle(registry.player_ids)
    rng.shuffle(registry.codes)
    people: list[Person] = []
    for club in clubs:
        for squad_index, position in enumerate(SQUAD):
            people.append(new_person(len(people), squad_index, position, club.number, registry, rng))
        people.append(academy_player(len(people), club.number, registry, rng))
        if club.number in FPL_ONLY_CLUBS:
            fpl_only = new_person(len(people), 40, "M", club.number, registry, rng)
            people.append(replace(fpl_only, profiles=()))
    return assign_element_ids(people)


def transfers_within(clubs: int) -> tuple[Transfer, ...]:
    """The transfers; in a small league the numbers of the clubs wrap around."""
    wrapped = [(source % clubs, index, target % clubs, when) for source, index, target, when in TRANSFERS]
    return tuple(transfer for transfer in wrapped if transfer[0] != transfer[2])


def new_person(
    number: int, squad_index: int, position: str, club: int, registry: Registry, rng: random.Random
) -> Person:
    """A squad player with spells, profile and an element without id."""
    clubs = {
        club,
        *(target for source, at_index, target, _ in registry.transfers if (source, at_index) == (club, squad_index)),
    }
    naming = unused_name(clubs, registry, rng)
    ability = min(1.0, max(0.05, rng.gauss(0.55, 0.2)))
    if any((club, squad_index) == entry[:2] for entry in registry.transfers) or (club, squad_index) == TWO_PROFILES:
        ability = 0.9  # players with a transfer or two profiles must play
    born_at = int(datetime(rng.randint(1991, 2006), rng.randint(1, 12), rng.randint(1, 28), tzinfo=UTC).timestamp())
    return Person(
        number=number,
        squad_index=squad_index,
        position=position,
        ability=ability,
        naming=naming,
        height=round(rng.gauss(190 if position == "G" else 183, 5)),
        left_footed=rng.random() < 0.24,
        spells=spells_of(club, squad_index, registry.transfers),
        academy=False,
        profiles=profiles_of(club, squad_index, naming, born_at, registry, rng),
        element=element_of(position, ability, naming, born_at, registry, rng),
    )


def academy_player(number: int, club: int, registry: Registry, rng: random.Random) -> Person:
    """An academy player, who joins FPL during the season or never."""
    person = new_person(number, 30, rng.choice("DMF"), club, registry, rng)
    joins_at = SEASON_START + rng.randint(70, 200) * DAY
    element = None
    if club not in NEVER_IN_FPL_CLUBS and person.element:
        element = replace(person.element, added_at=joins_at, price=45)
    begins_at = joins_at if element else SEASON_START
    spell = Spell(club, begins_at, None, 60 + club)
    return replace(person, ability=0.3, academy=True, spells=(spell,), element=element)


def unused_name(clubs: set[int], registry: Registry, rng: random.Random) -> Naming:
    """A name that is not in use. Web names are unique within a club, but not between clubs."""
    while True:
        naming = invent(rng)
        taken = set().union(*(registry.web_names.setdefault(club, set()) for club in clubs))
        if naming.web_name in taken or rng.random() < 0.04:
            naming = replace(naming, web_name=f"{naming.first_name[0]}.{naming.web_name}")
        if naming.name not in registry.names and naming.web_name not in taken:
            registry.names.add(naming.name)
            for club in clubs:
                registry.web_names[club].add(naming.web_name)
            return naming


def spells_of(club: int, squad_index: int, transfers: tuple[Transfer, ...]) -> tuple[Spell, ...]:
    """The spells of the player who starts the season with this club and squad index."""
    shirt = squad_index + 1
    for source, at_index, target, when in transfers:
        if (source, at_index) == (club, squad_index):
            return Spell(club, SEASON_START, when, shirt), Spell(target, when, None, 50 + shirt)
    for source, at_index, when in LEAVERS:
        if (source, at_index) == (club, squad_index):
            return (Spell(club, SEASON_START, when, shirt),)
    return (Spell(club, SEASON_START, None, shirt),)


def profiles_of(
    club: int, squad_index: int, naming: Naming, born_at: int, registry: Registry, rng: random.Random
) -> tuple[Profile, ...]:
    """Usually one profile. A few have no birth date or a wrong one."""
    number = rng.random()
    birth_at = None if number < 0.02 else born_at + DAY if number < 0.035 else born_at
    first = Profile(registry.player_ids.pop(), naming.name, naming.short_name, birth_at)
    if (club, squad_index) != TWO_PROFILES:
        return (first,)
    second = Profile(
        registry.player_ids.pop(),
        f"{naming.first_name} {naming.second_name}",
        naming.short_name,
        born_at,
        used_from=SECOND_PROFILE_FROM,
    )
    return replace(first, used_until=SECOND_PROFILE_FROM, birth_at=born_at), second


def element_of(
    position: str, ability: float, naming: Naming, born_at: int, registry: Registry, rng: random.Random
) -> Element:
    """The player's FPL entry. FPL lists some forwards as midfielders, and some midfielders as forwards."""
    element_type = {"G": 1, "D": 2, "M": 3, "F": 4}[position]
    if position in "MF" and rng.random() < 0.12:
        element_type = 7 - element_type
    born = datetime.fromtimestamp(born_at, UTC).date().isoformat()
    return Element(
        element_id=0,
        code=registry.codes.pop(),
        element_type=element_type,
        first_name=naming.first_name,
        second_name=naming.second_name,
        web_name=naming.web_name,
        birth_date=None if rng.random() < 0.04 else born,
        added_at=SEASON_START,
        price=40 + round(10 * ability) + {1: 0, 2: 0, 3: 8, 4: 12}[element_type],
    )


def assign_element_ids(people: list[Person]) -> tuple[Person, ...]:
    """Assign element ids: first by club, then in the order in which players are added."""
    ordered = sorted(
        (person for person in people if person.element),
        key=lambda person: (person.element.added_at if person.element else 0, person.number),
    )
    ids = {person.number: element_id for element_id, person in enumerate(ordered, start=1)}
    return tuple(
        replace(person, element=replace(person.element, element_id=ids[person.number])) if person.element else person
        for person in people
    )
