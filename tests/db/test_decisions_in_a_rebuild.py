"""A manual decision survives a rebuild exactly, and so does every column that follows from it."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.api import fpl
from fpl_pulse.errors import CheckFailedError
from fpl_pulse.etl import mappings
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.deciding import decide
from fpl_pulse.etl.rebuild import rebuild
from fpl_pulse.etl.reference import load_fpl
from fpl_pulse.store import archive
from fpl_pulse.store.decisions import Decision, Kind, Verdict
from fpl_pulse.store.digest import different, digest
from fpl_pulse.store.runs import Run
from tests.db.faults import body_of
from tests.db.identity_resolution import LINKED_WITH_MINUTES, links_of
from tests.installations import FIRST_MONDAY

NEXT_WEEK = FIRST_MONDAY + timedelta(weeks=1)
WEDNESDAY = slots_of(NEXT_WEEK)["update_radar_attributes"]

NOT_LINKED = """
    select people.player_id, players.code
    from pulse.sofasport_players as people, pulse.fpl_players as players
    where people.player_id not in (select sofasport_player_id from pulse.player_mappings)
    order by players.code in (select fpl_code from pulse.player_mappings), 1, 2
    limit 1
"""
CLUBS = "select sofasport_team_id, fpl_team_code from pulse.team_mappings order by 1 limit 1"


@dataclass(frozen=True)
class Made:
    """A decision about the pair that a query names first; with `other`, about FPL's side of the second pair."""

    verdict: Verdict
    pair: str = LINKED_WITH_MINUTES
    other: bool = False
    kind: Kind = "player"


KINDS = {
    "link a player without a link": [Made("link", NOT_LINKED)],
    "reject a pair without a link": [Made("reject", NOT_LINKED)],
    "reject a link": [Made("reject")],
    "link by hand": [Made("link", other=True)],
    "link what is linked": [Made("link")],
    "link a player without a link and undo": [Made("link", NOT_LINKED), Made("withdraw", NOT_LINKED)],
    "reject and undo": [Made("reject"), Made("withdraw")],
    "link by hand and undo": [Made("link", other=True), Made("withdraw", other=True)],
    "reject and link again": [Made("reject"), Made("link")],
    "two of one player": [Made("reject"), Made("link", other=True)],
    "reject a club and undo": [Made("reject", CLUBS, kind="team"), Made("withdraw", CLUBS, kind="team")],
    "link a club": [Made("link", CLUBS, kind="team")],
}


def play(small: Pipelines, made: list[Made]) -> None:
    """Make the decisions, all about the pairs that are there before the first one."""
    pairs = {one.pair: small.conn.execute(one.pair.encode()).fetchall() for one in made}
    for one in made:
        (sofasport_id, code), *more = pairs[one.pair]
        about = sofasport_id, more[0][1] if one.other else code
        # As the command does, whose as-of time is the wall clock.
        context = StepContext(small.conn, {}, Run("mappings", "manual__decide", datetime.now(UTC)))
        decide(context, Decision(one.kind, *about, one.verdict, "Ann", "I have seen him"))


def week(small: Pipelines) -> None:
    """Run the next week. A check may be red, because a decision is wrong."""
    for dag_id, as_of in slots_of(NEXT_WEEK).items():
        with suppress(CheckFailedError):
            small.run(dag_id, as_of)


def require_same_after_rebuild(small: Pipelines) -> None:
    """Require that a rehearsed rebuild finds no difference, and that a rebuild keeps each column of the decisions."""
    kept = "select jsonb_agg(to_jsonb(kept) order by decision_id) from pulse.mapping_decisions as kept"
    before, rows = digest(small.conn), small.one(kept)
    context = small.context("update_radar_attributes", WEDNESDAY)
    assert rebuild(context, rehearse=True).different == []
    assert rebuild(context).different == []
    assert different(before, digest(small.conn)) == []
    assert small.one(kept) == rows


@pytest.mark.parametrize("kind", KINDS)
def test_a_decision_after_the_newest_run_survives_a_rebuild(small: Pipelines, kind: str) -> None:
    play(small, KINDS[kind])
    require_same_after_rebuild(small)


@pytest.mark.parametrize("kind", ["link by hand", "two of one player", "reject a club and undo"])
def test_a_decision_and_the_week_after_it_survive_a_rebuild(small: Pipelines, kind: str) -> None:
    play(small, KINDS[kind])
    week(small)
    require_same_after_rebuild(small)


def test_a_decision_in_the_middle_of_a_week_survives_a_rebuild(small: Pipelines) -> None:
    slots = slots_of(NEXT_WEEK)
    for dag_id, as_of in slots.items():
        with suppress(CheckFailedError):
            small.run(dag_id, as_of)
        if dag_id == "update_lineups":
            play(small, KINDS["two of one player"])
    play(small, KINDS["link a player without a link"])
    require_same_after_rebuild(small)


def test_a_decision_has_the_as_of_time_of_the_newest_run_and_so_has_its_link(small: Pipelines) -> None:
    newest = small.one("select max(as_of) from pulse.pipeline_runs")
    play(small, KINDS["link a player without a link"])
    decided = "select as_of, decided_at > now() - interval '1 hour' from pulse.mapping_decisions"
    assert small.conn.execute(decided).fetchall() == [(newest, True)]
    times = "select made_at, confirmed_at from pulse.player_mappings where method = 'decision'"
    assert small.conn.execute(times).fetchall() == [(newest, newest)]


def test_a_decision_about_a_temporary_code_survives_a_rebuild(small: Pipelines) -> None:
    player_id, code = small.conn.execute(LINKED_WITH_MINUTES).fetchall()[0]
    play(small, KINDS["link what is linked"])
    # Before the next deadline, so that the stored response is not an old one.
    as_of = slots_of(FIRST_MONDAY)["update_radar_attributes"] + timedelta(days=1)
    context = small.context("update_fixture_mappings", as_of)
    bootstrap = body_of(small, fpl.bootstrap())
    for element in bootstrap["elements"]:
        element["code"] = 99_000_001 if element["code"] == code else element["code"]
    archive.store_response(small.conn, fpl.bootstrap(), bootstrap, as_of)
    load_fpl(context)
    mappings.resolve_identities(context)
    mappings.load_mappings(context)
    assert links_of(small)[player_id] == 99_000_001
    assert small.conn.execute("select fpl_id, decided_fpl_id from pulse.mapping_decisions").fetchall() == [
        (99_000_001, code)
    ]
    require_same_after_rebuild(small)
