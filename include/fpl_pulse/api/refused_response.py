"""A response without a payload: what its status, its headers and its text say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import requests

from fpl_pulse.api.calls import Resource
from fpl_pulse.api.excerpts import error_excerpt
from fpl_pulse.api.rate_limits import quota_resets_in_s, retry_after_s
from fpl_pulse.api.strict_json import parse_json_or_none

HOUR_S = 3600.0
MINUTE_S = 60.0

_PAGE = re.compile(r"^\s*(<!doctype html|<html)", re.IGNORECASE)
_STATED_WAIT = re.compile(r"(?:again|retry|wait|resets?)\D{0,30}?(\d{1,6}) ?(second|sec|minute|min|hour)s?\b")
_UNIT_S = {"second": 1.0, "sec": 1.0, "minute": MINUTE_S, "min": MINUTE_S, "hour": HOUR_S}


@dataclass(frozen=True)
class RefusedResponse:
    """A response that has no payload, with what the sentences say about it."""

    resource: Resource
    connection_id: str
    response: requests.Response
    payload: Any
    """The JSON of the body; None when it is none."""
    body: bytes
    message: str
    """What the source says, safe to show."""

    @classmethod
    def of(
        cls, resource: Resource, response: requests.Response, body: bytes, connection_id: str, secrets: Sequence[str]
    ) -> "RefusedResponse":
        """Read a response; `secrets` are texts that no sentence may contain."""
        payload, message = parse_json_or_none(body), error_excerpt(body, secrets)
        return cls(resource, connection_id, response, payload, body, message)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    @property
    def text(self) -> str:
        """The message in lower case."""
        return self.message.lower()

    @property
    def wait_s(self) -> float | None:
        """The wait that the server requests."""
        return retry_after_s(self.response.headers.get("Retry-After"))

    @property
    def resets_in_s(self) -> float | None:
        """The seconds until the quota's reset, where a header states them."""
        return quota_resets_in_s(self.response.headers.get("x-ratelimit-requests-reset"))

    @property
    def source(self) -> str:
        """The name of the source."""
        return "FPL" if self.resource.api == "fpl" else "SofaSport"

    @property
    def stated_wait_s(self) -> float | None:
        """The wait that the message names, as "try again in 35 minutes"."""
        found = _STATED_WAIT.search(self.text)
        return float(found[1]) * _UNIT_S[found[2]] if found else None

    @property
    def content(self) -> str:
        """The beginning of the body."""
        return self.body[:20_000].decode("utf-8", "replace")

    @property
    def is_page(self) -> bool:
        """Whether the body is a web page."""
        return bool(_PAGE.search(self.content))

    def says(self, who: str | None = None) -> str:
        """The sentence with what the source says; `who` is another speaker, for example a proxy."""
        who = who or self.source
        return f"{who} says: {self.message}" if self.message else f"{who} gives no reason"
