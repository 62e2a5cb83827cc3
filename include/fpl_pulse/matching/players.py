"""SofaSport people matched to FPL players by all that is known of them; see docs/matching.md."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pandas as pd

from fpl_pulse.matching.behaviour import Records
from fpl_pulse.matching.decisions import DECISION, Decisions
from fpl_pulse.matching.evidence import FLOOR, KINDS, LINK, Element, Evidence, Kind
from fpl_pulse.matching.frames import build, rows
from fpl_pulse.matching.people import read_elements, read_persons
from fpl_pulse.matching.profiles import joint_profiles
from fpl_pulse.matching.verdict import Found, Known, Pair, Verdict, decide
from fpl_pulse.matching.weighing import Weighing

_TYPES = {
    "sofasport_player_id": "int64", "fpl_code": "Int64", "status": "str", "method": "str", "confidence": "float64",
    "strength": "Float64", "evidence": "str",
}  # fmt: skip
MOST_CANDIDATES = 5
"""A person has at most this many in the review list."""

CONTRADICTED = "linked until now, contradicted: "
"""Begins the words of a pair whose link the evidence has ended now."""
LOST = "linked once, contradicted since: "
"""Begins them in the runs after."""

AGAINST = "against the evidence"
"""Stands in the words of a link that a person has made and the evidence contradicts."""


def match_players(
    people: pd.DataFrame,
    elements: pd.DataFrame,
    team_links: pd.DataFrame,
    earlier: pd.DataFrame,
    *,
    lost: Mapping[int, int] | None = None,
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
        lost: sofasport_player_id -> fpl_code of the links that the evidence has ended. Such a person is linked anew to
            the same player when nothing speaks against it any more, to another only by a decision.
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
    both = records or Records({}, {}, [])
    before = {
        row["sofasport_player_id"]: int(row["fpl_code"])
        for row in rows(earlier, ["sofasport_player_id", "fpl_code"], "Earlier links", "sofasport_player_id")
    }
    profiles = joint_profiles(persons.values(), both, named_in, players.keys()) if "minutes" in kinds else {}
    known = Known(persons, named_in, profiles, before, lost or {}, said)
    always = {*before.items(), *known.lost.items(), *said.links.items()}
    found = {
        pair: evidence
        for pair, evidence in Weighing(persons, players, both, profiles, kinds).plausible(always).items()
        if pair not in said.rejected
    }
    verdict = decide(known, found)
    everybody = sorted({*persons, *verdict.links})
    return build(_candidates(everybody, players, known, verdict, found), _TYPES)


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


def _doubtful(
    known: Known, verdict: Verdict, found: Found
) -> dict[int, list[tuple[float, int, str, Evidence]]]:
    """Return each person's pairs that are worth a person's look: bits (less is more), code, words, evidence."""
    taken = set(verdict.links.values())
    doubtful: dict[int, list[tuple[float, int, str, Evidence]]] = {}
    for (left, right), evidence in found.items():
        is_striking = evidence.look_bits >= LINK
        if (left, right) in verdict.contradicted:
            prefix = CONTRADICTED
        elif (left, right) in verdict.displaced:
            prefix = "linked until now, given up for a person's decision: "
        elif known.lost.get(left) == right:
            prefix = LOST
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
    everybody: list[int], players: Mapping[int, Element], known: Known, verdict: Verdict, found: Found
) -> Iterable[dict[str, Any]]:
    """Yield each person's link, or the pairs to review, best first, or a row without counterpart."""
    said = known.said
    doubtful = _doubtful(known, verdict, found)
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
