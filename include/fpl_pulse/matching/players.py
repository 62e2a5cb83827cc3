"""Links SofaSport people to FPL players by all evidence about them; see docs/matching.md."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from fpl_pulse.matching.candidate_pairs import Pair, weigh_candidate_pairs
from fpl_pulse.matching.evidence import FLOOR, KINDS, LINK, Evidence, EvidenceKind
from fpl_pulse.matching.linking import ChosenLinks, LinkingInput, choose_links
from fpl_pulse.matching.manual_decisions import DECISION, ManualDecisions
from fpl_pulse.matching.people import read_elements, read_persons
from fpl_pulse.matching.playing_records import PlayingRecords
from fpl_pulse.matching.profiles import ProfileGroup, find_profile_groups
from fpl_pulse.matching.replaced_profiles import KnownProfiles, find_replaced_profiles
from fpl_pulse.matching.rows import Candidate, ElementRow, PersonRow

MAX_CANDIDATES = 5
"""Most pairs of one person in the review list."""

CONTRADICTED = "linked until now, contradicted: "
"""Starts the evidence of a link that the evidence ends in this run."""
LOST = "linked once, contradicted since: "
"""Starts the evidence of such a pair in later runs."""
DISPLACED = "linked until now, replaced by a manual decision: "
"""Starts the evidence of an earlier link whose player was linked manually to somebody else."""

AGAINST = "against the evidence"
"""Is part of the evidence of a manual link that the evidence contradicts."""


def match_players(
    people: Iterable[PersonRow],
    elements: Iterable[ElementRow],
    team_codes: Mapping[int, int],
    earlier: Mapping[int, int],
    *,
    lost: Mapping[int, int] | None = None,
    records: PlayingRecords | None = None,
    decisions: ManualDecisions | None = None,
    absent: Iterable[PersonRow] = (),
    seen_last_season: Collection[int] = (),
    kinds: Collection[EvidenceKind] = KINDS,
) -> list[Candidate]:
    """Match people to players: apply manual decisions, keep earlier links, and add the links that are beyond doubt.

    Args:
        people: SofaSport's people of the season.
        elements: FPL's players of the season.
        team_codes: SofaSport team id -> FPL team code of the linked teams.
        earlier: SofaSport player id -> FPL code of the stored links. A link is kept unless the evidence contradicts
            it, also when the person or the player is not in the season's data.
        lost: SofaSport player id -> FPL code of earlier links that the evidence has ended. Such a person is linked to
            the same player again when nothing contradicts it, to another player only by a manual decision.
        records: the playing records of both sides.
        decisions: manual decisions; they override everything else.
        absent: SofaSport's linked people whom the season does not name.
        seen_last_season: SofaSport player ids of everybody whom the season before named.
        kinds: the kinds of evidence to use; fewer than all only to measure what each contributes.

    Returns:
        At least one candidate a person, ordered by id, the likeliest first. Two profiles of one person may be linked
        to one code.

    Raises:
        ValueError: an id is in two different rows.
    """
    manual = decisions or ManualDecisions()
    both = records or PlayingRecords({}, {}, [])
    persons, players = read_persons(people, team_codes), read_elements(elements)
    groups: dict[int, ProfileGroup] = {}
    if "minutes" in kinds:
        linked = {pair[0]: pair[1] for pair in {**earlier, **manual.links}.items() if pair not in manual.rejected}
        known = KnownProfiles(linked, lost or {}, manual.rejected, read_persons(absent, team_codes), seen_last_season)
        groups = find_profile_groups(persons.values(), both, players.keys())
        groups |= find_replaced_profiles(persons, players, both, known, kinds)
    always = {*earlier.items(), *(lost or {}).items(), *manual.links.items()}
    evidence = weigh_candidate_pairs(persons, players, both, groups, kinds=kinds, always=always)
    for pair in manual.rejected:
        evidence.pop(pair, None)
    given = LinkingInput(persons, groups, earlier, lost or {}, manual, evidence)
    chosen = choose_links(given)
    rejected = {person for person, code in manual.rejected if code in players}
    reviews = _reviews(given, chosen)
    return [
        candidate
        for person in sorted({*persons, *chosen.links})
        for candidate in (
            [_link((person, chosen.links[person]), given)]
            if person in chosen.links
            else reviews.get(person) or [_no_counterpart(person, is_rejected=person in rejected)]
        )
    ]


def _link(pair: Pair, given: LinkingInput) -> Candidate:
    """Return a link. The evidence of one that today's evidence would not make says that it was made before."""
    evidence = given.evidence.get(pair)
    link = Candidate(
        sofasport_id=pair[0], fpl_id=pair[1], status="linked", method="kept", confidence=1.0,
        evidence="linked before, not seen now",
    )  # fmt: skip
    if evidence is not None:
        link = replace(
            link,
            method=evidence.method if evidence.links else "kept",
            confidence=evidence.confidence,
            strength=round(evidence.bits, 1),
            evidence=evidence.words if evidence.links else f"linked before: {evidence.words}",
        )
    if given.manual.links.get(pair[0]) != pair[1]:
        return link
    against = f", {AGAINST}" if evidence is not None and evidence.contradicts else ""
    words = evidence.words if evidence is not None else "not both seen now"
    note = f"{given.manual.notes[pair]}{against} ({words})"
    return replace(link, method=DECISION, confidence=1.0, evidence=note)


def _reviews(given: LinkingInput, chosen: ChosenLinks) -> dict[int, list[Candidate]]:
    """Return each unlinked person's pairs that are worth a review, the likeliest first."""
    taken = set(chosen.links.values())
    reviews: dict[int, list[Candidate]] = defaultdict(list)
    unlinked = (item for item in given.evidence.items() if item[0][0] not in chosen.links)
    # Of equal pairs the one with the lower code comes first.
    for (person, code), evidence in sorted(unlinked, key=lambda item: (-item[1].bits, item[0][1])):
        prefix = _review_prefix((person, code), evidence, given, chosen, taken)
        if prefix is not None and len(reviews[person]) < MAX_CANDIDATES:
            review = Candidate(
                sofasport_id=person, fpl_id=code, status="review", method=evidence.method,
                confidence=evidence.confidence, strength=round(evidence.bits, 1), evidence=prefix + evidence.words,
            )  # fmt: skip
            reviews[person].append(review)
    return reviews


def _review_prefix(
    pair: Pair, evidence: Evidence, given: LinkingInput, chosen: ChosenLinks, taken: Collection[int]
) -> str | None:
    """Return the words before the evidence of a pair in review; None for a pair that is not worth a review."""
    if pair in chosen.contradicted:
        return CONTRADICTED
    if pair in chosen.displaced:
        return DISPLACED
    if given.lost.get(pair[0]) == pair[1]:
        return LOST
    would_link = evidence.bits_without_disagreement >= LINK
    if pair[1] in taken:
        # The player has a link. Only a pair that would itself be one is worth a review.
        return "another profile is linked to him: " if would_link else None
    if evidence.bits < FLOOR and not would_link:
        return None
    return "contradicted: " if evidence.contradicts else ""


def _no_counterpart(person: int, *, is_rejected: bool) -> Candidate:
    evidence = "rejected manually" if is_rejected else "no plausible player"
    return Candidate(sofasport_id=person, status="no_counterpart", evidence=evidence)
