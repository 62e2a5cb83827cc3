"""Identity resolution: proposes and stores the links of SofaSport's clubs, events and players; see docs/matching.md."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from fpl_pulse.alerts.outbox import close_alerts, raise_alert
from fpl_pulse.etl import garbage_collection, thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query
from fpl_pulse.matching import rows
from fpl_pulse.matching.calendars import settle_by_calendar
from fpl_pulse.matching.evidence import LINK
from fpl_pulse.matching.fixtures import match_fixtures
from fpl_pulse.matching.manual_decisions import DECISION, DecisionRow, ManualDecisions
from fpl_pulse.matching.players import AGAINST, CONTRADICTED, match_players
from fpl_pulse.matching.playing_records import playing_records
from fpl_pulse.matching.rows import Candidate, links_of
from fpl_pulse.matching.teams import match_teams
from fpl_pulse.season import Season
from fpl_pulse.store.merge import Written, merge, replace_within

log = logging.getLogger(__name__)

NO_COUNTERPART = 0
"""The FPL id of a candidate without counterpart, in the key of mapping_candidates."""

LOCK = "select pg_advisory_xact_lock(hashtext('pulse.matching'))"
"""Makes identity resolutions wait for one another until the end of the transaction."""

Row = TypeVar("Row")


@dataclass(frozen=True)
class MappingTable:
    """The table with the links of one kind."""

    name: str
    sofasport_id: str
    fpl_id: str
    more: tuple[str, ...] = ()
    """Columns that only this kind has."""


TABLES = {
    "team": MappingTable("team_mappings", "sofasport_team_id", "fpl_team_code"),
    "player": MappingTable("player_mappings", "sofasport_player_id", "fpl_code", ("strength",)),
    "fixture": MappingTable("fixture_mappings", "event_id", "fixture_id", ("season", "is_current")),
}


def resolve_identities(context: StepContext) -> dict[str, int]:
    """Match clubs, then events and players, store the proposals, and return how many links of each kind are proposed.

    Proposals are links, reviews, and ids without counterpart.
    """
    # Under the lock no manual decision is stored between reading and writing.
    with context.conn.transaction(), garbage_collection.paused():
        context.conn.execute(LOCK)
        season = context.season()
        proposals = _propose(context, season)
        written = Written()
        for kind, candidates in proposals.items():
            written += _store_candidates(context, season, kind, candidates)
        _alert_contradicted_decisions(context, proposals["player"])
        context.record_written("mapping candidates", written)
    counts = {f"{kind}s": len(links_of(candidates)) for kind, candidates in proposals.items()}
    log.info("Linked %(teams)d clubs, %(fixtures)d events and %(players)d players", counts)
    return counts


def _propose(context: StepContext, season: Season) -> dict[str, list[Candidate]]:
    """Return the candidates of each kind."""
    events = _read(context, rows.EventRow, "events_to_match", season=season)
    fixtures = _read(context, rows.FixtureRow, "fixtures_to_match", season=season)
    teams = _match_teams(context, season, events, fixtures)
    team_codes = links_of(teams)
    matched = match_fixtures(events, fixtures, team_codes)
    least_players = 2 * thresholds.STARTERS_PER_SIDE
    people = _read(context, rows.PersonRow, "people_to_match", season=season)
    elements = _read(context, rows.ElementRow, "elements_to_match", season=season)
    decisions = _decisions(context, "player")
    earlier = _earlier_links(context, people, elements, decisions)
    seen = {row.sofasport_player_id for row in people}
    absent = _read(context, rows.PersonRow, "people_by_id", people=[*({*earlier, *decisions.links} - seen)])
    # Somebody who has played is known by his minutes.
    newcomers = [row.sofasport_player_id for row in people if row.first_named_at is None]
    players = match_players(
        people,
        elements,
        team_codes,
        earlier,
        lost=_pairs(context, "select sofasport_player_id, fpl_code from pulse.lost_links"),
        records=playing_records(
            _read(context, rows.AppearanceRow, "appearances_to_match", season=season),
            _read(context, rows.FigureRow, "figures_to_match", season=season, least_players=least_players),
            matched,
        ),
        decisions=decisions,
        absent=absent,
        seen_last_season=_known_in(context, season.earlier(1), {*newcomers} - earlier.keys()) if absent else (),
    )
    return {"team": teams, "fixture": matched, "player": players}


def _match_teams(
    context: StepContext, season: str, events: Sequence[rows.EventRow], fixtures: Sequence[rows.FixtureRow]
) -> list[Candidate]:
    """Match the season's clubs by manual decision, earlier link and name, and the rest by their calendars."""
    decisions = _decisions(context, "team")
    teams = match_teams(
        _read(context, rows.TeamRow, "teams_to_match", season=season),
        _read(context, rows.FplTeamRow, "fpl_teams_to_match", season=season),
        _read(context, Candidate, "linked_teams", season=season),
        decisions,
    )
    return settle_by_calendar(teams, events, fixtures, decisions.rejected)


def _read(context: StepContext, row: type[Row], name: str, **params: object) -> list[Row]:
    return context.rows(row, query(name), **params)


def _pairs(context: StepContext, statement: str) -> dict[int, int]:
    return dict(context.conn.execute(statement.encode()).fetchall())


def _earlier_links(
    context: StepContext,
    people: Sequence[rows.PersonRow],
    elements: Sequence[rows.ElementRow],
    decisions: ManualDecisions,
) -> dict[int, int]:
    """The stored links of people and players who are in the season's data or in a manual decision.

    Links of others stay as they are: nothing is known about them that could confirm or contradict them.
    """
    decided = [*decisions.links.items(), *decisions.rejected]
    stored = context.records(
        query("earlier_links"),
        people=[*{row.sofasport_player_id for row in people}, *(person for person, _ in decided)],
        codes=[*{row.fpl_code for row in elements}, *(code for _, code in decided)],
    )
    return {row["sofasport_player_id"]: row["fpl_code"] for row in stored}


def _known_in(context: StepContext, season: str, people: Collection[int]) -> set[int]:
    """The people whom the season's last matching knew."""
    statement = (
        "select sofasport_id from pulse.mapping_candidates"
        " where season = %(season)s and kind = 'player' and sofasport_id = any(%(people)s)"
    )
    return {row["sofasport_id"] for row in context.records(statement, season=season, people=list(people))}


def _decisions(context: StepContext, kind: str) -> ManualDecisions:
    return ManualDecisions.of(_read(context, DecisionRow, "decisions_in_force", kind=kind))


def _store_candidates(context: StepContext, season: str, kind: str, candidates: Sequence[Candidate]) -> Written:
    names = [field.name for field in fields(Candidate)]
    records = [
        {name: getattr(row, name) for name in names}
        | {"season": season, "kind": kind, "fpl_id": row.fpl_id or NO_COUNTERPART}
        for row in candidates
    ]
    key = ["season", "kind", "sofasport_id", "fpl_id"]
    scope = {"season": season, "kind": kind}
    return replace_within(context.conn, "mapping_candidates", records, key, scope)


def _alert_contradicted_decisions(context: StepContext, players: Sequence[Candidate]) -> None:
    """Raise an alert for each manual link that the evidence contradicts, and close the others."""
    against = [row for row in players if row.method == DECISION and AGAINST in row.evidence]
    sentences = {
        f"player {row.sofasport_id}": f"SofaSport player {row.sofasport_id} is linked manually to FPL code"
        f" {row.fpl_id}, but the evidence contradicts this link. The link stays. Check it, and if it is wrong run"
        f' `python -m fpl_pulse.cli.mappings withdraw {row.sofasport_id} {row.fpl_id} --because "..."`.'
        for row in against
    }
    context.alert_about("decision_contradicted", sentences, once=True)


Confirmations = dict[tuple[str, int], datetime]
"""Kind and SofaSport id of a link -> the newest as-of time whose evidence would make the link again."""


def load_mappings(context: StepContext, confirmations: Confirmations | None = None) -> None:
    """Write the proposed links into the mapping tables, in one transaction.

    Stored links are confirmed, or deleted where the newest matching no longer proposes them.

    Args:
        context: the step's tools.
        confirmations: collects the confirmations, which the caller writes later with `confirm`; written now when None.
    """
    season = context.season()
    with context.conn.transaction():
        context.conn.execute(LOCK)
        linked = context.records(
            "select season, kind, sofasport_id, fpl_id, is_current, method, confidence, strength, evidence"
            " from pulse.mapping_candidates where season = %(season)s and status = 'linked'",
            season=season,
        )
        withdrawn = context.records(query("withdraw_player_mappings"), season=season)
        deleted = len(withdrawn)
        for name in ("withdraw_team_mappings", "withdraw_fixture_mappings"):
            deleted += context.conn.execute(query(name), {"season": season}).rowcount
        # Before the merge, because a fixture must never have two current events.
        context.conn.execute(query("withdraw_current_events"), {"season": season})
        written = Written(deleted=deleted)
        stamps = {"made_at": context.as_of, "confirmed_at": context.as_of}
        for kind, table in TABLES.items():
            links = [
                {table.sofasport_id: link["sofasport_id"], table.fpl_id: link["fpl_id"]}
                | {name: link[name] for name in ("method", "confidence", "evidence", *table.more)}
                | stamps
                for link in linked
                if link["kind"] == kind
            ]
            written += merge(context.conn, table.name, links, [table.sofasport_id])
        confirmed: Confirmations = {
            (link["kind"], link["sofasport_id"]): context.as_of
            for link in linked
            if link["kind"] != "player" or (link["strength"] is not None and link["strength"] >= LINK)
        }
        if confirmations is None:
            confirm(context, confirmed)
        else:
            confirmations |= confirmed
        written += _store_lost_links(context, withdrawn)
    context.record_written("mappings", written)


def confirm(context: StepContext, confirmations: Confirmations) -> None:
    """Set `confirmed_at` of the links that the evidence would make again."""
    kinds, ids = zip(*confirmations, strict=True) if confirmations else ((), ())
    confirmed = {"kinds": list(kinds), "sofasport_ids": list(ids), "as_of": list(confirmations.values())}
    context.conn.execute(query("confirm_mappings"), confirmed)


def _store_lost_links(context: StepContext, withdrawn: Sequence[Mapping[str, Any]]) -> Written:
    """Store the links that the evidence has ended, each with an alert; delete those of people who are linked again."""
    lost = []
    for link in withdrawn:
        player_id, fpl_code, evidence = link["sofasport_player_id"], link["fpl_code"], str(link["evidence"])
        if not evidence.startswith(CONTRADICTED):
            # A manual decision ended the link, so it needs no alert.
            log.info("SofaSport player %d is no longer linked to FPL code %d", player_id, fpl_code)
            continue
        lost.append(
            {
                "sofasport_player_id": player_id,
                "fpl_code": fpl_code,
                "lost_at": context.as_of,
                "evidence": evidence.removeprefix(CONTRADICTED),
            }
        )
        raise_alert(
            context.conn,
            context.run,
            "link_contradicted",
            f"player {player_id}",
            f"SofaSport player {player_id} ({link['name']}) is no longer linked to FPL code {fpl_code}"
            f" ({link['web_name']}): {evidence}. Decide with"
            f' `python -m fpl_pulse.cli.mappings accept|reject {player_id} {fpl_code} --because "..."`,'
            " or leave the pair in review.",
        )
    written = merge(context.conn, "lost_links", lost, ["sofasport_player_id"])
    deleted = context.conn.execute(query("forget_lost_links")).rowcount
    still = context.conn.execute("select sofasport_player_id from pulse.lost_links").fetchall()
    close_alerts(context.conn, context.run, "link_contradicted", still={f"player {number}" for (number,) in still})
    return written + Written(deleted=deleted)
