"""What FPL publishes, step by step: the reference data, then the official figures of the gameweeks that are due."""

import logging
from contextlib import suppress

from fpl_pulse.api import fpl
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.deleted_rows import mark_deleted, restore_deleted_rows
from fpl_pulse.etl.official_figures import LIVE, load_official_figures
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reference_pair import claimed_season, load_reference
from fpl_pulse.store.connection import scalar

log = logging.getLogger(__name__)


def fetch_fpl_reference(context: StepContext) -> dict[str, int]:
    """Read and load FPL's reference data and official figures; return {"players", "fixtures"}: how many are stored."""
    refresh_fpl(context)
    counts = context.records(query("fpl_counts"), season=context.season())[0]
    log.info("FPL: %(players)d players, %(fixtures)d fixtures", counts)
    return dict(counts)


def refresh_fpl(context: StepContext) -> None:
    """Read gameweeks, clubs, players and fixtures, and the official figures of the gameweeks that are due.

    Deleted rows are loaded again, also where a response has not changed.

    Raises:
        PayloadError: a response was refused. The next run requests it again.
    """
    mark_deleted(context, fpl.BOOTSTRAP)
    mark_deleted(context, fpl.FIXTURES)
    fetch_reference(context)
    season = context.season()
    restore_deleted_rows(context, LIVE)
    due = _fetch_official_figures(context, season, "due_live_gameweeks")
    load_official_figures(context)
    doubtful = _fetch_official_figures(context, season, "doubtful_gameweeks")
    if doubtful:
        load_official_figures(context)
    log.info("Official figures of gameweeks %s read, and again of %s", due or "none", doubtful or "none")


def _fetch_official_figures(context: StepContext, season: str, which: str) -> list[int]:
    """Read the official figures of the gameweeks that a query lists."""
    gameweeks = [row["gameweek"] for row in context.records(query(which), season=season)]
    context.fetch_all((fpl.live(season, gameweek) for gameweek in gameweeks), "official figures")
    return gameweeks


def fetch_reference(context: StepContext) -> None:
    """Read bootstrap-static and fixtures/, then load them together, unless the tables hold those of a later run.

    Raises:
        PayloadError: a response was refused. The next run requests it again.
    """
    bootstrap, response_id = context.fetch(fpl.bootstrap(), "FPL reference")
    responses = [response_id]
    season = claimed_season(bootstrap) or context.current_season()
    if season is not None:
        try:
            responses.append(context.fetch(fpl.fixtures(season), "FPL results")[1])
        except Exception:
            # A rebuild sees this bootstrap beside the fixtures of an earlier run, and loads it there too.
            with suppress(PayloadError):
                load_reference(context)
            raise
    if scalar(context.conn, query("is_reading_repeated"), {"as_of": context.as_of, "responses": responses}):
        log.info("A run for a later time has loaded newer responses of FPL: they stay")
        return
    load_reference(context)


def load_fpl(context: StepContext) -> None:
    """Load the archived responses of FPL that the tables do not hold yet."""
    load_reference(context)
    if context.has_season():
        load_official_figures(context)
