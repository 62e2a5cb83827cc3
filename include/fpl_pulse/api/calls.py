"""What can be requested and what a request became: plain data, without an HTTP library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Api = Literal["sofasport", "fpl"]

EMPTY: tuple[object, ...] = ([], {})
"""Payloads without content: the source has no data, or none for the moment."""


@dataclass(frozen=True)
class Resource:
    """One thing that can be asked for: an endpoint and its parameters."""

    api: Api
    endpoint: str
    """The name used in the archive, the ledger and fault rules, as `events/lineups`."""
    path: str
    """What follows the connection's address."""
    params: Mapping[str, int | str] = field(default_factory=dict)
    query: Mapping[str, int | str] | None = None
    """The query string, where it differs from `params` (parameters that are part of the path)."""

    @property
    def key(self) -> str:
        """The parameters in order of name: `event_id=1&player_id=2`."""
        return "&".join(f"{name}={self.params[name]}" for name in sorted(self.params))

    def __str__(self) -> str:
        return f"{self.endpoint} {self.key}".strip()


@dataclass(frozen=True)
class Call:
    """One HTTP call, for the ledger. `status` is 0 when there was no answer."""

    resource: Resource
    purpose: str
    attempt: int
    status: int
    outcome: str
    seconds: float
    size_bytes: int
    quota_remaining: int | None
    quota_resets_in_s: float | None = None
