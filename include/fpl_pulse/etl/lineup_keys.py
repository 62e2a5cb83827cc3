"""Which keys of a lineups response are missing or invalid, and of whom."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from fpl_pulse.api.records import Rejected
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl.match_statistics import FAMILIAR, PARTS_OF, USUAL, Figures, has_played
from fpl_pulse.etl.missing_keys import Counted, Usual, likeliest_name, missing_key, vanished
from fpl_pulse.store.archive import ArchivedResponse

SIDES = ("home", "away")

ENTRY_USUAL = {
    "substitute": Usual(0.95), "captain": Usual(0.045), "position": Usual(0.9), "shirtNumber": Usual(0.9),
    "player.name": Usual(0.95), "player.slug": Usual(0.95), "player.shortName": Usual(0.95),
    "player.position": Usual(0.9), "player.dateOfBirthTimestamp": Usual(0.85), "player.country": Usual(0.85),
}  # fmt: skip
"""Key of an entry that is needed -> the share of the entries that have it, at least."""

ENTRY_FAMILIAR = frozenset({
    "player", "teamId", "jerseyNumber", "statistics", "player.id", "player.userCount", "player.jerseyNumber",
    "player.height", "player.firstName", "player.lastName", "player.fieldTranslations", "player.marketValueCurrency",
    "player.proposedMarketValueRaw", "player.preferredFoot", "player.marketValue", "player.sofascoreId",
})  # fmt: skip
"""Other keys that have been seen."""


@dataclass(frozen=True)
class MatchKeys:
    """The keys of a match's response, or of several."""

    entries: Counted
    """Of all entries; those of the player's description begin with `player.`"""
    statistics: Counted
    """Of the statistics of the players who played."""

    @classmethod
    def of(cls, body: object) -> "MatchKeys":
        """Count the keys of a response; one without lists of players has none."""
        sides = [body.get(side) for side in SIDES] if isinstance(body, dict) else []
        lists = [side.get("players") for side in sides if isinstance(side, dict)]
        entries = [entry for players in lists if isinstance(players, list) for entry in players]
        entries = [entry for entry in entries if isinstance(entry, dict)]
        people = Counted.of(entry["player"] for entry in entries if isinstance(entry.get("player"), dict))
        described = Counted.of(entries)
        described.have.update({f"player.{key}": count for key, count in people.have.items()})
        statistics = [entry["statistics"] for entry in entries if isinstance(entry.get("statistics"), dict)]
        return cls(described, Counted.of(one for one in statistics if has_played(one)))

    def __add__(self, other: "MatchKeys") -> "MatchKeys":
        return MatchKeys(self.entries + other.entries, self.statistics + other.statistics)


def missing_entry_keys(keys: MatchKeys, together: MatchKeys, rejected: list[Rejected]) -> set[str]:
    """The needed keys that (nearly) all entries lack, which are reported.

    Raises:
        PayloadError: it is the one that says who started.
    """
    lost = vanished(keys.entries, ENTRY_USUAL) | vanished(together.entries, ENTRY_USUAL)
    names = {key: likeliest_name(key, keys.entries, ENTRY_USUAL, ENTRY_FAMILIAR) for key in sorted(lost)}
    total = len(keys.entries.records)
    if "substitute" in lost:
        new_name = f"; the likeliest new name is {names['substitute']}" if names["substitute"] else ""
        raise PayloadError(
            f"none of the {total} entries says whether the player started: substitute is missing{new_name}"
        )
    rejected += [missing_key(key, f"{total} of {total} players", name) for key, name in names.items()]
    return lost


def unknown_keys(
    figures: Figures, lost: Collection[str], new_names: Mapping[str, str], path: str, misfits: list[Rejected]
) -> set[str]:
    """The keys of a player's figures that are unknown although the response is readable."""
    unknown = {one.path.rsplit(".", 1)[-1] for one in figures.invalid}
    if not has_played(figures.valid):
        return unknown
    unknown |= {key for key in lost if key not in figures.valid}
    for key, new_name in new_names.items():
        if key not in figures.valid and new_name in figures.valid and key not in unknown:
            unknown.add(key)
            reason = (
                f"{key} is missing, and {new_name} is new; the player's stored row is kept, else {key} counts as"
                " unknown"
            )
            misfits.append(Rejected(f"{path}.{key}", reason, figures.valid[new_name], is_part=True))
    for key, parts in PARTS_OF.items():
        if key not in figures.valid and key not in unknown:
            found = next((part for part in parts if figures.valid.get(part)), None)
            if found:
                unknown.add(key)
                reason = (
                    f"{key} is missing beside {found} {figures.valid[found]}; the player's stored row is kept, else"
                    f" {key} counts as unknown"
                )
                misfits.append(Rejected(f"{path}.{key}", reason, None, is_part=True))
    if "minutesPlayed" not in figures.valid and "minutesPlayed" not in unknown:
        unknown.add("minutesPlayed")
        reason = (
            f"minutesPlayed is missing beside {len(figures.valid)} other figures; the player's stored row is kept, else"
            " the minutes count as unknown"
        )
        misfits.append(Rejected(f"{path}.minutesPlayed", reason, None, is_part=True))
    return unknown


def missing_figures(
    keys: MatchKeys, lost: Collection[str], unknown: Mapping[int, Collection[str]]
) -> Iterator[Rejected]:
    """The report of the keys that (nearly) nobody has."""
    total = len(keys.statistics.records)
    for key in sorted(lost):
        lacking = sum(key in keys_of for keys_of in unknown.values())
        if lacking:
            new_name = likeliest_name(key, keys.statistics, USUAL, FAMILIAR)
            yield missing_key(key, f"{lacking} of {total} players with minutes", new_name)


def invalid_descriptions(response: ArchivedResponse) -> Iterator[Rejected]:
    """What describes the match or a side and has another type."""
    found: dict[str, tuple[object, type]] = {"confirmed": (response.body.get("confirmed"), bool)}
    found |= {f"{side}.formation": (response.body[side].get("formation"), str) for side in SIDES}
    for path, (value, expected) in found.items():
        if value is not None and not isinstance(value, expected):
            reason = f"{json.dumps(value)[:60]} is no valid {path}: a {WORDS[expected]} was expected"
            yield Rejected(path, f"{reason}; the record counts without it", value, is_part=True)


WORDS = {bool: "true or false", str: "text"}
