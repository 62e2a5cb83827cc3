"""What an interruption between two steps leaves behind is loaded by the retry, and nothing older replaces it."""

from dataclasses import replace
from datetime import date

import pytest
from psycopg import errors

from dev.pipelines import Pipelines, one_by_one, slots_of
from fpl_pulse.api import sofasport
from fpl_pulse.errors import PayloadError, RetryableError
from fpl_pulse.etl import attributes, events, lineups, reference
from fpl_pulse.etl.context import StepContext
from fpl_pulse.etl.loader import Parsed
from fpl_pulse.store import archive
from fpl_pulse.store.archive import ArchivedResponse
from fpl_pulse.store.merge import Written

SLOTS = slots_of(date(2025, 9, 1))
MONDAY = slots_of(date(2025, 10, 6))["update_fixture_mappings"]
ENDED = "select count(*) from pulse.sofasport_events where pulse.has_ended(status_code)"
PLAYED = "select count(*) from pulse.fpl_fixtures where finished_provisional"


@pytest.mark.parametrize("error", [errors.DeadlockDetected("deadlock"), KeyboardInterrupt("SIGTERM")])
def test_a_retry_loads_the_events_of_an_interrupted_load(
    loaded: Pipelines, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    before = loaded.one(ENDED)
    context = loaded.context("update_lineups", SLOTS["update_lineups"])
    loader = events.LOADER

    def interrupted(context: StepContext, pages: list[events.PageContent]) -> Written:
        loader.write(context, pages)
        raise error

    monkeypatch.setattr(events, "LOADER", replace(loader, write=interrupted))
    with pytest.raises(type(error)):
        lineups.refresh_results(context)
    monkeypatch.undo()
    assert loaded.one(ENDED) == before
    lineups.refresh_results(context)
    assert loaded.one(ENDED) > before


@pytest.mark.parametrize("interrupted", ["events.load_events", "event_pages._read_coming_pages"])
def test_after_a_rejected_page_and_an_interruption_no_page_stays_unloaded(
    pipelines: Pipelines, monkeypatch: pytest.MonkeyPatch, interrupted: str
) -> None:
    context = pipelines.context("update_fixture_mappings", MONDAY)
    reference.fetch_fpl_reference(context)
    loader = events.LOADER

    def read(context: StepContext, page: ArchivedResponse) -> Parsed[events.PageContent]:
        if (page.params["course_events"], page.params["page"]) == ("last", 1):
            raise PayloadError("a bad page")
        return loader.read(context, page)

    def fails(*_: object) -> None:
        raise RetryableError("an outage")

    monkeypatch.setattr(events, "LOADER", replace(loader, read=read))
    with pytest.raises(PayloadError):
        events.fetch_sofasport_events(context)
    monkeypatch.undo()
    monkeypatch.setattr(f"fpl_pulse.etl.{interrupted}", fails)
    with pytest.raises(RetryableError):
        events.fetch_sofasport_events(context)
    monkeypatch.undo()
    events.fetch_sofasport_events(context)
    assert pipelines.one(ENDED) == pipelines.one(PLAYED) > 60


@pytest.mark.parametrize("course", ["last", "next"])
def test_a_rejected_page_of_events_is_read_again_by_every_run_until_it_is_loaded(
    pipelines: Pipelines, monkeypatch: pytest.MonkeyPatch, course: str
) -> None:
    context = pipelines.context("update_fixture_mappings", MONDAY)
    reference.fetch_fpl_reference(context)
    loader = events.LOADER

    def read(context: StepContext, page: ArchivedResponse) -> Parsed[events.PageContent]:
        if (page.params["course_events"], page.params["page"]) == (course, 1):
            raise PayloadError("a bad page")
        return loader.read(context, page)

    later = slots_of(date(2025, 10, 13))["update_fixture_mappings"]
    with monkeypatch.context() as patched:
        patched.setattr(events, "LOADER", replace(loader, read=read))
        for run in (context, context, pipelines.context("update_fixture_mappings", later)):
            with pytest.raises(PayloadError, match="a bad page"):
                events.fetch_sofasport_events(run)
    latest = pipelines.context("update_fixture_mappings", later)
    events.fetch_sofasport_events(latest)
    listed = "select count(*) from pulse.sofasport_events"
    assert pipelines.one(listed) >= pipelines.one("select count(*) from pulse.fpl_fixtures") == 380
    events.fetch_sofasport_events(again := pipelines.context("update_fixture_mappings", later))
    assert pipelines.calls(again)[sofasport.EVENTS] == 1


def test_an_announced_page_that_does_not_exist_costs_no_calls_later(loaded: Pipelines) -> None:
    season_id = loaded.one("select season_id from pulse.sofasport_seasons")
    context = loaded.context("update_fixture_mappings", SLOTS["update_fixture_mappings"])
    for number, body in ((8, {"events": [], "hasNextPage": True}), (9, None)):
        page = sofasport.events(season_id, "last", number)
        if body is None:
            archive.store_no_data(loaded.conn, page, context.as_of)
        else:
            archive.store_response(loaded.conn, page, body, context.as_of)
        archive.invalidate(loaded.conn, page)
    pages = "select count(*) from pulse.api_calls where run_id = %s and resource like 'course_events=last%%'"
    calls = [
        loaded.one(pages, loaded.run("update_fixture_mappings", slots_of(monday)["update_fixture_mappings"]).run.run_id)
        for monday in (date(2025, 9, 1), date(2025, 9, 8), date(2025, 9, 15))
    ]
    assert calls[1:] == [1, 1]


def test_a_cleared_task_of_an_older_run_does_not_fetch_what_a_newer_run_has_fetched(
    loaded: Pipelines, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = loaded.context("update_lineups", slots_of(date(2025, 9, 15))["update_lineups"])
    lineups.refresh_results(older)
    task = one_by_one(lineups.plan_matches(older))[0]

    def fails(*_: object) -> None:
        raise RetryableError("an outage")

    monkeypatch.setattr(older.apis["sofasport"], "get", fails)
    with pytest.raises(RetryableError):
        lineups.fetch_lineup(older, **task)
    monkeypatch.undo()
    loaded.run("update_lineups", slots_of(date(2025, 9, 22))["update_lineups"])
    fetched = "select as_of from pulse.raw_resources where endpoint = 'events/lineups' and event_id = %s"
    newer = loaded.one(fetched, task["event_ids"][0])
    assert newer > older.as_of
    assert lineups.fetch_lineup(older, **task) == 0
    assert loaded.one(fetched, task["event_ids"][0]) == newer
    outcome = "select outcome from pulse.planned_calls where run_id = %s and event_id = %s"
    assert loaded.one(outcome, older.run.run_id, task["event_ids"][0]) == "superseded"
    assert lineups.fetch_lineup(older, **task) == 0


def test_a_response_without_a_usable_season_still_votes_for_the_averages(loaded: Pipelines) -> None:
    resource_id, response_id = loaded.conn.execute(
        "select resource_id, response_id from pulse.raw_resources"
        " where endpoint = 'players/attribute-overviews' and outcome = 'fetched' limit 1"
    ).fetchone() or (0, 0)
    loaded.conn.execute("delete from pulse.sofasport_position_averages")
    loaded.conn.execute(
        "update pulse.raw_responses set body = jsonb_set(body::jsonb, '{playerAttributeOverviews}',"
        " body::jsonb -> 'averageAttributeOverviews') where response_id = %s",
        (response_id,),
    )
    loaded.conn.execute(
        "update pulse.raw_resources set loaded_response_id = null where resource_id = %s", (resource_id,)
    )
    attributes.load_attributes(loaded.context("update_radar_attributes", SLOTS["update_radar_attributes"]))
    assert loaded.one("select outcome from pulse.raw_resources where resource_id = %s", resource_id) == "rejected"
    assert loaded.one("select count(*) from pulse.sofasport_position_averages") > 0
