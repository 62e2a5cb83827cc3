"""HEAD: the response to GET without its content."""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

IS_HEAD = "fpl_pulse.is_head"
"""Key of the scope of a request that was HEAD."""


class Heads:
    """ASGI middleware that serves HEAD as GET and sends only the headers: status, length and validator are the same.

    FastAPI would need a second operation for each route, in the OpenAPI document too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET", IS_HEAD: True}, receive, send_head)


def is_head(request: Request) -> bool:
    """Whether only the headers of the response are sent. A route may then leave out content that costs time."""
    return bool(request.scope.get(IS_HEAD))
