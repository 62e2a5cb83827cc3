"""The calendar at SofaSport: the events of the season."""

import logging
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from fpl_pulse.api import sofasport
from fpl_pulse.api.payloads_sofasport import Event, Team
from fpl_pulse.api.records import Rejected, accept_nearly_all, require_list
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl import missed, thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.deleted_events import restore_deleted_events
from fpl_pulse.etl.event_identity import (
    DESCRIPTIONS,
    Calendar,
    StoredEvent,
    contradiction,
    foreign_reason,
    may_reopen,
    read_calendar,
    start_of,
)
from fpl_pulse.etl.event_keys import keep_descriptions, missing_event_keys
from fpl_pulse.etl.event_pages import Page, read_pages
from fpl_pulse.etl.key_census import count_stored
from fpl_pulse.etl.loader import Loader, Parsed
from fpl_pulse.etl.people import merge_teams
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.season_id import fetch_season_id, look_up_season_id, require_events_of_season, strange_events
from fpl_pulse.season import Season
from fpl_pulse.store import archive
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.connection import scalar
from fpl_pulse.store.merge import Written, merge
from fpl_pulse.wording import quantity

log = logging.getLogger(__name__)

AFTER_THE_END = frozenset({"ended", "called_off", "interrupted"})
"""Stages (`pulse.match_stage`) that an ended match can still change to. It can never be not started, in progress or
postponed again, and an unknown status proves nothing."""

EVENT_OBJECTS = ("tournament", "season", "homeTeam", "awayTeam")
"""Objects in an event that are stored in tables of their own or say nothing about the match."""


def fetch_sofasport_events(context: StepContext) -> dict[str, int]:
    """Read the pages of past and coming events that can hold something new, and load them together.

    Past pages are read back to events that are stored unchanged, coming pages until every fixture that FPL moved was
    seen at its new kick-off. A first run reads all pages. Nothing is loaded before every page was fetched. A page that
    is rejected is read again, with the pages before it, until it is loaded: a part of the list never passes for all.
    Deleted events are loaded again first.

    Returns:
        {"pages", "events"}: pages read, and events on them.
    """
    season_id = fetch_season_id(context)
    if season_id is None:
        log.warning("SofaSport has no events of %s yet, and no match was played: nothing to read", context.season())
        return {"pages": 0, "events": 0}
    restore_deleted_events(context, LOADER)
    pages = read_pages(context, season_id)
    if pages and strange_events(pages[0][0]["events"], context.season(), season_id):
        found = look_up_season_id(context)
        if found is not None and found != season_id:
            pages = read_pages(context, found)
    _refuse_pages_of_other_ids(context)
    load_events(context, pages)
    missed.note_search(context)
    events = sum(len(body["events"]) for body, _ in pages)
    log.info("SofaSport: %s with %s", quantity(len(pages), "page"), quantity(events, "event"))
    return {"pages": len(pages), "events": events}


def _refuse_pages_of_other_ids(context: StepContext) -> None:
    """Refuse the pages that were read to verify ids which are not those of a season."""
    rows = context.records(query("pages_of_unknown_ids"))
    if rows:
        with suppress(PayloadError):
            LOADER.load(context, [row["response_id"] for row in rows])


def load_events(context: StepContext, pages: Iterable[Page]) -> None:
    """Load the events of pages; the newest response about an event counts.

    Raises:
        PayloadError: a page was rejected; the others are loaded.
    """
    fetched = {response_id for _, response_id in pages}
    try:
        LOADER.load(context, fetched)
    except PayloadError:
        archive.mark_loaded(context.conn, fetched)
        raise
    # Also pages that were loaded before: a clear of the run fetches them again. After any other error than that of a
    # rejected page nothing is loaded, and the retry loads what waits.
    archive.mark_loaded(context.conn, fetched)


def load_all_events(context: StepContext) -> None:
    """The same for every archived page that the tables do not hold yet; for a rebuild, where the pages are complete."""
    LOADER.load(context)


@dataclass(frozen=True)
class PageContent:
    """What is written of one page."""

    season: Season
    at: datetime
    """As-of time of the response."""
    events: list[tuple[dict[str, Any], Event]]
    """Each event as it came, and validated."""
    rejected: list[Rejected]
    """The writer adds the events that it refuses."""
    named: set[int] | None
    """The ids of all events of the response, also of the rejected ones; None where one has no id."""


def _read(context: StepContext, response: ArchivedResponse) -> Parsed[PageContent]:
    records = require_list(response.body, "events", str(response.resource))
    season_id = int(response.params["seasons_id"])
    statement = "select season from pulse.sofasport_seasons where season_id = %(season_id)s"
    known = scalar(context.conn, statement, {"season_id": season_id})
    if known is None:
        raise PayloadError(f"{season_id} is the season id of no season of the Premier League")
    season = Season(known)
    require_events_of_season(records, season, season_id)
    share = thresholds.MAX_REJECTED_SHARE
    listed, rejected = accept_nearly_all(Event, records, "events", max_rejected_share=share, unique=("id",))
    rejected += missing_event_keys(response, records)
    is_unusable = bool(rejected)
    calendar = Calendar(
        season, {}, {row["team_id"] for row in context.records(query("clubs_of_league"), season=season)}
    )
    events, foreign = [], []
    for record, event in listed:
        if reason := foreign_reason(event, response, calendar):
            foreign.append(Rejected(f"events.{event.id}", reason, record))
        else:
            events.append((record, event))
    if len(foreign) > thresholds.MAX_FOREIGN_EVENTS_SHARE * len(listed):
        raise PayloadError(
            f"{len(foreign)} of {len(listed)} events are not those that were requested. First: {foreign[0].reason}"
        )
    rejected += foreign
    return Parsed(
        PageContent(season, response.as_of, events, rejected, _named(records)), rejected, is_unusable=is_unusable
    )


def _named(records: list[Any]) -> set[int] | None:
    ids = [record.get("id") if isinstance(record, dict) else None for record in records]
    return {one for one in ids if isinstance(one, int)} if all(isinstance(one, int) for one in ids) else None


def _write(context: StepContext, pages: list[PageContent]) -> Written:
    calendar = read_calendar(context, pages[0].season)
    stored = dict(calendar.stored)
    calendar = replace(calendar, stored=stored)
    stage_of = _stages(context, [event.status.code for page in pages for _, event in page.events])
    rows: dict[int, dict[str, object]] = {}
    teams: dict[int, Team] = {}
    for page in pages:
        refused = []
        for record, event in page.events:
            stage = stage_of[event.status.code]
            reason = _reopens(event, stage, calendar) or contradiction(event, stage, page.at, calendar)
            if reason:
                refused.append(Rejected(f"events.{event.id}", reason, record))
                continue
            before = stored.get(event.id)
            # An event without a start keeps the one that is stored.
            start = start_of(event) or (before.start_at if before else None)
            rows[event.id] = keep_descriptions(_row(page.season, record, event), before) | {"start_at": start}
            clubs = event.home_team.id, event.away_team.id
            stored[event.id] = StoredEvent(
                clubs,
                start,
                has_ended=stage == "ended",
                has_lineups=before is not None and before.has_lineups,
                described={name: rows[event.id][name] for name in DESCRIPTIONS},
            )
            teams |= {team.id: team for team in (event.home_team, event.away_team)}
        # The loader writes a page again when the database refuses another one.
        page.rejected.extend(one for one in refused if one not in page.rejected)
    written = merge_teams(context, teams.values())
    written += merge(context.conn, "sofasport_events", list(rows.values()), ["event_id"])
    if all(page.named is not None for page in pages):
        # An event without an id may be any of those that are not listed.
        written += _withdraw_replaced(context, rows, {one for page in pages for one in page.named or ()})
    count_stored(context, sofasport.EVENTS, "census_of_events")
    return written


def _stages(context: StepContext, codes: list[int]) -> dict[int, str]:
    """Status code -> `pulse.match_stage`."""
    statement = "select distinct code, pulse.match_stage(code) from unnest(%s::int[]) as code"
    return dict(context.conn.execute(statement, (codes,)).fetchall())


def _reopens(event: Event, stage: str, calendar: Calendar) -> str | None:
    """Why an event that has ended cannot become what the response says; None where it can.

    A match without a result is called off. One that FPL has not played yet was abandoned, or had never ended.
    """
    stored = calendar.stored.get(event.id)
    if stored is None or not stored.has_ended or stage == "called_off":
        return None
    has_score = None not in (event.home_score.current, event.away_score.current)
    if (stage in AFTER_THE_END and has_score) or stage == "awarded" or may_reopen(event, calendar):
        return None
    return f"the match has ended; status {event.status.code} would reopen it"


def _withdraw_replaced(context: StepContext, listed: Collection[int], named: Collection[int]) -> Written:
    """Delete events that SofaSport has replaced: another one of the same clubs is listed, and they are not named.

    Only events whose kick-off lies between those of the listed events.
    """
    ids = {"listed": list(listed), "named": list({*listed, *named})}
    deleted = context.conn.execute(query("withdraw_replaced_events"), ids).rowcount
    return Written(deleted=deleted)


LOADER = Loader(sofasport.EVENTS, "SofaSport clubs and events", _read, _write, batch_size=100)


def _row(season: str, record: dict[str, Any], event: Event) -> dict[str, object]:
    return {
        "event_id": event.id,
        "season": season,
        "home_team_id": event.home_team.id,
        "away_team_id": event.away_team.id,
        "round": event.round_info.round,
        "start_at": start_of(event),
        "status_code": event.status.code,
        "home_score": event.home_score.current,
        "away_score": event.away_score.current,
        "home_score_period1": event.home_score.period1,
        "away_score_period1": event.away_score.period1,
        "slug": event.slug,
        "details": {name: value for name, value in record.items() if name not in {*EVENT_OBJECTS, *_invalid(event)}},
    }


def _invalid(event: Event) -> list[str]:
    """The descriptions of an event that were not accepted, or that it does not have."""
    found = {"slug": event.slug, "roundInfo": event.round_info.round}
    return [name for name, value in found.items() if value is None]
