"""The people: who they are, where they play, and how each side knows them."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from dev.sandbox.chance import Chance
from dev.sandbox.clubs import Club
from dev.sandbox.moments import DAY, moment
from dev.sandbox.names import Naming, invent, slug

SEASON_START = moment("2025-07-01T00:00:00Z")
SQUAD = "G" * 3 + "D" * 10 + "M" * 11 + "F" * 6
FIRST_PLAYER_CODE = 310_000
FIRST_PLAYER_ID = 1_240_000
TRANSFERS = (  # (from club, place in its squad, to club, moment)
    (2, 14, 9, moment("2025-09-01T12:00:00Z")),
    (6, 25, 12, moment("2026-01-14T12:00:00Z")),
    (17, 4, 3, moment("2026-01-29T12:00:00Z")),
)
LEAVERS = ((4, 18, moment("2025-09-02T12:00:00Z")), (10, 8, moment("2026-01-20T12:00:00Z")))
TWO_PROFILES = (7, 15)  # this one plays under a second SofaSport id from the moment below on
SECOND_PROFILE_FROM = moment("2025-09-20T00:00:00Z")
SQUAD_LISTING_LAG = 2 * DAY  # SofaSport's squad lists follow a transfer two days late
FPL_ONLY_CLUBS = (1, 5, 8, 11, 15, 19)  # each lists one player in FPL whom SofaSport does not know
NEVER_IN_FPL_CLUBS = range(10)  # the academy players of these clubs never get an FPL element


@dataclass(frozen=True, slots=True)
class Spell:
    """A time at a club: from `begins_at` until before `ends_at` (None: open)."""

    club: int
    begins_at: int
    ends_at: int | None
    shirt: int

    def holds(self, when: int) -> bool:
        """Whether the spell holds at `when`."""
        return self.begins_at <= when and (self.ends_at is None or when < self.ends_at)


@dataclass(frozen=True, slots=True)
class Profile:
    """A SofaSport player id with what stands beside it; `used_from` and `used_until` bound its line-ups."""

    sofasport_id: int
    name: str
    short_name: str
    birth_at: int | None
    used_from: int = 0
    used_until: int | None = None

    @property
    def slug(self) -> str:
        """The name as in an address."""
        return slug(self.name)


@dataclass(frozen=True, slots=True)
class Element:
    """An FPL player: `element_id` belongs to the season, `code` is for life. Price in tenths of a million."""

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
    """One player. `ability` runs from 0 to 1; `place` is the place in the squad list he began with."""

    number: int
    place: int
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
        """Where he plays at `when`, if anywhere in the league."""
        return next((spell for spell in self.spells if spell.holds(when)), None)

    def profile(self, when: int) -> Profile:
        """The SofaSport profile under which he plays at `when`. Only for those who have one."""
        return next(
            entry
            for entry in self.profiles
            if entry.used_from <= when and (entry.used_until is None or when < entry.used_until)
        )


@dataclass(slots=True)
class Registry:
    """Numbers and names given out so far."""

    player_ids: list[int]
    codes: list[int]
    names: set[str] = field(default_factory=set)
    web_names: dict[int, set[str]] = field(default_factory=dict)


def gather_people(clubs: tuple[Club, ...], chance: Chance) -> tuple[Person, ...]:
    """Everyone by number: thirty a club, an academy player each, and six whom only FPL lists."""
    draw = chance.draw("people")
    registry = Registry(
        [FIRST_PLAYER_ID + 37 * n for n in range(800)], [FIRST_PLAYER_CODE + 19 * n for n in range(800)]
    )
    draw.shuffle(registry.player_ids)
    draw.shuffle(registry.codes)
    people: list[Person] = []
    for club in clubs:
        for place, position in enumerate(SQUAD):
            people.append(new_person(len(people), place, position, club.number, registry, draw))
        people.append(academy_player(len(people), club.number, registry, draw))
        if club.number in FPL_ONLY_CLUBS:
            stranger = new_person(len(people), 40, "M", club.number, registry, draw)
            people.append(replace(stranger, profiles=()))
    return number_elements(people)


def new_person(
    number: int, place: int, position: str, club: int, registry: Registry, draw: random.Random
) -> Person:
    """One squad player with his spells, profile and (still unnumbered) element."""
    clubs = {
        club,
        *(target for source, at_place, target, _ in TRANSFERS if (source, at_place) == (club, place)),
    }
    naming = unused_name(clubs, registry, draw)
    ability = min(1.0, max(0.05, draw.gauss(0.55, 0.2)))
    if any((club, place) == entry[:2] for entry in TRANSFERS) or (club, place) == TWO_PROFILES:
        ability = 0.9  # those whose changes matter must play
    born_at = int(
        datetime(draw.randint(1991, 2006), draw.randint(1, 12), draw.randint(1, 28), tzinfo=UTC).timestamp()
    )
    return Person(
        number=number,
        place=place,
        position=position,
        ability=ability,
        naming=naming,
        height=round(draw.gauss(190 if position == "G" else 183, 5)),
        left_footed=draw.random() < 0.24,
        spells=spells_of(club, place),
        academy=False,
        profiles=profiles_of(club, place, naming, born_at, registry, draw),
        element=element_of(position, ability, naming, born_at, registry, draw),
    )


def academy_player(number: int, club: int, registry: Registry, draw: random.Random) -> Person:
    """A youngster: joins FPL in the course of the season, or never."""
    person = new_person(number, 30, draw.choice("DMF"), club, registry, draw)
    joins_at = SEASON_START + draw.randint(70, 200) * DAY
    element = None
    if club not in NEVER_IN_FPL_CLUBS and person.element:
        element = replace(person.element, added_at=joins_at, price=45)
    begins_at = joins_at if element else SEASON_START
    spell = Spell(club, begins_at, None, 60 + club)
    return replace(person, ability=0.3, academy=True, spells=(spell,), element=element)


def unused_name(clubs: set[int], registry: Registry, draw: random.Random) -> Naming:
    """A name nobody has; web names are unique within each club and shared between clubs."""
    while True:
        naming = invent(draw)
        taken = set().union(*(registry.web_names.setdefault(club, set()) for club in clubs))
        if naming.web_name in taken or draw.random() < 0.04:
            naming = replace(naming, web_name=f"{naming.first_name[0]}.{naming.web_name}")
        if naming.name not in registry.names and naming.web_name not in taken:
            registry.names.add(naming.name)
            for club in clubs:
                registry.web_names[club].add(naming.web_name)
            return naming


def spells_of(club: int, place: int) -> tuple[Spell, ...]:
    """The clubs of the player who began the season at this club and place."""
    shirt = place + 1
    for source, at_place, target, when in TRANSFERS:
        if (source, at_place) == (club, place):
            return Spell(club, SEASON_START, when, shirt), Spell(target, when, None, 50 + shirt)
    for source, at_place, when in LEAVERS:
        if (source, at_place) == (club, place):
            return (Spell(club, SEASON_START, when, shirt),)
    return (Spell(club, SEASON_START, None, shirt),)


def profiles_of(
    club: int, place: int, naming: Naming, born_at: int, registry: Registry, draw: random.Random
) -> tuple[Profile, ...]:
    """Usually one profile; a few have no birth date or a wrong one."""
    chance = draw.random()
    birth_at = None if chance < 0.02 else born_at + DAY if chance < 0.035 else born_at
    first = Profile(registry.player_ids.pop(), naming.name, naming.short_name, birth_at)
    if (club, place) != TWO_PROFILES:
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
    position: str, ability: float, naming: Naming, born_at: int, registry: Registry, draw: random.Random
) -> Element:
    """The FPL side. Some wide forwards are midfielders there, some midfielders forwards."""
    element_type = {"G": 1, "D": 2, "M": 3, "F": 4}[position]
    if position in "MF" and draw.random() < 0.12:
        element_type = 7 - element_type
    born = datetime.fromtimestamp(born_at, UTC).date().isoformat()
    return Element(
        element_id=0,
        code=registry.codes.pop(),
        element_type=element_type,
        first_name=naming.first_name,
        second_name=naming.second_name,
        web_name=naming.web_name,
        birth_date=None if draw.random() < 0.04 else born,
        added_at=SEASON_START,
        price=40 + round(10 * ability) + {1: 0, 2: 0, 3: 8, 4: 12}[element_type],
    )


def number_elements(people: list[Person]) -> tuple[Person, ...]:
    """Element ids: by club at first, then in the order in which players were added."""
    ordered = sorted(
        (person for person in people if person.element),
        key=lambda person: (person.element.added_at if person.element else 0, person.number),
    )
    ids = {person.number: element_id for element_id, person in enumerate(ordered, start=1)}
    return tuple(
        replace(person, element=replace(person.element, element_id=ids[person.number]))
        if person.element
        else person
        for person in people
    )
