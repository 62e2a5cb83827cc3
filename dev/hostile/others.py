"""Finds other resources of the same endpoint, and the same resource at another time: what a source may confuse."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from dev.hostile.corruption import NO_DATA, Change, Intercepted, Payload, Reply
from dev.hostile.payloads import records
from fpl_pulse.api import fpl, sofasport
from fpl_pulse.season import SOFASPORT_TOURNAMENT_ID

OTHER_ENDPOINTS = {fpl.BOOTSTRAP: "/api/fixtures/", fpl.FIXTURES: "/api/bootstrap-static/"}
"""Endpoints with one resource only -> a path of FPL whose response may come instead."""


def with_params(path: str, **params: int | str) -> str:
    """A path with other values of some parameters."""
    address = urlsplit(path)
    query = {**dict(parse_qsl(address.query)), **{name: str(value) for name, value in params.items()}}
    return f"{address.path}?{urlencode(query)}"


def season_id(request: Intercepted) -> int:
    """SofaSport's id of the present season: the first of the list."""
    path = f"/v1/unique-tournaments/seasons?unique_tournament_id={SOFASPORT_TOURNAMENT_ID}"
    return int(request.fetch(path)["seasons"][0]["id"])


def played_events(request: Intercepted) -> list[dict[str, Any]]:
    """The newest ended events, by kick-off."""
    path = (
        f"/v1/seasons/events?seasons_id={season_id(request)}&unique_tournament_id={SOFASPORT_TOURNAMENT_ID}"
        "&course_events=last&page=0"
    )
    return [event for event in records(request.fetch(path), "events") if event["status"]["code"] == 100]


def clubs(request: Intercepted) -> list[int]:
    """SofaSport's ids of the clubs of the newest events."""
    events = played_events(request)
    return sorted({event[side]["id"] for event in events for side in ("homeTeam", "awayTeam")})


def team_mates(request: Intercepted) -> list[int]:
    """SofaSport's ids of all players of a match with minutes; of the request's match, or of the newest one."""
    event_id = request.params.get("event_id") or played_events(request)[-1]["id"]
    entries = records(request.fetch(f"/v1/events/lineups?event_id={event_id}"), "*.players")
    return [entry["player"]["id"] for entry in entries if (entry.get("statistics") or {}).get("minutesPlayed")]


def other_paths(request: Intercepted) -> list[str]:
    """The paths of other resources whose response the source may confuse with this one."""
    path, params = request.path, request.params
    if request.endpoint in OTHER_ENDPOINTS:
        return [OTHER_ENDPOINTS[request.endpoint]]
    if request.endpoint == fpl.LIVE:
        gameweek = int(params["gw"])
        return [f"/api/event/{other}/live/" for other in (gameweek - 1, gameweek + 1) if other >= 1]
    if request.endpoint == sofasport.EVENTS:
        other_course = {"last": "next", "next": "last"}[params["course_events"]]
        return [with_params(path, course_events=other_course), with_params(path, page=int(params["page"]) + 1)]
    if request.endpoint == sofasport.SQUAD:
        return [with_params(path, team_id=club) for club in _others(clubs(request), params["team_id"])]
    if request.endpoint == sofasport.LINEUPS:
        events = [event["id"] for event in played_events(request)]
        return [with_params(path, event_id=event) for event in _others(events, params["event_id"])]
    if "player_id" in params:
        return [with_params(path, player_id=player) for player in _others(team_mates(request), params["player_id"])]
    return []


def _others(ids: Sequence[int], own: str) -> list[int]:
    return [one for one in ids if str(one) != own]


def of_another_resource(rng_seed: str = "") -> Change:
    """The response of another resource of the endpoint: another match, player, club, gameweek or page."""

    def change(payload: Payload, request: Intercepted) -> Payload | Reply:
        paths = other_paths(request)
        if not paths:
            return payload
        # Always the same one for a request, whatever was requested before.
        Random(f"{rng_seed}/{request.path}").shuffle(paths)  # noqa: S311 - no cryptography
        for path in paths:
            found = _fetched(request, path)
            if found is not None:
                return found
        return payload

    return change


def _fetched(request: Intercepted, path: str) -> Payload | None:
    """A payload; None when the source has none."""
    try:
        return request.fetch(path)
    except OSError:  # the base class of errors of requests
        return None


def at_another_time(later: timedelta) -> Change:
    """The response of the same resource some days later, or earlier if negative; "no data" where there was none."""

    def change(payload: Payload, request: Intercepted) -> Payload | Reply:
        try:
            return request.fetch_at(request.path, later)
        except OSError:
            return NO_DATA if request.path.startswith("/v1/") else payload

    return change
