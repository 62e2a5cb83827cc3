"""Who is who: SofaSport's clubs, players and events matched to FPL's, proposed and stored; docs/matching.md."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from fpl_pulse.alerts.outbox import close_alerts, raise_alert
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query
from fpl_pulse.matching.behaviour import records
from fpl_pulse.matching.calendars import settle_by_calendar
from fpl_pulse.matching.decisions import Decisions, decisions
from fpl_pulse.matching.evidence import LINK
from fpl_pulse.matching.fixtures import match_fixtures
from fpl_pulse.matching.players import AGAINST, CONTRADICTED, match_players
from fpl_pulse.matching.teams import match_teams
from fpl_pulse.store.merge import Written, merge, replace_within

log = logging.getLogger(__name__)

NOBODY = 0
"""Stands for "no counterpart" in the key of mapping_candidates."""


ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('pulse.matching'))"
"""Held to the end of the transaction."""


@dataclass(frozen=True)
class MappingTable:
    """Where the links of one kind are kept."""

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
    """Match clubs, then events and players, and store what is proposed: links, doubts, and who has no counterpart.

    Returns:
        Counts of proposed links by kind.
    """
    with context.conn.transaction():
        return _match_alone(context)


def _match_alone(context: StepContext) -> dict[str, int]:
    """The matching, while nobody else matches: a person's decision must not fall between reading and writing."""
    context.conn.execute(ONE_AT_A_TIME)
    season = context.season()
    events = context.query(query("events_to_match"), season=season)
    calendar = context.query(query("fixtures_to_match"), season=season)
    teams = _match_teams(context, season, events, calendar)
    team_links = teams[teams.status == "linked"]
    fixtures = match_fixtures(events, calendar, team_links)
    players = match_players(
        context.query(query("people_to_match"), season=season),
        context.query(query("elements_to_match"), season=season),
        team_links,
        context.query(
            "select sofasport_player_id, fpl_code from pulse.player_mappings where method <> 'decision'"
        ),
        records=records(
            context.query(query("appearances_to_match"), season=season),
            context.query(
                query("figures_to_match"), season=season, least_players=2 * thresholds.STARTERS_A_SIDE
            ),
            fixtures,
        ),
        lost=dict(
            context.conn.execute("select sofasport_player_id, fpl_code from pulse.lost_links").fetchall()
        ),
        decisions=_decisions(context, "player"),
    )
    written = Written()
    for kind, frame in (("team", teams), ("fixture", fixtures), ("player", players)):
        written += _propose(context, season, kind, frame)
    _alert_of_decisions_against_evidence(context, players)
    context.record_written("proposals", written)
    counts = {
        kind: int((frame.status == "linked").sum())
        for kind, frame in (("teams", teams), ("fixtures", fixtures), ("players", players))
    }
    log.info("Matched %(teams)d clubs, %(fixtures)d events, %(players)d players", counts)
    return counts


def _match_teams(
    context: StepContext, season: str, events: pd.DataFrame, calendar: pd.DataFrame
) -> pd.DataFrame:
    """The season's clubs: as people say, as before, by name, and what is left by whom they play where and when."""
    said = _decisions(context, "team")
    teams = match_teams(
        context.query(query("teams_to_match"), season=season),
        context.query(
            "select code, name, short_name from pulse.fpl_teams where season = %(season)s", season=season
        ),
        context.query(query("linked_teams"), season=season),
        said,
    )
    return settle_by_calendar(teams, teams[teams.status == "linked"], events, calendar, said.rejected)


def _decisions(context: StepContext, kind: str) -> Decisions:
    return decisions(context.query(query("decisions_in_force"), kind=kind))


def _propose(context: StepContext, season: str, kind: str, frame: pd.DataFrame) -> Written:
    table = TABLES[kind]
    proposals = pd.DataFrame(
        {
            "season": season,
            "kind": kind,
            "sofasport_id": frame[table.sofasport_id],
            "fpl_id": frame[table.fpl_id].astype("Int64").fillna(NOBODY),
            "status": frame.status,
            "is_current": frame.is_current if "is_current" in frame else None,
            "method": frame.method,
            "confidence": frame.confidence.round(3),
            "strength": frame.strength if "strength" in frame else None,
            "evidence": frame.evidence,
        },
        dtype=object,
    )
    key = ["season", "kind", "sofasport_id", "fpl_id"]
    return replace_within(
        context.conn,
        "mapping_candidates",
        proposals.to_dict("records"),
        key,
        {"season": season, "kind": kind},
    )


def _alert_of_decisions_against_evidence(context: StepContext, players: pd.DataFrame) -> None:
    decided = players[(players.status == "linked") & (players.method == "decision")]
    against = decided[decided.evidence.str.contains(AGAINST, regex=False)]
    close_alerts(
        context.conn,
        context.run,
        "decision_contradicted",
        still={f"player {number}" for number in against.sofasport_player_id},
    )
    for row in against.itertuples():
        raise_alert(
            context.conn,
            context.run,
            "decision_contradicted",
            f"player {row.sofasport_player_id}",
            f"A person has linked SofaSport player {row.sofasport_player_id} to FPL code {row.fpl_code}, but the"
            " evidence speaks against it. The decision stands; look again, and take it back with `withdraw` if it was"
            " wrong.",
            once=True,
        )


def load_mappings(context: StepContext) -> None:
    """Turn the proposed links into the mappings, in one transaction.

    What is linked already is confirmed or, where the evidence now speaks against it, taken back into review.
    """
    season = context.season()
    with context.conn.transaction():
        context.conn.execute(ONE_AT_A_TIME)
        linked = context.query(
            "select kind, sofasport_id, fpl_id, is_current, method, confidence, strength, evidence"
            " from pulse.mapping_candidates where season = %(season)s and status = 'linked'",
            season=season,
        ).assign(season=season, made_at=context.as_of, confirmed_at=context.as_of)
        withdrawn = context.conn.execute(query("withdraw_player_mappings"), {"season": season}).fetchall()
        deleted = len(withdrawn)
        for name in ("withdraw_team_mappings", "withdraw_fixture_mappings"):
            deleted += context.conn.execute(query(name), {"season": season}).rowcount
        # Two events of a fixture must not both be current in the middle of the merge.
        context.conn.execute(query("withdraw_current_events"), {"season": season})
        written = Written(deleted=deleted)
        for kind, table in TABLES.items():
            links = linked[linked.kind == kind].rename(
                columns={"sofasport_id": table.sofasport_id, "fpl_id": table.fpl_id}
            )
            columns = [
                table.sofasport_id,
                table.fpl_id,
                "method",
                "confidence",
                "evidence",
                "made_at",
                "confirmed_at",
            ]
            written += merge(
                context.conn,
                table.name,
                links[[*columns, *table.more]].to_dict("records"),
                [table.sofasport_id],
            )
        context.conn.execute(
            query("confirm_mappings"), {"season": season, "as_of": context.as_of, "link": LINK}
        )
        written += _remember_lost_links(context, withdrawn)
    context.record_written("mappings", written)


def _remember_lost_links(context: StepContext, withdrawn: Sequence[tuple[Any, ...]]) -> Written:
    """Keep the links that the evidence has just ended, and raise an alert of each; forget those that are back."""
    lost = []
    for player_id, name, fpl_code, web_name, evidence in withdrawn:
        if not str(evidence).startswith(CONTRADICTED):
            # A person has rejected it, taken his word back or linked somebody else: he knows.
            log.info("SofaSport player %d is no longer linked to FPL code %d", player_id, fpl_code)
            continue
        lost.append((player_id, fpl_code, context.as_of, str(evidence).removeprefix(CONTRADICTED)))
        raise_alert(
            context.conn,
            context.run,
            "link_contradicted",
            f"player {player_id}",
            f"SofaSport player {player_id} ({name}) is no longer linked to FPL code {fpl_code} ({web_name}):"
            f" {evidence}. Decide with `python -m fpl_pulse.cli.mappings accept|reject {player_id} {fpl_code}"
            ' --because "..."`, or leave it in review.',
        )
    frame = pd.DataFrame(
        lost, columns=["sofasport_player_id", "fpl_code", "lost_at", "evidence"], dtype=object
    )
    written = merge(context.conn, "lost_links", frame.to_dict("records"), ["sofasport_player_id"])
    found = context.conn.execute(query("forget_lost_links")).rowcount
    still = context.conn.execute("select sofasport_player_id from pulse.lost_links").fetchall()
    close_alerts(
        context.conn, context.run, "link_contradicted", still={f"player {number}" for (number,) in still}
    )
    return written + Written(deleted=found)
