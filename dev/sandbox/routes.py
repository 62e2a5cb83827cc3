"""The routes of both APIs. Parameters are checked by pydantic; the world at its moment makes the answers."""

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
    """The world that the app serves."""
    world = request.app.state.world
    if not isinstance(world, World):
        raise TypeError("The app has no world; make it with make_app.")
    return world


def sofasport_answer(request: Request, make: Callable[[], object]) -> Response:
    """`{"data": ...}`, or SofaSport's 404 where there is nothing."""
    key = (request.url.path, *sorted(request.query_params.multi_items()))
    try:
        body = world_of(request).answer(key, lambda: {"data": make()})
    except NoSuchDataError:
        return Response(encode({"error": {"code": 404, "message": "Not Found"}}), 404, media_type=JSON)
    return Response(body, media_type=JSON)


def fpl_answer(request: Request, make: Callable[[], object], *key: object) -> Response:
    """The bare answer, or FPL's 404."""
    try:
        body = world_of(request).answer((request.url.path, *key), make)
    except NotFoundError as error:
        return Response(encode({"detail": str(error)}), 404, media_type=JSON)
    return Response(body, media_type=JSON)


@sofasport_routes.get("/unique-tournaments/seasons")
async def seasons(request: Request, unique_tournament_id: Id) -> Response:
    """The seasons of a tournament, the newest first."""
    sofasport = world_of(request).sofasport
    return sofasport_answer(request, lambda: sofasport.seasons(unique_tournament_id))


@sofasport_routes.get("/seasons/events")
async def season_events(
    request: Request,
    unique_tournament_id: Id,
    seasons_id: Id,
    course_events: Literal["last", "next"],
    page: Page = 0,
) -> Response:
    """Thirty events a page."""
    sofasport = world_of(request).sofasport
    return sofasport_answer(
        request, lambda: sofasport.season_events(unique_tournament_id, seasons_id, course_events, page)
    )


@sofasport_routes.get("/seasons/teams-statistics/result")
async def teams_statistics(
    request: Request, unique_tournament_id: Id, seasons_id: Id, seasons_statistics_type: Literal["overall"]
) -> Response:
    """Ranked lists of the clubs."""
    sofasport = world_of(request).sofasport
    return sofasport_answer(request, lambda: sofasport.teams_statistics(unique_tournament_id, seasons_id))


@sofasport_routes.get("/teams/players")
async def squad(request: Request, team_id: Id) -> Response:
    """A club's squad."""
    sofasport = world_of(request).sofasport
    return sofasport_answer(request, lambda: sofasport.squad(team_id))


@sofasport_routes.get("/events/lineups")
async def lineups(request: Request, event_id: Id) -> Response:
    """The line-ups of an event with the players' statistics."""
    sofasport = world_of(request).sofasport
    return sofasport_answer(request, lambda: sofasport.lineups(event_id))


@sofasport_routes.get("/events/player-heatmap")
async def heatmap(request: Request, event_id: Id, player_id: Id) -> Response:
    """Points of one player in one match."""
    sofasport = world_of(request).sofasport
    return sofasport_answer(request, lambda: sofasport.heatmap(event_id, player_id))


@sofasport_routes.get("/events/player-statistics")
async def player_statistics(request: Request, event_id: Id, player_id: Id) -> Response:
    """Statistics of one player in one match."""
    sofasport = world_of(request).sofasport
    return sofasport_answer(request, lambda: sofasport.player_statistics(event_id, player_id))


@sofasport_routes.get("/players/statistics/result")
async def season_statistics(
    request: Request,
    unique_tournament_id: Id,
    seasons_id: Id,
    player_id: Id,
    player_stat_type: Literal["overall"],
) -> Response:
    """Season totals of one player."""
    sofasport = world_of(request).sofasport
    return sofasport_answer(
        request, lambda: sofasport.season_statistics(unique_tournament_id, seasons_id, player_id)
    )


@sofasport_routes.get("/players/attribute-overviews")
async def attribute_overviews(request: Request, player_id: Id) -> Response:
    """The radar of one player."""
    sofasport = world_of(request).sofasport
    return sofasport_answer(request, lambda: sofasport.attribute_overviews(player_id))


@fpl_routes.get("/bootstrap-static/")
async def bootstrap(request: Request) -> Response:
    """Gameweeks, clubs and players."""
    return fpl_answer(request, world_of(request).fpl.bootstrap)


@fpl_routes.get("/fixtures/")
async def fixtures(request: Request, event: Annotated[int | None, Query(ge=1, le=38)] = None) -> Response:
    """All fixtures or one gameweek's."""
    fpl = world_of(request).fpl
    return fpl_answer(request, lambda: fpl.fixtures(event), event)


@fpl_routes.get("/event/{gameweek:int}/live/")
async def live(request: Request, gameweek: int) -> Response:
    """Points of a gameweek."""
    fpl = world_of(request).fpl
    return fpl_answer(request, lambda: fpl.live(gameweek))


@fpl_routes.get("/event-status/")
async def event_status(request: Request) -> Response:
    """Which match days have their points."""
    return fpl_answer(request, world_of(request).fpl.event_status)


@fpl_routes.get("/element-summary/{element_id:int}/")
async def element_summary(request: Request, element_id: int) -> Response:
    """One player's matches."""
    fpl = world_of(request).fpl
    return fpl_answer(request, lambda: fpl.element_summary(element_id))
