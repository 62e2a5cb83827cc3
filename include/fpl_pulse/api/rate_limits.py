"""The response headers about rate limits and quotas, as numbers."""

import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_QUOTA_PERIOD_S = 400 * 86_400
"""No plan's quota period is longer than a year. A larger number is a time in Unix seconds, not a wait."""


def retry_after_s(text: str | None) -> float | None:
    """The wait of a `Retry-After` header in seconds from now; None when the header is absent or unreadable.

    HTTP allows two forms: a number of seconds and a date.
    """
    if text is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", text.strip()):
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


def quota_resets_in_s(text: str | None) -> float | None:
    """Seconds until the quota is reset, from `x-ratelimit-requests-reset`; None when absent or unreadable.

    RapidAPI sends the seconds left. Some vendors send the time of the reset in Unix seconds instead.
    """
    if text is None or not re.fullmatch(r"[0-9]{1,10}", text.strip()):
        return None
    number = float(text)
    return number if number <= MAX_QUOTA_PERIOD_S else max(0.0, number - time.time())


def calls_remaining(text: str | None) -> int | None:
    """The calls left in the quota, from `x-ratelimit-requests-remaining`; None when absent or unreadable."""
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else None
