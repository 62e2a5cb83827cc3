"""Requests take turns: no more are served at the same time than there are connections to the database.

The others wait in the event loop. A request that waited in a thread of the server would hold one of few threads, which
those with a connection need, and in Airflow also the other pages.
"""

import asyncio
from http import HTTPStatus

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fpl_pulse.web.problems import RETRY_AFTER_S, respond

WAIT_FOR_TURN_S = 10.0
WAIT_FOR_PICTURE_S = 60.0
"""All pictures of a page wait while the process that draws starts."""
PICTURES = "/pictures/"
"""In the address of every picture."""


class Turns:
    """ASGI middleware that lets a number of requests in, and refuses one that has waited too long."""

    def __init__(self, app: ASGIApp, places: int, drawings: int) -> None:
        """`places` requests are served at the same time, and beside them `drawings` requests for pictures.

        Drawing takes a hundred times as long as reading. Without a limit of their own, the pictures of one page would
        keep everybody waiting.
        """
        self._app = app
        self._places = asyncio.Semaphore(places)
        self._drawings = asyncio.Semaphore(drawings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request when it is its turn."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_picture = PICTURES in scope["path"]
        places, wait_s = (self._drawings, WAIT_FOR_PICTURE_S) if is_picture else (self._places, WAIT_FOR_TURN_S)
        try:
            async with asyncio.timeout(wait_s):
                await places.acquire()
        except TimeoutError:
            detail = f"The server is busy: the request has waited for {wait_s:.0f} seconds. Try again."
            headers = {"Retry-After": str(RETRY_AFTER_S)}
            busy = respond(Request(scope), HTTPStatus.SERVICE_UNAVAILABLE, detail, headers)
            await busy(scope, receive, send)
            return
        is_held = True

        async def give_back_and_send(message: Message) -> None:
            # The response is known, so nothing reads the database any more: a slow download holds no place.
            nonlocal is_held
            if is_held:
                is_held = False
                places.release()
            await send(message)

        try:
            await self._app(scope, receive, give_back_and_send)
        finally:
            if is_held:
                places.release()
