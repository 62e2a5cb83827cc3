"""Heatmaps of the players with minutes: which are due, their answers, the table, the check."""

import logging

import pandas as pd

from fpl_pulse.api import sofasport
from fpl_pulse.api.payloads_sofasport import HeatmapPoint
from fpl_pulse.api.records import accept
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.budget import left_out_of, most_valuable, plan_tasks
from fpl_pulse.etl.checking import Findings, finish_check, some
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.lineups import require_known_selection
from fpl_pulse.etl.queries import query
from fpl_pulse.store import archive
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import merge

log = logging.getLogger(__name__)

KEY = ["event_id", "player_id"]

MOST_POINTS = 2000
"""105 points is the most that was ever seen; a longer list is no heatmap of one match."""


def plan_heatmaps(context: StepContext) -> list[dict[str, int]]:
    """The matches in which a player with minutes has no heatmap yet.

    Returns:
        One {"event_id"} a match, in order of kick-off. When the budget of calls is short, the newest gameweek first and
        in it the starters: {"left_out"} is how many of the match's players are not to be asked about.
    """
    require_known_selection(context)
    due = context.query(query("due_heatmaps"), season=context.season(), event_id=None)
    log.info("%d heatmaps to fetch in %d matches", len(due), due.event_id.nunique())
    return plan_tasks(context, due, "event_id")


def fetch_heatmaps(context: StepContext, event_id: int, left_out: int = 0) -> int:
    """Fetch and archive the heatmaps that a match still owes: after a retry only what is still missing.

    Returns:
        How many there were.
    """
    due = context.query(query("due_heatmaps"), season=context.season(), event_id=event_id)
    players = most_valuable(due, left_out).player_id
    collected = context.fetch_all(
        (sofasport.heatmap(event_id, int(player)) for player in players), "heatmaps"
    )
    log.info("Match %d: %s", event_id, collected)
    return collected.answered


def load_heatmaps(context: StepContext) -> dict[str, int]:
    """Load the archived heatmaps that the table does not have yet, one transaction a match.

    An answer of which much cannot be used is refused: the next run asks for it again.

    Returns:
        Count of heatmaps loaded.
    """
    waiting: dict[int, list[ArchivedResponse]] = {}
    for answer in archive.waiting(context.conn, sofasport.HEATMAP):
        waiting.setdefault(int(answer.params["event_id"]), []).append(answer)
    loaded = 0
    for event_id, answers in waiting.items():
        with context.conn.transaction():
            rows = [row for answer in answers if (row := _heatmap_row(context, answer))]
            written = merge(context.conn, "sofasport_heatmaps", pd.DataFrame(rows, dtype=object), KEY)
        loaded += len(rows)
        context.record_written(f"heatmaps of match {event_id}", written)
    return {"loaded": loaded}


def _heatmap_row(context: StepContext, answer: ArchivedResponse) -> dict[str, object] | None:
    """A heatmap's row, or None when too little of it can be used."""
    records = answer.body if isinstance(answer.body, list) and len(answer.body) <= MOST_POINTS else [None]
    good, rejected = accept(HeatmapPoint, records, "points")
    context.record_rejections(answer, rejected)
    if len(rejected) > thresholds.MAX_REJECTED_SHARE * len(records):
        archive.mark_rejected(context.conn, answer)
        return None
    archive.mark_loaded(context.conn, answer.endpoint, answer.resource, answer.answer_id)
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


def check_heatmaps(context: StepContext) -> dict[str, dict[str, int]]:
    """Every player with minutes has a heatmap or was asked about; of settled matches and each gameweek nearly all."""
    findings = Findings()
    matches = context.query(
        query("heatmap_coverage"), season=context.season(), settling=thresholds.SETTLING_TIME
    )
    left_out = left_out_of(context, "due_heatmaps", event_id=None)
    owed = left_out.event_id.value_counts()
    matches["owed"] = matches.event_id.map(owed).fillna(0).astype(int)
    matches["unasked"] = (matches.unasked - matches.owed).clip(lower=0)
    findings.count("heatmaps", int(matches.heatmaps.sum()), int(matches.with_minutes.sum()))
    if no_data := int(matches.no_data.sum()):
        findings.remark(f"{no_data} players with minutes have no heatmap at SofaSport")
    if refused := int(matches.refused.sum()):
        findings.remark(f"{refused} heatmaps were refused and will be asked for again; see rejected_records")
    unasked = matches[matches.unasked > 0]
    findings.require(
        unasked.empty,
        f"{int(matches.unasked.sum())} heatmaps were never asked for, in {some(unasked.match.tolist())}",
    )
    settled = matches[matches.is_settled.astype(bool)]
    wanted = settled.with_minutes - settled.owed
    poor = settled[settled.heatmaps < thresholds.MIN_HEATMAPS_SHARE * wanted]
    if not poor.empty:
        findings.remark(f"matches with few heatmaps: {some(poor.match.tolist())}")
    findings.require(
        settled.heatmaps.sum() >= thresholds.MIN_HEATMAPS_SHARE * wanted.sum(),
        f"only {settled.heatmaps.sum()} of {wanted.sum()} players with minutes in matches older than"
        f" {thresholds.SETTLING_TIME} have a heatmap (at least {thresholds.MIN_HEATMAPS_SHARE:.0%})",
    )
    findings.of_gameweeks(context, "heatmaps", left_out=left_out)
    return dict(finish_check(context, findings))
