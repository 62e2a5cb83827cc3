"""The pretend subscription: who may ask, how fast, how often a month; and a count of what was asked."""

import hmac
import time
from collections import Counter, deque
from dataclasses import dataclass
from datetime import UTC, datetime

PLENTY = 1_000_000  # shown as the plan's limit while no quota is set
NO_KEY = "Invalid API key: none was sent. Send it in the header x-rapidapi-key."
NOT_SUBSCRIBED = "You are not subscribed to this API."
TOO_FAST = "Too many requests: the rate limit per second of this plan is reached."
QUOTA_USED = "This subscription has exceeded the MONTHLY quota for requests."


@dataclass(slots=True)
class Limits:
    """What may be set while the sandbox runs. None means no limit."""

    per_second: int | None = None
    quota: int | None = None
    latency_ms: int = 0
    echo_key: bool = False
    """Refuse every request with the key that it sent, as careless servers do."""


class BusiestSecond:
    """The most things that happened within any one second."""

    def __init__(self) -> None:
        """Nothing has happened yet."""
        self.recent: deque[float] = deque()
        self.most = 0

    def within(self, now: float) -> int:
        """How many happened in the second that ends now."""
        while self.recent and now - self.recent[0] >= 1.0:
            self.recent.popleft()
        return len(self.recent)

    def add(self, now: float) -> None:
        """Something happens now (a monotonic time in seconds)."""
        self.most = max(self.most, self.within(now) + 1)
        self.recent.append(now)


class Subscription:
    """Admits or refuses SofaSport requests. Refused requests use up no quota."""

    def __init__(self, api_key: str, limits: Limits) -> None:
        """Nothing is used up yet."""
        self._api_key = api_key.encode()
        self.limits = limits
        self.reset()

    def reset(self) -> None:
        """Forget what was used."""
        self._used = 0
        self._month = ""
        self._admitted = BusiestSecond()

    @property
    def busiest_second(self) -> int:
        """The most requests admitted within any one second."""
        return self._admitted.most

    def refusal(self, key: bytes | None, host: bytes | None, as_of: int) -> tuple[int, str] | None:
        """(status, message) when the request is refused; None when it may pass, which uses up one."""
        if not key:
            return 401, NO_KEY
        if not host or not hmac.compare_digest(key, self._api_key):
            return 403, NOT_SUBSCRIBED
        if self.limits.echo_key:
            return 403, f"{NOT_SUBSCRIBED} Your key is {key.decode('latin-1')}."
        self._turn_month(as_of)
        if self.limits.quota is not None and self._used >= self.limits.quota:
            return 429, QUOTA_USED
        now = time.monotonic()
        if self.limits.per_second is not None and self._admitted.within(now) >= self.limits.per_second:
            return 429, TOO_FAST
        self._admitted.add(now)
        self._used += 1
        return None

    def headers(self, as_of: int) -> list[tuple[bytes, bytes]]:
        """The rate limit headers; the reset is in seconds until the month of the sandbox's clock ends."""
        self._turn_month(as_of)
        now = datetime.fromtimestamp(as_of, UTC)
        following = datetime(now.year + now.month // 12, now.month % 12 + 1, 1, tzinfo=UTC)
        limit = PLENTY if self.limits.quota is None else self.limits.quota
        values = {
            "limit": limit,
            "remaining": max(0, limit - self._used),
            "reset": int((following - now).total_seconds()),
        }
        return [
            (f"x-ratelimit-requests-{name}".encode(), str(value).encode()) for name, value in values.items()
        ]

    def _turn_month(self, as_of: int) -> None:
        month = datetime.fromtimestamp(as_of, UTC).strftime("%Y-%m")
        if month != self._month:
            self._month, self._used = month, 0


class Ledger:
    """Counts of requests by endpoint and status, and the busiest second of each side."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._counts: dict[str, Counter[int]] = {}
        self._busiest = {"all": BusiestSecond(), "sofasport": BusiestSecond(), "fpl": BusiestSecond()}

    def arrived(self, side: str) -> None:
        """A request for one side ("sofasport" or "fpl") arrives."""
        now = time.monotonic()
        self._busiest["all"].add(now)
        self._busiest[side].add(now)

    def answered(self, endpoint: str, status: int) -> None:
        """A request was answered."""
        self._counts.setdefault(endpoint, Counter())[status] += 1

    def summary(self) -> dict[str, object]:
        """Counts per endpoint and status, and the most requests in any one second."""
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
