"""Who is who: SofaSport's clubs, players and events matched to FPL's, proposed, stored and checked."""

import logging

import pandas as pd

from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import Findings, conclude, some
from fpl_pulse.etl.work import Work
from fpl_pulse.matching.calendars import settle_by_calendar
from fpl_pulse.matching.fixtures import match_fixtures
from fpl_pulse.matching.players import match_players
from fpl_pulse.matching.teams import match_teams
from fpl_pulse.store.connection import query
from fpl_pulse.store.merge import Written, merge, replace_within

log = logging.getLogger(__name__)

NOBODY = 0
"""Stands for "no counterpart" in the key of mapping_candidates."""


def match_who_is_who(work: Work) -> dict[str, int]:
    """Match clubs, then events and players, and store what is proposed: links, doubts, and who has no counterpart.

    Returns:
        Counts of proposed links by kind.
    """
    season = work.season()
    decided_teams = work.query(query("linked_teams"), season=season)
    events = work.query(query("events_to_match"), season=season)
    calendar = work.query(query("fixtures_to_match"), season=season)
    teams = _match_new_teams(work, decided_teams)
    teams = settle_by_calendar(teams, _links(decided_teams, teams), events, calendar)
    team_links = _links(decided_teams, teams)
    fixtures = match_fixtures(events, calendar, team_links)
    _, players = match_players(
        work.query(query("people_to_match"), season=season),
        work.query(query("elements_to_match"), season=season),
        team_links,
        work.query("select sofasport_player_id, fpl_code from pulse.player_mappings"),
    )
    teams = pd.concat([decided_teams, teams])
    proposals = {
        "team": teams.rename(columns={"sofasport_team_id": "sofasport_id", "fpl_team_code": "fpl_id"}),
        "fixture": fixtures.rename(columns={"event_id": "sofasport_id", "fixture_id": "fpl_id"}),
        "player": players.rename(columns={"sofasport_player_id": "sofasport_id", "fpl_code": "fpl_id"}),
    }
    written = Written()
    with work.conn.transaction():
        for kind, frame in proposals.items():
            written += _propose(work, season, kind, frame)
    work.wrote("proposals", written)
    counts = {
        kind: int((frame.status == "linked").sum())
        for kind, frame in (("teams", teams), ("fixtures", fixtures), ("players", players))
    }
    log.info("Matched %(teams)d clubs, %(fixtures)d events, %(players)d players", counts)
    return counts


def _links(decided: pd.DataFrame, teams: pd.DataFrame) -> pd.DataFrame:
    """The links there are and the new ones: sofasport_team_id, fpl_team_code."""
    columns = ["sofasport_team_id", "fpl_team_code"]
    return pd.concat([decided[columns], teams[teams.status == "linked"][columns]]).drop_duplicates(columns[0])


def _match_new_teams(work: Work, decided: pd.DataFrame) -> pd.DataFrame:
    """Match the season's clubs that are not linked yet to the FPL clubs that are still free."""
    season = work.season()
    theirs = work.query(query("teams_to_match"), season=season)
    ours = work.query(
        "select code, name, short_name from pulse.fpl_teams where season = %(season)s", season=season
    )
    return match_teams(
        theirs[~theirs.team_id.isin(decided.sofasport_team_id)],
        ours[~ours.code.isin(decided.fpl_team_code)],
    )


def _propose(work: Work, season: str, kind: str, frame: pd.DataFrame) -> Written:
    proposals = pd.DataFrame(
        {
            "season": season,
            "kind": kind,
            "sofasport_id": frame.sofasport_id,
            "fpl_id": frame.fpl_id.astype("Int64").fillna(NOBODY),
            "status": frame.status,
            "is_current": frame.is_current if "is_current" in frame else None,
            "method": frame.method if "method" in frame else "names and birth date",
            "confidence": frame.confidence.round(3),
            "evidence": frame.evidence,
        },
        dtype=object,
    )
    key = ["season", "kind", "sofasport_id", "fpl_id"]
    return replace_within(work.conn, "mapping_candidates", proposals, key, {"season": season, "kind": kind})


def load_mappings(work: Work) -> None:
    """Turn the proposed links into the mappings, in one transaction.

    What is linked already is confirmed or, where the evidence now speaks against it, taken back into review.
    """
    season = work.season()
    linked = work.query(
        "select kind, sofasport_id, fpl_id, is_current, method, confidence, evidence from pulse.mapping_candidates"
        " where season = %(season)s and status = 'linked'",
        season=season,
    )
    linked["made_at"] = work.as_of
    of_kind = dict(tuple(linked.groupby("kind")))
    none = linked.iloc[:0]
    evidence = ["method", "confidence", "evidence", "made_at"]
    teams = of_kind.get("team", none).rename(
        columns={"sofasport_id": "sofasport_team_id", "fpl_id": "fpl_team_code"}
    )
    people = of_kind.get("player", none).rename(
        columns={"sofasport_id": "sofasport_player_id", "fpl_id": "fpl_code"}
    )
    fixtures = of_kind.get("fixture", none).rename(
        columns={"sofasport_id": "event_id", "fpl_id": "fixture_id"}
    )
    fixtures = fixtures.assign(season=season)
    with work.conn.transaction():
        withdrawn = work.conn.execute(query("withdraw_player_mappings"), {"season": season}).fetchall()
        # Two events of a fixture must not both be current in the middle of the merge.
        work.conn.execute(query("withdraw_current_events"), {"season": season})
        written = merge(
            work.conn,
            "team_mappings",
            teams[["sofasport_team_id", "fpl_team_code", *evidence]],
            ["sofasport_team_id"],
        )
        written += merge(
            work.conn,
            "player_mappings",
            people[["sofasport_player_id", "fpl_code", *evidence]],
            ["sofasport_player_id"],
        )
        written += merge(
            work.conn,
            "fixture_mappings",
            fixtures[["season", "event_id", "fixture_id", "is_current", *evidence]],
            ["event_id"],
        )
    for player_id, fpl_code in withdrawn:
        log.warning(
            "SofaSport player %d is no longer linked to FPL code %d: see mapping_candidates",
            player_id,
            fpl_code,
        )
    work.wrote("mappings", written + Written(deleted=len(withdrawn)))


def check_mappings(work: Work) -> dict[str, dict[str, int]]:
    """Every club linked, every played fixture with one ended current event, nearly all players with minutes linked."""
    season = work.season()
    findings = Findings()
    counts = work.query(query("mapping_coverage"), season=season).iloc[0]
    findings.count("clubs linked", counts.clubs_linked, thresholds.TEAMS_A_SEASON)
    findings.count("fixtures with an event", counts.fixtures_with_event, counts.fixtures)
    findings.count("played fixtures with an ended event", counts.played_with_ended_event, counts.played)
    findings.count("players mapped", counts.players_linked, counts.players)
    findings.count("players with minutes mapped", counts.with_minutes_linked, counts.with_minutes)
    findings.require(
        counts.fixtures == thresholds.FIXTURES_A_SEASON,
        f"FPL lists {counts.fixtures} fixtures, not {thresholds.FIXTURES_A_SEASON}",
    )
    findings.require(
        counts.clubs_linked == thresholds.TEAMS_A_SEASON,
        f"{counts.clubs_linked} of {thresholds.TEAMS_A_SEASON} clubs are linked; see mapping_candidates, kind team",
    )
    missing = work.query(query("played_fixtures_without_event"), season=season)
    findings.require(
        missing.empty, f"{len(missing)} played fixtures have no ended event: {some(missing.fixture.tolist())}"
    )
    few = findings.share("players with minutes mapped") < thresholds.LEAST_LINKED
    sentence = (
        f"only {counts.with_minutes_linked} of {counts.with_minutes} players with minutes are linked"
        f" (at least {thresholds.LEAST_LINKED:.0%}); see mapping_candidates, kind player, status review"
    )
    if few and counts.matches_without_lineups:
        # On a first run whoever has left his club since is known from the lineups only, which come tomorrow.
        findings.remark(f"{sentence}; {counts.matches_without_lineups} matches have no lineups yet")
    else:
        findings.require(not few, sentence)
    return dict(conclude(work, findings))
