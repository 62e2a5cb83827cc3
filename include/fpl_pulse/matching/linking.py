"""Chooses the links: manual decisions first, then earlier links, new links, and second profiles."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fpl_pulse.matching.assignment import clear_pairs
from fpl_pulse.matching.candidate_pairs import Pair
from fpl_pulse.matching.evidence import FLOOR, LINK, MARGIN, Evidence
from fpl_pulse.matching.manual_decisions import ManualDecisions
from fpl_pulse.matching.people import Person
from fpl_pulse.matching.profiles import ProfileGroup, may_be_one_person


@dataclass(frozen=True)
class LinkingInput:
    """What the choice of links starts from."""

    persons: Mapping[int, Person]
    groups: Mapping[int, ProfileGroup]
    earlier: Mapping[int, int]
    """SofaSport id -> FPL code of the stored links."""
    lost: Mapping[int, int]
    """SofaSport id -> FPL code of earlier links that the evidence has ended."""
    manual: ManualDecisions
    evidence: Mapping[Pair, Evidence]
    """The candidate pairs, without those that were rejected manually."""


@dataclass(frozen=True)
class ChosenLinks:
    """The links, and the earlier links that ended."""

    links: dict[int, int] = field(default_factory=dict)
    """SofaSport id -> FPL code."""
    contradicted: set[Pair] = field(default_factory=set)
    """Earlier links that the evidence contradicts now."""
    displaced: set[Pair] = field(default_factory=set)
    """Earlier links whose player a manual decision links to somebody else."""


def choose_links(given: LinkingInput) -> ChosenLinks:
    """Choose the links of all people."""
    clear = _clear_links(given)
    chosen = ChosenLinks(links=dict(given.manual.links))
    _keep_earlier_links(given, clear, chosen)
    # A lost link was a mistake, so only a manual decision links the person to another player. The same pair is linked
    # again as soon as nothing contradicts it.
    lost = dict(given.lost) | dict(chosen.contradicted)
    taken = set(chosen.links.values())
    for person, code in clear.items():
        if person not in chosen.links and code not in taken and lost.get(person, code) == code:
            chosen.links[person] = code
    for person, group in given.groups.items():
        is_linked = any(chosen.links.get(other) == group.code for other in group.ids)
        is_free = person not in chosen.links and lost.get(person, group.code) == group.code
        if is_linked and is_free and (person, group.code) not in given.manual.rejected:
            chosen.links[person] = group.code
    return chosen


def _clear_links(given: LinkingInput) -> dict[int, int]:
    """Return the links that the evidence makes by itself, of people without a manual link.

    Disagreeing minutes of others free no player for somebody who has no minutes of his own, because one week of wrong
    lineups would. Such a link has to be clear without them too.
    """
    rivals = {
        (person, code): evidence
        for (person, code), evidence in given.evidence.items()
        if not evidence.contradicts and person not in given.manual.links and _represents_its_group(given, person)
    }
    clear = _clear({pair: evidence.bits for pair, evidence in rivals.items()})
    undisturbed = _clear({pair: evidence.bits_without_disagreement for pair, evidence in rivals.items()})
    return {
        person: code
        for person, code in clear.items()
        if rivals[person, code].links
        and (rivals[person, code].has_agreeing_minutes or undisturbed.get(person) == code)
    }


def _clear(scores: Mapping[Pair, float]) -> dict[int, int]:
    return clear_pairs(scores, link=LINK, floor=FLOOR, margin=MARGIN)


def _represents_its_group(given: LinkingInput, person: int) -> bool:
    """Tell whether a profile competes for links: of a group, only the first without a manual decision does."""
    group = given.groups.get(person)
    if group is None:
        return True
    undecided = (
        other
        for other in group.ids
        if (other, group.code) not in given.manual.rejected and other not in given.manual.links
    )
    return next(undecided, person) == person


def _keep_earlier_links(given: LinkingInput, clear: Mapping[int, int], chosen: ChosenLinks) -> None:
    """Add the earlier links, except those that a manual decision or the evidence ends."""
    clear_person = {code: person for person, code in clear.items()}
    manual_person = {code: person for person, code in given.manual.links.items()}
    for person, code in given.earlier.items():
        if person in chosen.links or (person, code) in given.manual.rejected:
            continue
        evidence = given.evidence.get((person, code))
        is_of_another = clear_person.get(code, person) != person
        if evidence and (evidence.contradicts or (is_of_another and evidence.bits < 0)):
            chosen.contradicted.add((person, code))
        elif code in manual_person and not _may_be_one_person(given, person, manual_person[code]):
            chosen.displaced.add((person, code))
        else:
            chosen.links[person] = code


def _may_be_one_person(given: LinkingInput, one: int, other: int) -> bool:
    persons = given.persons
    return one in persons and other in persons and may_be_one_person(persons[one], persons[other])
