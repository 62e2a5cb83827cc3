"""The clock of a data source that does not show the present, such as a replay of past weeks.

Without the setting `FPL_PULSE_SOURCE_CLOCK_URL` the sources show the present. With it, no run works for a later time
than the source shows: a run that is triggered today without an as-of time works for the time of the source.
"""

import os
from datetime import datetime

from fpl_pulse.errors import RetryableError

SOURCE_CLOCK = "FPL_PULSE_SOURCE_CLOCK_URL"
"""Names an address that answers GET with the JSON object {"as_of": time in ISO 8601 with an offset}."""

TIMEOUT_S = 10


def is_set() -> bool:
    """Whether the source has a clock of its own."""
    return bool(os.environ.get(SOURCE_CLOCK))


def not_after_source(time: datetime) -> datetime:
    """The time, or the time of the source's clock if that is earlier. Asks the clock each time.

    Raises:
        RetryableError: the clock does not respond, or not with a time.
    """
    address = os.environ.get(SOURCE_CLOCK)
    return min(time, read(address)) if address else time


def read(address: str) -> datetime:
    """The time that a source's clock shows. The proxy of the environment is not used: such a source is nearby.

    Raises:
        RetryableError: the clock does not respond, or not with a time.
    """
    import requests  # noqa: PLC0415 - slow, and DAG files import this module

    try:
        with requests.Session() as session:
            session.trust_env = False
            response = session.get(address, timeout=TIMEOUT_S, allow_redirects=False)
        response.raise_for_status()
        as_of = datetime.fromisoformat(str(response.json()["as_of"]))
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        raise RetryableError(_unusable(type(error).__name__)) from error
    if as_of.tzinfo is None:
        raise RetryableError(_unusable("its time has no offset"))
    return as_of


def _unusable(reason: str) -> str:
    return (
        f"The clock of the data source gives no time ({reason}). Check that the address in {SOURCE_CLOCK} responds with"
        ' {"as_of": "2025-10-13T01:00:00Z"}, or unset it if the sources show the present'
    )
