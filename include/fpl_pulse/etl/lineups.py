"""Lineups with match statistics: which matches are due, their answers, the tables, the check."""

import logging
from typing import Any

import pandas as pd

from fpl_pulse.api import sofasport
from fpl_pulse.api.payloads import LineupEntry, Listed, Person, Rejected, accept
from fpl_pulse.errors import NoDataError, PayloadError, SelectionError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import Findings, conclude, some
from fpl_pulse.etl.events import load_events, merge_people, read_past_pages
from fpl_pulse.etl.match_statistics import statistics_columns
from fpl_pulse.etl.reference import refresh_fpl_results
from fpl_pulse.etl.work import Work
from fpl_pulse.store import raw
from fpl_pulse.store.connection import query
from fpl_pulse.store.merge import Written, merge, replace_within
from fpl_pulse.store.raw import Archived

log = logging.getLogger(__name__)

SIDES = ("home", "away")


def plan_matches(work: Work) -> list[dict[str, int]]:
    """The matches to fetch: ended ones whose lineups are not complete, and those due for another look.

    First brings the results up to date: matches that should have ended since the events were read (a Monday
    evening's) cost one page of past events.

    Returns:
        One {"event_id"} a match, in order of kick-off.

    Raises:
        SelectionError: when a person chose a match that the store does not know.
    """
    require_known_selection(work)
    refresh_fpl_results(work)
    if not work.query(query("matches_under_way"), season=work.season()).empty:
        load_events(work, read_past_pages(work, work.season_id()))
    due = work.query(query("due_lineups"), season=work.season())
    for reason, matches in due.groupby("reason"):
        log.info("%d matches are due: %s", len(matches), reason)
    log.info("%d lineups to fetch", len(due))
    return [{"event_id": int(event_id)} for event_id in due.event_id]


def require_known_selection(work: Work) -> None:
    """Refuse a choice of matches or players that are not in the store, before any call is made.

    Raises:
        SelectionError: naming what is unknown.
    """
    unknown = work.query(query("unknown_selection"))
    if not unknown.empty:
        listed = some([f"{row.kind} {row.id}" for row in unknown.itertuples()])
        raise SelectionError(
            f"Not in the store: {listed}. Matches are SofaSport event ids (pulse.sofasport_events), players"
            " SofaSport player ids (pulse.sofasport_players)."
        )


def fetch_lineup(work: Work, event_id: int) -> int:
    """Fetch and archive the lineups of one match.

    Returns:
        1 when there were lineups, 0 when the source has none.
    """
    try:
        work.ask(sofasport.lineups(event_id), "lineups")
    except NoDataError as nothing:
        log.warning("%s", nothing)
        return 0
    return 1


def load_lineups(work: Work) -> dict[str, int]:
    """Load the archived lineups that the tables do not have yet, one transaction a match.

    Returns:
        Counts: matches loaded, matches refused.

    Raises:
        PayloadError: after all others are loaded, when answers do not have the expected shape.
    """
    loaded, refused = 0, []
    for answer in raw.not_loaded(work.conn, sofasport.LINEUPS):
        try:
            with work.conn.transaction():
                written = _load_match(work, answer)
                raw.mark_loaded(work.conn, answer.endpoint, answer.resource, answer.answer_id)
        except PayloadError as error:
            log.error("%s", error)
            refused.append(str(error))
            continue
        loaded += 1
        work.wrote(f"match {answer.params['event_id']}", written)
    log.info("%d matches loaded, %d refused", loaded, len(refused))
    if refused:
        raise PayloadError(f"{len(refused)} matches were refused, the others are loaded: {some(refused)}")
    return {"loaded": loaded, "refused": 0}


def _load_match(work: Work, answer: Archived) -> Written:
    event_id = int(answer.params["event_id"])
    event = work.query(
        "select home_team_id, away_team_id from pulse.sofasport_events where event_id = %(event_id)s",
        event_id=event_id,
    )
    if event.empty:
        raise PayloadError(f"Lineups of event {event_id}, which is in no list of events")
    entries, missing, rejected = _read_sides(answer)
    players = _player_frame(answer, entries, event.iloc[0], rejected)
    sides = _side_frame(answer, players, missing, event.iloc[0])
    people = [entry.player for side in SIDES for _, entry in entries[side]]
    absent = [person for side in SIDES for person in missing[side]]
    written = merge_people(work, [*absent, *people])
    if _is_poorer(work, event_id, sides):
        rejected.append(
            Rejected(
                "", "statistics that were there have vanished; the stored ones are kept", answer.resource
            )
        )
    else:
        written += merge(work.conn, "sofasport_lineups", sides, ["event_id", "side"])
        written += replace_within(
            work.conn, "sofasport_lineup_players", players, ["event_id", "player_id"], {"event_id": event_id}
        )
    work.reject(answer, rejected)
    return written


Entries = dict[str, list[tuple[Any, LineupEntry]]]
Missing = dict[str, list[Person]]


def _read_sides(answer: Archived) -> tuple[Entries, Missing, list[Rejected]]:
    """The valid entries of both sides, who is missing, and what was rejected: also a player listed twice."""
    entries: Entries = {}
    missing: Missing = {}
    rejected: list[Rejected] = []
    seen: set[int] = set()
    for side in SIDES:
        part = answer.body.get(side) if isinstance(answer.body, dict) else None
        if not isinstance(part, dict) or not isinstance(part.get("players"), list):
            raise PayloadError(f"{answer.endpoint} {answer.resource}: no list of players under {side!r}")
        good, bad = accept(LineupEntry, part["players"], f"{side}.players")
        rejected += bad
        entries[side] = []
        for record, entry in good:
            if entry.player.id in seen:
                place = f"{side}.players.{entry.player.id}"
                rejected.append(Rejected(place, "listed twice in the match; the first entry counts", record))
                continue
            seen.add(entry.player.id)
            entries[side].append((record, entry))
        absent, bad = accept(Listed, part.get("missingPlayers") or [], f"{side}.missingPlayers")
        missing[side] = [listed.player for _, listed in absent]
        rejected += bad
    return entries, missing, rejected


def _player_frame(answer: Archived, entries: Entries, event: Any, rejected: list[Rejected]) -> pd.DataFrame:  # noqa: ANN401
    """One row a player; a player whose statistics do not fit is kept without them."""
    rows = []
    with_xg = {
        name: _anybody_has(entries, name)
        for name in ("expectedGoals", "expectedAssists", "expectedGoalsOnTarget")
    }
    for side in SIDES:
        for record, entry in entries[side]:
            columns, problem = statistics_columns(entry.statistics, with_xg)
            if problem:
                rejected.append(Rejected(f"{side}.players.{entry.player.id}.statistics", problem, record))
            rows.append(
                {
                    "event_id": int(answer.params["event_id"]),
                    "player_id": entry.player.id,
                    "side": side,
                    "team_id": event[f"{side}_team_id"],
                    "shown_team_id": entry.team_id,
                    "is_starter": not entry.substitute,
                    "is_captain": entry.captain,
                    "position": entry.position or entry.player.position,
                    "shirt_number": entry.shirt_number,
                    **columns,
                    "statistics": {} if problem else entry.statistics or {},
                    "observed_at": answer.as_of,
                }
            )
    return pd.DataFrame(rows, dtype=object)


def _anybody_has(entries: Entries, name: str) -> bool:
    return any(entry.statistics and name in entry.statistics for side in SIDES for _, entry in entries[side])


def _side_frame(answer: Archived, players: pd.DataFrame, missing: Missing, event: Any) -> pd.DataFrame:  # noqa: ANN401
    rows = []
    for side in SIDES:
        of_side = players[players.side == side] if not players.empty else players
        formation = answer.body[side].get("formation")
        rows.append(
            {
                "event_id": int(answer.params["event_id"]),
                "side": side,
                "team_id": event[f"{side}_team_id"],
                "formation": formation if isinstance(formation, str) else None,
                "confirmed": answer.body.get("confirmed") is True,
                "starters": int(of_side.is_starter.sum()) if not of_side.empty else 0,
                "with_minutes": int((of_side.minutes.fillna(0) > 0).sum()) if not of_side.empty else 0,
                "missing_players": [person.id for person in missing[side]],
                "observed_at": answer.as_of,
            }
        )
    return pd.DataFrame(rows, dtype=object)


def _is_poorer(work: Work, event_id: int, sides: pd.DataFrame) -> bool:
    """Whether the match has statistics in the store and the new answer has none."""
    stored = work.query(
        "select sum(with_minutes) as with_minutes from pulse.sofasport_lineups where event_id = %(event_id)s",
        event_id=event_id,
    ).with_minutes[0]
    return bool(stored) and int(sides.with_minutes.sum()) == 0


def check_lineups(work: Work) -> dict[str, dict[str, int]]:
    """Every ended match has confirmed lineups, eleven starters a side, and goals that add up to the score."""
    season = work.season()
    findings = Findings()
    matches = work.query(
        query("lineup_coverage"),
        season=season,
        starters=thresholds.STARTERS_A_SIDE,
        settling=thresholds.SETTLING_TIME,
    )
    complete = matches[matches.problem.isna()]
    findings.count("matches", len(complete), len(matches))
    for problem, affected in matches.dropna(subset=["problem"]).groupby("problem"):
        sentence = f"{len(affected)} matches {problem}: {some(affected.match.tolist())}"
        settled = affected[affected.is_settled]
        if settled.empty:
            findings.remark(f"{sentence}; they are young and stay owed")
        else:
            findings.require(False, sentence)
    counts = work.query(query("lineup_counts"), season=season).iloc[0]
    findings.count("players with minutes", counts.with_minutes, counts.with_minutes)
    return dict(conclude(work, findings))
