"""Heatmaps of the players with minutes: which are due, their answers, the table, the check."""

import logging

import pandas as pd

from fpl_pulse.api import sofasport
from fpl_pulse.api.payloads import HeatmapPoint, accept
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import Findings, conclude, some
from fpl_pulse.etl.lineups import require_known_selection
from fpl_pulse.etl.work import Work
from fpl_pulse.store import raw
from fpl_pulse.store.connection import query
from fpl_pulse.store.merge import merge
from fpl_pulse.store.raw import Archived

log = logging.getLogger(__name__)

KEY = ["event_id", "player_id"]


def plan_heatmaps(work: Work) -> list[dict[str, int]]:
    """The matches in which a player with minutes has no heatmap yet.

    Returns:
        One {"event_id"} a match, in order of kick-off.
    """
    require_known_selection(work)
    due = work.query(query("due_heatmaps"), season=work.season(), event_id=None)
    matches = due.event_id.drop_duplicates().tolist()
    log.info("%d heatmaps to fetch in %d matches", len(due), len(matches))
    return [{"event_id": int(event_id)} for event_id in matches]


def fetch_heatmaps(work: Work, event_id: int) -> int:
    """Fetch and archive the heatmaps that a match still owes: after a retry only what is still missing.

    Returns:
        How many there were.
    """
    due = work.query(query("due_heatmaps"), season=work.season(), event_id=event_id)
    collected = work.collect(
        (sofasport.heatmap(event_id, int(player)) for player in due.player_id), "heatmaps"
    )
    log.info("Match %d: %s", event_id, collected)
    return collected.answered


def load_heatmaps(work: Work) -> dict[str, int]:
    """Load the archived heatmaps that the table does not have yet, one transaction a match.

    An answer without a single usable point is recorded as rejected; the check notices when that is no exception.

    Returns:
        Count of heatmaps loaded.
    """
    waiting: dict[int, list[Archived]] = {}
    for answer in raw.not_loaded(work.conn, sofasport.HEATMAP):
        waiting.setdefault(int(answer.params["event_id"]), []).append(answer)
    loaded = 0
    for event_id, answers in waiting.items():
        with work.conn.transaction():
            rows = [row for answer in answers if (row := _heatmap_row(work, answer))]
            written = merge(work.conn, "sofasport_heatmaps", pd.DataFrame(rows, dtype=object), KEY)
            for answer in answers:
                raw.mark_loaded(work.conn, answer.endpoint, answer.resource, answer.answer_id)
        loaded += len(rows)
        work.wrote(f"heatmaps of match {event_id}", written)
    return {"loaded": loaded}


def _heatmap_row(work: Work, answer: Archived) -> dict[str, object] | None:
    """A heatmap's row, or None when no point of it can be used."""
    records = answer.body if isinstance(answer.body, list) else [answer.body]
    good, rejected = accept(HeatmapPoint, records, "points")
    work.reject(answer, rejected)
    if not good:
        return None
    points = [{"x": point.x, "y": point.y} for _, point in good]
    frame = pd.DataFrame(points)
    return {
        **{name: int(answer.params[name]) for name in KEY},
        "points": points,
        "point_count": len(points),
        "mean_x": round(float(frame.x.mean()), 2),
        "mean_y": round(float(frame.y.mean()), 2),
        "observed_at": answer.as_of,
    }


def check_heatmaps(work: Work) -> dict[str, dict[str, int]]:
    """Every player with minutes has a heatmap or was asked about; no settled match lacks many."""
    findings = Findings()
    matches = work.query(query("heatmap_coverage"), season=work.season(), settling=thresholds.SETTLING_TIME)
    with_minutes, have = int(matches.with_minutes.sum()), int(matches.heatmaps.sum())
    no_data, unasked = int(matches.no_data.sum()), int(matches.unasked.sum())
    findings.count("heatmaps", have, with_minutes)
    if no_data:
        findings.remark(f"{no_data} players with minutes have no heatmap at SofaSport")
    asked_for = matches[matches.unasked > 0]
    findings.require(
        asked_for.empty, f"{unasked} heatmaps were never asked for, in {some(asked_for.match.tolist())}"
    )
    poor = matches[matches.is_settled & (matches.heatmaps < thresholds.LEAST_HEATMAPS * matches.with_minutes)]
    findings.require(
        poor.empty,
        f"{len(poor)} matches have heatmaps of fewer than {thresholds.LEAST_HEATMAPS:.0%} of the players with"
        f" minutes: {some(poor.match.tolist())}",
    )
    return dict(conclude(work, findings))
