"""Corrupts the responses of a source on their way to the product: the request goes to the real source by HTTP."""

import json
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from fnmatch import fnmatchcase
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

from dev.sandbox.scenario import resource_of

Payload = Any
"""The JSON of FPL, or what SofaSport has under `data`."""

Params = Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """A whole response in place of the source's."""

    status: int
    body: object
    """JSON, or bytes that are sent as they are."""
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


NO_DATA = Reply(404, {"error": {"code": 404, "message": "Not Found"}})
"""SofaSport's response where it has no data."""


@dataclass(frozen=True)
class Intercepted:
    """A request whose response is corrupted."""

    endpoint: str
    """As in the archive, for example `events/lineups`."""
    params: Params
    """The query parameters, as text; of FPL's live figures `gw`."""
    fetch: Callable[[str], Payload]
    """The true payload of another path with its query string, for example `/v1/events/lineups?event_id=7`."""
    path: str = ""
    """The path of this request with its query string."""
    fetch_at: Callable[[str, timedelta], Payload] = field(default=lambda path, _: _other_time_is_unknown(path))
    """The true payload of a path at another time: some days later, or earlier if negative. Needs a `RecordedSource`."""


def _other_time_is_unknown(path: str) -> Payload:
    raise NotImplementedError(f"{path}: responses of another time need a RecordedSource")


Change = Callable[[Payload, Intercepted], Payload | Reply]
"""Returns the payload or the reply to send instead. It may change the payload in place and return it."""


@dataclass
class Corruption:
    """What is done to the responses of an endpoint."""

    endpoint: str
    """As in the archive, with * as a wildcard."""
    change: Change
    params: Params = field(default_factory=dict)
    """Only requests with these parameters."""
    times: int | None = None
    """How many responses are corrupted; None for all."""
    corrupted: int = 0
    """How many were changed. A scenario in which none was proves nothing."""
    error: Exception | None = None
    """Why the change could not be made: a mistake in the scenario."""

    def applies(self, endpoint: str, params: Params) -> bool:
        """Whether a response of this request is corrupted."""
        is_left = self.times is None or self.corrupted < self.times
        return (
            is_left
            and fnmatchcase(endpoint, self.endpoint)
            and all(params.get(name) == value for name, value in self.params.items())
        )


class CorruptingAdapter(HTTPAdapter):
    """The transport of a session: it sends requests to the source and corrupts some of the responses."""

    def __init__(self, source: str, transport: BaseAdapter | None = None) -> None:
        """Corrupt nothing at first.

        Args:
            source: URL of the sandbox or of the replay, without a path.
            transport: sends the requests; None for HTTP.
        """
        super().__init__()
        self._source = source
        self._transport = transport
        self.corruptions: Sequence[Corruption] = ()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401
        """Send the request; the first corruption that applies changes the response."""
        address = urlsplit(request.url or "")
        endpoint, params = resource_of(address.path, dict(parse_qsl(address.query)))
        send = super().send if self._transport is None else self._transport.send
        response = send(request, *args, **kwargs)
        for corruption in self.corruptions:
            if corruption.applies(endpoint, params):
                return self._corrupted(response, corruption, endpoint, params)
        return response

    def _corrupted(
        self, response: requests.Response, corruption: Corruption, endpoint: str, params: Params
    ) -> requests.Response:
        request = response.request
        fetch_at = getattr(self._transport, "payload_at", lambda path, _: _other_time_is_unknown(path))
        intercepted = Intercepted(
            endpoint, params, lambda path: self._true_payload(path, request), request.path_url, fetch_at
        )
        try:
            changed = corrupted(response, corruption.change, intercepted)
        except Exception as error:
            corruption.error = error
            raise
        corruption.corrupted += changed is not response
        return changed

    def _true_payload(self, path: str, of_request: requests.PreparedRequest) -> Payload:
        headers = dict(of_request.headers)
        if self._transport is None:
            response = requests.get(self._source + path, headers=headers, timeout=30)
        else:
            response = self._transport.send(requests.Request("GET", self._source + path, headers=headers).prepare())
        response.raise_for_status()
        return content(response.json())


def corrupted(response: requests.Response, change: Change, intercepted: Intercepted) -> requests.Response:
    """The response after the change; the same object when the change leaves it as it is."""
    is_json = response.status_code == 200
    body = response.json() if is_json else None
    is_enveloped = isinstance(body, dict) and body.keys() == {"data"}
    changed = change(deepcopy(content(body)), intercepted)
    if isinstance(changed, Reply):
        return _response(response, changed)
    if changed == content(body) and json.dumps(changed) == json.dumps(content(body)):
        return response
    return _response(response, Reply(200, {"data": changed} if is_enveloped or not is_json else changed))


def content(body: Any) -> Payload:  # noqa: ANN401 - any JSON
    """What SofaSport has under `data`, or FPL's whole JSON."""
    return body["data"] if isinstance(body, dict) and body.keys() == {"data"} else body


def _response(of: requests.Response, reply: Reply) -> requests.Response:
    """A response with another body, to be read as one from the network."""
    body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
    kept = {name: value for name, value in of.headers.items() if name.lower().startswith("x-ratelimit")}
    response = requests.Response()
    response.status_code = reply.status
    response.headers = requests.structures.CaseInsensitiveDict({**kept, **reply.headers})
    response.raw = HTTPResponse(BytesIO(body), status=reply.status, headers=response.headers, preload_content=False)
    response.request, response.url = of.request, of.url
    return response
