"""The calendar at SofaSport: the events of the season."""

import logging
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.api.payloads_sofasport import Event, Team
from fpl_pulse.api.records import Rejected, accept, accept_nearly_all, require_list
from fpl_pulse.errors import NoDataError, PagingError, PayloadError
from fpl_pulse.etl import missed, thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.event_identity import (
    Calendar,
    StoredEvent,
    contradiction,
    foreign_reason,
    may_reopen,
    read_calendar,
    start_of,
)
from fpl_pulse.etl.event_keys import keep_descriptions, missing_event_keys
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

log = logging.getLogger(__name__)

SETTLED_EVENTS = 10
"""When this many of the oldest events of a page are stored unchanged, older pages hold nothing new."""

SIGNATURE = ("event_id", "status_code", "start_at", "home_score", "away_score")
"""The columns in which an unchanged event is equal to the stored one."""

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

    Returns:
        {"pages", "events"}: pages read, and events on them.
    """
    season_id = fetch_season_id(context)
    if season_id is None:
        log.warning("SofaSport has no events of %s yet, and no match was played: nothing to read", context.season())
        return {"pages": 0, "events": 0}
    pages = _read_pages(context, season_id)
    if pages and strange_events(pages[0][0]["events"], context.season(), season_id):
        found = look_up_season_id(context)
        if found is not None and found != season_id:
            pages = _read_pages(context, found)
    _refuse_pages_of_other_ids(context)
    load_events(context, pages)
    missed.note_search(context)
    events = sum(len(body["events"]) for body, _ in pages)
    log.info("SofaSport: %d pages of events, %d events", len(pages), events)
    return {"pages": len(pages), "events": events}


def _read_pages(context: StepContext, season_id: int) -> list["Page"]:
    return [*read_past_pages(context, season_id), *_read_coming_pages(context, season_id)]


def _refuse_pages_of_other_ids(context: StepContext) -> None:
    """Refuse the pages that were read to verify ids which are not those of a season."""
    rows = context.records(query("pages_of_unknown_ids"))
    if rows:
        with suppress(PayloadError):
            LOADER.load(context, [row["response_id"] for row in rows])


Page = tuple[Any, int]
"""The body of a page and the id of its archived response."""


def read_past_pages(context: StepContext, season_id: int) -> list[Page]:
    """Fetch pages of `last` events, newest first, up to the first page whose oldest events are stored unchanged.

    Matches that should have ended and have not, and those that a check has missed (`missed`), are looked for on further
    pages. Pages that an earlier attempt did not load are read in any case. A refresh reads all pages.

    Raises:
        PagingError: there is no page although matches were played.
    """
    season = context.season()
    stored = context.records(query("stored_events"), season=season)
    known = {tuple(row[name] for name in SIGNATURE) for row in stored}
    under_way = {row["event_id"] for row in context.records(query("matches_under_way"), season=season)}
    wanted = missed.due(context, is_played=True)
    deepest = _deepest_unloaded_page(context, season_id, "last")
    pages: list[Page] = []
    must_exist = any(row["has_ended"] for row in stored)
    for page in _pages(context, season_id, "last", must_exist=must_exist):
        pages.append(page)
        good = _of_season(page, season_id)
        under_way -= {event.id for _, event in good}
        wanted = [fixture for fixture in wanted if not any(fixture.is_event(event) for _, event in good)]
        oldest = [_row(season, record, event) for record, event in good[:SETTLED_EVENTS]]
        is_known = bool(oldest) and all(tuple(row[name] for name in SIGNATURE) in known for row in oldest)
        is_found = not under_way and not wanted
        if is_known and is_found and len(pages) > deepest and not context.selection.refresh:
            break
    return pages


def _read_coming_pages(context: StepContext, season_id: int) -> list[Page]:
    """Pages of `next` events until every moved or unknown fixture has been seen at its new kick-off.

    A page that an earlier attempt did not load is read in any case.
    """
    moved = context.records(query("unexplained_fixtures"), season=context.season())
    is_first_run = not context.records(query("stored_events"), season=context.season())
    read_all = is_first_run or context.selection.refresh
    sought = missed.due(context, is_played=False)
    deepest = _deepest_unloaded_page(context, season_id, "next")
    if not moved and not sought and not read_all and deepest < 0:
        return []
    reasons = ["all"] if read_all else [f"{len(moved)} fixtures moved"] if moved else []
    reasons += [f"the check missed {len(sought)} fixtures"] if sought else []
    reasons += [f"page {deepest} was rejected or not loaded"] if deepest >= 0 else []
    log.info("Reading coming events: %s", ", ".join(reasons))
    wanted = {(row["home_team_id"], row["away_team_id"], row["kickoff_at"]) for row in moved}
    pages: list[Page] = []
    for page in _pages(context, season_id, "next", must_exist=bool(wanted)):
        pages.append(page)
        good = _of_season(page, season_id)
        wanted -= {(event.home_team.id, event.away_team.id, start_of(event)) for _, event in good}
        sought = [fixture for fixture in sought if not any(fixture.is_event(event) for _, event in good)]
        if not wanted and not sought and not read_all and len(pages) > deepest:
            break
    return pages


def _of_season(page: Page, season_id: int) -> list[tuple[Any, Event]]:
    """The valid events of a page, without those that name another season."""
    good, _ = accept(Event, page[0]["events"], "events")
    return [(record, event) for record, event in good if event.season.id in (None, season_id)]


def _deepest_unloaded_page(context: StepContext, season_id: int, course: sofasport.Course) -> int:
    """The highest number of a page that was rejected, invalidated, or fetched and not loaded; -1 when there is none."""
    of_list = {"season_id": season_id, "course": course}
    return int(scalar(context.conn, query("deepest_unloaded_page"), of_list))


def _pages(context: StepContext, season_id: int, course: sofasport.Course, *, must_exist: bool) -> Iterable[Page]:
    """The pages of a list, each once. A page that an earlier attempt fetched for this as-of time is not fetched again.

    Raises:
        PagingError: a page repeats, is missing in the middle, or the list has no end; or there is none at all although
            there must be.
    """
    seen: set[tuple[object, ...]] = set()
    read: list[Resource] = []
    for number in range(sofasport.MAX_PAGES):
        resource = sofasport.events(season_id, course, number)
        read.append(resource)
        try:
            body, response_id = _fetched_before(context, resource) or context.fetch(resource, f"{course} events")
        except NoDataError:
            if number == 0 and not must_exist:
                return
            if number == 0:
                raise PagingError(f"{resource}: SofaSport has no {course} events, but there must be some") from None
            sentence = f"{resource}: the page before announced this page, but it does not exist"
            raise _invalid_list(context, read, sentence) from None
        records = require_list(body, "events", str(resource))
        identity = tuple(record.get("id") if isinstance(record, dict) else None for record in records)
        if identity in seen:
            raise _invalid_list(context, read, f"{resource}: SofaSport sent the same page twice")
        seen.add(identity)
        yield body, response_id
        if not (isinstance(body, dict) and body.get("hasNextPage") is True):
            archive.end_list(context.conn, resource)
            return
    raise _invalid_list(context, read, f"{course} events: more than {sofasport.MAX_PAGES} pages; the list has no end")


def _invalid_list(context: StepContext, read: list[Resource], sentence: str) -> PagingError:
    """Invalidate every page of a list that contradicts itself, so that the next attempt fetches all of them again."""
    for page in read:
        archive.invalidate(context.conn, page)
    return PagingError(f"{sentence}. None of the list is loaded; the next attempt fetches it again.")


def _fetched_before(context: StepContext, resource: Resource) -> Page | None:
    """A page that an earlier attempt fetched for the same as-of time; None in a refresh, which fetches it again."""
    if context.selection.refresh:
        return None
    return archive.fetched_for(context.conn, resource, context.as_of)


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
    return Parsed(PageContent(season, response.as_of, events, rejected), rejected, is_unusable=is_unusable)


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
                round=rows[event.id]["round"],
                slug=rows[event.id]["slug"],
            )
            teams |= {team.id: team for team in (event.home_team, event.away_team)}
        # The loader writes a page again when the database refuses another one.
        page.rejected.extend(one for one in refused if one not in page.rejected)
    written = merge_teams(context, teams.values())
    written += merge(context.conn, "sofasport_events", list(rows.values()), ["event_id"])
    written += _withdraw_replaced(context, rows)
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


def _withdraw_replaced(context: StepContext, listed: Collection[int]) -> Written:
    """Delete events that SofaSport has replaced: another one of the same clubs is listed, and they are not.

    Only events without lineups, whose kick-off lies between those of the listed events.
    """
    deleted = context.conn.execute(query("withdraw_replaced_events"), {"listed": list(listed)}).rowcount
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
        "details": {name: value for name, value in record.items() if name not in EVENT_OBJECTS},
    }
