"""Timestamps (whole seconds since the epoch, UTC), read from text and written as text."""

from datetime import UTC, datetime

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def timestamp(text: str) -> int:
    """ISO 8601 text with a zone -> seconds since the epoch.

    Raises:
        ValueError: the text is not a date, or has no time zone.
    """
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone; write for example 2025-10-13T01:00:00Z.")
    return int(parsed.timestamp())


def iso(seconds: int) -> str:
    """Seconds since the epoch -> text such as 2025-10-13T01:00:00Z."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(seconds: int) -> str:
    """Seconds since the epoch -> the UTC date, such as 2025-10-13."""
    return iso(seconds)[:10]
