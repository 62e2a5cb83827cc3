"""What can be requested from an API, and what became of a call. Plain data without an HTTP library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Api = Literal["sofasport", "fpl"]

EMPTY: tuple[object, ...] = ([], {})
"""Payloads without content: the source has no data, or has none just now."""


@dataclass(frozen=True)
class Resource:
    """What one GET requests: an endpoint and its parameters."""

    api: Api
    endpoint: str
    """The name in the archive and the ledger, for example `events/lineups`."""
    path: str
    """The URL path after scheme and host."""
    params: Mapping[str, int | str] = field(default_factory=dict)
    """The identity in the archive: ids, season, page."""
    query: Mapping[str, int | str] | None = None
    """The query string, where some of `params` are in the path or not sent at all. None: send all `params`."""

    @property
    def key(self) -> str:
        """The `params` as text, sorted by name: `event_id=1&player_id=2`."""
        return "&".join(f"{name}={self.params[name]}" for name in sorted(self.params))

    def __str__(self) -> str:
        return f"{self.endpoint} {self.key}".strip()


@dataclass(frozen=True)
class Call:
    """One HTTP call, for the ledger."""

    resource: Resource
    purpose: str
    """Why it was made, in words: `season id`."""
    attempt: int
    """1 for the first."""
    status: int
    """The HTTP status; 0 without a response."""
    outcome: str
    """`fetched`, `empty`, `no_data`, or the class name of the error."""
    seconds: float
    size_bytes: int
    quota_remaining: int | None
    """Calls left in the quota; None when the response does not say."""
    quota_resets_in_s: float | None = None
