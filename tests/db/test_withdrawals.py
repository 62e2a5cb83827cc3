"""What FPL no longer lists goes from the figures and is kept as a revision. A wrong response deletes nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dev.hostile.corruption import Change, Corruption, Intercepted, Payload
from dev.hostile.weeks import Installation, Outcome
from dev.pipelines import Pipelines, slots_of
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl import reference
from fpl_pulse.etl.rebuild import rebuild
from fpl_pulse.etl.selection import Selection
from tests.db.faults import TUESDAY
from tests.installations import FIRST_MONDAY

WEEK = FIRST_MONDAY + timedelta(weeks=1)
NEXT_WEEK = FIRST_MONDAY + timedelta(weeks=2)
MONDAY_ONLY = ["update_fixture_mappings"]
FIXTURES, LIVE = "fpl/fixtures", "fpl/event/live"
PLAYED = 12
"""A fixture of gameweek 2, which is stored with its figures."""


def annulled(record: dict[str, Any]) -> None:
    record.update(event=None, kickoff_time=None, started=False, finished=False, finished_provisional=False)
    record.update(team_h_score=None, team_a_score=None, minutes=0, stats=[])


def moved(record: dict[str, Any]) -> None:
    annulled(record)
    record.update(event=30, kickoff_time="2026-03-21T15:00:00Z")


def of_fixture(number: int, change: Callable[[dict[str, Any]], None]) -> Change:
    def corrupt(payload: Payload, _: Intercepted) -> Payload:
        for record in payload:
            if record["id"] == number:
                change(record)
        return payload

    return corrupt


def without_fixture(number: int) -> Change:
    """The live figures after FPL has withdrawn a fixture."""

    def corrupt(payload: Payload, _: Intercepted) -> Payload:
        for element in payload["elements"]:
            blocks = [block for block in element["explain"] if block["fixture"] != number]
            if len(blocks) < len(element["explain"]):
                element["explain"] = blocks
                element["stats"] = {
                    name: "0.0" if isinstance(value, str) else 0 for name, value in element["stats"].items()
                }
        return payload

    return corrupt


def without_players(*numbers: int) -> Change:
    def corrupt(payload: Payload, _: Intercepted) -> Payload:
        payload["elements"] = [element for element in payload["elements"] if element["id"] not in numbers]
        return payload

    return corrupt


def minutes_of(loaded: Pipelines, fixture: int = PLAYED) -> int | None:
    statement = "select sum(minutes) from pulse.fpl_player_fixtures where fixture_id = %s"
    return loaded.one(statement, fixture)  # type: ignore[no-any-return]


def play(loaded: Pipelines, *corruptions: Corruption, only: Any = MONDAY_ONLY) -> dict[str, Outcome]:  # noqa: ANN401
    outcomes = Installation.of(loaded).week(WEEK, corruptions, only=only)
    assert all(one.corrupted for one in corruptions)
    return outcomes


@pytest.mark.parametrize("change", [annulled, moved])
def test_the_figures_of_an_annulled_or_moved_fixture_go(
    loaded: Pipelines, change: Callable[[dict[str, Any]], None]
) -> None:
    assert minutes_of(loaded)
    rows = loaded.one("select count(*) from pulse.fpl_player_fixtures where fixture_id = %s", PLAYED)
    others = loaded.one(
        "select sum(minutes) from pulse.fpl_player_fixtures where fixture_id <= 20 and fixture_id <> %s", PLAYED
    )
    play(
        loaded, Corruption(FIXTURES, of_fixture(PLAYED, change)), Corruption(LIVE, without_fixture(PLAYED), {"gw": "2"})
    )
    assert minutes_of(loaded) is None
    assert (
        loaded.one(
            "select sum(minutes) from pulse.fpl_player_fixtures where fixture_id <= 20 and fixture_id <> %s", PLAYED
        )
        == others
    )
    kept = "select count(*) from pulse.revisions where content ->> 'fixture_id' = %s and table_name like 'fpl_%%'"
    assert loaded.one(kept, str(PLAYED)) == rows
    assert rebuild(loaded.context("rebuild_from_raw", TUESDAY), rehearse=True).different == []


def test_figures_that_return_are_stored_again(loaded: Pipelines) -> None:
    before = minutes_of(loaded)
    play(
        loaded,
        Corruption(FIXTURES, of_fixture(PLAYED, annulled)),
        Corruption(LIVE, without_fixture(PLAYED), {"gw": "2"}),
    )
    assert minutes_of(loaded) is None
    Installation.of(loaded).week(NEXT_WEEK, only=MONDAY_ONLY)
    assert minutes_of(loaded) == before


def test_a_player_who_leaves_an_explanation_and_the_fixture_loses_his_figures(loaded: Pipelines) -> None:
    element, minutes = loaded.conn.execute(
        "select element_id, minutes from pulse.fpl_player_fixtures where fixture_id = %s and minutes > 0"
        " order by minutes, element_id", (PLAYED,)
    ).fetchall()[0]  # fmt: skip

    def without_him(record: dict[str, Any]) -> None:
        for line in record["stats"]:
            for side in ("h", "a"):
                line[side] = [entry for entry in line[side] if entry["element"] != element]

    def not_explained(payload: Payload, _: Intercepted) -> Payload:
        for one in payload["elements"]:
            if one["id"] == element:
                one["explain"] = []
                one["stats"]["minutes"] = 0
        return payload

    before = minutes_of(loaded)
    play(loaded, Corruption(FIXTURES, of_fixture(PLAYED, without_him)), Corruption(LIVE, not_explained, {"gw": "2"}))
    assert minutes_of(loaded) == before - minutes


def test_a_list_that_lacks_a_player_with_figures_deletes_nothing(loaded: Pipelines) -> None:
    elements = [
        number
        for (number,) in loaded.conn.execute(
            "select element_id from pulse.fpl_player_fixtures where fixture_id = %s order by bps desc limit 2",
            (PLAYED,),
        ).fetchall()
    ]
    before = minutes_of(loaded)
    play(loaded, Corruption(LIVE, without_players(*elements), {"gw": "2"}))
    assert minutes_of(loaded) == before
    reasons = loaded.conn.execute(
        "select reason from pulse.rejected_records where endpoint = 'fpl/event/live'").fetchall()  # fmt: skip
    assert [reason for (reason,) in reasons] == [f"no figures in fixture {PLAYED}, but fixtures/ has some"] * 2


def test_totals_and_the_gameweek_are_of_the_day_on_tuesday_and_wednesday(loaded: Pipelines) -> None:
    """Two matches of gameweek 3 are played on the Monday evening after the run of Monday."""
    slots = slots_of(WEEK)
    late = "select count(*) from pulse.fpl_fixtures where kickoff_at between %s and %s"
    assert loaded.one(late, slots["update_fixture_mappings"], slots["update_lineups"]) > 0
    totals = (
        "select count(*) from pulse.fpl_players as players where minutes <> ("
        " select coalesce(sum(minutes), 0) from pulse.fpl_player_fixtures as figures"
        " where figures.season = players.season and figures.element_id = players.element_id)"
    )
    installation = Installation.of(loaded)
    for dag_id in ("update_fixture_mappings", "update_lineups"):
        installation.week(WEEK, only=[dag_id])
        assert loaded.one(totals) == 0, dag_id
    assert loaded.one("select finished from pulse.fpl_gameweeks where gameweek = 3")


def test_a_correction_of_an_old_gameweek_is_read_again(loaded: Pipelines) -> None:
    """A fault left wrong expected goals in gameweek 1, which nothing else would read again."""
    statement = "select sum(expected_goals) from pulse.fpl_player_fixtures where gameweek = 1"
    before = loaded.one(statement)

    def too_many(payload: Payload, _: Intercepted) -> Payload:
        for element in payload["elements"]:
            element["stats"]["expected_goals"] = f"{float(element['stats']['expected_goals']) * 3:.2f}"
        return payload

    loaded.conn.execute("update pulse.raw_resources set outcome = 'rejected' where endpoint = %s", (LIVE,))
    play(loaded, Corruption(LIVE, too_many, {"gw": "1"}, times=1))
    Installation.of(loaded).week(NEXT_WEEK, only=MONDAY_ONLY)
    assert loaded.one(statement) == before


def test_a_refused_response_is_healed_by_a_clear_of_the_run(loaded: Pipelines) -> None:
    context = loaded.context("update_fixture_mappings", slots_of(WEEK)["update_fixture_mappings"])
    source = Installation.of(loaded).source
    source.corruptions = [Corruption(FIXTURES, lambda payload, _: payload[:100])]
    with pytest.raises(PayloadError, match="stored fixtures are missing") as refused:
        reference.fetch_fpl_reference(context)
    assert refused.value.section == "fpls-response-was-refused"
    source.corruptions = []
    assert reference.fetch_fpl_reference(context)["fixtures"] == 380
    assert loaded.one("select count(*) from pulse.raw_resources where outcome = 'rejected'") == 0


def test_an_operator_can_accept_figures_that_contradict_the_fixtures(loaded: Pipelines) -> None:
    """The remedy of the runbook: gameweeks with refresh."""
    source = Installation.of(loaded).source
    source.corruptions = [Corruption(LIVE, without_fixture(PLAYED), {"gw": "2"})]
    chosen = Selection(gameweeks=(2,), refresh=True)
    reference.refresh_fpl(loaded.context("update_lineups", slots_of(WEEK)["update_lineups"], chosen))
    assert minutes_of(loaded) is None
