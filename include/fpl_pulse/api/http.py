"""One HTTP client for both APIs: paced, patient, and honest about what went wrong.

A call ends in one of four ways: a payload, `NoDataError` (the source has nothing), `RetryableError` after
the attempts are used up, or `StopError`. Nothing is swallowed and nothing waits for ever.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import requests
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from fpl_pulse.api.bodies import excerpt, json_or_none, presentable, read_json
from fpl_pulse.api.calls import EMPTY, Call, Resource
from fpl_pulse.api.headers import asked_wait_s, reset_wait_s, whole_number
from fpl_pulse.errors import (
    AccessRefusedError,
    BadRequestError,
    FplPulseError,
    NoDataError,
    QuotaSpentError,
    RetryableError,
)

log = logging.getLogger(__name__)

ATTEMPTS = 5
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 20.0
LONGEST_ASKED_WAIT_S = 120.0
"""A server that asks for a longer wait ends the call: waiting so long is for Airflow's retry, which keeps no slot."""

DEFAULT_TIMEOUT_S = 30.0
TIMEOUTS_AN_ANSWER = 4
"""A whole answer may take so many time-outs; a time-out alone bounds only the silence between two bytes."""

KEY_HEADER = "x-rapidapi-key"
LARGEST_BODY_BYTES = 32 * 1024 * 1024
"""bootstrap-static, the largest answer known, has about 1.5 MB."""


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
            timeout_s: for connecting and for each read; the whole answer may take four times as long.
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
            RetryableError: every attempt failed in a way that may pass, or the server asks for a long wait.
            StopError: trying again is useless.
        """
        attempts = Retrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=_wait_s,
            retry=retry_if_exception(_may_pass_soon),
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
        status, size, remaining, resets_in_s, outcome = 0, 0, None, None, "fetched"
        try:
            response, body = self._request(resource)
            status, size = response.status_code, len(body)
            remaining = whole_number(response.headers.get("x-ratelimit-requests-remaining"))
            resets_in_s = reset_wait_s(response.headers.get("x-ratelimit-requests-reset"))
            payload = self._payload(resource, response, body)
            if payload in EMPTY:
                outcome = "empty"
            return payload
        except BaseException as error:
            outcome = "no_data" if isinstance(error, NoDataError) else type(error).__name__
            raise
        finally:
            seconds = time.monotonic() - started
            call = Call(resource, purpose, attempt, status, outcome, seconds, size, remaining, resets_in_s)
            self._record(call)

    def _request(self, resource: Resource) -> tuple[requests.Response, bytes]:
        """One GET within the time for a whole answer.

        A thread reads, because a server that drips bytes can hold any one read for ever. Given up, the thread
        stops at its next part; it keeps no process alive.
        """
        reading = _Reading()
        thread = threading.Thread(target=self._read, args=(resource, reading), name="answer", daemon=True)
        limit_s = TIMEOUTS_AN_ANSWER * self._timeout_s
        thread.start()
        try:
            thread.join(limit_s)
        finally:
            reading.is_given_up = True
        if reading.error is not None:
            raise reading.error
        if reading.answer is None:
            raise RetryableError(f"{resource}: the answer was not complete after {limit_s:.0f} s")
        return reading.answer

    def _read(self, resource: Resource, reading: "_Reading") -> None:
        try:
            reading.answer = self._get(resource, reading)
        except requests.RequestException as error:
            # The class says enough; the exception's own text can hold addresses and proxies' passwords.
            reading.error = RetryableError(f"{resource}: no answer ({type(error).__name__})")
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits for this thread
            reading.error = error

    def _get(self, resource: Resource, reading: "_Reading") -> tuple[requests.Response, bytes] | None:
        """The answer, or None once nobody waits for it. Redirects are refused: they could carry the key elsewhere."""
        query = resource.params if resource.query is None else resource.query
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
                if reading.is_given_up:
                    return None
                if len(body) > LARGEST_BODY_BYTES:
                    raise RetryableError(f"{resource}: the answer is larger than {LARGEST_BODY_BYTES} bytes")
            return response, bytes(body)

    def _payload(self, resource: Resource, response: requests.Response, body: bytes) -> object:
        status = response.status_code
        if status == 200:
            return self._data(resource, response, body)
        message = excerpt(body, self._secrets())
        if status == 404:
            raise _not_found(resource, json_or_none(body), message)
        if status in (401, 403):
            raise AccessRefusedError(
                f"{resource}: access refused ({status}). Check the key and the plan in the Airflow connection"
                f" {self.connection_id}. The API says: {message}"
            )
        if status == 429 and _is_spent_quota(message):
            raise QuotaSpentError(
                f"{resource}: the plan's quota behind the connection {self.connection_id} is spent;"
                f" what was fetched is kept, clear the run after the reset. The API says: {message}"
            )
        if status == 429 or status >= 500:
            wait_s = asked_wait_s(response.headers.get("Retry-After"))
            asks = f" (the server asks to wait {wait_s:.0f} s)" if wait_s is not None else ""
            raise RetryableError(f"{resource}: status {status}{asks}: {message}", wait_s)
        raise BadRequestError(f"{resource}: unexpected status {status}: {message}")

    def _data(self, resource: Resource, response: requests.Response, body: bytes) -> object:
        """The payload of a good answer: SofaSport's without its envelope."""
        content_type = response.headers.get("Content-Type", "no content type")
        if "json" not in content_type:
            shown = presentable(content_type, self._secrets())
            raise RetryableError(f"{resource}: expected JSON, got {shown}")
        try:
            payload = read_json(body)
        except ValueError as error:
            raise RetryableError(f"{resource}: {error}") from None
        if resource.api == "fpl":
            return payload
        if not isinstance(payload, dict) or payload.get("data") is None:
            raise RetryableError(f"{resource}: status 200 without data: {excerpt(body, self._secrets())}")
        return payload["data"]

    def _secrets(self) -> list[str]:
        key = self._session.headers.get(KEY_HEADER)
        return [key.decode("latin-1") if isinstance(key, bytes) else key] if key else []


@dataclass
class _Reading:
    """What the reading thread and whoever waits for it have in common."""

    answer: tuple[requests.Response, bytes] | None = None
    error: BaseException | None = None
    is_given_up: bool = False


def _not_found(resource: Resource, payload: object, message: str) -> FplPulseError:
    """What a 404 means. Only the API's own words for it are a fact; a proxy and a gateway say 404 as well."""
    if payload is None:
        return RetryableError(f"{resource}: a 404 that is not the API's: {message}")
    said = payload if isinstance(payload, dict) else {}
    fault = said.get("error")
    if resource.api == "fpl":
        is_nothing = isinstance(said.get("detail"), str)
    else:
        is_nothing = isinstance(fault, dict) and fault.get("code") == 404
    if is_nothing:
        return NoDataError(f"{resource}: nothing there")
    return BadRequestError(f"{resource}: the API has no such endpoint; has it changed? It says: {message}")


def _is_spent_quota(message: str) -> bool:
    """Whether a 429 speaks of the day's or the month's quota, which no waiting brings back, not of the pace."""
    text = message.lower()
    is_of_period = "daily" in text or "monthly" in text
    return is_of_period and ("quota" in text or "limit" in text) and "per second" not in text


def _may_pass_soon(error: BaseException) -> bool:
    if not isinstance(error, RetryableError):
        return False
    return error.retry_after_s is None or error.retry_after_s <= LONGEST_ASKED_WAIT_S


def _wait_s(state: RetryCallState) -> float:
    """What the server asked for, else a jittered backoff."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after_s if isinstance(error, RetryableError) else None
    if asked is not None:
        return asked
    backoff = wait_exponential(multiplier=FIRST_WAIT_S, max=LONGEST_WAIT_S) + wait_random(0, FIRST_WAIT_S)
    return float(backoff(state))


def _log_failed_attempt(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    wait_s = state.next_action.sleep if state.next_action else 0.0
    log.warning("Attempt %d of %d: %s. Next in %.1f s.", state.attempt_number, ATTEMPTS, error, wait_s)
