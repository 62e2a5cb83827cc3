"""The true links of the replayed season, found without the code under test.

For people with minutes, both APIs are read at the season's end, and the optimal assignment pairs the playing records
of all 380 matches that agree best, without names. People without minutes are paired by the same name and birth date;
the rest was looked up manually.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import requests
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

END = "2026-06-10T01:00:00Z"
"""A time after the last match, when every figure is final."""

KEY = "key-of-the-replay-tests"
SEASON = {"seasons_id": 76986, "unique_tournament_id": 17}
ENDED = {100, 110, 120}
GAMEWEEKS = 38
MINUTES_APART = 3
"""The two sources round stoppage time and substitutions differently."""
LEAST_SHARE = 0.5
"""Share of the matches with minutes on either side that must agree. The right pairs are at 0.6 and above."""

LOOKED_UP: dict[int, int] = {
    # One person with two ids: two of the five matches are under the first.
    1016893: 577114,  # Luis Guilherme
    # One person with two ids, never in one lineup. Another player has the same single match of 90 minutes.
    1469007: 590014, 2176022: 590014,  # Rio Cardines
    # No minutes, and a different spelling on each side; birth date and club agree.
    958966: 465920,  # Mykhaylo or Mykhailo Mudryk
    1023567: 477580,  # Ilya or Illia Zabarnyi
    1531384: 640108,  # Antonio Cordero, Antoñito Cordero Campillo
    155997: 109533,  # Emerson, Emerson Palmieri dos Santos
    254491: 121160,  # Ederson, Ederson Santana de Moraes
    84844: 69752,  # Neto, Norberto Murara Neto
    958380: 467169,  # Antony, Antony dos Santos
    1160554: 560441,  # Cuiabano, Luis Eduardo Soares da Silva
    934228: 220684,  # Ajibola-Joshua or Aji Alese
    # The birth date is a day off, and the player is on loan all season, so in no squad of the league.
    1989256: 515024,  # Luke Harris
    # No minutes, and no birth date on one side or both; the name is the same and unique, and the club agrees.
    1131: 19236,  # John Ruddy
    190843: 153127,  # Isaac Hayden
    860764: 428971,  # Steven Benda
    916926: 450072,  # Shurandy Sambo
    958718: 232571,  # Anthony Patterson
    993434: 232820,  # Joseph or Joe Anderson
    1002620: 495161,  # Marko Stamenić
    1104418: 514315,  # Lino Sousa, Lino da Cruz Sousa
    1129829: 578512,  # Miodrag Pivaš
    1138428: 491501,  # James McConnell
    1152449: 550141,  # Adrian Mazilu
    1158066: 536119,  # Charlie Crew
    1166679: 531363,  # Nathan Fraser
    1169124: 564510,  # Garang Kuol
    1384488: 576756,  # Zépiqueno Redmond
    1400646: 589507,  # Leon Chiwome
    1409114: 588793,  # Maldini Kacurri
    1415001: 496178,  # Roman Dixon
    1418646: 569014,  # Eric da Silva Moreira
    1424625: 563324,  # Brayden Clarke
    1464025: 611134,  # Kendry Páez, Kendry Páez Andrade
    1470532: 612534,  # Benjamin Fredrick
    1481988: 629068,  # Braiden Graham
    1523058: 491460,  # Alfie Brooks
    1747998: 589100,  # Jacob Slater
    1751748: 504296,  # Coby Ebere
    1867422: 553746,  # Leo Shahar
    1910099: 564505,  # Sam Proctor
    2115960: 587433,  # Conor McManus
    2201976: 556639,  # Jayce Fitzgerald
    # The same, without a club: on loan all season.
    988882: 240299,  # Joe Hodge
    1087316: 491287,  # Enzo Barrenechea
    1727807: 588555,  # Elyh Harrison
    2208313: 491557,  # Jenson Metcalfe
}  # fmt: skip


def words(*names: object) -> frozenset[str]:
    """The words of a name, without case, accents and punctuation."""
    plain = " ".join(map(str, names)).casefold().translate(str.maketrans("øłđıħ", "oldih"))
    letters = (letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))
    return frozenset("".join(letter if letter.isalnum() else " " for letter in letters).split())


@dataclass(frozen=True)
class NamedPerson:
    """A person of either side: the words of the name, and the birth date."""

    id: int
    words: frozenset[str]
    birth_date: date | None

    def has_name_and_birth_date_of(self, other: NamedPerson) -> bool:
        """Whether the birth dates are equal, and one name has all words (at least two) of the other."""
        shorter = min(self.words, other.words, key=len)
        return (
            self.birth_date is not None
            and self.birth_date == other.birth_date
            and len(shorter) > 1
            and shorter == self.words & other.words
        )


@dataclass(frozen=True)
class WholeSeason:
    """The season as both APIs have it when it is over."""

    fixture_of: Mapping[int, int]
    """SofaSport's event id -> FPL's fixture id, with the stale events."""
    ended: frozenset[int]
    """Events that have been played."""
    by_minutes: Mapping[int, int]
    """SofaSport's player id -> FPL's code, of people with a unique playing record."""
    players: tuple[NamedPerson, ...]
    """FPL's players, with their names at the end."""

    def current(self, known: Collection[int]) -> dict[int, int]:
        """Fixture -> its right event among those known: the one that was played, or the old one until that is known."""
        events: dict[int, list[int]] = defaultdict(list)
        for event in sorted(known):
            events[self.fixture_of[event]].append(event)
        return {fixture: max(found, key=self.ended.__contains__) for fixture, found in events.items()}

    def twice(self) -> dict[int, set[int]]:
        """The events of each fixture that has more than one."""
        events: dict[int, set[int]] = defaultdict(set)
        for event, fixture in self.fixture_of.items():
            events[fixture].add(event)
        return {fixture: found for fixture, found in events.items() if len(found) > 1}

    def pairs(self, people: Iterable[NamedPerson]) -> dict[int, int]:
        """SofaSport's player id -> FPL's code: by minutes, looked up, and the others by name and birth date."""
        known = {**self.by_minutes, **LOOKED_UP}
        codes = set(known.values())
        namesakes = [
            (person.id, player.id)
            for person in people
            if person.id not in known
            for player in self.players
            if player.id not in codes and person.has_name_and_birth_date_of(player)
        ]
        lefts, rights = Counter(left for left, _ in namesakes), Counter(right for _, right in namesakes)
        return known | {left: right for left, right in namesakes if lefts[left] == rights[right] == 1}


@cache
def whole_season(replay: str) -> WholeSeason:
    """Read the whole season from both APIs, once for all tests. Moves the clock of the replay."""
    requests.post(f"{replay}/__replay__/clock", json={"as_of": END}, timeout=30).raise_for_status()
    session = requests.Session()
    session.headers.update({"x-rapidapi-key": KEY, "x-rapidapi-host": "replay"})

    def fetch(path: str, **params: object) -> Any:  # noqa: ANN401 - the payload; None on a 404
        response = session.get(f"{replay}{path}", params=params, timeout=30)  # type: ignore[arg-type]
        if response.status_code == 404:
            return None
        response.raise_for_status()
        return response.json()

    fixtures = fetch("/api/fixtures/")
    events = [event for direction in ("last", "next") for event in _pages(fetch, direction)]
    clubs = _clubs(events, fixtures)
    by_clubs = {(fixture["team_h"], fixture["team_a"]): fixture["id"] for fixture in fixtures}
    fixture_of = {
        event["id"]: by_clubs[clubs[event["homeTeam"]["id"]], clubs[event["awayTeam"]["id"]]] for event in events
    }
    ended = frozenset(event["id"] for event in events if event["status"]["code"] in ENDED)
    elements = fetch("/api/bootstrap-static/")["elements"]
    codes = {element["id"]: element["code"] for element in elements}
    theirs: Records = defaultdict(dict)
    for gameweek in range(1, GAMEWEEKS + 1):
        for element in fetch(f"/api/event/{gameweek}/live/")["elements"]:
            for match in element["explain"]:
                minutes = sum(one["value"] for one in match["stats"] if one["identifier"] == "minutes")
                if minutes:
                    theirs[codes[element["id"]]][match["fixture"]] = minutes
    ours: Records = defaultdict(dict)
    for event_id in sorted(ended):
        lineups = fetch("/v1/events/lineups", event_id=event_id)["data"]
        for player in [*lineups["home"]["players"], *lineups["away"]["players"]]:
            minutes = player.get("statistics", {}).get("minutesPlayed", 0)
            if minutes:
                ours[player["player"]["id"]][fixture_of[event_id]] = minutes
    players = (
        NamedPerson(
            element["code"],
            words(element["first_name"], element["second_name"]),
            date.fromisoformat(element["birth_date"]) if element.get("birth_date") else None,
        )
        for element in elements
    )
    return WholeSeason(fixture_of, ended, _same_minutes(ours, theirs), tuple(players))


Records = dict[int, dict[int, int]]
"""Person or player -> FPL's fixture id -> minutes."""


def _pages(fetch: Any, direction: str) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - a function of any parameters
    page = 0
    while payload := fetch("/v1/seasons/events", **SEASON, course_events=direction, page=page):
        yield from payload["data"]["events"]
        page += 1


def _clubs(events: list[dict[str, Any]], fixtures: list[dict[str, Any]]) -> dict[int, int]:
    """SofaSport's club -> FPL's, by the home results: no two clubs have the same scores on the same days."""
    ours: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    theirs: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    for event in events:
        if event["status"]["code"] in ENDED:
            score = event["homeScore"]["current"], event["awayScore"]["current"]
            start = np.datetime64(event["startTimestamp"], "s").item().strftime("%Y-%m-%d")
            ours[event["homeTeam"]["id"]].add((start, *score))
    for fixture in fixtures:
        score = fixture["team_h_score"], fixture["team_a_score"]
        theirs[fixture["team_h"]].add((fixture["kickoff_time"][:10], *score))
    left, right = sorted(ours), sorted(theirs)
    same = np.array([[len(ours[one] & theirs[other]) for other in right] for one in left])
    rows, columns = linear_sum_assignment(same, maximize=True)
    assert (same[rows, columns] >= 18).all(), "The home results do not identify the clubs."
    return {left[row]: right[column] for row, column in zip(rows, columns, strict=True)}


def _same_minutes(ours: Records, theirs: Records) -> dict[int, int]:
    """The one-to-one pairs with the largest share of agreeing matches among those that either has.

    Pairs that are not the only best one of both sides, such as two debutants in one last minute, are left out.
    """
    left, right = sorted(ours), sorted(theirs)
    share = _agreement(left, right, ours, theirs)
    rows, columns = linear_sum_assignment(share, maximize=True)
    return {
        left[row]: right[column]
        for row, column in zip(rows, columns, strict=True)
        if share[row, column] >= LEAST_SHARE
        and (share[row] >= share[row, column]).sum() == (share[:, column] >= share[row, column]).sum() == 1
    }


def _agreement(left: list[int], right: list[int], ours: Records, theirs: Records) -> NDArray[np.float64]:
    row, column = {one: n for n, one in enumerate(left)}, {one: n for n, one in enumerate(right)}
    in_match: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for code, matches in theirs.items():
        for fixture, minutes in matches.items():
            in_match[fixture].append((column[code], minutes))
    agreed, both = (np.zeros((len(left), len(right))) for _ in range(2))
    for person, matches in ours.items():
        for fixture, minutes in matches.items():
            for place, official in in_match[fixture]:
                both[row[person], place] += 1
                agreed[row[person], place] += abs(official - minutes) <= MINUTES_APART
    either = np.array([[len(ours[one])] for one in left]) + np.array([len(theirs[one]) for one in right]) - both
    share: NDArray[np.float64] = agreed / either
    return share
