"""What is stored about matches and about the players of their lineups, read for a batch of responses at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from fpl_pulse.etl import thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.lineup_keys import SIDES
from fpl_pulse.etl.lineup_rows import Row
from fpl_pulse.etl.people import KnownPerson, known_people
from fpl_pulse.etl.queries import query
from fpl_pulse.store.archive import ArchivedResponse

Figures = tuple[int, int]
"""Minutes and goals."""


@dataclass(frozen=True)
class KnownMatch:
    """What is stored about a match, and about the players of a response."""

    clubs: Mapping[str, int]
    """Side -> club."""
    score: Mapping[str, int | None]
    """Side -> goals; None before the end."""
    names: Mapping[int, str]
    """Club of the league -> name."""
    clubs_of: Mapping[int, Collection[int]]
    """Player -> the clubs that are stored for him; players of whom none is stored are missing."""
    code_of: Mapping[int, int]
    """Player -> FPL code of his link."""
    official: Mapping[int, Figures]
    """FPL code -> official figures of everybody who played; empty while FPL lacks some."""
    people: Mapping[int, KnownPerson]
    """Player -> who is stored under this id, also of other matches."""


@dataclass
class StoredMatch:
    """The rows of a match."""

    event: Row
    """Row of sofasport_events."""
    players: list[Row] = field(default_factory=list)
    """Rows of sofasport_lineup_players."""
    sides: dict[str, Row] = field(default_factory=dict)
    """Side -> row of sofasport_lineups."""


def read_known_matches(
    context: StepContext, batch: Sequence[ArchivedResponse]
) -> dict[int, tuple[StoredMatch, KnownMatch]]:
    """Event id -> what is stored of the match of each lineups response; an event that is not stored is missing."""
    stored = _stored_matches(context, [int(response.params["event_id"]) for response in batch])
    players: dict[str, dict[int, set[int]]] = defaultdict(dict)
    for response in batch:
        event_id = int(response.params["event_id"])
        if event_id in stored:
            of_match = {row["player_id"] for row in stored[event_id].players}
            players[stored[event_id].event["season"]][event_id] = of_match | _listed_players(response.body)
    least = 2 * thresholds.STARTERS_PER_SIDE
    official: dict[int, dict[int, Figures]] = defaultdict(dict)
    for row in context.records(query("official_figures_of_events"), event_ids=[*stored], least_players=least):
        official[row["event_id"]][row["fpl_code"]] = row["minutes"], row["goals"]
    known: dict[int, KnownMatch] = {}
    for season, of_season in players.items():
        known |= _known_in_season(context, season, of_season, stored, official)
    return {event_id: (stored[event_id], known[event_id]) for event_id in known}


def _stored_matches(context: StepContext, ids: Sequence[int]) -> dict[int, StoredMatch]:
    events = context.records("select * from pulse.sofasport_events where event_id = any(%(ids)s)", ids=ids)
    stored = {row["event_id"]: StoredMatch(row) for row in events}
    for row in context.records("select * from pulse.sofasport_lineup_players where event_id = any(%(ids)s)", ids=ids):
        stored[row["event_id"]].players.append(row)
    for row in context.records("select * from pulse.sofasport_lineups where event_id = any(%(ids)s)", ids=ids):
        stored[row["event_id"]].sides[row["side"]] = row
    return stored


def _known_in_season(
    context: StepContext,
    season: str,
    players: Mapping[int, set[int]],
    stored: Mapping[int, StoredMatch],
    official: Mapping[int, Mapping[int, Figures]],
) -> dict[int, KnownMatch]:
    clubs_of: dict[int, set[int]] = defaultdict(set)
    code_of: dict[int, int] = {}
    everybody = sorted(set().union(*players.values()))
    for row in context.records(query("clubs_of_people"), season=season, players=everybody):
        clubs_of[row["player_id"]].add(row["team_id"])
        if row["fpl_code"] is not None:
            code_of[row["player_id"]] = row["fpl_code"]
    clubs = context.records(query("names_of_clubs"), season=season, event_ids=[*players])
    league = {row["team_id"]: row["name"] for row in clubs if row["is_in_league"]}
    names = {row["team_id"]: row["name"] for row in clubs}
    people = known_people(context, everybody)
    known = {}
    for event_id, ids in players.items():
        event = stored[event_id].event
        sides = {side: event[f"{side}_team_id"] for side in SIDES}
        known[event_id] = KnownMatch(
            clubs=sides,
            score={side: event[f"{side}_score"] for side in SIDES},
            names=league | {club: names[club] for club in sides.values()},
            clubs_of={player: clubs_of[player] for player in ids if player in clubs_of},
            code_of={player: code_of[player] for player in ids if player in code_of},
            official=official.get(event_id, {}),
            people=people,
        )
    return known


def _listed_players(body: object) -> set[int]:
    """The ids of the players whom a response lists; what is no id is left out."""
    found = set()
    for side in SIDES:
        of_side = body.get(side) if isinstance(body, dict) else None
        entries = of_side.get("players") if isinstance(of_side, dict) else None
        for entry in entries if isinstance(entries, list) else []:
            player = entry.get("player") if isinstance(entry, dict) else None
            player_id = player.get("id") if isinstance(player, dict) else None
            if type(player_id) is int and 0 < player_id < 2**31:
                found.add(player_id)
    return found
