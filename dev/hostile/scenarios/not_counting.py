"""Kind 4: matches that do not count."""

from collections.abc import Callable
from typing import Any

from dev.hostile.changes import both, ended, every, exchanged, first, only, with_copy, without
from dev.hostile.corruption import Intercepted, Payload, Reply
from dev.hostile.payloads import Edit, Record, put
from dev.hostile.scenario import FIRST_RUN, Fault, Scenario

EVENTS, LINEUPS, FIXTURES = "seasons/events", "events/lineups", "fpl/fixtures"
NEW_ID = 10_000_000
"""Added to an event's id when it is reissued."""


def status(code: int, kind: str) -> Edit:
    """Give an event a status."""
    return put("status", {"code": code, "description": kind, "type": kind})


def reissued(event: Record) -> None:
    """Give an event a new id."""
    event["id"] += NEW_ID


def postponed(event: Record) -> None:
    """Show an event as postponed, without a score."""
    status(60, "postponed")(event)
    event["homeScore"], event["awayScore"] = {}, {}
    event.pop("winnerCode", None)


def awarded(event: Record) -> None:
    """Give the match to the home club by three goals to nil."""
    event["homeScore"], event["awayScore"] = {"current": 3}, {"current": 0}
    event["winnerCode"] = 1


def newest_ended(rows: list[Record]) -> Record | None:
    """The newest ended event of a page."""
    return max((row for row in rows if ended(row)), key=lambda row: (row["startTimestamp"], row["id"]), default=None)


def with_newest_reissued(*edits_of_old: Edit) -> Callable[[list[Any]], list[Any]]:
    """Add the newest ended event with a new id; edit the old one."""

    def change(rows: list[Record]) -> list[Record]:
        newest = newest_ended(rows)
        if newest is None:
            return rows
        copy = {**newest, "id": newest["id"] + NEW_ID}
        for edit in edits_of_old:
            edit(newest)
        return [*rows, copy]

    return change


def lineups_by_new_id(payload: Payload, request: Intercepted) -> Payload | Reply:
    """Serve the lineups of the old event under the new id."""
    event_id = int(request.params["event_id"])
    return request.fetch(f"/v1/events/lineups?event_id={event_id - NEW_ID}") if event_id > 2 * NEW_ID else payload


def on_newest(*edits: Edit) -> Callable[[list[Any]], list[Any]]:
    """Edit the newest ended event of the page."""

    def change(rows: list[Record]) -> list[Record]:
        newest = newest_ended(rows)
        if newest is not None:
            for edit in edits:
                edit(newest)
        return rows

    return change


LAST_PAGE = {"course_events": "last", "page": "0"}

SCENARIOS = (
    Scenario(
        "a played match is reissued and the old event is postponed",
        [Fault(EVENTS, only("events", with_newest_reissued(postponed)), LAST_PAGE), Fault(LINEUPS, lineups_by_new_id)],
        on_replay=True,
        may_be_true=True,
    ),
    Scenario(
        "a played match is listed with two ids",
        [Fault(EVENTS, only("events", with_newest_reissued()), LAST_PAGE), Fault(LINEUPS, lineups_by_new_id)],
        may_be_true=True,
    ),
    Scenario("all events are reissued", [Fault(EVENTS, every("events", reissued))], may_be_true=True, takes_back=True),
    Scenario(
        "a played match is shown as abandoned",
        [Fault(EVENTS, only("events", on_newest(status(90, "finished"))), LAST_PAGE)],
    ),
    Scenario(
        "all played matches are shown as abandoned",
        [Fault(EVENTS, every("events", status(90, "finished"), where=ended))],
    ),
    Scenario(
        "a played match is shown as canceled",
        [Fault(EVENTS, only("events", on_newest(status(70, "canceled"))), LAST_PAGE)],
    ),
    Scenario(
        "a played match is shown as interrupted",
        [Fault(EVENTS, only("events", on_newest(status(80, "interrupted"))), LAST_PAGE)],
    ),
    Scenario(
        "a played match is shown as removed",
        [Fault(EVENTS, only("events", on_newest(status(93, "finished"))), LAST_PAGE)],
    ),
    Scenario(
        "a played match has an unknown status",
        [Fault(EVENTS, only("events", on_newest(status(777, "suspended"))), LAST_PAGE)],
    ),
    Scenario(
        "a played match is awarded by SofaSport",
        [Fault(EVENTS, only("events", on_newest(awarded)), LAST_PAGE)],
        may_be_true=True,
    ),
    Scenario(
        "a match is played at the other club's ground",
        [
            Fault(
                EVENTS, every("events", exchanged("homeTeam", "awayTeam"), where=lambda one: one["id"] == 15_733_487)
            ),
            Fault(FIXTURES, every("", exchanged("team_h", "team_a"), where=lambda one: one["id"] == 8)),
        ],
        may_be_true=True,
    ),
    Scenario(
        "a first run finds two ended events of one match",
        [Fault(EVENTS, with_copy("events", reissued, where=ended)), Fault(LINEUPS, lineups_by_new_id)],
        week=FIRST_RUN,
        may_be_true=True,
    ),
    Scenario(
        "played matches are missing in the list",
        [Fault(EVENTS, both(without("events", ended), first("", put("hasNextPage", False))))],
    ),
)
