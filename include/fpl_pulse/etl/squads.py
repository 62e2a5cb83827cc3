"""The squads of the clubs, as SofaSport lists them now."""

import logging
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from fpl_pulse.api import sofasport
from fpl_pulse.api.payloads_sofasport import Listed, Person
from fpl_pulse.api.records import Rejected, accept_nearly_all, require_list
from fpl_pulse.errors import PayloadError, RetryableError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.deleted_rows import restore_deleted_rows
from fpl_pulse.etl.key_census import counted_afterwards
from fpl_pulse.etl.loader import Loader, Parsed
from fpl_pulse.etl.missing_keys import Counted, Usual, likeliest_name, missing_key, vanished
from fpl_pulse.etl.people import OTHER_PERSON, known_people, merge_people, other_person
from fpl_pulse.etl.planning import DueCalls
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.repetition import is_repeated
from fpl_pulse.matching.names import fold
from fpl_pulse.matching.rows import Candidate, FplTeamRow, TeamRow, links_of
from fpl_pulse.matching.teams import match_teams
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import Written, merge
from fpl_pulse.wording import quantity, sentence

log = logging.getLogger(__name__)

USUAL = {
    "name": Usual(0.95), "slug": Usual(0.95), "shortName": Usual(0.95), "position": Usual(0.95),
    "jerseyNumber": Usual(0.8), "dateOfBirthTimestamp": Usual(0.85), "country": Usual(0.9), "height": Usual(0.8),
    "preferredFoot": Usual(0.7),
}  # fmt: skip
"""Needed key of a player -> the share of a squad that has it, at least."""

FAMILIAR = frozenset({
    "id", "retired", "userCount", "shirtNumber", "marketValueCurrency", "proposedMarketValueRaw", "team", "firstName",
    "lastName", "fieldTranslations", "gender", "contractUntilTimestamp", "proposedMarketValue", "sofascoreId",
    "deceased", "positionsDetailed", "userName",
})  # fmt: skip
"""Other keys that have been seen."""

CALLS = DueCalls(
    sofasport.SQUAD,
    "squads",
    "team_id",
    "due_squads",
    lambda context, ids: sofasport.squad(context.season(), ids["team_id"]),
    may_use_reserve=True,
)


def fetch_sofasport_squads(context: StepContext) -> dict[str, int]:
    """Read the squads that are unknown, four weeks old, or of a club to which FPL has added an unlinked player.

    Returns:
        {"squads", "unread"}: squads read, and squads whose call failed and which stay due.

    Raises:
        RetryableError: more calls failed than `thresholds.MAX_UNREAD_SQUADS`: that is an outage.
    """
    restore_deleted_rows(context, LOADER)
    clubs = [team_id for task in CALLS.plan(context) for team_id in task["team_ids"]]
    read = 0
    unread: dict[int, str] = {}
    for team_id in clubs:
        try:
            read += CALLS.fetch(context, [team_id])
        except RetryableError as error:
            unread[team_id] = str(error)
            if len(unread) > thresholds.MAX_UNREAD_SQUADS:
                raise
    sentences = {
        f"club {team_id}": f"The squad of {context.label_for(team_ids=[team_id])} could not be read: {sentence(reason)}"
        " No link is lost because of it. The next run reads the squad again."
        for team_id, reason in unread.items()
    }
    context.alert_about("squad_unread", sentences)
    log.info("SofaSport: squads of %s due, %d read, %d failed", quantity(len(clubs), "club"), read, len(unread))
    load_squads(context)
    return {"squads": read, "unread": len(unread)}


def load_squads(context: StepContext) -> None:
    """Load the archived squads that the table does not hold yet."""
    with counted_afterwards(context, sofasport.SQUAD, "census_of_squads"):
        LOADER.load(context)


@dataclass(frozen=True)
class SquadContent:
    """What is written of one response."""

    season: str
    team_id: int
    people: dict[int, Person]
    """Player id -> person."""
    is_whole: bool
    """No entry was rejected: a player who is not listed has left."""
    keeps_numbers: bool
    """The response says nothing about some or all shirt numbers."""


def _read(context: StepContext, response: ArchivedResponse) -> Parsed[SquadContent]:
    where = f"{response.endpoint} {response.resource}"
    records = require_list(response.body, "players", where)
    good, rejected = accept_nearly_all(Listed, records, "players", max_rejected_share=thresholds.MAX_REJECTED_SHARE)
    people = {entry.player.id: entry.player for _, entry in good}
    if not people:
        # A club always has players: an empty list is a fault of the source and must not empty the squad.
        raise PayloadError(f"{where}: the squad is empty")
    season, team_id = str(response.params["season"]), int(response.params["team_id"])
    if not response.forced:
        rejected += _other_people(context, response, people)
    _require_this_club(context, season, team_id, list(people.values()))
    if not response.forced:
        _require_whole(context, response, people.keys())
    is_whole = all(one.is_part for one in rejected)
    if not response.forced:
        rejected += _few(context, season, team_id, len(people))
    rejected += _missing_keys(records)
    return Parsed(SquadContent(season, team_id, people, is_whole, bool(rejected)), rejected, is_unusable=bool(rejected))


def _few(context: StepContext, season: str, team_id: int, count: int) -> list[Rejected]:
    """A report of a squad that is much smaller than FPL's: it is loaded, and requested again."""
    code = _fpl_club(context, season, team_id)
    rows = context.records(
        "select count(*) as players from pulse.fpl_players where season = %(season)s and team_code = %(code)s"
        " and position <= 4 and status is distinct from 'u'",
        season=season,
        code=code,
    )
    listed = int(rows[0]["players"])
    if count >= thresholds.MIN_SQUAD_SHARE * listed:
        return []
    return [Rejected("players", f"{count} players are few: FPL lists {listed} of the club", None, is_part=True)]


def _other_people(context: StepContext, response: ArchivedResponse, people: dict[int, Person]) -> list[Rejected]:
    """Remove people who are stored as somebody else from a squad, and return the reasons."""
    known = known_people(context, people)
    reasons = {player_id: reason for player_id, one in people.items() if (reason := other_person(one, known))}
    if not reasons or is_repeated(context, response.resource_id, OTHER_PERSON):
        return []
    return [Rejected(f"players.{one}", reasons[one], people.pop(one).model_dump(mode="json")) for one in reasons]


def _missing_keys(records: list[Any]) -> list[Rejected]:
    """The reports of the needed keys that (nearly) all players of a squad lack."""
    listed = [
        record["player"] for record in records if isinstance(record, dict) and isinstance(record.get("player"), dict)
    ]
    counted = Counted.of(listed)
    return [
        missing_key(
            key,
            f"{len(listed) - counted.have[key]} of {len(listed)} players",
            likeliest_name(key, counted, USUAL, FAMILIAR),
        )
        for key in sorted(vanished(counted, USUAL))
    ]


def _require_this_club(context: StepContext, season: str, team_id: int, people: Sequence[Person]) -> None:
    """Refuse the squad of another club: by the club that each player names, or else by FPL's players of the same name.

    Raises:
        PayloadError: most of the players whose club is known belong to another one.
    """
    clubs = [person.team.id for person in people if person.team.id is not None]
    expected: int | None = team_id
    if len(clubs) < thresholds.MIN_KNOWN_PLAYERS:
        by_name = _clubs_by_name(context, season)
        clubs = [club for person in people if (club := by_name.get(fold(person.name or ""))) is not None]
        expected = _fpl_club(context, season, team_id)
    votes = Counter(clubs)
    if expected is None or sum(votes.values()) < thresholds.MIN_KNOWN_PLAYERS:
        return
    strangers = votes.total() - votes[expected]
    if strangers > thresholds.FOREIGN_PLAYERS_SHARE * votes.total():
        raise PayloadError(f"{strangers} of {votes.total()} players belong to other clubs: it is another club's squad")


MANY_ARE_MISSING = "of the squad are missing"
"""Part of the sentence about a squad that lists only a part of the stored players."""


def _require_whole(context: StepContext, response: ArchivedResponse, listed: Collection[int]) -> None:
    """Refuse a squad from which many players have vanished, and to which few have come, until a week has passed.

    Raises:
        PayloadError: naming how many are missing.
    """
    rows = context.records(
        query("squad_before"), season=str(response.params["season"]), team_id=int(response.params["team_id"])
    )
    stored = {row["player_id"] for row in rows}
    gone, new = stored.difference(listed), set(listed).difference(stored)
    if len(gone) > thresholds.MAX_VANISHED_SHARE * len(stored) and len(new) < len(gone) / 2:
        if is_repeated(context, response.resource_id, MANY_ARE_MISSING):
            return
        raise PayloadError(f"{len(gone)} of {len(stored)} players {MANY_ARE_MISSING}; the stored squad is kept")


def _clubs_by_name(context: StepContext, season: str) -> dict[str, int]:
    """Folded name of FPL's players -> code of the club; names that occur in two clubs are missing."""
    rows = context.records(
        "select first_name || ' ' || second_name as name, team_code from pulse.fpl_players"
        " where season = %(season)s and position <= 4",
        season=season,
    )
    found: dict[str, set[int]] = {}
    for row in rows:
        found.setdefault(fold(row["name"]), set()).add(row["team_code"])
    return {name: min(clubs) for name, clubs in found.items() if len(clubs) == 1}


def _fpl_club(context: StepContext, season: str, team_id: int) -> int | None:
    """The code of FPL's club: by its link or, before the first matching, by its name."""
    linked = links_of(context.rows(Candidate, query("linked_teams"), season=season))
    if team_id not in linked:
        teams = context.rows(TeamRow, query("teams_to_match"), season=season)
        linked = links_of(match_teams(teams, context.rows(FplTeamRow, query("fpl_teams_to_match"), season=season)))
    return linked.get(team_id)


def _write(context: StepContext, squads: list[SquadContent]) -> Written:
    written = Written()
    for squad in squads:
        written += merge_people(context, squad.people.values())
        rows = [
            {
                "season": squad.season,
                "team_id": squad.team_id,
                "player_id": person.id,
                "shirt_number": person.jersey_number,
                "is_current": True,
            }
            for person in squad.people.values()
        ]
        key = ["season", "team_id", "player_id"]
        # Without a number a player keeps the stored one when the response says nothing about it.
        written += merge(context.conn, "sofasport_squads", rows, key, keep_when_null=squad.keeps_numbers)
        if squad.is_whole:
            # A rejected entry may be about any unlisted player: then no player is taken to have left.
            left = context.conn.execute(
                "update pulse.sofasport_squads set is_current = false, updated_at = now()"
                " where season = %s and team_id = %s and is_current and player_id <> all(%s)",
                (squad.season, squad.team_id, list(squad.people)),
            ).rowcount
            written += Written(updated=left)
    return written


LOADER = Loader(sofasport.SQUAD, "squads", _read, _write, is_checked=True)
