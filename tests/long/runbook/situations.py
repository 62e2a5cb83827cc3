"""What a source does wrong in a situation, in the words of the product's tests."""

from collections.abc import Callable
from threading import Event

from dev.hostile.corruption import Change, Corruption, Intercepted, Payload, Reply
from fpl_pulse.api import sofasport
from tests.long.runbook.front import refused
from tests.long.runbook.installation import Installation

LATER_S = "121"
"""A `Retry-After` beyond which the client leaves the wait to Airflow, whose waits the tests shorten."""

DOWN = refused(503, "The service is unavailable.", Retry_After=LATER_S)
DOWN_FOR_ONE = refused(503, "The service is unavailable.")
"""Without a `Retry-After`, which would concern all calls."""

NOT_SUBSCRIBED = refused(403, "You are not subscribed to this API.")


def answering(reply: Reply, endpoint: str = "*", **params: object) -> Corruption:
    """An endpoint answers with this, always or for some parameters."""
    return Corruption(endpoint, lambda *_: reply, {name: str(value) for name, value in params.items()})


def one_match(reply: Reply, event_id: int) -> Corruption:
    """The lineups of one match are answered with this."""
    return answering(reply, sofasport.LINEUPS, event_id=event_id)


def statistics_of_matches(change: Callable[[dict[str, object]], None]) -> Change:
    """Change the statistics of each player in lineups."""

    def changed(match: Payload, _: Intercepted) -> Payload:
        for side in ("home", "away"):
            for entry in match[side]["players"]:
                if entry["statistics"]:
                    change(entry["statistics"])
        return match

    return changed


def held(until: Event) -> Change:
    """Answer only when the event is set."""

    def wait(payload: Payload, _: Intercepted) -> Payload:
        until.wait(120)
        return payload

    return wait


def new_match(installation: Installation) -> int:
    """A match that was played more than two days ago, and whose lineups are due for the first time."""
    rows = installation.rows(
        "select event_id from pulse.sofasport_events where status_code = 100 and start_at < %s"
        " and event_id not in (select event_id from pulse.sofasport_lineups) order by start_at limit 1",
        "2025-08-31T00:00:00Z",
    )
    return int(rows[0][0])
