"""The routes of both APIs. Pydantic checks the parameters; the world creates the payloads."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from dev.sandbox.fpl import NotFoundError
from dev.sandbox.sofasport import NoSuchDataError
from dev.sandbox.world import World, encode

JSON = "application/json; charset=utf-8"
Id = Annotated[int, Query(ge=0, le=10**12)]
Page = Annotated[int, Query(ge=0, le=100_000)]
sofasport_routes = APIRouter(prefix="/v1")
fpl_routes = APIRouter(prefix="/api")


def world_of(request: Request) -> World:
    """The world of the app."""
    world = request.app.state.world
    if not isinstance(world, World):
        raise TypeError("The app has no world; create it with make_app.")
    return world


def sofasport_response(request: Request, make: Callable[[], object]) -> Response:
    """A response `{"data": ...}`, or SofaSport's 404 if there is no data."""
    key = (request.url.path, *sorted(request.query_params.multi_items()))
    try:
        body = world_of(request).response_body(key, lambda: {"data": make()})
    except NoSuchDataError:
        return Response(encode({"error": {"code": 404, "message": "Not Found"}}), 404, media_type=JSON)
    return Response(body, media_type=JSON)


def fpl_response(request: Request, make: Callable[[], object], *key: object) -> Response:
    """A response with the payload alone, or FPL's 404."""
    try:
        body = world_of(request).response_body((request.url.path, *key), make)
    except NotFoundError as error:
        return Response(encode({"detail": str(error)}), 404, media_type=JSON)
    return Response(body, media_type=JSON)


@sofasport_routes.get("/unique-tournaments/seasons")
async def seasons(request: Request, unique_tournament_id: Id) -> Response:
    """The seasons of a tournament, newest first."""
    sofasport = world_of(request).sofasport
    return sofasport_response(request, lambda: sofasport.seasons(unique_tournament_id))


@sofasport_routes.get("/seasons/events")
async def season_events(
    request: Request, unique_tournament_id: Id, seasons_id: Id, course_events: Literal["last", "next"], page: Page = 0
) -> Response:
    """One page of thirty events."""
    sofasport = world_of(request).sofasport
    return sofasport_response(
        request, lambda: sofasport.season_events(unique_tournament_id, seasons_id, course_events, page)
    )


@sofasport_routes.get("/seasons/teams-statistics/result")
async def teams_statistics(
    request: Request, unique_tournament_id: Id, seasons_id: Id, seasons_statistics_type: Literal["overall"]
) -> Response:
    """Ranked lists of the clubs."""
    sofasport = world_of(request).sofasport
    return sofasport_response(request, lambda: sofasport.teams_statistics(unique_tournament_id, seasons_id))


@sofasport_routes.get("/teams/players")
async def squad(request: Request, team_id: Id) -> Response:
    """A club's squad."""
    sofasport = world_of(request).sofasport
    return sofasport_response(request, lambda: sofasport.squad(team_id))


@sofasport_routes.get("/events/lineups")
async def lineups(request: Request, event_id: Id) -> Response:
    """The lineups of an event with the players' statistics."""
    sofasport = world_of(request).sofasport
    return sofasport_response(request, lambda: sofasport.lineups(event_id))


@sofasport_routes.get("/events/player-heatmap")
async def heatmap(request: Request, event_id: Id, player_id: Id) -> Response:
    """The heatmap of one player in one match."""
    sofasport = world_of(request).sofasport
    return sofasport_response(request, lambda: sofasport.heatmap(event_id, player_id))


@sofasport_routes.get("/events/player-statistics")
async def player_statistics(request: Request, event_id: Id, player_id: Id) -> Response:
    """Statistics of one player in one match."""
    sofasport = world_of(request).sofasport
    return sofasport_response(request, lambda: sofasport.player_statistics(event_id, player_id))


@sofasport_routes.get("/players/statistics/result")
async def season_statistics(
    request: Request, unique_tournament_id: Id, seasons_id: Id, player_id: Id, player_stat_type: Literal["overall"]
) -> Response:
    """Season totals of one player."""
    sofasport = world_of(request).sofasport
    return sofasport_response(request, lambda: sofasport.season_statistics(unique_tournament_id, seasons_id, player_id))


@sofasport_routes.get("/players/attribute-overviews")
async def attribute_overviews(request: Request, player_id: Id) -> Response:
    """The radar attributes of one player."""
    sofasport = world_of(request).sofasport
    return sofasport_response(request, lambda: sofasport.attribute_overviews(player_id))


@fpl_routes.get("/bootstrap-static/")
async def bootstrap(request: Request) -> Response:
    """Gameweeks, clubs and players."""
    return fpl_response(request, world_of(request).fpl.bootstrap)


@fpl_routes.get("/fixtures/")
async def fixtures(request: Request, event: Annotated[int | None, Query(ge=1, le=38)] = None) -> Response:
    """All fixtures or one gameweek's."""
    fpl = world_of(request).fpl
    return fpl_response(request, lambda: fpl.fixtures(event), event)


@fpl_routes.get("/event/{gameweek:int}/live/")
async def live(request: Request, gameweek: int) -> Response:
    """Players' statistics and points in a gameweek."""
    fpl = world_of(request).fpl
    return fpl_response(request, lambda: fpl.live(gameweek))


@fpl_routes.get("/event-status/")
async def event_status(request: Request) -> Response:
    """Which match days have their points."""
    return fpl_response(request, world_of(request).fpl.event_status)


@fpl_routes.get("/element-summary/{element_id:int}/")
async def element_summary(request: Request, element_id: int) -> Response:
    """One player's matches."""
    fpl = world_of(request).fpl
    return fpl_response(request, lambda: fpl.element_summary(element_id))
