"""Injects a fault into the response to a request."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dev.sandbox.scenario import STATUS_FAULTS, Rule
from dev.sandbox.world import encode

Headers = list[tuple[bytes, bytes]]

JSON_TYPE, HTML_TYPE = b"application/json; charset=utf-8", b"text/html; charset=utf-8"
HTML_PAGE = b"<!doctype html><html><head><title>One moment</title></head><body>Please wait.</body></html>"
MESSAGES = {
    "http_429": "Too many requests, slow down.",
    "401": "Invalid API key.",
    "403": "You are not subscribed to this API.",
}


async def serve_fault(rule: Rule, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Respond to a request with the fault of a rule."""
    fault = rule.fault
    if fault in STATUS_FAULTS:
        status = int(fault.removeprefix("http_"))
        headers = [] if rule.retry_after is None else [(b"retry-after", f"{rule.retry_after:g}".encode())]
        body = encode({"message": MESSAGES.get(fault, "Something went wrong on our side.")})
        await _respond(send, status, JSON_TYPE, body, headers)
    elif fault == "timeout":
        await asyncio.sleep(rule.seconds)
        await _drop_connection(send)
    elif fault == "reset_connection":
        await _drop_connection(send)
    elif fault == "html_page":
        await _respond(send, 200, HTML_TYPE, HTML_PAGE)
    elif fault == "error_body":
        await _respond(send, 200, JSON_TYPE, encode({"message": "The upstream service has failed."}))
    elif fault == "missing_page":
        await _respond(send, 404, JSON_TYPE, encode({"error": {"code": 404, "message": "Not Found"}}))
    else:
        if fault == "slow":
            await asyncio.sleep(rule.seconds)
        elif fault == "repeated_page":
            scope = _previous_page(scope)
        await _with_changed_body(fault, app, scope, receive, send)


async def _respond(send: Send, status: int, kind: bytes, body: bytes, headers: Headers | None = None) -> None:
    start = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *(headers or [])]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})


async def _drop_connection(send: Send) -> None:
    """Announce more bytes than are sent, so that the server closes the connection in the middle of the response."""
    start = [(b"content-type", JSON_TYPE), (b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": start})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})


def _previous_page(scope: Scope) -> Scope:
    """The same request for the previous page."""
    query = dict(parse_qsl(scope["query_string"].decode()))
    query["page"] = str(max(0, int(query.get("page", "0")) - 1))
    return {**scope, "query_string": urlencode(query).encode()}


async def _with_changed_body(fault: str, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Let the app create the response, and send a changed body."""
    start: Message = {}
    body = bytearray()

    async def keep(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    status = start["status"]
    if status != 200:
        await _respond(send, status, JSON_TYPE, bytes(body))
        return
    kind = b"text/html" if fault == "wrong_content_type" else JSON_TYPE
    await _respond(send, status, kind, _corrupted(fault, bytes(body)))


def _corrupted(fault: str, body: bytes) -> bytes:
    if fault == "truncated_json":
        return body[: len(body) // 2]
    if fault in ("slow", "wrong_content_type", "repeated_page"):
        return body
    payload = json.loads(body)
    is_enveloped = isinstance(payload, dict) and payload.keys() == {"data"}
    content = payload["data"] if is_enveloped else payload
    if fault == "null_data":
        content = None
    elif fault == "empty_data":
        content = [] if isinstance(content, list) else {}
    elif fault == "endless_pages":
        content = {**content, "hasNextPage": True}
    elif fault == "duplicate_rows":
        content = _with_duplicates(content)
    return encode({"data": content} if is_enveloped else content)


def _with_duplicates(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Append the first row of every list of players to that list."""
    if isinstance(value, dict):
        return {name: _with_duplicates(part) for name, part in value.items()}
    if isinstance(value, list) and value and all(isinstance(row, dict) and "player" in row for row in value):
        return [*value, value[0]]
    return value
