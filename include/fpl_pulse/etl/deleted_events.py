"""Events that were deleted from the table after their load: loaded again from the archived pages, without a call.

An event is on several pages, and a page is stale as soon as a match was played. Therefore only the missing events of a
page are loaded again.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from fpl_pulse.errors import PayloadError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.loader import Loader, Parsed
from fpl_pulse.etl.queries import query
from fpl_pulse.store import archive
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.connection import scalar

log = logging.getLogger(__name__)


def restore_deleted_events(context: StepContext, loader: Loader[Any]) -> int:
    """Load the events of the season again that are on the loaded pages and not in the table; return how many.

    Args:
        context: the step's tools.
        loader: that of the pages of events.
    """
    season = context.current_season()
    if season is None:
        return 0
    newest_page = scalar(context.conn, query("page_before_deletions"), {"season": season})
    if newest_page is None:
        return 0
    pages = context.records(query("pages_of_deleted_events"), season=season)
    missing = {int(row["response_id"]): row["event_ids"] for row in pages}
    count = sum(map(len, missing.values()))
    log.warning("Events were deleted since their load; %d of them are loaded again from the archive", count)
    with context.conn.transaction():
        archive.load_again(context.conn, missing)
        try:
            _only(loader, missing).load(context, missing)
        except PayloadError as error:
            log.warning("%s", error)
        # What the archive does not have is not looked for in every run.
        archive.mark_loaded(context.conn, [newest_page])
    return count


def _only(loader: Loader[Any], missing: Mapping[int, Collection[int]]) -> Loader[Any]:
    """The loader, but it reads only some events of each page; `missing`: response id -> their ids."""

    def read(context: StepContext, page: ArchivedResponse) -> Parsed[Any]:
        parsed = loader.read(context, page)
        events = [(record, event) for record, event in parsed.content.events if event.id in missing[page.response_id]]
        return replace(parsed, content=replace(parsed.content, events=events))

    return replace(loader, read=read)
