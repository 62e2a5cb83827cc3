"""The gate before both APIs: key, rate limit, quota, latency, faults and counting, for every request."""

import asyncio
from ipaddress import ip_address
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dev.sandbox.limits import Ledger, Subscription
from dev.sandbox.scenario import Scenario, resource_of
from dev.sandbox.spoiling import serve_spoilt
from dev.sandbox.world import World, encode

SOFASPORT_PREFIX, FPL_PREFIX, CONTROL_PREFIX = "/v1/", "/api/", "/__sandbox__/"
CONTROL_REFUSED = "Control requests are accepted from this machine only."


class Gate:
    """ASGI middleware around the routes."""

    def __init__(
        self,
        app: ASGIApp,
        world: World,
        subscription: Subscription,
        ledger: Ledger,
        scenario: Scenario,
        control_from_anywhere: bool = False,
    ) -> None:
        """Stand before `app`."""
        self._app = app
        self._world = world
        self._subscription = subscription
        self._ledger = ledger
        self._scenario = scenario
        self._control_from_anywhere = control_from_anywhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        path = scope.get("path", "")
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif path.startswith(CONTROL_PREFIX):
            if self._control_from_anywhere or is_loopback(scope):
                await self._app(scope, receive, send)
            else:
                await mark_rejected(send, 403, CONTROL_REFUSED, [])
        else:
            await self._serve(
                scope, receive, send, "sofasport" if path.startswith(SOFASPORT_PREFIX) else "fpl"
            )

    async def _serve(self, scope: Scope, receive: Receive, send: Send, side: str) -> None:
        """One request of the two APIs."""
        self._ledger.arrived(side)
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
                    await mark_rejected(send_counted, *refusal, [])
                    return
            if self._subscription.limits.latency_ms:
                await asyncio.sleep(self._subscription.limits.latency_ms / 1000)
            rule = self._scenario.strike(*resource_of(scope["path"], _query(scope)))
            if rule is None:
                await self._app(scope, receive, send_counted)
            else:
                await serve_spoilt(rule, self._app, scope, receive, send_counted)
        finally:
            self._ledger.answered(endpoint_of(scope), status)


def _query(scope: Scope) -> dict[str, str]:
    return dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))


def endpoint_of(scope: Scope) -> str:
    """The route's path; a refused request was not routed, so its own path stands for it."""
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


async def mark_rejected(send: Send, status: int, message: str, headers: list[tuple[bytes, bytes]]) -> None:
    """A flat error body, without `data`."""
    body = encode({"message": message})
    start = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": [*start, *headers]})
    await send({"type": "http.response.body", "body": body})
