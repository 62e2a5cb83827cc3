"""SofaSport people matched to FPL players by birth date, name, club and position."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Any

import pandas as pd

from fpl_pulse.matching.assignment import clear_pairs
from fpl_pulse.matching.fixtures import team_codes
from fpl_pulse.matching.frames import as_date, as_int, build, is_missing, rows
from fpl_pulse.matching.names import fpl_forms, sofasport_forms
from fpl_pulse.matching.pairs import FLOOR, LINK, MARGIN, Element, Evidence, Person, birth_word, weigh

Found = dict[tuple[int, int], Evidence]

_PEOPLE = ["sofasport_player_id", "name", "slug", "short_name", "position", "birth_date", "team_ids"]
_ELEMENTS = [
    "fpl_code", "first_name", "second_name", "web_name", "known_name", "birth_date", "team_code",
    "element_type",
]  # fmt: skip
_LINK_TYPES = {
    "sofasport_player_id": "int64", "fpl_code": "int64", "method": "str", "confidence": "float64",
    "evidence": "str",
}  # fmt: skip
_CANDIDATE_TYPES = {
    "sofasport_player_id": "int64", "fpl_code": "Int64", "status": "str", "confidence": "float64",
    "evidence": "str",
}  # fmt: skip
# A person has at most this many candidates in the review list.
_MOST_CANDIDATES = 5


def match_players(
    people: pd.DataFrame, elements: pd.DataFrame, team_links: pd.DataFrame, decided: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Match people one to one, keeping what is decided already and linking anew only what is beyond doubt.

    Args:
        people: sofasport_player_id, name, slug, short_name, position (G/D/M/F or null), birth_date (or null),
            team_ids (list of the SofaSport teams he has been seen in); other columns are not looked at.
        elements: fpl_code, first_name, second_name, web_name, known_name, birth_date (or null), team_code,
            element_type 1..4; other columns are not looked at.
        team_links: sofasport_team_id, fpl_team_code.
        decided: sofasport_player_id, fpl_code of the links that exist. They are kept unless what is known now
            contradicts them, also when the person or the player is not in the other frames.

    Returns:
        links: sofasport_player_id, fpl_code, method, confidence 0..1, evidence.
        candidates: sofasport_player_id, fpl_code (null without counterpart), status
            linked|review|no_counterpart, confidence, evidence; every person at least once.

    Raises:
        ValueError: a column is missing, or an id stands for two different rows.
    """
    persons = _persons(people, team_codes(team_links))
    players = _elements(elements)
    earlier = {
        row["sofasport_player_id"]: int(row["fpl_code"])
        for row in rows(decided, ["sofasport_player_id", "fpl_code"], "Decided links", "sofasport_player_id")
    }
    found = {pair: weigh(persons[pair[0]], players[pair[1]]) for pair in _plausible(persons, players)}
    for left, right in earlier.items():
        if left in persons and right in players:
            found[left, right] = weigh(persons[left], players[right])
    contradicted = {pair for pair in earlier.items() if pair in found and found[pair].contradicts}
    kept = {left: right for left, right in earlier.items() if (left, right) not in contradicted}
    links = kept | _new_links(found, kept, contradicted)
    return (
        build((_link_row(pair, found.get(pair)) for pair in sorted(links.items())), _LINK_TYPES),
        build(_candidates(sorted({*persons, *links}), links, found, contradicted), _CANDIDATE_TYPES),
    )


def _new_links(found: Found, kept: dict[int, int], contradicted: set[tuple[int, int]]) -> dict[int, int]:
    """Return the clear pairs among people and players that no earlier link holds."""
    scores = {pair: evidence.score for pair, evidence in found.items() if pair not in contradicted}
    return clear_pairs(
        scores, link=LINK, floor=FLOOR, margin=MARGIN, taken_left=kept.keys(), taken_right=set(kept.values())
    )


def _persons(people: pd.DataFrame, codes: dict[int, int]) -> dict[int, Person]:
    return {
        row["sofasport_player_id"]: Person(
            row["sofasport_player_id"],
            sofasport_forms(row["name"], row["slug"], row["short_name"]),
            as_date(row["birth_date"]),
            frozenset(codes[int(team)] for team in _listed(row["team_ids"]) if int(team) in codes),
            None if is_missing(row["position"]) else str(row["position"]),
        )
        for row in rows(people, _PEOPLE, "People", "sofasport_player_id")
    }


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - a list, an array or a missing value, as pandas gives it
    return [] if is_missing(value) else list(value)


def _elements(elements: pd.DataFrame) -> dict[int, Element]:
    return {
        row["fpl_code"]: Element(
            row["fpl_code"],
            fpl_forms(row["first_name"], row["second_name"], row["web_name"], row["known_name"]),
            as_date(row["birth_date"]),
            as_int(row["team_code"]),
            as_int(row["element_type"]),
        )
        for row in rows(elements, _ELEMENTS, "FPL players", "fpl_code")
    }


def _plausible(persons: dict[int, Person], players: dict[int, Element]) -> Iterable[tuple[int, int]]:
    """Return the pairs worth weighing: same birth date, or same club, or a word of the name in common."""
    index: dict[Hashable, set[int]] = defaultdict(set)
    for player in players.values():
        for key in ("birth", player.birth_date), ("club", player.club_code):
            if key[1] is not None:
                index[key].add(player.code)
        for word in player.names.tokens:
            index["word", word].add(player.code)
    pairs: set[tuple[int, int]] = set()
    for person in persons.values():
        by_name = {code for word in person.names.tokens for code in index.get(("word", word), ())}
        by_birth = index.get(("birth", person.birth_date), set())
        by_club = {code for club in person.club_codes for code in index.get(("club", club), ())}
        # Men of one club with different birth dates and no word in common cannot reach the floor.
        by_club = {
            code
            for code in by_club
            if birth_word(person.birth_date, players[code].birth_date) != "birth_date_different"
        }
        pairs.update((person.id, code) for code in by_name | by_birth | by_club)
    return sorted(pairs)


def _link_row(pair: tuple[int, int], evidence: Evidence | None) -> dict[str, Any]:
    """Return a link as a row. A decided link that today's evidence would not carry says so in its method."""
    row: dict[str, Any] = {"sofasport_player_id": pair[0], "fpl_code": pair[1]}
    if evidence is None:
        return row | {"method": "decided", "confidence": 1.0, "evidence": "decided_before, not_seen_now"}
    if evidence.score < LINK:
        words = ", ".join(("decided_before", *evidence.words))
        return row | {"method": "decided", "confidence": evidence.confidence, "evidence": words}
    return row | {
        "method": evidence.method, "confidence": evidence.confidence, "evidence": ", ".join(evidence.words),
    }  # fmt: skip


def _candidates(
    ids: list[int], links: dict[int, int], found: Found, contradicted: set[tuple[int, int]]
) -> Iterable[dict[str, Any]]:
    """Yield each person's link, or the pairs to review, best first, or a row without counterpart."""
    taken = set(links.values())
    by_person: dict[int, list[tuple[float, int, tuple[str, ...]]]] = defaultdict(list)
    for (left, right), evidence in found.items():
        words = evidence.words
        if (left, right) in contradicted:
            words = ("decided_link_contradicted", *words)
        elif right in taken:
            # Somebody else is this player; only a pair that would be a link by itself is worth a look.
            if evidence.score < LINK:
                continue
            words = ("player_taken", *words)
        elif evidence.score < FLOOR:
            continue
        by_person[left].append((-evidence.confidence, right, words))
    for person in ids:
        row: dict[str, Any] = {"sofasport_player_id": person, "fpl_code": None, "confidence": 0.0}
        if person in links:
            link = _link_row((person, links[person]), found.get((person, links[person])))
            yield {**link, "status": "linked"}
        elif person in by_person:
            for confidence, code, words in sorted(by_person[person])[:_MOST_CANDIDATES]:
                review = {"fpl_code": code, "confidence": -confidence, "evidence": ", ".join(words)}
                yield row | review | {"status": "review"}
        else:
            yield row | {"status": "no_counterpart", "evidence": "no_plausible_player"}
