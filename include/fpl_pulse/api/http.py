"""One HTTP client for both APIs: it keeps the installation's pace, retries, and reports every failure.

A call ends in one of four ways: a payload, `NoDataError`, `RetryableError` after the last attempt, or `StopError`.
No error is swallowed and no wait is unlimited.
"""

import logging
import time
from collections.abc import Callable

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential, wait_random

from fpl_pulse.api.calls import EMPTY, Call, Resource
from fpl_pulse.api.excerpts import error_excerpt, safe_excerpt
from fpl_pulse.api.rate_limits import calls_remaining, quota_resets_in_s
from fpl_pulse.api.refusals import refusal_of, refusal_without_status
from fpl_pulse.api.strict_json import parse_json
from fpl_pulse.api.transport import Transport
from fpl_pulse.errors import FplPulseError, NoDataError, RetryableError
from fpl_pulse.wording import sentence

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
MAX_ATTEMPTS_IN_OUTAGE = 2
"""In a late retry of a task: the source is probably still down, and Airflow tries again."""

INITIAL_BACKOFF_S = 1.0
MAX_BACKOFF_S = 20.0
MAX_RETRY_AFTER_S = 120.0
"""When the server requests a longer wait, the call ends. Airflow's retry waits instead, and holds no worker slot."""

DEFAULT_TIMEOUT_S = 30.0
KEY_HEADER = "x-rapidapi-key"


class ApiClient:
    """Calls one API through a prepared session, whose headers hold the key."""

    def __init__(
        self,
        connection_id: str,
        session: requests.Session,
        base_url: str,
        *,
        wait_for_slot: Callable[[], None],
        record: Callable[[Call], None],
        timeout_s: float = DEFAULT_TIMEOUT_S,
        max_attempts: int = MAX_ATTEMPTS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Set up the client; no call is made yet.

        Args:
            connection_id: the Airflow connection's name, for error sentences about keys and plans.
            session: carries the headers and proxies.
            base_url: scheme, host and port, without a path.
            wait_for_slot: blocks until the installation's pace allows one more call.
            record: writes a call to the ledger; called after every call, successful or not.
            timeout_s: limit for connecting and for each read; the whole response may take four times as long.
            max_attempts: attempts of a call before it has failed.
            sleep: waits between attempts, in seconds.
        """
        self.connection_id = connection_id
        self._session = session
        self._transport = Transport(session, base_url, timeout_s)
        self._wait_for_slot = wait_for_slot
        self._record = record
        self._max_attempts = max_attempts
        self._sleep = sleep

    def get(self, resource: Resource, purpose: str) -> object:
        """The payload of a resource: FPL's whole JSON, or what SofaSport has under `data`. `purpose` is for the ledger.

        Raises:
            NoDataError: the source has no data for these parameters.
            RetryableError: every attempt failed for a reason that may pass, or the server requests a long wait.
            StopError: a retry is useless.
        """
        attempts = Retrying(
            stop=stop_after_attempt(self._max_attempts),
            wait=_backoff_s,
            retry=retry_if_exception(_is_worth_another_attempt),
            sleep=self._sleep,
            before_sleep=self._log_failed_attempt,
            reraise=True,
        )
        for attempt in attempts:
            with attempt:
                return self._call(resource, purpose, attempt.retry_state.attempt_number)
        raise AssertionError("unreachable: tenacity raises after the last attempt")

    def _call(self, resource: Resource, purpose: str, attempt: int) -> object:
        started = time.monotonic()
        with self._transport.opened(resource) as send:
            opened = time.monotonic()
            self._wait_for_slot()
            started += time.monotonic() - opened
            status, size, remaining, resets_in_s, outcome = 0, 0, None, None, "fetched"
            try:
                response, body = send()
                status, size = response.status_code, len(body)
                remaining = calls_remaining(response.headers.get("x-ratelimit-requests-remaining"))
                resets_in_s = quota_resets_in_s(response.headers.get("x-ratelimit-requests-reset"))
                payload = self._payload(resource, response, body)
                if payload in EMPTY:
                    outcome = "empty"
                return payload
            except BaseException as error:
                outcome = "no_data" if isinstance(error, NoDataError) else type(error).__name__
                raise
            finally:
                seconds = time.monotonic() - started
                self._record(Call(resource, purpose, attempt, status, outcome, seconds, size, remaining, resets_in_s))

    def _payload(self, resource: Resource, response: requests.Response, body: bytes) -> object:
        if response.status_code == 200:
            return self._data(resource, response, body)
        raise refusal_of(resource, response, body, self.connection_id, self._secrets())

    def _data(self, resource: Resource, response: requests.Response, body: bytes) -> object:
        """The payload of a response with status 200; SofaSport's without its envelope."""
        content_type = response.headers.get("Content-Type", "no content type")
        if "json" not in content_type.lower():
            shown = safe_excerpt(content_type, self._secrets())
            otherwise = RetryableError(f"{resource}: expected JSON, got {shown}")
            raise self._refusal(resource, response, body) or otherwise
        try:
            payload = parse_json(body)
        except ValueError as error:
            raise RetryableError(f"{resource}: {error}") from None
        if resource.api == "fpl":
            if not isinstance(payload, dict | list):
                # FPL sends a text while it updates the game.
                said = error_excerpt(body, self._secrets())
                raise RetryableError(f"{resource}: FPL sent no data. FPL says: {said}")
            return payload
        if not isinstance(payload, dict) or payload.get("data") is None:
            otherwise = RetryableError(f"{resource}: status 200 without data: {error_excerpt(body, self._secrets())}")
            raise self._refusal(resource, response, body) or otherwise
        return payload["data"]

    def _refusal(self, resource: Resource, response: requests.Response, body: bytes) -> FplPulseError | None:
        return refusal_without_status(resource, response, body, self.connection_id, self._secrets())

    def _log_failed_attempt(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        wait_s = state.next_action.sleep if state.next_action else 0.0
        of = self._max_attempts
        reason = sentence(error)
        log.warning("Attempt %d of %d failed: %s Next attempt in %.1f s.", state.attempt_number, of, reason, wait_s)

    def _secrets(self) -> list[str]:
        key = self._session.headers.get(KEY_HEADER)
        return [key.decode("latin-1") if isinstance(key, bytes) else key] if key else []


def _is_worth_another_attempt(error: BaseException) -> bool:
    if not isinstance(error, RetryableError):
        return False
    return error.retry_after_s is None or error.retry_after_s <= MAX_RETRY_AFTER_S


def _backoff_s(state: RetryCallState) -> float:
    """Seconds before the next attempt: the wait that the server requested, or else exponential with jitter."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, RetryableError) and error.retry_after_s is not None:
        return error.retry_after_s
    backoff = wait_exponential(multiplier=INITIAL_BACKOFF_S, max=MAX_BACKOFF_S) + wait_random(0, INITIAL_BACKOFF_S)
    return float(backoff(state))
