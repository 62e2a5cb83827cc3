"""Links SofaSport teams to FPL teams by name."""

from collections.abc import Iterable, Mapping

from rapidfuzz.distance import Levenshtein

from fpl_pulse.matching.assignment import clear_pairs
from fpl_pulse.matching.manual_decisions import DECISION, ManualDecisions
from fpl_pulse.matching.names import fold
from fpl_pulse.matching.rows import Candidate, FplTeamRow, TeamRow, by_id

# Short forms that no rule derives. Keys and values are folded; a key is a whole name or one word.
ALIASES: dict[str, str] = {
    "man": "manchester", "utd": "united", "nottm": "nottingham", "sheff": "sheffield", "wed": "wednesday",
    "weds": "wednesday", "spurs": "tottenham hotspur", "wolves": "wolverhampton wanderers",
    "wolverhampton": "wolverhampton wanderers", "tottenham": "tottenham hotspur",
    "west brom": "west bromwich albion", "wba": "west bromwich albion", "qpr": "queens park rangers",
    "forest": "nottingham forest",
}  # fmt: skip
_NOISE = frozenset({"fc", "afc", "cf", "sc", "and", "the"})
# A youth, reserve or women's side has its club's name but is another team.
_OTHER_SIDE = frozenset({
    "u17", "u18", "u19", "u20", "u21", "u23", "under", "b", "ii", "iii", "women", "ladies", "w", "youth",
    "reserves", "academy",
})  # fmt: skip

LINK, FLOOR, MARGIN = 0.8, 0.4, 0.1
"""Scores from 0 to 1: what links, what is worth a review, and by how much a link must beat its rivals."""

Pair = tuple[int, int]
"""SofaSport team id, FPL team code."""


def match_teams(
    sofasport_teams: Iterable[TeamRow],
    fpl_teams: Iterable[FplTeamRow],
    earlier: Iterable[Candidate] = (),
    decisions: ManualDecisions | None = None,
) -> list[Candidate]:
    """Match the teams of a season one to one: by manual decision, then by earlier (stored) link, then by name.

    Returns:
        One candidate a SofaSport team, ordered by id; one in review has the likeliest code, where there is any.

    Raises:
        ValueError: an id is in two different rows.
    """
    manual = decisions or ManualDecisions()
    teams = by_id(sofasport_teams, "team_id", "SofaSport team")
    fpl = by_id(fpl_teams, "code", "FPL team code")
    links = _fixed_links(earlier, manual)
    taken = {link.fpl_id for link in links.values()}
    compared = {
        (team_id, code): _compare(team, fpl_team)
        for team_id, team in teams.items()
        for code, fpl_team in fpl.items()
        if team_id not in links and code not in taken and (team_id, code) not in manual.rejected
    }
    scores = {pair: score for pair, (score, _) in compared.items()}
    by_name = clear_pairs(scores, link=LINK, floor=FLOOR, margin=MARGIN)
    return [links.get(team_id) or _candidate(team_id, by_name, compared, manual) for team_id in teams]


def _fixed_links(earlier: Iterable[Candidate], manual: ManualDecisions) -> dict[int, Candidate]:
    """Return the manual links, and the earlier links that do not conflict with them, by SofaSport team."""
    # Of two manual links of one FPL team the later one counts.
    team_of = {code: team_id for team_id, code in manual.links.items()}
    links = {
        team_id: Candidate(
            sofasport_id=team_id, fpl_id=code, status="linked", method=DECISION, confidence=1.0,
            evidence=manual.notes[team_id, code],
        )
        for code, team_id in team_of.items()
    }  # fmt: skip
    # Of two earlier links of one FPL team the one with more confidence stays.
    for link in sorted(earlier, key=lambda link: (-link.confidence, link.sofasport_id)):
        team_id, code = link.sofasport_id, link.fpl_id
        if code is None or team_id in links or code in team_of or (team_id, code) in manual.rejected:
            continue
        # A manual link that is no longer among the decisions was withdrawn: the names decide again.
        if link.method != DECISION:
            links[team_id] = link
            team_of[code] = team_id
    return links


def normalised(name: str | None) -> str:
    """Return a club's name folded, without FC and the like, with its known short forms written out."""
    words = [word for word in fold(name).split() if word not in _NOISE]
    written_out = (ALIASES[word] if word in _WORD_ALIASES else word for word in words)
    return ALIASES.get(" ".join(words)) or " ".join(written_out)


# Inside a longer name only abbreviations are written out: "Tottenham Hotspur" must not become "... Hotspur Hotspur".
_WORD_ALIASES = frozenset(key for key, value in ALIASES.items() if " " not in key and " " not in value)


def _compare(team: TeamRow, fpl_team: FplTeamRow) -> tuple[float, list[str]]:
    """Return the score of a pair and the words of its evidence, the deciding one first."""
    names = {normalised(name) for name in (team.name, team.short_name, team.slug)} - {""}
    fpl_name = normalised(fpl_team.name)
    if not names or not fpl_name:
        return 0.0, ["name_unreadable"]
    score, word = max((_compare_names(name, fpl_name) for name in names), key=lambda found: found[0])
    evidence = [word]
    if fold(team.name_code) and fold(team.name_code) == fold(fpl_team.short_name):
        # The code alone proves nothing: two clubs can have the same three letters, and codes are reassigned.
        score, evidence = (score + 0.05 if score >= 0.5 else 0.45), [word, "code_equal"]
    if any(_OTHER_SIDE & set(name.split()) for name in names):
        return min(score, 0.5), [*evidence, "other_side_of_the_club"]
    return score, evidence


def _compare_names(name: str, other: str) -> tuple[float, str]:
    if name == other:
        return 1.0, "name_equal"
    words, others = set(name.split()), set(other.split())
    if words < others or others < words:
        return 0.85, "name_within"
    similarity = Levenshtein.normalized_similarity(name, other)
    return (0.7, "name_spelling") if similarity >= 0.85 else (0.0, "name_different")


def _candidate(
    team_id: int, by_name: Mapping[int, int], compared: Mapping[Pair, tuple[float, list[str]]], manual: ManualDecisions
) -> Candidate:
    """Return the link by name or, without one, a review of the likeliest FPL team."""
    code = by_name.get(team_id)
    if code is None:
        taken = set(by_name.values())
        possible = [
            (-score, right)
            for (left, right), (score, _) in compared.items()
            if left == team_id and right not in taken and score >= FLOOR
        ]
        code = min(possible)[1] if possible else None
    is_rejected = any(left == team_id for left, _ in manual.rejected)
    reason = "rejected_manually" if is_rejected else "no_plausible_team"
    score, evidence = compared[team_id, code] if code is not None else (0.0, [reason])
    return Candidate(
        sofasport_id=team_id,
        fpl_id=code,
        # A team without any likely code is in review as well: every club of the league has a counterpart.
        status="linked" if team_id in by_name else "review",
        method=evidence[0],
        confidence=round(min(score, 1.0), 3),
        evidence=", ".join(evidence),
    )
