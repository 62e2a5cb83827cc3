"""Candidate pairs: which people are compared with which players (in record linkage: blocking), and their evidence."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping

from fpl_pulse.matching.evidence import FLOOR, Evidence, EvidenceKind, similar_birth_dates, weigh
from fpl_pulse.matching.people import Element, Person
from fpl_pulse.matching.playing_records import PlayingRecords
from fpl_pulse.matching.profiles import ProfileGroup, combined_record

Pair = tuple[int, int]
"""SofaSport player id, FPL code."""

_MIN_COMMON_MATCHES = 3
"""Agreeing matches that make a candidate pair of any two names."""


def weigh_candidate_pairs(
    persons: Mapping[int, Person],
    elements: Mapping[int, Element],
    records: PlayingRecords,
    groups: Mapping[int, ProfileGroup],
    *,
    kinds: Collection[EvidenceKind],
    always: Collection[Pair],
) -> dict[Pair, Evidence]:
    """Weigh the pairs with the same birth date, the same club, a similar word of the name or similar minutes.

    Profiles of one person (`groups`) have the matches of all of them. The pairs in `always` are weighed in any case, if
    both players are known. Others are left out when they are below `FLOOR` whatever their minutes say: such a pair is
    neither linked nor in review, and no rival of another pair.
    """
    index = _index(elements)
    known_pairs: dict[int, set[int]] = defaultdict(set)
    for number, code in always:
        known_pairs[number].add(code)
    weighed: dict[Pair, Evidence] = {}
    for number, person in sorted(persons.items()):
        group = groups.get(number)
        record = combined_record(group.ids if group else [number], records)
        agreeing = records.count_agreeing(record) if "minutes" in kinds else {}
        supporters = records.supporters(record, agreeing)
        enough = max(_MIN_COMMON_MATCHES, len(record) / 2)
        codes = {code for sound in person.names.sounds for code in index.get(("sound", sound), ())}
        if person.birth_date is not None:
            codes |= index.get(("birth", person.birth_date), set())
        # With another birth date and no similar word of the name the evidence of team-mates stays below the floor.
        for club in person.club_codes:
            if person.birth_date is None:
                codes |= index.get(("club", club), set())
            else:
                for birth_date in (None, *similar_birth_dates(person.birth_date)):
                    codes |= index.get(("club", club, birth_date), set())
        codes |= {code for code, matches in agreeing.items() if matches >= enough}
        required = known_pairs[number] | ({group.code} if group else set())
        for code in sorted((codes | required) & elements.keys()):
            evidence = weigh(person, elements[code], kinds)
            if code in required or code in supporters or evidence.bits >= FLOOR:
                comparison = records.compare(record, code, agreeing) if "minutes" in kinds else None
                weighed[number, code] = evidence if comparison is None else evidence.with_minutes(comparison)
    return weighed


def _index(elements: Mapping[int, Element]) -> dict[Hashable, set[int]]:
    """Return (property, value) -> the FPL codes that have it."""
    index: dict[Hashable, set[int]] = defaultdict(set)
    for element in elements.values():
        index["birth", element.birth_date].add(element.code)
        index["club", element.club_code].add(element.code)
        index["club", element.club_code, element.birth_date].add(element.code)
        for sound in element.names.sounds:
            index["sound", sound].add(element.code)
    return index
