"""Second profiles: SofaSport sometimes has one person under two ids, one after the other.

The same name and birth date are not enough, since a squad list can be wrong about two people. Profiles count as one
person when all have played, never in the same match, and their minutes together are those of one FPL player.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations

from fpl_pulse.matching.people import Person
from fpl_pulse.matching.playing_records import PlayingRecords, Record


@dataclass(frozen=True, slots=True)
class ProfileGroup:
    """All profiles of one person, and the FPL player whose minutes theirs are together."""

    ids: tuple[int, ...]
    code: int


def may_be_one_person(one: Person, other: Person) -> bool:
    """Tell whether two profiles can be one person: same name and birth date, and no lineup names both."""
    return (
        one.birth_date is not None
        and one.birth_date == other.birth_date
        and one.names.key == other.names.key != ()
        and not one.event_ids & other.event_ids
    )


def find_profile_groups(
    persons: Iterable[Person], records: PlayingRecords, codes: Collection[int]
) -> dict[int, ProfileGroup]:
    """Return SofaSport player id -> profile group, for profiles that share a person; `codes` are FPL's players."""
    namesakes: dict[object, list[Person]] = defaultdict(list)
    for person in persons:
        if records.sofasport.get(person.id) and person.birth_date is not None and person.names.key:
            namesakes[person.birth_date, person.names.key].append(person)
    groups: dict[int, ProfileGroup] = {}
    for played in namesakes.values():
        if len(played) < 2 or not all(may_be_one_person(*pair) for pair in combinations(played, 2)):
            continue
        ids = tuple(sorted(person.id for person in played))
        record = combined_record(ids, records)
        agreeing = records.count_agreeing(record)
        for code in agreeing:
            found = records.compare(record, code, agreeing) if code in codes else None
            if found and found.is_unique and found.agreed == len(record) and not found.disagreed:
                groups |= dict.fromkeys(ids, ProfileGroup(ids, code))
    return groups


def combined_record(ids: Iterable[int], records: PlayingRecords) -> Record:
    """Return the matches of several profiles together."""
    record: Record = {}
    for number in ids:
        record |= records.sofasport.get(number, {})
    return record
