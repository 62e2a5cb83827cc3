"""Replaced profiles: SofaSport gives a person another id, and the old id is gone from then on.

The old id stays linked, because earlier matches name it. The new id is linked to the same FPL player as soon as three
things agree: the old id is not seen any more when the new one begins, the new one's name, birth date, club and position
are the player's, and its minutes are those that the player has without the old id. A new id that has not played has the
old one's birth date or shirt instead.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from fpl_pulse.matching.evidence import EvidenceKind, compare_birth_dates, weigh
from fpl_pulse.matching.names import compare_names
from fpl_pulse.matching.people import Element, Person
from fpl_pulse.matching.playing_records import TURNING_MATCHES, PlayingRecords
from fpl_pulse.matching.profiles import ProfileGroup, combined_record

SIMILAR_NAME, SAME_NAME = 0.6, 0.9
"""Scores of names that can be two spellings of one name, and that are one name."""

_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class KnownProfiles:
    """What is known about profiles beside the season's data."""

    linked: Mapping[int, int]
    """SofaSport player id -> FPL code of the links so far, also of people who are not in the season's data."""
    lost: Mapping[int, int] = field(default_factory=dict)
    """SofaSport player id -> FPL code of the links that the evidence has ended."""
    rejected: Collection[tuple[int, int]] = ()
    """Pairs that are known to be two people."""
    absent: Mapping[int, Person] = field(default_factory=dict)
    """The linked people whom neither a squad nor a lineup of the season names."""
    seen_last_season: Collection[int] = ()
    """Everybody whom the season before named."""


def find_replaced_profiles(
    persons: Mapping[int, Person],
    elements: Mapping[int, Element],
    records: PlayingRecords,
    known: KnownProfiles,
    kinds: Collection[EvidenceKind],
) -> dict[int, ProfileGroup]:
    """Return SofaSport player id -> profile group, for people of whom one id replaced another."""
    search = _Search(persons, elements, records, known, kinds)
    groups: dict[int, ProfileGroup] = {}
    for code, old_ids in sorted(search.old_ids().items()):
        new_ids = [number for number in search.free_ids(code, old_ids) if search.replaces(number, old_ids, code)]
        ids = tuple(sorted({*old_ids, *new_ids}))
        # Two newcomers who fit one player cannot be told apart.
        if len(new_ids) <= 1 and len(ids) > 1 and search.may_be_one_person(ids, code, new_ids):
            groups |= dict.fromkeys(ids, ProfileGroup(ids, code))
    return groups


class _Search:
    """The comparisons of one search, over the same data."""

    def __init__(
        self,
        persons: Mapping[int, Person],
        elements: Mapping[int, Element],
        records: PlayingRecords,
        known: KnownProfiles,
        kinds: Collection[EvidenceKind],
    ) -> None:
        self._persons = persons
        self._elements = elements
        self._records = records
        self._known = known
        self._kinds = kinds
        self._free: dict[object, list[int]] = defaultdict(list)
        """Birth date, or sound of a word of the name -> the people without a link who have it."""
        for number, person in sorted(persons.items()):
            if number not in known.linked and number not in known.lost:
                for shared in (person.birth_date, *person.names.sounds):
                    self._free[shared].append(number)

    def old_ids(self) -> dict[int, list[int]]:
        """FPL code -> the profiles that are linked to him, or the first one whose matches are his."""
        found: dict[int, list[int]] = defaultdict(list)
        for number, code in sorted(self._known.linked.items()):
            if code in self._elements and (number in self._persons or number in self._known.absent):
                found[code].append(number)
        for number, code in sorted(self._known.lost.items()):
            # A link that only the matches of the other ids contradicted is no mistake.
            if code in found and self._records.agrees(self._records.sofasport.get(number, {}), code):
                found[code].append(number)
        taken = set(self._known.linked.values())
        first: dict[int, Person] = {}
        for person, code in self._unlinked_with_matches():
            if code not in taken and (code not in first or _begins(person) < _begins(first[code])):
                first[code] = person
        return found | {code: [person.id] for code, person in first.items()}

    def _unlinked_with_matches(self) -> Iterator[tuple[Person, int]]:
        """The people without a link, with each player of a similar name who has all of their minutes."""
        for number, person in sorted(self._persons.items()):
            record = self._records.sofasport.get(number, {})
            if number in self._known.linked or number in self._known.lost or not record:
                continue
            for code, matches in sorted(self._records.count_agreeing(record).items()):
                element = self._elements.get(code)
                if (
                    element is not None
                    and matches == len(record)
                    and (number, code) not in self._known.rejected
                    and compare_names(person.names, element.names).score >= SIMILAR_NAME
                ):
                    yield person, code

    def free_ids(self, code: int, old_ids: Collection[int]) -> list[int]:
        """The people without a link who share a word of the name or the birth date with the player or an old id."""
        element = self._elements[code]
        shared: set[object] = {element.birth_date, *element.names.sounds}
        for old in old_ids:
            shared |= {self._person(old).birth_date, *self._person(old).names.sounds}
        found = {number for word in shared - {None} for number in self._free.get(word, ())} - {*old_ids}
        return sorted(number for number in found if (number, code) not in self._known.rejected)

    def replaces(self, number: int, old_ids: Collection[int], code: int) -> bool:
        """Tell whether a person without a link is the player, under an id that replaced the old ones."""
        person, element = self._persons[number], self._elements[code]
        old = [self._person(one) for one in old_ids]
        if element.club_code not in person.club_codes or not all(self._follows(person, one) for one in old):
            return False
        others: list[Element | Person] = [element, *old]
        name = max(compare_names(person.names, one.names).score for one in others)
        birth_dates = {compare_birth_dates(person.birth_date, one.birth_date) for one in others}
        if name < SIMILAR_NAME or "birth_date_different" in birth_dates:
            return False
        if record := self._records.sofasport.get(number):
            return self._records.agrees(record, code)
        if any(one.id in self._known.absent for one in old):
            # Before the first match it is the evidence of a first link, about somebody who is new in the league.
            is_new = number not in self._known.seen_last_season and person.listed_at is not None
            return is_new and weigh(person, element, self._kinds).links
        has_his_shirt = any(person.shirts & one.shirts for one in old)
        return "birth_date_equal" in birth_dates or (has_his_shirt and name >= SAME_NAME)

    def _follows(self, new: Person, old: Person) -> bool:
        """Tell whether the old id is not seen any more when the new one begins."""
        positions = {new.position, old.position} - {None}
        if "G" in positions and len(positions) > 1:
            return False
        if old.id in self._known.absent:
            return True
        if old.last_named_at is None and old.listed_at is None:
            return False
        is_named_before = old.last_named_at is None or old.last_named_at < _begins(new)
        # The new id can replace the old one in matches that were played before the squad was read.
        is_listed_before = old.listed_at is None or old.listed_at < (new.observed_at or new.listed_at or _NEVER)
        are_listed_together = new.listed_at is not None and new.listed_at == old.listed_at
        is_gone = is_listed_before and not are_listed_together
        # A squad can list an old id for months.
        return is_named_before and (is_gone or len(self._records.sofasport.get(new.id, ())) >= TURNING_MATCHES)

    def may_be_one_person(self, ids: Collection[int], code: int, new_ids: Collection[int]) -> bool:
        """Tell whether nothing about the profiles, and no match of theirs together, contradicts one person.

        One lineup with two profiles of a person is a fault of SofaSport, and ends no link. It prevents a new one.
        """
        for one, other in combinations(map(self._person, ids), 2):
            birth_dates = compare_birth_dates(one.birth_date, other.birth_date)
            most_shared = 0 if {one.id, other.id} & {*new_ids} else TURNING_MATCHES - 1
            if len(one.event_ids & other.event_ids) > most_shared or birth_dates == "birth_date_different":
                return False
        record = combined_record(ids, self._records)
        found = self._records.compare(record, code, self._records.count_agreeing(record))
        return found is None or not found.contradicts

    def _person(self, number: int) -> Person:
        return self._persons.get(number) or self._known.absent[number]


def _begins(person: Person) -> dt.datetime:
    """When the person was first seen in the season; the newest squad, where only squads name him."""
    return person.first_named_at or person.listed_at or _NEVER
