"""Serves an application over real HTTP in a thread of the test process."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
import uvicorn
from starlette.types import ASGIApp

TOKEN = "only-for-tests-12345"


class Client(requests.Session):
    """A client that knows the server's address, and sends the token."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.headers["Authorization"] = f"Bearer {TOKEN}"

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401
        kwargs.setdefault("timeout", 30)
        return super().request(method, f"{self.address}{url!s}", *args, **kwargs)

    def json(self, path: str) -> Any:  # noqa: ANN401
        """The content of a successful response."""
        response = self.get(path)
        assert response.status_code == 200, response.text
        return response.json()


@contextmanager
def served(app: ASGIApp) -> Iterator[Client]:
    """A client of the application on a free port."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < deadline, "The server did not start"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        with Client(f"http://127.0.0.1:{port}") as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(20)
