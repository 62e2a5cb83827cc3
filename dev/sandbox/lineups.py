"""Lineups: available players, formation, starters, bench and substitutions."""

import random
from dataclasses import dataclass, field

from dev.sandbox.people import Person
from dev.sandbox.seeded_random import SeededRandom

FULL_TIME = 90
BENCH = 9
FORMATIONS = ("4-2-3-1", "4-3-3", "3-4-2-1", "4-4-2", "3-5-2", "5-3-2", "4-1-4-1")
UNAVAILABLE = 0.1  # share of outfield players who miss a match
BENCH_BY_POSITION = {"G": 1, "D": 3, "M": 3, "F": 2}


@dataclass(slots=True)
class Appearance:
    """One player of one match squad. `entered` and `left` are match minutes; both are 0 if the player did not play.

    `goals`, `assists`, `own_goals` and `conceded` list match minutes. `statistics` are the final ones under SofaSport's
    names, without zeros.
    """

    person: Person
    position: str
    starter: bool
    captain: bool = False
    entered: int = 0
    left: int = 0
    goals: list[int] = field(default_factory=list)
    penalties: int = 0
    penalties_missed: int = 0
    penalties_saved: int = 0
    assists: list[int] = field(default_factory=list)
    fpl_assists: list[int] = field(default_factory=list)
    own_goals: list[int] = field(default_factory=list)
    conceded: list[int] = field(default_factory=list)
    yellow: bool = False
    red: bool = False
    official_minutes: int = 0
    statistics: dict[str, int | float | dict[str, float]] = field(default_factory=dict)

    @property
    def minutes(self) -> int:
        """Minutes played."""
        return self.left - self.entered

    def on_pitch(self, minute: int) -> bool:
        """Whether the player was on the pitch in this minute (1-90)."""
        return self.entered < minute <= self.left


@dataclass(slots=True)
class Side:
    """One club's part of a match: eleven starters, then nine substitutes."""

    club: int
    formation: str
    appearances: list[Appearance]
    missing: list[Person]


def pick_formation(seeded: SeededRandom, club: int, rng: random.Random | None = None) -> str:
    """The club's usual formation; with `rng`, sometimes another one."""
    if rng is not None and rng.random() < 0.25:
        return rng.choice(FORMATIONS)
    return FORMATIONS[int(seeded.fraction("favourite formation", club) * len(FORMATIONS))]


def players_by_position(formation: str) -> dict[str, int]:
    """'4-2-3-1' -> {'G': 1, 'D': 4, 'M': 5, 'F': 1}."""
    lines = [int(number) for number in formation.split("-")]
    return {"G": 1, "D": lines[0], "M": sum(lines[1:-1]), "F": lines[-1]}


def pick_eleven(squad: list[Person], formation: str) -> list[tuple[Person, str]]:
    """[(person, position)] of the best eleven. `squad` is ordered best first."""
    eleven: list[tuple[Person, str]] = []
    for position, wanted in players_by_position(formation).items():
        chosen = [person for person in squad if person.position == position][:wanted]
        eleven += [(person, position) for person in chosen]
    return eleven


def pick_match_squad(squad: list[Person], club: int, seeded: SeededRandom, rng: random.Random) -> Side:
    """Select the match squad of twenty players from all players of the club."""
    missing = [person for person in squad if person.position != "G" and rng.random() < UNAVAILABLE]
    fit = [person for person in squad if person not in missing]
    fit.sort(key=lambda person: -(person.ability + rng.uniform(-0.25, 0.25)))
    formation = pick_formation(seeded, club, rng)
    eleven = pick_eleven(fit, formation)
    started = {person.number for person, _ in eleven}
    rest = [person for person in fit if person.number not in started]
    bench: list[Person] = []
    for position, wanted in BENCH_BY_POSITION.items():
        bench += [person for person in rest if person.position == position][:wanted]
    bench += [person for person in rest if person not in bench and person.position != "G"][: BENCH - len(bench)]
    appearances = [Appearance(person, position, True, left=FULL_TIME) for person, position in eleven]
    appearances += [Appearance(person, person.position, False) for person in bench]
    max(appearances[1:11], key=lambda entry: entry.person.ability).captain = True
    return Side(club, formation, appearances, missing)


def give_cards(side: Side, rng: random.Random) -> None:
    """Give about two yellow cards and sometimes a red one. A player with a red card is not replaced."""
    starters = side.appearances[1:11]
    for entry in starters:
        entry.yellow = rng.random() < 0.17
    if rng.random() < 0.07:
        sent_off = rng.choice(starters)
        sent_off.red, sent_off.yellow, sent_off.left = True, False, rng.randint(25, 88)


def make_substitutions(side: Side, rng: random.Random) -> None:
    """Make three to five substitutions from half-time on, if possible with players of the same position."""
    leaving = [entry for entry in side.appearances[1:11] if not entry.red]
    waiting = [entry for entry in side.appearances[11:] if entry.position != "G"]
    for off in rng.sample(leaving, rng.choice((3, 4, 5, 5))):
        minute = rng.choice((45, 58, 60, 62, 65, 67, 70, 72, 75, 78, 80, 83, 85, 88))
        on = next((entry for entry in waiting if entry.position == off.position), waiting[0])
        waiting.remove(on)
        off.left = minute
        on.entered, on.left = minute, FULL_TIME
