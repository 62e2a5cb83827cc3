"""The middleware of both APIs: checks key, rate limit and quota, adds latency and faults, and counts requests."""

import asyncio
from ipaddress import ip_address
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dev.sandbox.fault_injection import serve_fault
from dev.sandbox.limits import RequestCounter, Subscription
from dev.sandbox.scenario import Scenario, resource_of
from dev.sandbox.world import World, encode

SOFASPORT_PREFIX, FPL_PREFIX, CONTROL_PREFIX = "/v1/", "/api/", "/__sandbox__/"
CONTROL_REFUSED = "Control requests are accepted from this machine only."


class RequestMiddleware:
    """ASGI middleware around the routes."""

    def __init__(
        self,
        app: ASGIApp,
        world: World,
        subscription: Subscription,
        counter: RequestCounter,
        scenario: Scenario,
        control_from_anywhere: bool = False,
    ) -> None:
        """Wrap `app`."""
        self._app = app
        self._world = world
        self._subscription = subscription
        self._counter = counter
        self._scenario = scenario
        self._control_from_anywhere = control_from_anywhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward the request, or refuse it."""
        path = scope.get("path", "")
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif path.startswith(CONTROL_PREFIX):
            if self._control_from_anywhere or is_loopback(scope):
                await self._app(scope, receive, send)
            else:
                await send_error(send, 403, CONTROL_REFUSED, [])
        else:
            await self._serve(scope, receive, send, "sofasport" if path.startswith(SOFASPORT_PREFIX) else "fpl")

    async def _serve(self, scope: Scope, receive: Receive, send: Send, side: str) -> None:
        """Handle a request of one of the two APIs."""
        self._counter.count_request(side)
        extra: list[tuple[bytes, bytes]] = []
        status = 500

        async def send_counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), *extra]
            await send(message)

        try:
            if side == "sofasport":
                given = dict(scope["headers"])
                refusal = self._subscription.refusal(
                    given.get(b"x-rapidapi-key"), given.get(b"x-rapidapi-host"), self._world.as_of
                )
                extra = self._subscription.headers(self._world.as_of)
                if refusal:
                    await send_error(send_counted, *refusal, [])
                    return
            if self._subscription.limits.latency_ms:
                await asyncio.sleep(self._subscription.limits.latency_ms / 1000)
            rule = self._scenario.next_fault(*resource_of(scope["path"], _query(scope)))
            if rule is None:
                await self._app(scope, receive, send_counted)
            else:
                await serve_fault(rule, self._app, scope, receive, send_counted)
        finally:
            self._counter.count_response(endpoint_of(scope), status)


def _query(scope: Scope) -> dict[str, str]:
    return dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))


def endpoint_of(scope: Scope) -> str:
    """The path of the route. A refused request has no route, so use the path of the request."""
    route = scope.get("route")
    if route is not None:
        return str(route.path)
    return scope["path"] if scope["path"].count("/") <= 4 and len(scope["path"]) < 60 else "other"


def is_loopback(scope: Scope) -> bool:
    """Whether the request comes from this machine."""
    client = scope.get("client")
    try:
        return client is not None and ip_address(client[0]).is_loopback
    except ValueError:
        return False


async def send_error(send: Send, status: int, message: str, headers: list[tuple[bytes, bytes]]) -> None:
    """Send an error body, which has no key `data`."""
    body = encode({"message": message})
    start = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*start, *headers]})
    await send({"type": "http.response.body", "body": body})
