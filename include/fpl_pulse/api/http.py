"""One HTTP client for both APIs: paced, patient, and honest about what went wrong.

A call ends in one of four ways: a payload, `NoDataError` (the source has nothing), `RetryableError` after
the attempts are used up, or `StopError`. Nothing is swallowed and nothing waits for ever.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import requests
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from fpl_pulse.errors import (
    AccessRefusedError,
    BadRequestError,
    FplPulseError,
    NoDataError,
    QuotaSpentError,
    RetryableError,
)

log = logging.getLogger(__name__)

Api = Literal["sofasport", "fpl"]

ATTEMPTS = 5
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 20.0
DEFAULT_TIMEOUT_S = 30.0
LARGEST_BODY_BYTES = 32 * 1024 * 1024
"""bootstrap-static, the largest answer known, has about 1.5 MB."""


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


class ApiClient:
    """Calls one API through a prepared session (the key sits in the session's headers)."""

    def __init__(
        self,
        connection_id: str,
        session: requests.Session,
        base_url: str,
        *,
        wait_for_slot: Callable[[], None],
        record: Callable[[Call], None],
        timeout_s: float = DEFAULT_TIMEOUT_S,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take what every call needs.

        Args:
            connection_id: the Airflow connection's name, for sentences about keys and plans.
            session: carries the headers and proxies.
            base_url: scheme, host and port, without a path.
            wait_for_slot: blocks until the installation's pace allows one more call.
            record: writes the call to the ledger; called for good and bad calls alike.
            timeout_s: for connecting and for each read.
            sleep: waits between attempts, in seconds.
        """
        self.connection_id = connection_id
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._wait_for_slot = wait_for_slot
        self._record = record
        self._timeout_s = timeout_s
        self._sleep = sleep

    def get(self, resource: Resource, purpose: str) -> object:
        """The payload of a resource: the whole JSON of FPL, what is under `data` of SofaSport.

        Raises:
            NoDataError: the source has nothing for these parameters.
            RetryableError: every attempt failed in a way that may pass.
            StopError: trying again is useless.
        """
        attempts = Retrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=_wait_s,
            retry=retry_if_exception_type(RetryableError),
            sleep=self._sleep,
            before_sleep=_log_failed_attempt,
            reraise=True,
        )
        for attempt in attempts:
            with attempt:
                return self._call(resource, purpose, attempt.retry_state.attempt_number)
        raise AssertionError("tenacity gives up by raising")

    def _call(self, resource: Resource, purpose: str, attempt: int) -> object:
        self._wait_for_slot()
        started = time.monotonic()
        status, size, remaining, outcome = 0, 0, None, "answered"
        try:
            response, body = self._request(resource)
            status, size = response.status_code, len(body)
            remaining = _whole_number(response.headers.get("x-ratelimit-requests-remaining"))
            return self._payload(resource, response, body)
        except NoDataError:
            outcome = "no_data"
            raise
        except FplPulseError as error:
            outcome = type(error).__name__
            raise
        finally:
            seconds = time.monotonic() - started
            self._record(Call(resource, purpose, attempt, status, outcome, seconds, size, remaining))

    def _request(self, resource: Resource) -> tuple[requests.Response, bytes]:
        """One GET. Redirects are refused: they could carry the key to another host."""
        query = resource.params if resource.query is None else resource.query
        try:
            with self._session.get(
                self._base_url + resource.path,
                params=dict(query),
                timeout=self._timeout_s,
                allow_redirects=False,
                stream=True,
            ) as response:
                body = bytearray()
                for part in response.iter_content(65536):
                    body += part
                    if len(body) > LARGEST_BODY_BYTES:
                        raise RetryableError(
                            f"{resource}: the answer is larger than {LARGEST_BODY_BYTES} bytes"
                        )
                return response, bytes(body)
        except requests.RequestException as error:
            # The class says enough; the exception's own text can hold addresses and proxies' passwords.
            raise RetryableError(f"{resource}: no answer ({type(error).__name__})") from None

    def _payload(self, resource: Resource, response: requests.Response, body: bytes) -> object:
        status = response.status_code
        if status == 200:
            payload = _json(resource, response, body)
            if resource.api == "fpl":
                return payload
            if not isinstance(payload, dict) or payload.get("data") is None:
                raise RetryableError(f"{resource}: status 200 without data: {_excerpt(body)}")
            return payload["data"]
        message = _excerpt(body)
        if status == 404:
            if "does not exist" in message:
                raise BadRequestError(
                    f"{resource}: the API has no such endpoint; has it changed? It says: {message}"
                )
            raise NoDataError(f"{resource}: nothing there")
        if status in (401, 403):
            raise AccessRefusedError(
                f"{resource}: access refused ({status}). Check the key and the plan in the Airflow connection"
                f" {self.connection_id}. The API says: {message}"
            )
        if status == 429 and "quota" in message.lower():
            raise QuotaSpentError(
                f"{resource}: the plan's quota behind the connection {self.connection_id} is spent;"
                f" what was fetched is kept, clear the run after the reset. The API says: {message}"
            )
        if status == 429 or status >= 500:
            retry_after_s = _seconds(response.headers.get("Retry-After"))
            raise RetryableError(f"{resource}: status {status}: {message}", retry_after_s)
        raise BadRequestError(f"{resource}: unexpected status {status}: {message}")


def _json(resource: Resource, response: requests.Response, body: bytes) -> object:
    content_type = response.headers.get("Content-Type", "")
    if "json" not in content_type:
        raise RetryableError(f"{resource}: expected JSON, got {content_type or 'no content type'}")
    try:
        return json.loads(body)
    except ValueError as error:
        raise RetryableError(f"{resource}: the JSON is broken or cut short ({len(body)} bytes)") from error


def _wait_s(state: RetryCallState) -> float:
    """What the server asked for, within reason, else a jittered backoff."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after_s if isinstance(error, RetryableError) else None
    if asked is not None:
        return min(asked, LONGEST_WAIT_S * 3)
    return float(wait_random_exponential(multiplier=FIRST_WAIT_S, max=LONGEST_WAIT_S)(state))


def _log_failed_attempt(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    wait_s = state.next_action.sleep if state.next_action else 0.0
    log.warning("Attempt %d of %d: %s. Next in %.1f s.", state.attempt_number, ATTEMPTS, error, wait_s)


def _excerpt(body: bytes) -> str:
    """The message of an error body in one line, short enough for a log."""
    text = body[:2000].decode("utf-8", "replace")
    try:
        payload = json.loads(text)
    except ValueError:
        payload = None
    if isinstance(payload, dict):
        text = str(payload.get("message") or payload.get("detail") or payload.get("error") or text)
    return " ".join(text.split())[:200]


def _seconds(text: str | None) -> float | None:
    """Retry-After in seconds; its date form is not sent by these APIs and counts as absent."""
    number = _whole_number(text)
    return None if number is None else float(number)


def _whole_number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else None
