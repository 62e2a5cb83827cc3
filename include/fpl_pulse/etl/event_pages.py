"""Which pages of SofaSport's list of events are fetched, and until when a list is read."""

import logging
from collections.abc import Iterable
from typing import Any

from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.api.payloads_sofasport import Event
from fpl_pulse.api.records import accept, require_list
from fpl_pulse.errors import NoDataError, PagingError
from fpl_pulse.etl import missed
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.event_identity import start_of
from fpl_pulse.etl.queries import query
from fpl_pulse.store import archive
from fpl_pulse.store.connection import scalar
from fpl_pulse.wording import quantity

log = logging.getLogger(__name__)

SETTLED_EVENTS = 10
"""When this many of the oldest events of a page are stored unchanged, older pages hold nothing new."""

Page = tuple[Any, int]
"""The body of a page and the id of its archived response."""


def read_pages(context: StepContext, season_id: int) -> list[Page]:
    """Fetch the pages of past and coming events that can hold something new."""
    return [*read_past_pages(context, season_id), *_read_coming_pages(context, season_id)]


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
        oldest = [_signature(event) for _, event in good[:SETTLED_EVENTS]]
        is_known = bool(oldest) and known.issuperset(oldest)
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
    reasons = ["all"] if read_all else [f"{quantity(len(moved), 'fixture')} moved"] if moved else []
    reasons += [f"the check missed {quantity(len(sought), 'fixture')}"] if sought else []
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


SIGNATURE = ("event_id", "status_code", "start_at", "home_score", "away_score")
"""The columns in which an unchanged event is equal to the stored one."""


def _signature(event: Event) -> tuple[object, ...]:
    """The values of an event in the columns of `SIGNATURE`."""
    return event.id, event.status.code, start_of(event), event.home_score.current, event.away_score.current


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
