"""Who is who in the replayed season, found without the code under test.

People with minutes are told by what they did in all 380 matches: both APIs are asked at the season's end, and the
optimal assignment pairs the records that agree best. Names play no part in it. People without minutes are told by the
same name with the same birth date; the rest was looked up by hand.
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
"""A moment after the last match, when every figure is final."""

KEY = "key-of-the-replay-tests"
SEASON = {"seasons_id": 76986, "unique_tournament_id": 17}
ENDED = {100, 110, 120}
GAMEWEEKS = 38
MINUTES_APART = 3
"""Both sides round stoppage time and the minute of a substitution on their own."""
LEAST_SHARE = 0.5
"""Of all matches in which either has minutes: so many agree for one man. The right pairs are at 0.6 and above."""

BY_HAND: dict[int, int] = {
    # One man under two ids: of his five matches two are under the first.
    1016893: 577114,  # Luis Guilherme
    # One man under two ids, never in the same lineup. His only match, a whole one, is another man's only one as well.
    1469007: 590014, 2176022: 590014,  # Rio Cardines
    # No minutes, and written in another way on each side; birth date and club agree.
    958966: 465920,  # Mykhaylo or Mykhailo Mudryk
    1023567: 477580,  # Ilya or Illia Zabarnyi
    1531384: 640108,  # Antonio Cordero, Antoñito Cordero Campillo
    155997: 109533,  # Emerson, Emerson Palmieri dos Santos
    254491: 121160,  # Ederson, Ederson Santana de Moraes
    84844: 69752,  # Neto, Norberto Murara Neto
    958380: 467169,  # Antony, Antony dos Santos
    1160554: 560441,  # Cuiabano, Luis Eduardo Soares da Silva
    934228: 220684,  # Ajibola-Joshua or Aji Alese
    # The birth date is a day off, and he is on loan all season: no squad of the league has him.
    1989256: 515024,  # Luke Harris
    # No minutes, and one side or both without a birth date; the name is the same and nobody else's, and so is the club.
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
    # The same, and no club either: on loan all season.
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
class Somebody:
    """A person of either side: the words of his name, and when he was born."""

    id: int
    words: frozenset[str]
    birth_date: date | None

    def is_written_like(self, other: Somebody) -> bool:
        """Whether the two are born on the same day, and one's words, two at least, are all among the other's."""
        shorter = min(self.words, other.words, key=len)
        return (
            self.birth_date is not None
            and self.birth_date == other.birth_date
            and len(shorter) > 1
            and shorter == self.words & other.words
        )


@dataclass(frozen=True)
class WholeSeason:
    """What both APIs say of the season when it is over."""

    fixture_of: Mapping[int, int]
    """SofaSport's event id -> FPL's fixture id, the stale events too."""
    ended: frozenset[int]
    """Events that have been played."""
    by_minutes: Mapping[int, int]
    """SofaSport's player id -> FPL's code, of those whose minutes tell them apart."""
    players: tuple[Somebody, ...]
    """FPL's players, as they are written in the end."""

    def current(self, known: Collection[int]) -> dict[int, int]:
        """Fixture -> its event among those known: the one played in the end; until that is known, the old one."""
        events: dict[int, list[int]] = defaultdict(list)
        for event in sorted(known):
            events[self.fixture_of[event]].append(event)
        return {fixture: max(found, key=self.ended.__contains__) for fixture, found in events.items()}

    def twice(self) -> dict[int, set[int]]:
        """The fixtures that have more than one event -> these events."""
        events: dict[int, set[int]] = defaultdict(set)
        for event, fixture in self.fixture_of.items():
            events[fixture].add(event)
        return {fixture: found for fixture, found in events.items() if len(found) > 1}

    def pairs(self, people: Iterable[Somebody]) -> dict[int, int]:
        """SofaSport's player id -> FPL's code: by minutes, by hand, and of the others by name and birth date."""
        known = {**self.by_minutes, **BY_HAND}
        codes = set(known.values())
        alike = [
            (person.id, player.id)
            for person in people
            if person.id not in known
            for player in self.players
            if player.id not in codes and person.is_written_like(player)
        ]
        lefts, rights = Counter(left for left, _ in alike), Counter(right for _, right in alike)
        return known | {left: right for left, right in alike if lefts[left] == rights[right] == 1}


@cache
def whole_season(replay: str) -> WholeSeason:
    """Ask both APIs for the whole season, once for all tests. Moves the clock of the replay."""
    requests.post(f"{replay}/__replay__/clock", json={"as_of": END}, timeout=30).raise_for_status()
    session = requests.Session()
    session.headers.update({"x-rapidapi-key": KEY, "x-rapidapi-host": "replay"})

    def ask(path: str, **params: object) -> Any:  # noqa: ANN401 - whatever the API answers; None where it has nothing
        answer = session.get(f"{replay}{path}", params=params, timeout=30)  # type: ignore[arg-type]
        if answer.status_code == 404:
            return None
        answer.raise_for_status()
        return answer.json()

    fixtures = ask("/api/fixtures/")
    events = [event for direction in ("last", "next") for event in _pages(ask, direction)]
    clubs = _clubs(events, fixtures)
    by_clubs = {(fixture["team_h"], fixture["team_a"]): fixture["id"] for fixture in fixtures}
    fixture_of = {
        event["id"]: by_clubs[clubs[event["homeTeam"]["id"]], clubs[event["awayTeam"]["id"]]]
        for event in events
    }
    ended = frozenset(event["id"] for event in events if event["status"]["code"] in ENDED)
    elements = ask("/api/bootstrap-static/")["elements"]
    codes = {element["id"]: element["code"] for element in elements}
    theirs: Records = defaultdict(dict)
    for gameweek in range(1, GAMEWEEKS + 1):
        for element in ask(f"/api/event/{gameweek}/live/")["elements"]:
            for match in element["explain"]:
                minutes = sum(one["value"] for one in match["stats"] if one["identifier"] == "minutes")
                if minutes:
                    theirs[codes[element["id"]]][match["fixture"]] = minutes
    ours: Records = defaultdict(dict)
    for event_id in sorted(ended):
        lineups = ask("/v1/events/lineups", event_id=event_id)["data"]
        for player in [*lineups["home"]["players"], *lineups["away"]["players"]]:
            minutes = player.get("statistics", {}).get("minutesPlayed", 0)
            if minutes:
                ours[player["player"]["id"]][fixture_of[event_id]] = minutes
    players = (
        Somebody(
            element["code"],
            words(element["first_name"], element["second_name"]),
            date.fromisoformat(element["birth_date"]) if element.get("birth_date") else None,
        )
        for element in elements
    )
    return WholeSeason(fixture_of, ended, _same_minutes(ours, theirs), tuple(players))


Records = dict[int, dict[int, int]]
"""Who -> FPL's fixture id -> minutes."""


def _pages(ask: Any, direction: str) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - a function of any parameters
    page = 0
    while answer := ask("/v1/seasons/events", **SEASON, course_events=direction, page=page):
        yield from answer["data"]["events"]
        page += 1


def _clubs(events: list[dict[str, Any]], fixtures: list[dict[str, Any]]) -> dict[int, int]:
    """SofaSport's club -> FPL's, by the results at home: no two clubs have the same scores in the same weeks."""
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
    assert (same[rows, columns] >= 18).all(), "The results at home do not tell which club is which."
    return {left[row]: right[column] for row, column in zip(rows, columns, strict=True)}


def _same_minutes(ours: Records, theirs: Records) -> dict[int, int]:
    """The one-to-one pairs whose matches agree best, in share of those that either has.

    Two who shared the last minute of one match and no other are not told apart by it: they are left out.
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
    either = (
        np.array([[len(ours[one])] for one in left]) + np.array([len(theirs[one]) for one in right]) - both
    )
    share: NDArray[np.float64] = agreed / either
    return share
