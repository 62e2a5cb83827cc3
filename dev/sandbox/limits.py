"""The API subscription (key, rate limit, monthly quota), and the counts of requests."""

import hmac
import time
from collections import Counter, deque
from dataclasses import dataclass
from datetime import UTC, datetime

UNLIMITED_QUOTA = 1_000_000  # the limit that the headers show if no quota is set
NO_KEY = "Invalid API key: none was sent. Send it in the header x-rapidapi-key."
NOT_SUBSCRIBED = "You are not subscribed to this API."
TOO_FAST = "Too many requests: the rate limit per second of this plan is reached."
QUOTA_USED = "This subscription has exceeded the MONTHLY quota for requests."


@dataclass(slots=True)
class Limits:
    """The limits, which can be changed while the sandbox runs. None means no limit."""

    per_second: int | None = None
    quota: int | None = None
    latency_ms: int = 0
    echo_key: bool = False
    """Refuse every request and repeat its key in the message, as some servers do."""


class BusiestSecond:
    """The maximum number of events within any one second."""

    def __init__(self) -> None:
        """Start without events."""
        self.recent: deque[float] = deque()
        self.most = 0

    def within(self, now: float) -> int:
        """The number of events in the second that ends at `now`."""
        while self.recent and now - self.recent[0] >= 1.0:
            self.recent.popleft()
        return len(self.recent)

    def add(self, now: float) -> None:
        """Add an event at `now` (a monotonic time in seconds)."""
        self.most = max(self.most, self.within(now) + 1)
        self.recent.append(now)


class Subscription:
    """Accepts or refuses SofaSport requests. A refused request does not count for the quota."""

    def __init__(self, api_key: str, limits: Limits) -> None:
        """Start with an unused quota."""
        self.set_key(api_key)
        self.limits = limits
        self.reset()

    def set_key(self, api_key: str) -> None:
        """Accept this key and no other, as after a rotation."""
        self._api_key = api_key.encode()

    def reset(self) -> None:
        """Reset the used quota and the busiest second."""
        self._used = 0
        self._month = ""
        self._admitted = BusiestSecond()

    @property
    def busiest_second(self) -> int:
        """The maximum number of accepted requests within any one second."""
        return self._admitted.most

    def refusal(self, key: bytes | None, host: bytes | None, as_of: int) -> tuple[int, str] | None:
        """(status, message) if the request is refused; None if it is accepted and counted."""
        if not key:
            return 401, NO_KEY
        if not host or not hmac.compare_digest(key, self._api_key):
            return 403, NOT_SUBSCRIBED
        if self.limits.echo_key:
            return 403, f"{NOT_SUBSCRIBED} Your key is {key.decode('latin-1')}."
        self._start_month(as_of)
        if self.limits.quota is not None and self._used >= self.limits.quota:
            return 429, QUOTA_USED
        now = time.monotonic()
        if self.limits.per_second is not None and self._admitted.within(now) >= self.limits.per_second:
            return 429, TOO_FAST
        self._admitted.add(now)
        self._used += 1
        return None

    def headers(self, as_of: int) -> list[tuple[bytes, bytes]]:
        """The quota headers. `reset` is in seconds until the month of the sandbox's clock ends."""
        self._start_month(as_of)
        now = datetime.fromtimestamp(as_of, UTC)
        following = datetime(now.year + now.month // 12, now.month % 12 + 1, 1, tzinfo=UTC)
        limit = UNLIMITED_QUOTA if self.limits.quota is None else self.limits.quota
        values = {
            "limit": limit,
            "remaining": max(0, limit - self._used),
            "reset": int((following - now).total_seconds()),
        }
        return [(f"x-ratelimit-requests-{name}".encode(), str(value).encode()) for name, value in values.items()]

    def _start_month(self, as_of: int) -> None:
        month = datetime.fromtimestamp(as_of, UTC).strftime("%Y-%m")
        if month != self._month:
            self._month, self._used = month, 0


class RequestCounter:
    """Counts requests by endpoint and status, and the busiest second of each API."""

    def __init__(self) -> None:
        """Start with zero."""
        self.reset()

    def reset(self) -> None:
        """Reset all counts."""
        self._counts: dict[str, Counter[int]] = {}
        self._busiest = {"all": BusiestSecond(), "sofasport": BusiestSecond(), "fpl": BusiestSecond()}

    def count_request(self, api: str) -> None:
        """Count the arrival of a request for one API ("sofasport" or "fpl")."""
        now = time.monotonic()
        self._busiest["all"].add(now)
        self._busiest[api].add(now)

    def count_response(self, endpoint: str, status: int) -> None:
        """Count a response."""
        self._counts.setdefault(endpoint, Counter())[status] += 1

    def summary(self) -> dict[str, object]:
        """Counts by endpoint and status, and the maximum number of requests in any one second."""
        statuses: Counter[int] = Counter()
        for counts in self._counts.values():
            statuses.update(counts)
        return {
            "requests": statuses.total(),
            "statuses": {str(status): number for status, number in sorted(statuses.items())},
            "endpoints": {
                name: {str(status): number for status, number in sorted(counts.items())}
                for name, counts in sorted(self._counts.items())
            },
            "most_in_one_second": {name: busiest.most for name, busiest in self._busiest.items()},
        }
