"""SofaSport people matched to FPL players by all that is known of them; see docs/matching.md."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from fpl_pulse.matching.assignment import clear_pairs
from fpl_pulse.matching.behaviour import Records
from fpl_pulse.matching.decisions import DECISION, Decisions
from fpl_pulse.matching.evidence import FLOOR, KINDS, LINK, MARGIN, Element, Evidence, Kind, Person
from fpl_pulse.matching.frames import build, rows
from fpl_pulse.matching.people import read_elements, read_persons
from fpl_pulse.matching.profiles import joint_profiles, may_be_one
from fpl_pulse.matching.weighing import Weighing

Pair = tuple[int, int]
Found = Mapping[Pair, Evidence]

_TYPES = {
    "sofasport_player_id": "int64", "fpl_code": "Int64", "status": "str", "method": "str", "confidence": "float64",
    "strength": "Float64", "evidence": "str",
}  # fmt: skip
MOST_CANDIDATES = 5
"""A person has at most this many in the review list."""

CONTRADICTED = "linked until now, contradicted: "
"""Begins the words of a pair whose link the evidence has ended."""

AGAINST = "against the evidence"
"""Stands in the words of a link that a person has made and the evidence contradicts."""


@dataclass(frozen=True)
class Verdict:
    """What was decided about everybody, before it is written out as rows."""

    links: dict[int, int]
    contradicted: set[Pair]
    """Links there were, until now."""
    displaced: set[Pair]
    """Links that had to give way to a person's decision."""


def match_players(
    people: pd.DataFrame,
    elements: pd.DataFrame,
    team_links: pd.DataFrame,
    earlier: pd.DataFrame,
    *,
    records: Records | None = None,
    decisions: Decisions | None = None,
    kinds: Collection[Kind] = KINDS,
) -> pd.DataFrame:
    """Match people to players: keep the links there are, obey people's decisions, link only what is beyond doubt.

    Args:
        people: sofasport_player_id, name, slug, short_name, position (G/D/M/F or null), birth_date (or null), team_ids
            (the SofaSport teams he has been seen in), shirt_numbers (worn there), event_ids (matches whose lineups
            name him); other columns are not looked at.
        elements: fpl_code, first_name, second_name, web_name, known_name, birth_date (or null), team_code,
            element_type 1..4, squad_number (or null); other columns are not looked at.
        team_links: sofasport_team_id, fpl_team_code.
        earlier: sofasport_player_id, fpl_code of the links that exist. They are kept unless what is known now
            contradicts them, also when the person or the player is not in the other frames.
        records: minutes and goals on both sides.
        decisions: what people have decided; it wins over everything.
        kinds: the kinds of evidence to look at; all but when measuring what each is worth.

    Returns:
        sofasport_player_id, fpl_code (null without counterpart), status linked|review|no_counterpart, method,
        confidence 0..1, strength (bits; null when one of the two is not seen now), evidence in words. Every person at
        least once, the likeliest first. Two profiles of one person may share a code.

    Raises:
        ValueError: a column is missing, or an id stands for two different rows.
    """
    said = decisions or Decisions()
    persons, named_in = read_persons(people, team_links)
    players = read_elements(elements)
    known = records or Records({}, {}, [])
    links_before = {
        row["sofasport_player_id"]: int(row["fpl_code"])
        for row in rows(earlier, ["sofasport_player_id", "fpl_code"], "Earlier links", "sofasport_player_id")
    }
    profiles = joint_profiles(persons.values(), known, named_in, players.keys()) if "minutes" in kinds else {}
    weighing = Weighing(persons, players, known, profiles, kinds)
    found = {
        pair: evidence
        for pair, evidence in weighing.plausible({*links_before.items(), *said.links.items()}).items()
        if pair not in said.rejected
    }
    verdict = _decide(persons, found, profiles, links_before, said, named_in)
    everybody = sorted({*persons, *verdict.links})
    return build(_candidates(everybody, players, verdict, found, said), _TYPES)


def _decide(
    persons: dict[int, Person],
    found: Found,
    profiles: Mapping[int, tuple[int, ...]],
    links_before: dict[int, int],
    said: Decisions,
    named_in: Mapping[int, Collection[int]],
) -> Verdict:
    """Decide in this order: what people say, the links there are, new links, second profiles."""
    # Of a man with several profiles the first stands for all of them; of whom a person has spoken, nobody else need.
    clear = clear_pairs(
        {
            (left, right): evidence.bits
            for (left, right), evidence in found.items()
            if not evidence.contradicts and profiles.get(left, (left,))[0] == left and left not in said.links
        },
        link=LINK,
        floor=FLOOR,
        margin=MARGIN,
    )
    clear = {person: code for person, code in clear.items() if found[person, code].links}
    rightful = {code: person for person, code in clear.items()}
    contradicted, displaced = set(), set()
    links = dict(said.links)
    holders = {code: person for person, code in said.links.items()}
    for person, code in links_before.items():
        pair = person, code
        if person in links or pair in said.rejected:
            continue
        is_anothers = rightful.get(code, person) != person and pair in found and found[pair].bits < 0
        if is_anothers or (pair in found and found[pair].contradicts):
            contradicted.add(pair)
        elif code in holders and not _one_man(person, holders[code], persons, named_in):
            displaced.add(pair)
        else:
            links[person] = code
    taken = set(links.values())
    for person, code in clear.items():
        if person not in links and code not in taken:
            links[person] = code
    for person, others in profiles.items():
        codes = {links[other] for other in others if other in links}
        if person not in links and len(codes) == 1 and (person, *codes) not in said.rejected:
            links[person] = codes.pop()
    return Verdict(links, contradicted, displaced)


def _one_man(
    one: int, other: int, persons: dict[int, Person], named_in: Mapping[int, Collection[int]]
) -> bool:
    return one in persons and other in persons and may_be_one(persons[one], persons[other], named_in)


def _link_row(pair: Pair, found: Found, said: Decisions) -> dict[str, Any]:
    """Return a link as a row. One that today's evidence would not carry says that it was made before."""
    evidence = found.get(pair)
    row: dict[str, Any] = {"sofasport_player_id": pair[0], "fpl_code": pair[1], "status": "linked"}
    if evidence is None:
        row |= {
            "method": "kept",
            "confidence": 1.0,
            "strength": None,
            "evidence": "linked before, not seen now",
        }
    else:
        is_carried = evidence.links
        row |= {
            "method": evidence.method if is_carried else "kept",
            "confidence": evidence.confidence,
            "strength": round(evidence.bits, 1),
            "evidence": evidence.words if is_carried else f"linked before: {evidence.words}",
        }
    if said.links.get(pair[0]) == pair[1]:
        against = f", {AGAINST}" if evidence is not None and evidence.contradicts else ""
        words = evidence.words if evidence is not None else "not both seen now"
        row |= {"method": DECISION, "confidence": 1.0, "evidence": f"{said.notes[pair]}{against} ({words})"}
    return row


def _doubtful(verdict: Verdict, found: Found) -> dict[int, list[tuple[float, int, str, Evidence]]]:
    """Return each person's pairs that are worth a person's look: bits (less is more), code, words, evidence."""
    taken = set(verdict.links.values())
    doubtful: dict[int, list[tuple[float, int, str, Evidence]]] = {}
    for (left, right), evidence in found.items():
        is_striking = evidence.look_bits >= LINK
        if (left, right) in verdict.contradicted:
            prefix = CONTRADICTED
        elif (left, right) in verdict.displaced:
            prefix = "linked until now, given up for a person's decision: "
        elif right in taken:
            # Somebody else is this player; only a pair that would be a link by itself is worth a look.
            if not is_striking:
                continue
            prefix = "another profile is linked to him: "
        elif evidence.bits < FLOOR and not is_striking:
            continue
        else:
            prefix = "contradicted: " if evidence.contradicts else ""
        doubtful.setdefault(left, []).append((-evidence.bits, right, prefix + evidence.words, evidence))
    return doubtful


def _candidates(
    everybody: list[int], players: Mapping[int, Element], verdict: Verdict, found: Found, said: Decisions
) -> Iterable[dict[str, Any]]:
    """Yield each person's link, or the pairs to review, best first, or a row without counterpart."""
    doubtful = _doubtful(verdict, found)
    for person in everybody:
        row: dict[str, Any] = {"sofasport_player_id": person, "fpl_code": None, "method": "none"}
        if person in verdict.links:
            yield _link_row((person, verdict.links[person]), found, said)
        elif person in doubtful:
            for bits, code, words, evidence in sorted(doubtful[person], key=lambda one: one[:2])[
                :MOST_CANDIDATES
            ]:
                yield row | {
                    "fpl_code": code, "status": "review", "method": evidence.method, "evidence": words,
                    "confidence": evidence.confidence, "strength": round(-bits, 1),
                }  # fmt: skip
        else:
            is_refused = any(left == person and code in players for left, code in said.rejected)
            words = "rejected by a person" if is_refused else "no plausible player"
            yield row | {"status": "no_counterpart", "confidence": 0.0, "strength": None, "evidence": words}
