"""Second profiles: SofaSport sometimes has one man under two ids, one after the other.

That two profiles share a name and a birth date is not enough, since a list can also be wrong about two men. They are
taken for one when both have played, never in the same match, and their minutes together are one FPL player's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from fpl_pulse.matching.behaviour import Minutes, Records
from fpl_pulse.matching.evidence import Person


@dataclass(frozen=True, slots=True)
class Joint:
    """All profiles of one man, and the FPL player that their minutes together prove him to be."""

    ids: tuple[int, ...]
    code: int


Matches = Mapping[int, Collection[int]]
"""SofaSport player id -> events whose lineups name him."""


def may_be_one(one: Person, other: Person, named_in: Matches) -> bool:
    """Tell whether two profiles could be one man: same name and birth date, and never named in the same match."""
    return (
        one.birth_date is not None
        and one.birth_date == other.birth_date
        and one.names.key == other.names.key != ()
        and not set(named_in.get(one.id, ())) & set(named_in.get(other.id, ()))
    )


def joint_profiles(
    persons: Iterable[Person], records: Records, named_in: Matches, codes: Collection[int]
) -> dict[int, Joint]:
    """Return, for each profile that is one of several of a man, all of his profiles and who he is.

    Args:
        persons: SofaSport's people.
        records: what they did.
        named_in: where they were named.
        codes: FPL's players.
    """
    alike: dict[object, list[Person]] = defaultdict(list)
    for person in persons:
        if person.birth_date is not None and person.names.key:
            alike[person.birth_date, person.names.key].append(person)
    found: dict[int, Joint] = {}
    for group in alike.values():
        played = sorted(
            (person for person in group if records.played.get(person.id)), key=lambda person: person.id
        )
        if len(played) < 2 or not _all_apart(played, named_in):
            continue
        record = joint_record([person.id for person in played], records)
        fits = records.fits(record)
        for code in fits:
            one = records.compare(record, code, fits) if code in codes else None
            if one and one.alone and one.agreed == len(record) and not one.disagreed:
                ids = tuple(person.id for person in played)
                found |= dict.fromkeys(ids, Joint(ids, code))
    return found


def joint_record(ids: Iterable[int], records: Records) -> Minutes:
    """Return the matches of several profiles together."""
    record: Minutes = {}
    for number in ids:
        record |= records.played.get(number, {})
    return record


def _all_apart(people: list[Person], named_in: Matches) -> bool:
    return all(
        may_be_one(one, other, named_in) for place, one in enumerate(people) for other in people[:place]
    )
