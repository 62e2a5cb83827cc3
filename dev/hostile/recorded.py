"""A source whose responses are requested once for each time of its clock, and then come from memory."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from dev.hostile.corruption import Payload, content
from dev.pipelines import Pipelines
from dev.sandbox.process import KEY

OF_ENCODING = frozenset({"content-encoding", "content-length", "transfer-encoding"})
HEADERS = {"x-rapidapi-key": KEY, "x-rapidapi-host": "in-process"}


@dataclass(frozen=True)
class Recording:
    """A response of the source."""

    status: int
    headers: dict[str, str]
    body: bytes


class RecordedSource(BaseAdapter):
    """The transport of a session. A request is answered as of the time that was set last.

    Processes can share one server: each copy knows what was recorded before it was made, and requests the rest.
    """

    def __init__(self, source: str, clock: str, lock: AbstractContextManager[Any] | None = None) -> None:
        """Record nothing at first.

        Args:
            source: URL of the sandbox or of the replay, without a path.
            clock: path that sets the clock of the source.
            lock: held while the clock is set and a request is sent.
        """
        super().__init__()
        self._source = source
        self._clock = clock
        self._lock = lock or threading.Lock()
        self._recordings: dict[tuple[datetime, str], Recording] = {}
        self.as_of: datetime | None = None
        self.requested: dict[datetime, list[str]] = {}
        """As-of time -> the paths that were requested, with their query strings, in order."""
        self.is_listing = True
        """Whether requests are added to `requested`."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:  # noqa: ANN401
        """The response to a request at the set time."""
        as_of = self._now()
        if self.is_listing:
            self.requested.setdefault(as_of, []).append(request.path_url)
        return _response(request, self._recording(request.path_url, as_of))

    def close(self) -> None:
        """Nothing is open."""

    def payload_at(self, path: str, later: timedelta) -> Payload:
        """The true payload of a path at another time: some days after the set one, or before if negative.

        Raises:
            HTTPError: the source has no data then.
        """
        response = self.response_at(path, self._now() + later)
        response.raise_for_status()
        return content(response.json())

    def response_at(self, path: str, as_of: datetime) -> requests.Response:
        """The true response of a path at a time."""
        request = requests.Request("GET", self._source + path).prepare()
        return _response(request, self._recording(path, as_of))

    def _now(self) -> datetime:
        if self.as_of is None:
            raise RuntimeError("The clock of the recorded source was not set")
        return self.as_of

    def _recording(self, path: str, as_of: datetime) -> Recording:
        key = (as_of, path)
        if key not in self._recordings:
            with self._lock:
                as_of_text = as_of.isoformat().replace("+00:00", "Z")
                clock = requests.post(self._source + self._clock, json={"as_of": as_of_text}, timeout=60)
                clock.raise_for_status()
                response = requests.get(self._source + path, headers=HEADERS, timeout=60)
            # The body is recorded after it was decoded.
            headers = {name: value for name, value in response.headers.items() if name.lower() not in OF_ENCODING}
            self._recordings[key] = Recording(response.status_code, headers, response.content)
        return self._recordings[key]


def _response(request: requests.PreparedRequest, recording: Recording) -> requests.Response:
    response = requests.Response()
    response.status_code = recording.status
    response.headers = requests.structures.CaseInsensitiveDict(recording.headers)
    response.raw = HTTPResponse(
        BytesIO(recording.body), status=recording.status, headers=response.headers, preload_content=False
    )
    response.request, response.url = request, request.url or ""
    return response


@dataclass
class RecordedPipelines(Pipelines):
    """The pipelines against a recorded source, whose clock is set without a request."""

    on_clock: Callable[[datetime], None] = field(default=lambda _: None)
    """Sets the clock of the recorded source."""

    def set_clock(self, as_of: datetime) -> None:
        """Set the clock of the recorded source."""
        self.on_clock(as_of)
