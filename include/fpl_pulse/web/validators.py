"""HTTP caching: content has a validator, and a client that has the same content already does not get it again.

`no-cache` lets a client keep a response and makes it ask whether it is still the same. The validator is a hash of the
content, so the load that changes the content invalidates every kept copy, and no other load does.
"""

from hashlib import blake2b

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CACHE_CONTROL = "private, no-cache"


class Validators:
    """ASGI middleware that adds `ETag` and `Cache-Control` to successful responses, and responds with 304.

    It holds a whole response in memory. Responses are pages of at most some hundred rows. A response with a validator
    of its own, such as a large file, passes through as it comes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request. Only GET has validators."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()
        is_passed = False

        async def hold(message: Message) -> None:
            nonlocal is_passed
            if message["type"] == "http.response.start":
                is_passed = "etag" in Headers(raw=message["headers"])
                start.update(message)
            if is_passed:
                await send(message)
            else:
                body.extend(message.get("body", b""))

        await self._app(scope, receive, hold)
        if is_passed:
            return
        # The request has given its turn back: a slow client holds nothing.
        await _send_validated(start, bytes(body), Headers(scope=scope), send)


def is_kept(request: Headers, validator: str) -> bool:
    """Whether a client has the content with a validator, by the headers `If-None-Match` of its request.

    RFC 9110 compares weakly: a proxy may have made the validator strong.
    """
    kept = ",".join(request.getlist("if-none-match"))
    return kept.strip() == "*" or validator.removeprefix("W/") in {
        one.strip().removeprefix("W/") for one in kept.split(",")
    }


async def _send_validated(start: Message, body: bytes, request: Headers, send: Send) -> None:
    headers = MutableHeaders(raw=start["headers"])
    if start["status"] == 200:
        validator = f'"{blake2b(body, digest_size=16).hexdigest()}"'
        # Weak, because the same content is sent compressed and plain.
        headers["ETag"], headers["Cache-Control"] = f"W/{validator}", CACHE_CONTROL
        if is_kept(request, validator):
            start["status"], body = 304, b""
            del headers["Content-Length"], headers["Content-Type"]
            headers.add_vary_header("Accept-Encoding")
    await send(start)
    await send({"type": "http.response.body", "body": body})
