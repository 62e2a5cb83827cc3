"""Numbers in the headers of answers."""

import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def asked_wait_s(text: str | None) -> float | None:
    """Retry-After in seconds from now, of either form: seconds or an HTTP date. None where it is not readable."""
    if text is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", text.strip()):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


LONGEST_PERIOD_S = 400 * 86_400
"""No plan's quota lasts longer than a year: a larger number is a moment, not a wait."""


def reset_wait_s(text: str | None) -> float | None:
    """Seconds until a quota begins anew. Some vendors send the moment in Unix seconds instead; None if not readable."""
    if text is None or not re.fullmatch(r"[0-9]{1,10}", text.strip()):
        return None
    number = float(text)
    return number if number <= LONGEST_PERIOD_S else max(0.0, number - time.time())


def whole_number(text: str | None) -> int | None:
    """A header's whole number below a thousand million; None where it is absent or something else."""
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else None
