"""The keys of events that must not vanish from a page."""

from collections.abc import Mapping
from typing import Any

from fpl_pulse.api.records import Rejected
from fpl_pulse.errors import IF_REPEATED, PayloadError
from fpl_pulse.etl.event_identity import AT_HALF_TIME, StoredEvent
from fpl_pulse.etl.missing_keys import Counted, Usual, likeliest_name, missing_key, vanished
from fpl_pulse.store.archive import ArchivedResponse

NEEDED = {"startTimestamp": Usual(0.9), "homeScore.current": Usual(0.9), "awayScore.current": Usual(0.9)}
"""Keys without which a page is rejected -> the share of the events that have them; scores of ended matches only."""

DESCRIBING = {"roundInfo.round": Usual(0.9), "slug": Usual(0.9)}
"""Keys whose stored values are kept."""

OF_ENDED = {"homeScore.period1": Usual(0.9), "awayScore.period1": Usual(0.9)}
"""The same, of ended matches."""

FAMILIAR = frozenset({
    "id", "tournament", "season", "customId", "status", "winnerCode", "homeTeam", "awayTeam", "homeScore", "awayScore",
    "roundInfo", "time", "changes", "hasGlobalHighlights", "hasEventPlayerStatistics", "detailId",
    "crowdsourcingDataDisplayEnabled", "finalResultOnly", "feedLocked", "isEditor", "eventFilters", "hasXg",
    "hasEventPlayerHeatMap", "awayRedCards", "homeRedCards",
})  # fmt: skip
"""Other keys that have been seen."""


def missing_event_keys(response: ArchivedResponse, records: list[Any]) -> list[Rejected]:
    """The reports of descriptions that (nearly) all events of a page lack.

    Raises:
        PayloadError: (nearly) all events lack a start, or the ended ones a score.
    """
    events = [record for record in records if isinstance(record, dict)]
    everything = Counted.of(map(_flat, events))
    ended = Counted.of(_flat(event) for event in events if _is_finished(event))
    lost = vanished(everything, {"startTimestamp": NEEDED["startTimestamp"]}) | vanished(ended, NEEDED)
    if lost:
        names = [f"{key}{_new_name(key, everything)}" for key in sorted(lost)]
        raise PayloadError(f"{response.resource}: no event has {' or '.join(names)}. {IF_REPEATED}")
    return [
        missing_key(key, f"{len(events) - everything.have[key]} of {len(events)} events", _likeliest(key, everything))
        for key in sorted(vanished(everything, DESCRIBING) | vanished(ended, OF_ENDED))
    ]


def keep_descriptions(row: dict[str, object], stored: StoredEvent | None) -> dict[str, object]:
    """The row of an event with the stored descriptions that it lacks: round, slug, and the score at half-time."""
    if stored is None:
        return row
    has_score = row["home_score"] is not None
    kept = {name: value for name, value in stored.described.items() if has_score or name not in AT_HALF_TIME}
    return row | {name: value for name, value in kept.items() if row[name] is None}


def _flat(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event with the keys of its objects beside its own: `homeScore.current`."""
    inner = {f"{key}.{name}": value for key, of in event.items() if isinstance(of, dict) for name, value in of.items()}
    return {**event, **inner}


def _is_finished(event: Mapping[str, Any]) -> bool:
    """Whether the type of the status says so. A few called-off matches have this type too, which does no harm here."""
    status = event.get("status")
    return isinstance(status, dict) and status.get("type") == "finished"


def _likeliest(key: str, counted: Counted) -> str | None:
    known = {name for name in counted.have if name.partition(".")[0] in FAMILIAR and "." in name}
    outer = key.partition(".")[0]
    return likeliest_name(
        key, counted, NEEDED | DESCRIBING | OF_ENDED, FAMILIAR | known - {n for n in known if n.startswith(outer)}
    )


def _new_name(key: str, counted: Counted) -> str:
    name = _likeliest(key, counted)
    return f" (the likeliest new name is {name})" if name else ""
