"""An invalid event is recorded and leaves its match, and all others, as they were."""

import pytest

from dev.pipelines import Pipelines
from fpl_pulse.api import sofasport
from fpl_pulse.etl import events, lineups
from tests.db.faults import (
    TUESDAY,
    Fault,
    as_other_number,
    as_text,
    body_of,
    changed,
    rejections,
    rewritten,
    store,
    within,
    without,
)

EVENTS: dict[str, tuple[Fault, str | None]] = {
    "numbers as strings": (rewritten(as_text, "id", "startTimestamp", "homeScore"), None),
    "floats for whole numbers": (rewritten(as_other_number, "id", "startTimestamp", "homeScore"), None),
    "no start": (without("startTimestamp"), None),
    "a start in 1970": (changed(startTimestamp=0), "startTimestamp"),
    "a start on the second day of 1970": (changed(startTimestamp=86_400), "startTimestamp"),
    "a start in milliseconds": (changed(startTimestamp=10**12), "startTimestamp"),
    "an unknown status": (changed(status={"code": 999, "type": "new"}), "status 999"),
    "a negative status": (changed(status={"code": -1}), "status.code"),
    "a null for a status": (changed(status=None), "status: Field required"),
    "a negative score": (within("homeScore", current=-1), "homeScore.current"),
    "a null for a score": (changed(homeScore=None), "would reopen it"),
    "no club": (without("homeTeam"), "homeTeam: Field required"),
}


@pytest.mark.parametrize(("fault", "reason"), EVENTS.values(), ids=EVENTS)
def test_an_invalid_event_changes_no_match(loaded: Pipelines, fault: Fault, reason: str | None) -> None:
    event_id = int(loaded.one("select min(event_id) from pulse.sofasport_lineups"))
    statement = "select to_jsonb(kept) - 'updated_at' - 'details' from pulse.sofasport_events as kept order by event_id"
    before = loaded.conn.execute(statement.encode()).fetchall()
    resource = sofasport.events(loaded.one("select season_id from pulse.sofasport_seasons"), "last", 0)
    body = body_of(loaded, resource)
    fault(next(event for event in body["events"] if event["id"] == event_id))
    response_id = store(loaded, resource, body)
    context = loaded.context("update_lineups", TUESDAY)
    events.load_events(context, [(body, response_id)])
    assert loaded.conn.execute(statement.encode()).fetchall() == before
    rejected = rejections(loaded, resource, response_id)
    assert len(rejected) == (0 if reason is None else 1)
    assert all(record.is_of_response and str(reason) in record.reason for record in rejected)
    assert lineups.plan_matches(context) == []


@pytest.mark.parametrize("fault", [changed(startTimestamp=0), changed(status={"code": 999})])
def test_a_coming_match_with_an_invalid_start_or_status_is_not_due(loaded: Pipelines, fault: Fault) -> None:
    resource = sofasport.events(loaded.one("select season_id from pulse.sofasport_seasons"), "next", 0)
    body = body_of(loaded, resource)
    fault(body["events"][0])
    response_id = store(loaded, resource, body)
    context = loaded.context("update_lineups", TUESDAY)
    events.load_events(context, [(body, response_id)])
    assert lineups.plan_matches(context) == []
    assert loaded.calls(context) == {}
    oldest = loaded.one("select extract(year from min(start_at)) from pulse.sofasport_events")
    assert oldest == 2025


@pytest.mark.parametrize("has_id", [True, False])
def test_a_rejected_event_is_not_replaced_by_another_of_the_same_clubs(loaded: Pipelines, *, has_id: bool) -> None:
    event_id = int(loaded.one("select min(event_id) from pulse.sofasport_lineups"))
    resource = sofasport.events(loaded.one("select season_id from pulse.sofasport_seasons"), "last", 0)
    body = body_of(loaded, resource)
    event = next(event for event in body["events"] if event["id"] == event_id)
    # SofaSport numbers events in their order: a listed earlier event takes the place of a later one.
    body["events"].append(event | {"id": event_id - 1})
    event["awayTeam"] = event["awayTeam"] | {"id": "a text"}
    if not has_id:
        event["id"] = "a text"
    response_id = store(loaded, resource, body)
    events.load_events(loaded.context("update_lineups", TUESDAY), [(body, response_id)])
    assert loaded.one("select count(*) from pulse.sofasport_events where event_id = %s", event_id) == 1
