"""SofaSport's side of the calendar: the season's id and its events."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NoReturn

import pandas as pd

from fpl_pulse.api import sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.api.payloads_sofasport import Event, SofaSportSeason, Team
from fpl_pulse.api.records import Rejected, accept, accept_nearly_all, require_list
from fpl_pulse.errors import NoDataError, PagingError, StopError
from fpl_pulse.etl import thresholds
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.people import merge_teams
from fpl_pulse.etl.queries import query
from fpl_pulse.season import Season
from fpl_pulse.store import archive
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import merge

log = logging.getLogger(__name__)

SETTLED_EVENTS = 10
"""When so many of a page's oldest events are stored as they are, the pages behind it hold no news."""

ENDED = (100, 110, 120)
"""Status codes of a match that was played to its end."""

AFTER_AN_END = (*ENDED, 70, 80, 90, 92, 93)
"""What a match that has ended can still become: another end, canceled, interrupted, abandoned, retired, removed. Not
started, under way or postponed it cannot be again, and of an unknown code nobody knows what it means."""

EVENT_OBJECTS = ("tournament", "season", "homeTeam", "awayTeam")
"""Parts of an event that stand in tables of their own or say nothing about the match."""


def fetch_season_id(context: StepContext) -> int:
    """SofaSport's id of FPL's season, looked up once a season.

    Raises:
        StopError: when SofaSport does not list the season yet.
    """
    season = context.season()
    known = context.query(
        "select season_id from pulse.sofasport_seasons where season = %(season)s", season=season
    )
    if not known.empty:
        return int(known.season_id[0])
    context.fetch(sofasport.seasons(), "season id")
    return load_season_id(context) or _not_listed(season)


def load_season_id(context: StepContext) -> int | None:
    """Load SofaSport's id of FPL's season from the archived list; None when it is not there."""
    season = context.season()
    answer = archive.newest(context.conn, sofasport.SEASONS)
    if answer is None:
        return None
    seasons, _ = accept(SofaSportSeason, require_list(answer.body, "seasons", sofasport.SEASONS), "seasons")
    found = next((model.id for _, model in seasons if model.year == season.sofasport_year), None)
    if found is not None:
        with context.conn.transaction():
            frame = pd.DataFrame([{"season": season, "season_id": found}])
            written = merge(context.conn, "sofasport_seasons", frame, ["season"])
            archive.mark_loaded(context.conn, answer.endpoint, answer.resource, answer.answer_id)
        context.record_written("season id", written)
    return found


def _not_listed(season: Season) -> NoReturn:
    raise StopError(
        f"SofaSport does not list the Premier League season {season.sofasport_year} yet. FPL has begun {season};"
        " clear the run when SofaSport has followed."
    )


def fetch_sofasport_events(context: StepContext) -> dict[str, int]:
    """Read the pages of past and coming events that can hold news, and load them together.

    Past pages are read back to what is stored already; coming pages while FPL has moved a
    fixture that no page has explained yet. A first run reads all. Nothing is loaded before every page is there, so
    that a failed page never makes a part look like the whole.

    Returns:
        Counts: pages read, events on them.
    """
    season_id = fetch_season_id(context)
    answers = [*read_past_pages(context, season_id), *_read_coming_pages(context, season_id)]
    load_events(context, answers)
    events = sum(len(body["events"]) for body, _ in answers)
    log.info("SofaSport: %d pages of events, %d events", len(answers), events)
    return {"pages": len(answers), "events": events}


Page = tuple[Any, int]
"""A page's body and the id of its archived answer."""


def read_past_pages(context: StepContext, season_id: int) -> list[Page]:
    """Pages of `last` events, newest first, to the first page whose oldest events are stored as they are.

    Pages are only loaded together, so what is stored reaches back to the season's beginning. Matches that should have
    ended and have not are looked for further back. A refresh reads all pages.

    Raises:
        PagingError: when there is no page although matches have been played.
    """
    season = context.season()
    stored = context.query(query("stored_events"), season=season)
    known = set(stored.itertuples(index=False, name=None))
    open_matches = set(context.query(query("matches_under_way"), season=season).event_id)
    pages: list[Page] = []
    for page in _pages(context, season_id, "last", must_exist=bool(stored.status_code.isin(ENDED).any())):
        pages.append(page)
        good, _ = accept(Event, page[0]["events"], "events")
        open_matches -= {event.id for _, event in good}
        oldest = [event for _, event in good[:SETTLED_EVENTS]]
        is_old_news = bool(oldest) and all(_signature(event) in known for event in oldest)
        if is_old_news and not open_matches and not context.selection.refresh:
            break
    return pages


def _read_coming_pages(context: StepContext, season_id: int) -> list[Page]:
    """Pages of `next` events until every moved or unknown fixture has been seen at its new kick-off."""
    moved = context.query(query("unexplained_fixtures"), season=context.season())
    first_run = context.query(query("stored_events"), season=context.season()).empty
    read_all = first_run or context.selection.refresh
    if moved.empty and not read_all:
        return []
    log.info("Reading coming events: %s", "all" if read_all else f"{len(moved)} fixtures moved")
    wanted = set(zip(moved.home_team_id, moved.away_team_id, moved.kickoff_at, strict=True))
    pages: list[Page] = []
    for page in _pages(context, season_id, "next", must_exist=bool(wanted)):
        pages.append(page)
        good, _ = accept(Event, page[0]["events"], "events")
        wanted -= {(event.home_team.id, event.away_team.id, _start(event)) for _, event in good}
        if not wanted and not read_all:
            break
    return pages


def _pages(
    context: StepContext, season_id: int, course: sofasport.Course, *, must_exist: bool
) -> Iterable[Page]:
    """The pages of a list, each once. What an attempt before has read for the same moment is not asked for again.

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
            body, answer_id = _read_before(context, resource) or context.fetch(resource, f"{course} events")
        except NoDataError:
            if number == 0 and not must_exist:
                return
            if number == 0:
                raise PagingError(f"{resource}: there are no {course} events, but there must be") from None
            for page in read:
                archive.invalidate(context.conn, page)
            raise PagingError(
                f"{resource}: the page before said that there is one more, but there is not"
            ) from None
        records = require_list(body, "events", str(resource))
        identity = tuple(record.get("id") if isinstance(record, dict) else None for record in records)
        if identity in seen:
            for page in read:
                archive.invalidate(context.conn, page)
            raise PagingError(f"{resource}: the same page came twice; the list cannot be read to its end")
        seen.add(identity)
        yield body, answer_id
        if not (isinstance(body, dict) and body.get("hasNextPage") is True):
            return
    for page in read:
        archive.invalidate(context.conn, page)
    raise PagingError(f"{course} events: more than {sofasport.MAX_PAGES} pages; the list has no end")


def _read_before(context: StepContext, resource: Resource) -> Page | None:
    """A page that an attempt before has read for the run's moment; none for somebody who wants it read again."""
    return None if context.selection.refresh else archive.fetched_for(context.conn, resource, context.as_of)


def load_events(context: StepContext, pages: Iterable[Page]) -> None:
    """Load the events of pages in one transaction; the newest answer about an event wins."""
    wanted = {answer_id for _, answer_id in pages}
    with context.conn.transaction():
        _load_pages(
            context,
            [
                answer
                for answer in archive.waiting(context.conn, sofasport.EVENTS)
                if answer.answer_id in wanted
            ],
        )
        # Whoever clears the run from here on wants the pages read again.
        archive.mark_all_loaded(context.conn, sofasport.EVENTS, wanted)


def load_all_events(context: StepContext) -> None:
    """The same for every archived page that the tables do not have yet; for a rebuild, which knows them complete."""
    _load_pages(context, list(archive.waiting(context.conn, sofasport.EVENTS)))


def _load_pages(context: StepContext, answers: list[ArchivedResponse]) -> None:
    season = context.season()
    stored = context.query(query("stored_events"), season=season)
    ended = set(stored[stored.status_code.isin(ENDED)].event_id)
    starts = stored.dropna(subset=["start_at"]).set_index("event_id").start_at.to_dict()
    rows: dict[int, dict[str, object]] = {}
    teams: dict[int, Team] = {}
    with context.conn.transaction():
        for answer in answers:
            good, rejected = accept_nearly_all(
                Event,
                answer.body["events"],
                "events",
                max_rejected_share=thresholds.MAX_REJECTED_SHARE,
                unique=("id",),
            )
            for record, event in good:
                if event.id in ended and _takes_back(event):
                    reason = f"the match has ended; status {event.status.code} would take it back"
                    rejected.append(Rejected(f"events.{event.id}", reason, record))
                    continue
                if event.status.code in ENDED:
                    ended.add(event.id)
                rows[event.id] = _event_row(season, record, event)
                # An event that is silent about its start keeps the one it had.
                starts[event.id] = rows[event.id]["start_at"] = _start(event) or starts.get(event.id)
                teams |= {team.id: team for team in (event.home_team, event.away_team)}
            context.record_rejections(answer, rejected)
            archive.mark_loaded(context.conn, answer.endpoint, answer.resource, answer.answer_id)
        written = merge_teams(context, teams.values())
        frame = pd.DataFrame(list(rows.values()), dtype=object)
        written += merge(context.conn, "sofasport_events", frame, ["event_id"])
    context.record_written("SofaSport clubs and events", written)


def _takes_back(event: Event) -> bool:
    """Whether an event says less than that the match has ended with a score."""
    return event.status.code not in AFTER_AN_END or None in (
        event.home_score.current,
        event.away_score.current,
    )


def _signature(event: Event) -> tuple[object, ...]:
    return (event.id, event.status.code, _start(event), event.home_score.current, event.away_score.current)


def _start(event: Event) -> datetime | None:
    return None if event.start_timestamp is None else datetime.fromtimestamp(event.start_timestamp, UTC)


def _event_row(season: str, record: dict[str, Any], event: Event) -> dict[str, object]:
    return {
        "event_id": event.id,
        "season": season,
        "home_team_id": event.home_team.id,
        "away_team_id": event.away_team.id,
        "round": event.round_info.round,
        "start_at": _start(event),
        "status_code": event.status.code,
        "home_score": event.home_score.current,
        "away_score": event.away_score.current,
        "home_score_period1": event.home_score.period1,
        "away_score_period1": event.away_score.period1,
        "slug": event.slug,
        "details": {name: value for name, value in record.items() if name not in EVENT_OBJECTS},
    }
