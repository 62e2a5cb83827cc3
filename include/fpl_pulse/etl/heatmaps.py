"""Heatmaps of the players with minutes: which are due, how they are fetched, loaded and checked."""

import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from statistics import fmean
from typing import Any

from pydantic import ValidationError

from fpl_pulse.api import sofasport
from fpl_pulse.api.payloads_sofasport import POINTS, HeatmapPoint, Point
from fpl_pulse.api.records import Rejected, accept, json_type
from fpl_pulse.errors import IF_REPEATED
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.checking import Findings, finish_check, listed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.deleted_rows import find_deleted_rows, restore_deleted_rows
from fpl_pulse.etl.key_census import counted_afterwards
from fpl_pulse.etl.lineups import require_known_selection
from fpl_pulse.etl.loader import Loader, Parsed, Reader, ResponseRejectedError
from fpl_pulse.etl.missing_keys import Counted, Usual, find_missing_keys, likeliest_name, missing_key, vanished
from fpl_pulse.etl.planning import DueCalls
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.repetition import is_repeated
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import Written, merge
from fpl_pulse.week import in_words
from fpl_pulse.wording import quantity

log = logging.getLogger(__name__)

KEY = ["event_id", "player_id"]

SHAPE = ("event_id", "point_count", "mean_x", "mean_y")
"""Two heatmaps of a match that are equal in these columns are the same list of points."""

Row = dict[str, object]

DOUBTFUL = "doubtful"
"""Begins the reason of a heatmap that is loaded and requested again."""

UNUSABLE_POINTS = "points are unusable"
"""Ends the reason of a heatmap that is refused until the source has sent the same for a week."""

SPARE_POINTS = 40
"""A heatmap has about as many points as the player has touches: at least half as many less this number, and at most
twice as many plus it. In 11,417 heatmaps of 2025-26 it had 1 point less to 20 more."""

MAX_POINTS = 2000
"""Points of one heatmap. The most ever seen is 105; a longer list is not the heatmap of one match."""


CALLS = DueCalls(
    sofasport.HEATMAP,
    "heatmaps",
    "event_id",
    "due_heatmaps",
    lambda _, ids: sofasport.heatmap(ids["event_id"], ids["player_id"]),
)


def plan_heatmaps(context: StepContext) -> list[dict[str, list[int]]]:
    """Plan the calls for players with minutes whose heatmap is missing or was read before their minutes changed.

    Deleted heatmaps are loaded again first.

    Returns:
        One {"event_ids"} a task. Full plan: by kick-off. Partial plan: by rank, the newest gameweek first.
    """
    require_known_selection(context)
    restore_deleted_rows(context, LOADER)
    return CALLS.plan(context)


def fetch_heatmaps(context: StepContext, event_ids: list[int]) -> int:
    """Fetch and archive the planned heatmaps of a task's matches that are still open; return how many had data."""
    return CALLS.fetch(context, event_ids)


def load_heatmaps(context: StepContext) -> dict[str, int]:
    """Load the archived heatmaps that the table does not hold, or no longer; return {"loaded"}: how many."""
    again = restore_deleted_rows(context, LOADER)
    with counted_afterwards(context, sofasport.HEATMAP, "census_of_heatmaps"):
        withdrawn = context.conn.execute(query("withdraw_doubtful_heatmaps"), {"doubtful": f"{DOUBTFUL}%"}).rowcount
        if withdrawn:
            log.info("Doubtful heatmaps deleted, because SofaSport has none for these players: %d", withdrawn)
        return {"loaded": again + LOADER.load(context)}


def _read(context: StepContext, response: ArchivedResponse) -> Parsed[Row]:
    return _make_reader(context, [response])(response)


def _make_reader(context: StepContext, batch: Sequence[ArchivedResponse]) -> Reader[Row]:
    """Read once what is stored of the matches of a batch, and compare its heatmaps with each other.

    A heatmap names neither its player nor its match. Where one of a match is somebody else's, the others of this match
    are doubtful: they are written, and the next run requests them again.
    """
    ids = {name: [int(response.params[name]) for response in batch] for name in KEY}
    players = {(row["event_id"], row["player_id"]): row for row in context.records(query("players_of_heatmaps"), **ids)}
    others: dict[tuple[object, ...], set[int]] = {}
    for row in context.records(query("stored_heatmaps"), **ids):
        # What is read again now proves nothing about the others.
        if row["player_id"] not in ids["player_id"]:
            others.setdefault(_shape(row), set()).add(row["player_id"])
    parsed, refused = _parse_all(batch)
    times = Counter(_shape(one.content) for one in parsed.values())
    doubtful = set()
    for response in batch:
        if response.response_id in refused or response.forced or len(response.body) < thresholds.MIN_COMPARED_POINTS:
            continue
        row = parsed[response.response_id].content
        known = players.get((int(response.params["event_id"]), int(response.params["player_id"])), {})
        reason = "another player of the match has the same points" if times[_shape(row)] > 1 else None
        if reason := reason or foreign_reason(row, known, others.get(_shape(row), set())):
            refused[response.response_id] = ResponseRejectedError(reason)
            doubtful.add(row["event_id"])

    def read(response: ArchivedResponse) -> Parsed[Row]:
        if error := refused.get(response.response_id):
            raise error
        one = parsed[response.response_id]
        if one.rejected and not response.forced and not is_repeated(context, response.resource_id, UNUSABLE_POINTS):
            # Without some of its points a heatmap is another one.
            reason = f"{len(one.rejected)} of {len(response.body)} {UNUSABLE_POINTS}"
            raise ResponseRejectedError(reason, [Rejected("", reason, None), *one.rejected])
        if one.content["event_id"] not in doubtful:
            return one
        reason = f"{DOUBTFUL}, because another heatmap of this match was somebody else's"
        doubt = Rejected("", reason, None, is_part=True)
        return Parsed(one.content, [*one.rejected, doubt], is_unusable=True)

    return read


def _parse_all(batch: Sequence[ArchivedResponse]) -> tuple[dict[int, Parsed[Row]], dict[int, ResponseRejectedError]]:
    """Response id -> its heatmap, or why it is none."""
    parsed, refused = {}, {}
    for response in batch:
        try:
            parsed[response.response_id] = _parse(response)
        except ResponseRejectedError as error:
            refused[response.response_id] = error
    return parsed, refused


def _shape(row: Mapping[str, Any]) -> tuple[object, ...]:
    """Equal for two heatmaps of a match with the same points."""
    return tuple(row[name] for name in SHAPE)


def foreign_reason(row: Row, known: Mapping[str, Any], same: Collection[int]) -> str | None:
    """Why a heatmap is another player's; None where nothing speaks against it.

    Args:
        row: the heatmap.
        known: what is stored of the player in the match; empty when nothing is.
        same: other players of the match whose stored heatmap has the same points.
    """
    if same:
        return f"player {listed([str(player_id) for player_id in sorted(same)])} has the same points in this match"
    mean_x, count, touches = float(str(row["mean_x"])), int(str(row["point_count"])), known.get("touches")
    if known.get("is_keeper") and mean_x > thresholds.FURTHEST_KEEPER:
        return f"the points of a goalkeeper are at x {mean_x} on average"
    if not known.get("is_keeper") and mean_x < thresholds.NEAREST_FIELD_PLAYER:
        return f"the points of a field player are at x {mean_x} on average, as a goalkeeper's"
    if touches is not None and not touches / 2 - SPARE_POINTS <= count <= 2 * touches + SPARE_POINTS:
        return f"{quantity(count, 'point')}, but the player touched the ball {quantity(int(touches), 'time')}"
    return None


def _parse(response: ArchivedResponse) -> Parsed[Row]:
    body = response.body
    if not isinstance(body, list):
        raise ResponseRejectedError(f"a list of points was expected, not {json_type(body)}. {IF_REPEATED}")
    if len(body) > MAX_POINTS:
        raise ResponseRejectedError(
            f"the heatmap has {len(body):,} points, and at most {MAX_POINTS:,} are allowed for one match. {IF_REPEATED}"
        )
    points, rejected = _points(body)
    if not points or len(rejected) > thresholds.MAX_REJECTED_SHARE * len(body):
        lost = _missing_coordinates(body)
        raise ResponseRejectedError(f"{len(rejected)} of {len(body)} {UNUSABLE_POINTS}", lost or rejected)
    row: Row = {
        **{name: int(response.params[name]) for name in KEY},
        "points": points,
        "point_count": len(points),
        "mean_x": round(fmean([point["x"] for point in points]), 2),
        "mean_y": round(fmean([point["y"] for point in points]), 2),
        "observed_at": response.as_of,
    }
    return Parsed(row, rejected, is_unusable=bool(rejected))


def _missing_coordinates(body: list[Any]) -> list[Rejected]:
    """The reports of the coordinates that (nearly) all points lack."""
    usual = {"x": Usual(1, 50), "y": Usual(1, 50)}
    counted = Counted.of(point for point in body if isinstance(point, dict))
    return [
        missing_key(
            key,
            f"{len(body) - counted.have[key]} of {len(body)} points",
            likeliest_name(key, counted, usual, {"count"}),
            consequence="the heatmap is not loaded, and a stored one is kept",
        )
        for key in sorted(vanished(counted, usual))
    ]


def _points(body: list[Any]) -> tuple[list[Point], list[Rejected]]:
    """The valid points, and the records that are none. A list without any such record is validated as a whole."""
    try:
        return POINTS.validate_python(body), []
    except ValidationError:
        good, rejected = accept(HeatmapPoint, body, "points")
        return [{"x": point.x, "y": point.y} for _, point in good], rejected


def _write(context: StepContext, rows: list[Row]) -> Written:
    return merge(context.conn, "sofasport_heatmaps", rows, KEY)


LOADER = Loader(sofasport.HEATMAP, "heatmaps", _read, _write, batch_size=500, make_reader=_make_reader, is_checked=True)


def check_heatmaps(context: StepContext) -> dict[str, dict[str, int]]:
    """Check that every player with minutes has a heatmap or was requested, and that settled matches have nearly all."""
    findings = Findings()
    matches = context.query(query("heatmap_coverage"), season=context.season(), settling=thresholds.SETTLING_TIME)
    findings.count("heatmaps", int(matches.heatmaps.sum()), int(matches.with_minutes.sum()))
    if no_data := int(matches.no_data.sum()):
        findings.remark(f"players with minutes for whom SofaSport has no heatmap: {no_data}")
    if rejected := int(matches.rejected.sum()):
        findings.remark(f"rejected heatmaps, which will be requested again: {rejected}; see pulse.rejected_records")
    never_requested = matches[matches.never_requested > 0]
    findings.require(
        never_requested.empty,
        f"heatmaps that were never requested: {int(matches.never_requested.sum())}, in"
        f" {listed(never_requested.match.tolist())}",
    )
    settled = matches[matches.is_settled]
    expected = settled.with_minutes - settled.skipped
    few = settled[settled.heatmaps < thresholds.MIN_HEATMAPS_SHARE * expected]
    if not few.empty:
        findings.remark(f"matches with few heatmaps: {listed(few.match.tolist())}")
    findings.require(
        settled.heatmaps.sum() >= thresholds.MIN_HEATMAPS_SHARE * expected.sum(),
        f"only {settled.heatmaps.sum()} of {expected.sum()} players with minutes in matches older than"
        f" {in_words(thresholds.SETTLING_TIME)} have a heatmap (at least {thresholds.MIN_HEATMAPS_SHARE:.0%})",
    )
    findings.of_gameweeks(context, "heatmaps")
    find_missing_keys(context, findings, sofasport.HEATMAP)
    find_deleted_rows(context, findings, {sofasport.HEATMAP: "load_heatmaps"})
    return dict(finish_check(context, findings))
