"""FPL's prices, ownership and availability between the weekly runs, which is the only time at which they are seen."""

import logging

from fpl_pulse.alerts.outbox import close_alerts_about_runs
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.reference import fetch_reference
from fpl_pulse.store import runs
from fpl_pulse.store.connection import scalar
from fpl_pulse.wording import quantity

log = logging.getLogger(__name__)

CHANGED = "select count(*) from pulse.fpl_player_history where season = %(season)s and observed_at = %(as_of)s"


def snapshot_fpl(context: StepContext) -> dict[str, int]:
    """Read FPL's players and fixtures; return {"changed"}: how many players have a new state.

    Makes two calls to FPL and none to SofaSport.

    Raises:
        PayloadError: a response was refused. The next run requests both again.
    """
    fetch_reference(context)
    changed = int(scalar(context.conn, CHANGED, {"season": context.season(), "as_of": context.as_of}))
    found = f"{quantity(changed, 'player')} changed since the reading before"
    log.info("FPL: %s", found)
    runs.finish(context.conn, context.run, "success", found)
    close_alerts_about_runs(context.conn, context.run)
    return {"changed": changed}
