"""Radar attributes: of each player's own seasons, with the average of his position kept apart."""

import logging
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from fpl_pulse.api import sofasport
from fpl_pulse.api.payloads_sofasport import AttributeOverview
from fpl_pulse.api.records import Rejected, accept
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.budget import left_out_of, most_valuable, plan_tasks
from fpl_pulse.etl.checking import Findings, finish_check, some
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.lineups import require_known_selection
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.vanishing import complete
from fpl_pulse.season import Season
from fpl_pulse.store import archive
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import merge

log = logging.getLogger(__name__)

ENOUGH_VOTES = 10
"""So many answers must state an average of a position before it replaces the stored one."""

AXES = (
    "attacking", "technical", "tactical", "defending", "creativity",
    "saves", "anticipation", "ball_distribution", "aerial",
)  # fmt: skip


def plan_attributes(context: StepContext) -> list[dict[str, int]]:
    """The clubs with players whose attributes are due.

    Returns:
        One {"team_id"} a club. When the budget of calls is short, {"left_out"}
        is how many of its players are not to be asked about: those who did not play in the newest gameweek first.
    """
    require_known_selection(context)
    due = context.query(query("due_attributes"), season=context.season(), team_id=None)
    log.info("Attributes of %d players of %d clubs to fetch", len(due), due.team_id.nunique())
    return plan_tasks(context, due, "team_id")


def fetch_attributes(context: StepContext, team_id: int, left_out: int = 0) -> int:
    """Fetch and archive the attributes that a club's players are due: after a retry only what is missing.

    Returns:
        How many there were.
    """
    season = context.season()
    due = context.query(query("due_attributes"), season=season, team_id=team_id)
    players = most_valuable(due, left_out).player_id
    collected = context.fetch_all(
        (sofasport.attributes(season, int(player_id)) for player_id in players), "attributes"
    )
    log.info("Club %d: %s", team_id, collected)
    return collected.answered


def load_attributes(context: StepContext) -> dict[str, int]:
    """Load the archived attributes that the tables do not have yet, in one transaction.

    Returns:
        Counts: rows of players' own attributes, positions with an average.
    """
    stored_axes = _stored_axes(context)
    own: list[dict[str, object]] = []
    averages: list[dict[str, object]] = []
    with context.conn.transaction():
        for answer in archive.waiting(context.conn, sofasport.ATTRIBUTES):
            if not isinstance(answer.body, dict):
                archive.mark_rejected(context.conn, answer)
                continue
            means, mean_ids, rejected = _average_rows(answer)
            averages += means
            rows = _own_rows(answer, mean_ids, {} if answer.forced else stored_axes, rejected)
            context.record_rejections(answer, rejected)
            if not rows and rejected:
                archive.mark_rejected(context.conn, answer)
                continue
            own += rows
            archive.mark_loaded(context.conn, answer.endpoint, answer.resource, answer.answer_id)
        key = ["player_id", "season"]
        written = merge(context.conn, "sofasport_attributes", pd.DataFrame(own, dtype=object), key)
        known = context.query("select season, position from pulse.sofasport_position_averages")
        stored = set(known.itertuples(index=False, name=None))
        average_frame = pd.DataFrame(_most_stated(averages, stored), dtype=object)
        written += merge(
            context.conn,
            "sofasport_position_averages",
            average_frame,
            ["season", "position"],
            keep_when_null=True,
        )
    context.record_written("attributes", written)
    return {"rows": len(own), "positions": len(average_frame)}


def _average_rows(answer: ArchivedResponse) -> tuple[list[dict[str, object]], set[int], list[Rejected]]:
    """The averages of positions that an answer states, their ids, and what was rejected."""
    path = "averageAttributeOverviews"
    means, rejected = accept(AttributeOverview, answer.body.get(path) or [], path)
    rows = [
        {
            "season": answer.params["season"],
            "position": model.position,
            **_axes(model),
            "details": record,
            "observed_at": answer.as_of,
        }
        for record, model in means
        if model.position and model.year_shift == 0 and _has_axes(model)
    ]
    return rows, {model.id for _, model in means if model.id is not None}, rejected


StoredAxes = Mapping[tuple[int, str], Mapping[str, Any]]
"""(player, season) -> the stored axes."""


def _stored_axes(context: StepContext) -> StoredAxes:
    rows = context.query("select * from pulse.sofasport_attributes").to_dict("records")
    return {
        (row["player_id"], row["season"]): {axis: row[axis] for axis in AXES if row[axis] is not None}
        for row in rows
    }


def _own_rows(
    answer: ArchivedResponse, mean_ids: set[int], stored: StoredAxes, rejected: list[Rejected]
) -> list[dict[str, object]]:
    """The player's own rows, one a season; with axes that are stored and have vanished from the answer."""
    path = "playerAttributeOverviews"
    good, bad = accept(AttributeOverview, answer.body.get(path) or [], path)
    rejected += bad
    rows: dict[str, dict[str, object]] = {}
    read_in = Season(answer.params["season"])
    for record, model in good:
        season = read_in.earlier(model.year_shift)
        reason = None
        if not _has_axes(model):
            reason = "none of the axes is there"
        elif model.id in mean_ids:
            reason = "this is the average of the position, not the player's own row"
        elif season in rows:
            reason = "a second row for the same season; the first counts"
        if reason:
            rejected.append(Rejected(f"{path}.yearShift={model.year_shift}", reason, record))
            continue
        player_id = int(answer.params["player_id"])
        completed = complete(_axes(model), stored.get((player_id, season), {}), omits_zeros=False)
        if completed.vanished:
            rejected.append(Rejected(f"{path}.yearShift={model.year_shift}", completed.reason, record))
        rows[season] = {
            "player_id": player_id,
            "season": season,
            "year_shift": model.year_shift,
            "position": model.position,
            **{axis: completed.figures.get(axis) for axis in AXES},
            "details": record,
            "observed_at": answer.as_of,
        }
    return list(rows.values())


def _axes(model: AttributeOverview) -> dict[str, object]:
    return {axis: getattr(model, axis) for axis in AXES}


def _has_axes(model: AttributeOverview) -> bool:
    return any(value is not None for value in _axes(model).values())


def _most_stated(averages: list[dict[str, object]], stored: set[tuple[str, str]]) -> list[dict[str, object]]:
    """One average a season and position.

    Answers of one day can differ by a point: the one stated most often counts, and a handful of answers, as after a
    retry, does not outvote what many have said.
    """

    def axes(row: dict[str, object]) -> tuple[object, ...]:
        return tuple(row[axis] for axis in AXES)

    rows = []
    for key in sorted({(str(row["season"]), str(row["position"])) for row in averages}):
        stated = [row for row in averages if (row["season"], row["position"]) == key]
        if key in stored and len(stated) < ENOUGH_VOTES:
            continue
        votes = Counter(map(axes, stated))
        winner = max(votes, key=lambda values: (votes[values], repr(values)))
        rows.append(next(row for row in stated if axes(row) == winner))
    return rows


def check_attributes(context: StepContext) -> dict[str, dict[str, int]]:
    """Players with minutes were asked about, most have attributes, and nobody's are the average of his position."""
    findings = Findings()
    players = context.query(query("attribute_coverage"), season=context.season())
    have = players[players.has_attributes.astype(bool)]
    findings.count("attributes", len(have), len(players))
    not_asked = left_out_of(context, "due_attributes", team_id=None)
    left_out = not_asked.player_id
    players, have = (frame[~frame.player_id.isin(left_out)] for frame in (players, have))
    findings.require(
        len(have) >= thresholds.MIN_ATTRIBUTES_SHARE * len(players),
        f"only {len(have)} of {len(players)} players with minutes have attributes of their own"
        f" (at least {thresholds.MIN_ATTRIBUTES_SHARE:.0%})",
    )
    findings.of_gameweeks(context, "attributes", left_out=not_asked)
    unasked = players[~players.has_attributes.astype(bool) & ~players.was_asked.astype(bool)]
    findings.require(
        unasked.empty,
        f"{len(unasked)} players with minutes were never asked about: {some(unasked.player.tolist())}",
    )
    borrowed = context.query(query("borrowed_attributes"))
    findings.require(
        borrowed.empty,
        f"{len(borrowed)} rows are the average of a position: {some(borrowed.player.tolist())}",
    )
    return dict(finish_check(context, findings))
