"""Identity resolution: what the tests of links, manual decisions and squads share."""

from dataclasses import replace
from datetime import timedelta

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.etl import mappings
from fpl_pulse.store import decisions
from fpl_pulse.store.decisions import Decision, Verdict
from tests.installations import FIRST_MONDAY

FIRST = slots_of(FIRST_MONDAY)
MONDAY, TUESDAY = FIRST["update_fixture_mappings"], FIRST["update_lineups"]

LINKED_WITH_MINUTES = """
    select links.sofasport_player_id, links.fpl_code
    from pulse.player_mappings as links
    join pulse.fpl_players as players on players.code = links.fpl_code and players.season = '2025-26'
    where players.minutes = 180
    order by 1
"""


def match_again(loaded: Pipelines, weeks: int = 0) -> None:
    """Run the two tasks of identity resolution, some weeks later; they make no call."""
    context = loaded.context("update_lineups", TUESDAY)
    context.run = replace(context.run, as_of=TUESDAY + timedelta(weeks=weeks))
    mappings.resolve_identities(context)
    mappings.load_mappings(context)


def monday_and_tuesday(loaded: Pipelines, weeks: int = 0) -> None:
    """Run the two pipelines that resolve identities."""
    loaded.run("update_fixture_mappings", MONDAY + timedelta(weeks=weeks))
    loaded.run("update_lineups", TUESDAY + timedelta(weeks=weeks))


def links_of(loaded: Pipelines) -> dict[int, int]:
    rows = loaded.conn.execute("select sofasport_player_id, fpl_code from pulse.player_mappings")
    return dict(rows.fetchall())


def decide(loaded: Pipelines, player_id: int, code: int, verdict: Verdict) -> None:
    decisions.store(loaded.conn, Decision("player", player_id, code, verdict, "Ann", "I have seen him"))


def alerts(loaded: Pipelines, kind: str) -> list[tuple[str, str]]:
    rows = loaded.conn.execute("select subject, message from pulse.alerts where kind = %s", (kind,))
    return rows.fetchall()
