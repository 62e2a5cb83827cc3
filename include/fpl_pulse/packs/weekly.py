"""The packs of a weekly run."""

import logging

from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.packs import snapshot
from fpl_pulse.packs.pack import Packed, write_pack
from fpl_pulse.packs.place import Place
from fpl_pulse.wording import quantity

log = logging.getLogger(__name__)


def write_packs_of_run(context: StepContext, place: Place) -> list[Packed]:
    """Write the pack of the newest gameweek that has begun at the run's as-of time, and of those with a recent match.

    A run for an earlier gameweek than the newest writes none: the tables hold newer data, and the pack of that gameweek
    was written in its time.

    Raises:
        PackNotWrittenError: a pack was not written; the data is stored all the same.
    """
    season = context.season()
    gameweeks = snapshot.gameweeks_to_pack(context.conn, season, context.as_of)
    newest = snapshot.gameweeks_to_pack(context.conn, season, snapshot.as_of_of(context.conn, season))
    if gameweeks and newest and gameweeks[-1] < newest[-1]:
        log.info(
            "No pack: this run works for gameweek %d, and gameweek %d has begun. `make pack GW=%d` writes the pack",
            gameweeks[-1],
            newest[-1],
            gameweeks[-1],
        )
        return []
    packed = []
    for gameweek in gameweeks:
        try:
            packed.append(write_pack(context.conn, place, season, gameweek))
        except SelectionError as error:
            # Nothing has been read since the deadline.
            log.info("No pack of gameweek %d: %s", gameweek, error)
    for one in packed:
        state = "written" if one.is_new else "is there already, from the same data"
        size = one.manifest.size / 1e6
        log.info("%s: %s, %s, %.1f MB", one.address, state, quantity(one.rows, "row"), size)
    if not packed:
        log.info("No pack: no gameweek of season %s has begun", season)
    return packed
