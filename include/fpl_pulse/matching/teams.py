"""SofaSport teams matched to FPL teams by name."""

from __future__ import annotations

from typing import Any

import pandas as pd
from rapidfuzz.distance import Levenshtein

from fpl_pulse.matching.assignment import clear_pairs
from fpl_pulse.matching.decisions import DECISION, Decisions
from fpl_pulse.matching.frames import build, rows
from fpl_pulse.matching.names import fold

# What normalising cannot derive. Keys and values are folded; a key is a whole name or one word.
ALIASES: dict[str, str] = {
    "man": "manchester", "utd": "united", "nottm": "nottingham", "sheff": "sheffield", "wed": "wednesday",
    "weds": "wednesday", "spurs": "tottenham hotspur", "wolves": "wolverhampton wanderers",
    "wolverhampton": "wolverhampton wanderers", "tottenham": "tottenham hotspur",
    "west brom": "west bromwich albion", "wba": "west bromwich albion", "qpr": "queens park rangers",
    "forest": "nottingham forest",
}  # fmt: skip
_NOISE = frozenset({"fc", "afc", "cf", "sc", "and", "the"})
# A youth, reserve or women's side carries its club's name and is another team.
_OTHER_SIDE = frozenset({
    "u17", "u18", "u19", "u20", "u21", "u23", "under", "b", "ii", "iii", "women", "ladies", "w", "youth",
    "reserves", "academy",
})  # fmt: skip

LINK, FLOOR, MARGIN = 0.8, 0.4, 0.1

_TEAM_COLUMNS = ["team_id", "name", "short_name", "slug", "name_code"]
_TYPES = {
    "sofasport_team_id": "int64", "fpl_team_code": "Int64", "status": "str", "method": "str",
    "confidence": "float64", "evidence": "str",
}  # fmt: skip


def match_teams(
    sofasport_teams: pd.DataFrame,
    fpl_teams: pd.DataFrame,
    earlier: pd.DataFrame | None = None,
    decisions: Decisions | None = None,
) -> pd.DataFrame:
    """Match teams one to one: as people say, as before, then by name.

    Args:
        sofasport_teams: team_id, name, short_name, slug, name_code.
        fpl_teams: code (the one that lasts, not the season's id), name, short_name.
        earlier: sofasport_team_id, fpl_team_code, method, confidence, evidence of the links that exist.
        decisions: what people have decided; it wins over everything.

    Returns:
        One row a SofaSport team: sofasport_team_id, fpl_team_code (null unless linked, or the likeliest
        when in review), status linked|review|no_counterpart, method, confidence 0..1, evidence.

    Raises:
        ValueError: a column is missing or an id stands for two different rows.
    """
    said = decisions or Decisions()
    ours = rows(sofasport_teams, _TEAM_COLUMNS, "SofaSport teams", "team_id")
    theirs = rows(fpl_teams, ["code", "name", "short_name"], "FPL teams", "code")
    links = _links_there_are(earlier, said)
    taken = {row["fpl_team_code"] for row in links.values()}
    found = {
        (our["team_id"], their["code"]): _compare(our, their)
        for our in ours
        for their in theirs
        if our["team_id"] not in links
        and their["code"] not in taken
        and (our["team_id"], their["code"]) not in said.rejected
    }
    scores = {pair: score for pair, (score, _) in found.items()}
    linked = clear_pairs(scores, link=LINK, floor=FLOOR, margin=MARGIN)
    return build(
        (links.get(our["team_id"]) or _decision(our["team_id"], linked, found, said) for our in ours), _TYPES
    )


def _links_there_are(earlier: pd.DataFrame | None, said: Decisions) -> dict[int, dict[str, Any]]:
    """Return the rows of the links that people have made, and of earlier ones that stand beside them."""
    # Of two decisions about one club the later one counts.
    team_of = {code: team for team, code in said.links.items()}
    links: dict[int, dict[str, Any]] = {
        team: {
            "sofasport_team_id": team, "fpl_team_code": code, "status": "linked", "method": DECISION,
            "confidence": 1.0, "evidence": said.notes[team, code],
        }
        for code, team in team_of.items()
    }  # fmt: skip
    if earlier is None:
        return links
    columns = ["sofasport_team_id", "fpl_team_code", "method", "confidence", "evidence"]
    before = rows(earlier, columns, "Earlier team links", "sofasport_team_id")
    for row in sorted(before, key=lambda row: (-float(row["confidence"]), row["sofasport_team_id"])):
        team, code = row["sofasport_team_id"], int(row["fpl_team_code"])
        # Of two ids of one club the surer one stays. A decision that was taken back leaves nothing behind: the names
        # decide anew.
        is_free = team not in links and code not in team_of and (team, code) not in said.rejected
        if is_free and row["method"] != DECISION:
            links[team] = {**row, "fpl_team_code": code, "status": "linked"}
            team_of[code] = team
    return links


def normalised(name: object) -> str:
    """Return a club's name folded, without FC and the like, its known short forms written out."""
    words = [word for word in fold(name).split() if word not in _NOISE]
    whole = " ".join(words)
    written_out = (ALIASES[word] if word in _WORD_ALIASES else word for word in words)
    return ALIASES.get(whole) or " ".join(written_out)


# Inside a longer name only abbreviations are written out: "Tottenham Hotspur" must not double.
_WORD_ALIASES = frozenset(key for key, value in ALIASES.items() if " " not in key and " " not in value)


def _compare(our: dict[str, Any], their: dict[str, Any]) -> tuple[float, list[str]]:
    """Return the score of a pair and the words of its evidence, the deciding one first."""
    ours = {normalised(our[column]) for column in ("name", "short_name", "slug")} - {""}
    theirs = normalised(their["name"])
    if not ours or not theirs:
        return 0.0, ["name_unreadable"]
    score, word = max((_alike(name, theirs) for name in ours), key=lambda found: found[0])
    evidence = [word]
    if fold(our["name_code"]) and fold(our["name_code"]) == fold(their["short_name"]):
        # The code alone proves nothing: three letters collide and are given out anew.
        score, evidence = (score + 0.05 if score >= 0.5 else 0.45), [word, "code_equal"]
    if any(_OTHER_SIDE & set(name.split()) for name in ours):
        return min(score, 0.5), [*evidence, "other_side_of_the_club"]
    return score, evidence


def _alike(name: str, other: str) -> tuple[float, str]:
    if name == other:
        return 1.0, "name_equal"
    words, others = set(name.split()), set(other.split())
    if words < others or others < words:
        return 0.85, "name_within"
    alike = Levenshtein.normalized_similarity(name, other)
    return (0.7, "name_spelling") if alike >= 0.85 else (0.0, "name_different")


def _decision(
    team_id: int,
    linked: dict[int, int],
    found: dict[tuple[int, int], tuple[float, list[str]]],
    said: Decisions,
) -> dict[str, Any]:
    code = linked.get(team_id)
    status = "linked"
    if code is None:
        taken = set(linked.values())
        open_pairs = [
            (-score, right) for (left, right), (score, _) in found.items()
            if left == team_id and right not in taken and score >= FLOOR
        ]  # fmt: skip
        code = min(open_pairs)[1] if open_pairs else None
        # Without any likeness it is in review too: in one league every club has a counterpart.
        status = "review"
    is_refused = any(team == team_id for team, _ in said.rejected)
    nothing = "rejected_by_a_person" if is_refused else "no_plausible_team"
    score, evidence = found[team_id, code] if code is not None else (0.0, [nothing])
    return {
        "sofasport_team_id": team_id, "fpl_team_code": code, "status": status, "method": evidence[0],
        "confidence": round(min(score, 1.0), 3), "evidence": ", ".join(evidence),
    }  # fmt: skip
