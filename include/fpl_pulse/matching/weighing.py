"""Which pairs are worth weighing, and their evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping

from fpl_pulse.matching.behaviour import Records
from fpl_pulse.matching.evidence import Element, Evidence, Kind, Person, birth_word, weigh
from fpl_pulse.matching.profiles import Joint, joint_record

_LEAST_COMMON = 3
"""So many agreeing matches make a pair worth weighing whatever the names say."""


class Weighing:
    """Weighs people against players; what a man with several profiles did counts for each of them."""

    def __init__(
        self,
        persons: Mapping[int, Person],
        players: Mapping[int, Element],
        records: Records,
        profiles: Mapping[int, Joint],
        kinds: Collection[Kind],
    ) -> None:
        """Take both sides, what they did, the profiles that are one man, and the kinds of evidence to use."""
        self._persons = persons
        self._players = players
        self._records = records
        self._profiles = profiles
        self._kinds = kinds

    def plausible(self, always: Collection[tuple[int, int]]) -> dict[tuple[int, int], Evidence]:
        """Weigh the pairs worth it: same birth date, same club, a word of the name or the minutes in common.

        Args:
            always: pairs to weigh in any case, where both are seen.
        """
        index: dict[Hashable, set[int]] = defaultdict(set)
        for player in self._players.values():
            index["birth", player.birth_date].add(player.code)
            index["club", player.club_code].add(player.code)
            for sound in player.names.sounds:
                index["sound", sound].add(player.code)
        found: dict[tuple[int, int], Evidence] = {}
        for number, person in sorted(self._persons.items()):
            joint = self._profiles.get(number)
            record = joint_record(joint.ids if joint else [number], self._records)
            fits = self._records.fits(record) if "minutes" in self._kinds else {}
            codes = {code for sound in person.names.sounds for code in index.get(("sound", sound), ())}
            if person.birth_date is not None:
                codes |= index.get(("birth", person.birth_date), set())
            for club in person.club_codes:
                # Men of one club with different birth dates and no word in common cannot reach the floor.
                codes |= {
                    code
                    for code in index.get(("club", club), ())
                    if birth_word(person.birth_date, self._players[code].birth_date) != "birth_date_different"
                }
            codes |= {
                code
                for code, matches in fits.items()
                if code in self._players and matches >= max(_LEAST_COMMON, len(record) / 2)
            }
            codes |= {code for left, code in always if left == number and code in self._players}
            if joint:
                codes.add(joint.code)
            for code in sorted(codes):
                agreement = self._records.compare(record, code, fits) if "minutes" in self._kinds else None
                found[number, code] = weigh(person, self._players[code], agreement, self._kinds)
        return found
