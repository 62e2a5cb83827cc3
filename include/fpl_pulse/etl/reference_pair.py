"""FPL's reference data: `bootstrap-static` and `fixtures/`, accepted together or not at all.

Each of them fits every season, since FPL numbers clubs, players and fixtures anew each summer. Only both together say
which season they are about (`season_resolver.py`).
"""

import logging

from psycopg import DataError, IntegrityError

from fpl_pulse.api import fpl
from fpl_pulse.api.payloads_fpl import Gameweek
from fpl_pulse.api.records import accept
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.key_census import count_records
from fpl_pulse.etl.loader import reject_response
from fpl_pulse.etl.player_history import keep_player_history
from fpl_pulse.etl.queries import query
from fpl_pulse.etl.reference_reading import Reference, read_reference
from fpl_pulse.etl.season_resolver import season_of_most
from fpl_pulse.season import Season
from fpl_pulse.store import archive
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.connection import scalar, select_records
from fpl_pulse.store.merge import Written, merge
from fpl_pulse.wording import sentence

log = logging.getLogger(__name__)

Row = dict[str, object]
WHAT = "FPL gameweeks, clubs, players and fixtures"
AGAIN = "Nothing of bootstrap-static and fixtures/ is stored; the next run requests both again"


def claimed_season(bootstrap: object) -> Season | None:
    """The season of most deadlines of bootstrap-static; None when it has none."""
    events = bootstrap.get("events") if isinstance(bootstrap, dict) else None
    gameweeks, _ = accept(Gameweek, events, "events")
    return season_of_most(model.deadline_time for _, model in gameweeks)


def load_reference(context: StepContext) -> None:
    """Load the newest archived pair, if the tables do not hold it yet.

    Raises:
        PayloadError: the pair was refused. Both responses are requested again by the next run.
    """
    pair = _waiting_pair(context)
    if pair is None:
        return
    bootstrap, fixtures = pair
    try:
        if fixtures is None:
            raise PayloadError(f"{fpl.BOOTSTRAP}: no usable gameweeks or teams; is FPL between two seasons?")
        content = read_reference(context, bootstrap, fixtures)
        written = _store(context, content, bootstrap, fixtures)
    except (PayloadError, DataError, IntegrityError) as error:
        refused = [response for response in pair if response]
        sentences = [reject_response(context, WHAT, response, error) for response in refused]
        raise PayloadError(f"{sentence(sentences[0])} {AGAIN}", section="fpls-response-was-refused") from error
    context.record_written(f"{WHAT}, 2 responses", written)


Pair = tuple[ArchivedResponse, ArchivedResponse | None]
"""bootstrap-static and fixtures/. None: the bootstrap does not say for which season they would be."""


def _waiting_pair(context: StepContext) -> Pair | None:
    """The newest bootstrap and the newest fixtures of its season, if the tables do not hold one of them."""
    if not scalar(context.conn, query("is_reference_waiting")):
        return None
    bootstrap, is_new = _newest(context, fpl.BOOTSTRAP, None)
    if bootstrap is None:
        return None
    season = claimed_season(bootstrap.body) or context.current_season()
    if season is None:
        return (bootstrap, None) if is_new else None
    fixtures, are_new = _newest(context, fpl.FIXTURES, season)
    # Without fixtures of the season, the bootstrap waits for them.
    return (bootstrap, fixtures) if fixtures and (is_new or are_new) else None


def _newest(context: StepContext, endpoint: str, season: str | None) -> tuple[ArchivedResponse | None, bool]:
    """The newest response, and whether the tables do not hold it yet."""
    wanted = {"endpoint": endpoint, "of_season": season}
    rows = select_records(context.conn, query("reference_response"), wanted)
    if not rows:
        return None, False
    is_waiting = rows[0].pop("is_waiting")
    return ArchivedResponse(**rows[0]), is_waiting


def _store(
    context: StepContext, content: Reference, bootstrap: ArchivedResponse, fixtures: ArchivedResponse
) -> Written:
    """Write the pair in one transaction."""
    conn, season = context.conn, content.season
    with conn.transaction():
        written = Written()
        if content.is_new_season:
            log.info("The season is %s", season)
            row = {"season": season, "observed_at": context.as_of}
            written += merge(conn, "fpl_seasons", [row], ["season"])
        written += merge(conn, "fpl_gameweeks", content.gameweeks, ["season", "gameweek"])
        written += merge(conn, "fpl_teams", content.teams, ["season", "team_id"])
        written += merge(conn, "fpl_players", content.players, ["season", "element_id"])
        if content.changed_codes:
            log.info("FPL replaced the codes of %d players; links and decisions follow", len(content.changed_codes))
            codes = {"old": [*content.changed_codes], "new": [*content.changed_codes.values()]}
            conn.execute(query("follow_changed_codes"), {"season": season, **codes})
        written += keep_player_history(context, season, [int(str(row["element_id"])) for row in content.players])
        written += merge(conn, "fpl_fixtures", content.fixtures, ["season", "fixture_id"])
        if content.live_again:
            conn.execute(query("load_live_again"), {"season": season, "gameweeks": content.live_again})
        for path in ("events", "teams", "elements"):
            count_records(context, fpl.BOOTSTRAP, season, path, bootstrap.body[path])
        count_records(context, fpl.FIXTURES, season, "fixtures", fixtures.body)
        written += _withdraw(context, content)
        archive.mark_loaded(conn, [bootstrap.response_id, fixtures.response_id])
        context.record_rejections(
            [(bootstrap, content.rejected_of_bootstrap), (fixtures, content.rejected_of_fixtures)]
        )
    return written


def _withdraw(context: StepContext, content: Reference) -> Written:
    """Delete what FPL no longer lists, if every record of the response was accepted."""
    if any(not one.is_part for one in content.rejected_of_bootstrap):
        return Written()
    listed = {
        "gameweeks": [row["gameweek"] for row in content.gameweeks],
        "elements": [row["element_id"] for row in content.players],
    }
    wanted = {"season": content.season, "as_of": context.as_of, **listed}
    return Written(deleted=int(scalar(context.conn, query("withdraw_reference"), wanted)))
