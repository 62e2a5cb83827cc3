"""SofaSport's id of FPL's season: looked up in its list, and verified by the events that SofaSport has for it."""

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from fpl_pulse.api import sofasport
from fpl_pulse.api.payloads_sofasport import SofaSportSeason
from fpl_pulse.api.records import accept, require_list
from fpl_pulse.errors import NoDataError, PayloadError, StopError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.queries import query
from fpl_pulse.season import SOFASPORT_TOURNAMENT_ID, Season
from fpl_pulse.store import archive
from fpl_pulse.store.connection import scalar
from fpl_pulse.store.merge import merge

log = logging.getLogger(__name__)

COURSES: tuple[sofasport.Course, ...] = ("last", "next")
"""Lists of events, of which a season has at least one: before the first match only coming ones."""


def fetch_season_id(context: StepContext) -> int | None:
    """SofaSport's id of FPL's season, looked up until its events are known. None before SofaSport has the season.

    Raises:
        StopError: matches were played, but no listed id has events of the season.
    """
    season = context.season()
    if has_season_id(context):
        season_id = context.season_id()
        has_events = scalar(context.conn, query("has_events_of_season"), {"season": season})
        # On a first run that is retried, an earlier attempt has read a page of events.
        if has_events or _why_not(context, season, season_id) is None:
            return season_id
    return look_up_season_id(context)


def look_up_season_id(context: StepContext) -> int | None:
    """Look SofaSport's id up in its list, whether or not one is stored; otherwise as `fetch_season_id`."""
    season = context.season()
    context.fetch(sofasport.seasons(), "season id")
    season_id = _verified(context, season)
    if season_id is None and scalar(context.conn, query("has_season_begun"), {"season": season}):
        raise StopError(_sentence(context, season))
    return season_id


def _verified(context: StepContext, season: Season) -> int | None:
    """Read a page of events of each listed id until one is that of the season, and load this id."""
    for candidate in _candidates(context, season):
        for course in COURSES:
            page = sofasport.events(candidate, course, 0)
            try:
                if archive.fetched_for(context.conn, page, context.as_of) is None:
                    context.fetch(page, f"{course} events")
            except NoDataError:
                continue
            break
        if _why_not(context, season, candidate) is None:
            break
    return load_season_id(context)


def has_season_id(context: StepContext) -> bool:
    """Whether SofaSport's id of FPL's season is stored."""
    statement = "select exists (select from pulse.sofasport_seasons where season = %(season)s)"
    return bool(scalar(context.conn, statement, {"season": context.season()}))


def load_season_id(context: StepContext) -> int | None:
    """Load the first listed id of FPL's season whose archived events are those of the season; None without one."""
    season = context.season()
    response = archive.newest(context.conn, sofasport.SEASONS)
    if response is None:
        return None
    found = next((one for one in _candidates(context, season) if _why_not(context, season, one) is None), None)
    if found is not None:
        with context.conn.transaction():
            row = {"season": season, "season_id": found}
            written = merge(context.conn, "sofasport_seasons", [row], ["season"])
            archive.mark_loaded(context.conn, [response.response_id])
        context.record_written("season id", written)
    return found


def _candidates(context: StepContext, season: Season) -> list[int]:
    """The ids that the newest list has for the season."""
    response = archive.newest(context.conn, sofasport.SEASONS)
    if response is None:
        return []
    listed = require_list(response.body, "seasons", sofasport.SEASONS)
    seasons, _ = accept(SofaSportSeason, listed, "seasons")
    return list(dict.fromkeys(model.id for _, model in seasons if model.year == season.sofasport_year))


def _why_not(context: StepContext, season: Season, season_id: int) -> str | None:
    """Why an id is not that of the season; None when its archived events show that it is."""
    body = scalar(context.conn, query("newest_first_page"), {"season_id": season_id})
    if body is None:
        return "it has no events"
    records = body.get("events") if isinstance(body, dict) else None
    return strange_events(records if isinstance(records, list) else [], season, season_id)


def strange_events(records: Iterable[object], season: Season, season_id: int) -> str | None:
    """Why a page of events is not one of the season; None when most of its events are."""
    total, reasons = 0, list[str]()
    for record in records:
        total += 1
        reason = _strange(record, season, season_id) if isinstance(record, Mapping) else "no event"
        if reason:
            reasons.append(reason)
    if not total:
        return "it has no events"
    return f"{len(reasons)} of {total} events are of another season: {reasons[0]}" if 2 * len(reasons) > total else None


def _strange(record: Mapping[str, Any], season: Season, season_id: int) -> str | None:
    """Why an event is not one of the season. What an event does not say is no reason."""
    stated, competition = _object(record, "season"), _object(_object(record, "tournament"), "uniqueTournament")
    if stated.get("id", season_id) != season_id:
        return f"season id {stated['id']}"
    if stated.get("year", season.sofasport_year) != season.sofasport_year:
        return f"season {stated['year']}"
    if competition.get("id", SOFASPORT_TOURNAMENT_ID) != SOFASPORT_TOURNAMENT_ID:
        return f"tournament {competition['id']} ({competition.get('name')})"
    start = record.get("startTimestamp")
    if type(start) is int and 0 <= start < 2**32 and not season.covers(datetime.fromtimestamp(start, UTC).date()):
        return f"a start on {datetime.fromtimestamp(start, UTC).date()}"
    return None


def _object(record: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = record.get(key)
    return value if isinstance(value, Mapping) else {}


def require_events_of_season(records: list[Any], season: Season, season_id: int) -> None:
    """Refuse a page of events that is mostly about another season or competition.

    Raises:
        PayloadError: naming an event's value.
    """
    reason = strange_events(records, season, season_id)
    if records and reason:
        raise PayloadError(f"not the events of {season} (season id {season_id}): {reason}")


def _sentence(context: StepContext, season: Season) -> str:
    candidates = _candidates(context, season)
    if not candidates:
        return (
            f"FPL has begun {season}, but SofaSport does not list the Premier League season {season.sofasport_year}"
            " yet. Clear this run when SofaSport lists it."
        )
    reasons = "; ".join(f"{one}: {_why_not(context, season, one)}" for one in candidates)
    return (
        f"SofaSport lists the Premier League season {season.sofasport_year} without its events ({reasons}). The next"
        " run looks the id up again."
    )
