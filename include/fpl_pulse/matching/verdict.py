"""Who is linked to whom: people's decisions, the links there are, new links, second profiles, in this order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fpl_pulse.matching.assignment import clear_pairs
from fpl_pulse.matching.decisions import Decisions
from fpl_pulse.matching.evidence import FLOOR, LINK, MARGIN, Evidence, Person
from fpl_pulse.matching.profiles import Joint, Matches, may_be_one

Pair = tuple[int, int]
Found = Mapping[Pair, Evidence]


@dataclass(frozen=True)
class Known:
    """What is known before anything is decided."""

    persons: Mapping[int, Person]
    named_in: Matches
    profiles: Mapping[int, Joint]
    before: Mapping[int, int]
    """SofaSport id -> FPL code of the links there are."""
    lost: Mapping[int, int]
    """SofaSport id -> FPL code of the links that the evidence has ended at some time."""
    said: Decisions


@dataclass(frozen=True)
class Verdict:
    """What was decided about everybody, before it is written out as rows."""

    links: dict[int, int] = field(default_factory=dict)
    contradicted: set[Pair] = field(default_factory=set)
    """Links there were, until now."""
    displaced: set[Pair] = field(default_factory=set)
    """Links that had to give way to a person's decision."""


def decide(known: Known, found: Found) -> Verdict:
    """Decide about everybody.

    Args:
        known: what is known.
        found: the evidence of every pair worth weighing, without those that people have rejected.
    """
    clear = _beyond_doubt(known, found)
    verdict = Verdict(links=dict(known.said.links))
    _keep_links(known, found, clear, verdict)
    # Who has lost a link was somebody's mistake: only a person says that he is someone else. The same pair can come
    # back by itself, when what spoke against it is gone.
    held = dict(known.lost) | {person: code for person, code in verdict.contradicted}
    taken = set(verdict.links.values())
    for person, code in clear.items():
        if person not in verdict.links and code not in taken and held.get(person, code) == code:
            verdict.links[person] = code
    for person, joint in known.profiles.items():
        is_linked = any(verdict.links.get(other) == joint.code for other in joint.ids)
        is_free = person not in verdict.links and person not in held
        if is_linked and is_free and (person, joint.code) not in known.said.rejected:
            verdict.links[person] = joint.code
    return verdict


def _beyond_doubt(known: Known, found: Found) -> dict[int, int]:
    """The pairs that the evidence alone links; of whom a person has spoken, nobody else need."""
    clear = clear_pairs(
        {
            (left, right): evidence.bits
            for (left, right), evidence in found.items()
            if not evidence.contradicts and left not in known.said.links and _stands_for_himself(known, left)
        },
        link=LINK,
        floor=FLOOR,
        margin=MARGIN,
    )
    return {person: code for person, code in clear.items() if found[person, code].links}


def _stands_for_himself(known: Known, person: int) -> bool:
    """Of a man with several profiles, one stands for all: the first of which nobody has said anything."""
    joint = known.profiles.get(person)
    if joint is None:
        return True
    open_ids = (
        other
        for other in joint.ids
        if (other, joint.code) not in known.said.rejected and other not in known.said.links
    )
    return next(open_ids, person) == person


def _keep_links(known: Known, found: Found, clear: Mapping[int, int], verdict: Verdict) -> None:
    """Keep the links there are, but for those that a person or the evidence has ended."""
    rightful = {code: person for person, code in clear.items()}
    holders = {code: person for person, code in known.said.links.items()}
    for person, code in known.before.items():
        pair = person, code
        if person in verdict.links or pair in known.said.rejected:
            continue
        is_anothers = rightful.get(code, person) != person and pair in found and found[pair].bits < 0
        if is_anothers or (pair in found and found[pair].contradicts):
            verdict.contradicted.add(pair)
        elif code in holders and not _one_man(known, person, holders[code]):
            verdict.displaced.add(pair)
        else:
            verdict.links[person] = code


def _one_man(known: Known, one: int, other: int) -> bool:
    people: Mapping[int, Person] = known.persons
    return one in people and other in people and may_be_one(people[one], people[other], known.named_in)
