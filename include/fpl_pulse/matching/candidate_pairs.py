"""Candidate pairs: which people are compared with which players (in record linkage: blocking), and their evidence."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping

from fpl_pulse.matching.evidence import Evidence, EvidenceKind, compare_birth_dates, weigh
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
    both players are known.
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
        enough = max(_MIN_COMMON_MATCHES, len(record) / 2)
        codes = {code for sound in person.names.sounds for code in index.get(("sound", sound), ())}
        if person.birth_date is not None:
            codes |= index.get(("birth", person.birth_date), set())
        # With another birth date and no similar word of the name the evidence of team-mates stays below the floor.
        codes |= {
            code
            for club in person.club_codes
            for code in index.get(("club", club), ())
            if compare_birth_dates(person.birth_date, elements[code].birth_date) != "birth_date_different"
        }
        codes |= {code for code, matches in agreeing.items() if matches >= enough}
        codes |= known_pairs[number]
        if group:
            codes.add(group.code)
        for code in sorted(codes & elements.keys()):
            comparison = records.compare(record, code, agreeing) if "minutes" in kinds else None
            weighed[number, code] = weigh(person, elements[code], comparison, kinds)
    return weighed


def _index(elements: Mapping[int, Element]) -> dict[Hashable, set[int]]:
    """Return (property, value) -> the FPL codes that have it."""
    index: dict[Hashable, set[int]] = defaultdict(set)
    for element in elements.values():
        index["birth", element.birth_date].add(element.code)
        index["club", element.club_code].add(element.code)
        for sound in element.names.sounds:
            index["sound", sound].add(element.code)
    return index
