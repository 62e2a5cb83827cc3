"""Radar attributes: of each player's own seasons, with the average of his position kept apart."""

import logging
from collections import Counter
from typing import Any

import pandas as pd

from fpl_pulse.api import sofasport
from fpl_pulse.api.payloads import AttributeOverview, Rejected, accept
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import Findings, conclude, some
from fpl_pulse.etl.lineups import require_known_selection
from fpl_pulse.etl.work import Work
from fpl_pulse.store import raw
from fpl_pulse.store.connection import query
from fpl_pulse.store.merge import merge
from fpl_pulse.store.raw import Archived

log = logging.getLogger(__name__)

AXES = (
    "attacking", "technical", "tactical", "defending", "creativity",
    "saves", "anticipation", "ball_distribution", "aerial",
)  # fmt: skip


def plan_attributes(work: Work) -> list[dict[str, int]]:
    """The clubs with players whose attributes are due.

    Returns:
        One {"team_id"} a club.
    """
    require_known_selection(work)
    due = work.query(query("due_attributes"), season=work.season(), team_id=None)
    teams = sorted(due.team_id.unique().tolist())
    log.info("Attributes of %d players of %d clubs to fetch", len(due), len(teams))
    return [{"team_id": int(team_id)} for team_id in teams]


def fetch_attributes(work: Work, team_id: int) -> int:
    """Fetch and archive the attributes that a club's players are due: after a retry only what is missing.

    Returns:
        How many there were.
    """
    due = work.query(query("due_attributes"), season=work.season(), team_id=team_id)
    collected = work.collect(
        (sofasport.attributes(int(player_id)) for player_id in due.player_id), "attributes"
    )
    log.info("Club %d: %s", team_id, collected)
    return collected.answered


def load_attributes(work: Work) -> dict[str, int]:
    """Load the archived attributes that the tables do not have yet, in one transaction.

    Returns:
        Counts: rows of players' own attributes, positions with an average.
    """
    season = work.season()
    own: list[dict[str, object]] = []
    averages: list[tuple[str, dict[str, object], Any]] = []
    with work.conn.transaction():
        for answer in raw.not_loaded(work.conn, sofasport.ATTRIBUTES):
            own += _own_rows(work, answer, season, averages)
            raw.mark_loaded(work.conn, answer.endpoint, answer.resource, answer.answer_id)
        written = merge(
            work.conn, "sofasport_attributes", pd.DataFrame(own, dtype=object), ["player_id", "season"]
        )
        average_frame = pd.DataFrame(_most_stated(averages, season, work.as_of), dtype=object)
        written += merge(work.conn, "sofasport_position_averages", average_frame, ["season", "position"])
    work.wrote("attributes", written)
    return {"rows": len(own), "positions": len(average_frame)}


def _own_rows(
    work: Work, answer: Archived, season: str, averages: list[tuple[str, dict[str, object], Any]]
) -> list[dict[str, object]]:
    """The player's own rows, one a season; the averages of the answer are added to `averages`."""
    body = answer.body if isinstance(answer.body, dict) else {}
    good, rejected = accept(
        AttributeOverview, body.get("playerAttributeOverviews") or [], "playerAttributeOverviews"
    )
    means, bad_means = accept(
        AttributeOverview, body.get("averageAttributeOverviews") or [], "averageAttributeOverviews"
    )
    mean_ids = {model.id for _, model in means if model.id is not None}
    averages += [
        (model.position, _axes(model), record)
        for record, model in means
        if model.position and model.year_shift == 0
    ]
    rows: dict[str, dict[str, object]] = {}
    for record, model in good:
        place = f"playerAttributeOverviews.yearShift={model.year_shift}"
        spoken_of = earlier_season(season, model.year_shift)
        if model.id in mean_ids:
            rejected.append(
                Rejected(place, "this is the average of the position, not the player's own row", record)
            )
        elif spoken_of in rows:
            rejected.append(Rejected(place, "a second row for the same season; the first counts", record))
        else:
            rows[spoken_of] = {
                "player_id": int(answer.params["player_id"]),
                "season": spoken_of,
                "year_shift": model.year_shift,
                "position": model.position,
                **_axes(model),
                "details": record,
                "observed_at": answer.as_of,
            }
    work.reject(answer, [*rejected, *bad_means])
    return list(rows.values())


def earlier_season(season: str, years: int) -> str:
    """The season some years before: 2025-26 and 1 -> 2024-25."""
    start = int(season[:4]) - years
    return f"{start}-{(start + 1) % 100:02d}"


def _axes(model: AttributeOverview) -> dict[str, object]:
    return {axis: getattr(model, axis) for axis in AXES}


def _most_stated(
    averages: list[tuple[str, dict[str, object], Any]], season: str, as_of: object
) -> list[dict[str, object]]:
    """One average a position. Answers of one day can differ by a point: the one stated most often is taken."""
    rows = []
    for position in sorted({position for position, _, _ in averages}):
        stated = [(tuple(axes.values()), axes, record) for name, axes, record in averages if name == position]
        votes = Counter(values for values, _, _ in stated)
        winner = max(votes, key=lambda values: (votes[values], repr(values)))
        axes, record = next((axes, record) for values, axes, record in stated if values == winner)
        rows.append({"season": season, "position": position, **axes, "details": record, "observed_at": as_of})
    return rows


def check_attributes(work: Work) -> dict[str, dict[str, int]]:
    """Players with minutes were asked about, most have attributes, and nobody's are the average of his position."""
    findings = Findings()
    players = work.query(query("attribute_coverage"), season=work.season())
    have = players[players.has_attributes]
    findings.count("attributes", len(have), len(players))
    findings.require(
        findings.share("attributes") >= thresholds.LEAST_ATTRIBUTES,
        f"only {len(have)} of {len(players)} players with minutes have attributes of their own"
        f" (at least {thresholds.LEAST_ATTRIBUTES:.0%})",
    )
    unasked = players[~players.has_attributes & ~players.was_asked]
    findings.require(
        unasked.empty,
        f"{len(unasked)} players with minutes were never asked about: {some(unasked.player.tolist())}",
    )
    borrowed = work.query(query("borrowed_attributes"))
    findings.require(
        borrowed.empty,
        f"{len(borrowed)} rows are the average of a position: {some(borrowed.player.tolist())}",
    )
    return dict(conclude(work, findings))
