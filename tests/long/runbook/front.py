"""An HTTP server between the product and the sandbox, which a test lets answer in place of a source.

It holds the key that the product must send, and the address at which the API is.
"""

import threading
from collections.abc import Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import requests

from dev.hostile.corruption import Corruption, Intercepted, Payload, Reply, content, corrupted
from dev.local.processes import LOOPBACK, local_session
from dev.sandbox.scenario import resource_of

WRONG_KEY = {"message": "Invalid API key. Go to https://docs.rapidapi.com for more info."}
_JSON = {"Content-Type": "application/json"}
_TIMEOUT_S = 60


def refused(status: int, message: str, **headers: str) -> Reply:
    """A response without data, with a message as an API sends it. An underscore in a header's name is a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, {"message": message}, {**_JSON, **named})


class Front:
    """The server. It forwards requests to the sandbox until a test changes `corruptions`."""

    def __init__(self, sandbox_url: str, sandbox_key: str) -> None:
        """Start on a free port.

        Args:
            sandbox_url: scheme, host and port.
            sandbox_key: the only key that the sandbox accepts.
        """
        self.key = "key-of-the-first-day"
        self.corruptions: Sequence[Corruption] = ()
        self._sandbox_url = sandbox_url
        self._sandbox_key = sandbox_key
        self._servers: list[ThreadingHTTPServer] = []
        self.move()

    @property
    def url(self) -> str:
        """The address of the API now."""
        return f"http://{LOOPBACK}:{self._servers[-1].server_address[1]}"

    def move(self) -> None:
        """Move the API to another address. Earlier ones redirect to it."""
        front = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.server is front._servers[-1]:
                    response = front._respond(self.path, self.headers.get("x-rapidapi-key"))
                else:
                    response = _response(Reply(301, {}, {**_JSON, "Location": f"{front.url}{self.path}"}))
                _send(self, response)

            def log_message(self, format: str, *args: object) -> None:
                """Log nothing."""

        server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        server.daemon_threads = True
        self._servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Stop all addresses."""
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def _respond(self, path: str, key: str | None) -> requests.Response:
        address = urlsplit(path)
        endpoint, params = resource_of(address.path, dict(parse_qsl(address.query)))
        if address.path.startswith("/v1/") and key != self.key:
            return _response(Reply(401, WRONG_KEY))
        response = self._fetched(path)
        for corruption in self.corruptions:
            if corruption.applies(endpoint, params):
                changed = corrupted(response, corruption.change, Intercepted(endpoint, params, self._payload, path))
                corruption.corrupted += changed is not response
                return changed
        return response

    def _fetched(self, path: str) -> requests.Response:
        headers = {"x-rapidapi-key": self._sandbox_key, "x-rapidapi-host": "sandbox"}
        with local_session() as session:
            return session.get(f"{self._sandbox_url}{path}", headers=headers, timeout=_TIMEOUT_S)

    def _payload(self, path: str) -> Payload:
        response = self._fetched(path)
        response.raise_for_status()
        return content(response.json())


def _response(reply: Reply) -> requests.Response:
    """A response that no source has sent."""
    nothing = requests.Response()
    nothing.status_code = 404
    return corrupted(nothing, lambda *_: reply, Intercepted("", {}, lambda _: None))


def _send(handler: BaseHTTPRequestHandler, response: requests.Response) -> None:
    body = response.content
    # The process that has sent the request may have been killed.
    with suppress(ConnectionError):
        _write(handler, response, body)


def _write(handler: BaseHTTPRequestHandler, response: requests.Response, body: bytes) -> None:
    handler.send_response(response.status_code)
    for name, value in response.headers.items():
        if name.lower() in ("content-type", "location", "retry-after") or name.lower().startswith("x-ratelimit"):
            handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
