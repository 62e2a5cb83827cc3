"""A reverse proxy that serves an application below a path prefix, over real HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from tests.web.serving import served

OF_ONE_CONNECTION = {b"connection", b"keep-alive", b"transfer-encoding"}
"""Headers that a proxy does not pass on."""
PATIENCE_S = 60


@dataclass
class ReverseProxy:
    """Passes on every request below the prefix with its path as it is, as Airflow's documentation asks of a proxy."""

    prefix: str
    """With a slash at its start, without one at its end."""
    upstream: str = ""
    """Scheme, host and port of the application. It may be set after the start of the proxy."""
    origin: str = ""
    """Scheme, host and port of the proxy itself."""
    outside: list[str] = field(default_factory=list)
    """The paths of requests that were not below the prefix. They get a 404."""

    @property
    def address(self) -> str:
        """The address of the application for a browser, without a slash at its end."""
        return self.origin + self.prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] == "http":
            request = Request(scope, receive)
            await (await self._answer(request))(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        path = request.url.path
        if not f"{path}/".startswith(f"{self.prefix}/"):
            self.outside.append(path)
            return PlainTextResponse("Nothing is served here", 404)
        # The path as the browser has sent it, with its escapes.
        target = request.scope["raw_path"].decode()
        address = f"{self.upstream}{target}" + (f"?{request.url.query}" if request.url.query else "")
        passed = [pair for pair in request.headers.raw if pair[0] not in OF_ONE_CONNECTION]
        body = await request.body()
        try:
            async with (
                httpx.AsyncClient(trust_env=False, timeout=PATIENCE_S) as client,
                client.stream(request.method, address, headers=passed, content=body) as response,
            ):
                # As it was sent: compressed, when the browser accepts that.
                content = b"".join([part async for part in response.aiter_raw()])
        except httpx.TransportError as error:
            return PlainTextResponse(f"The application does not answer: {error}", 502)
        answer = Response(content, response.status_code)
        answer.raw_headers = [
            (name.lower(), value) for name, value in response.headers.raw if name.lower() not in OF_ONE_CONNECTION
        ]
        return answer


@contextmanager
def reverse_proxy(prefix: str) -> Iterator[ReverseProxy]:
    """A running proxy on a free port, without an upstream yet."""
    proxy = ReverseProxy(prefix)
    with served(proxy) as client:
        proxy.origin = client.address
        yield proxy
