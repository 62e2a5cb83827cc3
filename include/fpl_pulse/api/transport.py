"""One GET in two steps, so that it reaches the source when its slot begins: open a connection, then send.

Opening a connection takes one to three round trips, and the first request of a process loads code and memory. A call
that did this after its slot began would arrive late, together with the calls of later slots.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests

from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import BadRequestError, ProxyError, RetryableError

TIMEOUTS_PER_RESPONSE = 4
"""A whole response may take this many time-outs. One time-out alone limits only the silence between two bytes."""

MAX_BODY_BYTES = 32 * 1024 * 1024
"""The largest known response, bootstrap-static, has about 1.5 MB."""

_UNUSABLE = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema)

Result = tuple[requests.Response, bytes]

_of_thread = threading.local()
"""`before_sending`: what the thread does between opening a connection and sending a request."""


class Transport:
    """Requests resources of one API through a prepared session, one at a time."""

    def __init__(self, session: requests.Session, base_url: str, timeout_s: float) -> None:
        """Set up the transport; nothing is opened yet.

        Args:
            session: carries the headers and proxies.
            base_url: scheme, host and port, without a path.
            timeout_s: limit for connecting and for each read; the whole response may take four times as long.
        """
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._timeout_s = timeout_s

    @contextmanager
    def opened(self, resource: Resource) -> Iterator[Callable[[], Result]]:
        """Open the connection for a request; yield a function that sends it and returns the response and its body.

        The function raises RetryableError when the connection could not be opened, or when there is no complete
        response within the limit.

        A thread of its own does both, because a server that sends single bytes slowly never runs into a read time-out.
        Once abandoned, the thread stops at its next chunk. As a daemon it does not keep the process alive.
        """
        is_open, may_send, is_abandoned = threading.Event(), threading.Event(), threading.Event()
        results: queue.SimpleQueue[Result | BaseException] = queue.SimpleQueue()

        def before_sending() -> None:
            is_open.set()
            may_send.wait()
            if is_abandoned.is_set():
                raise RetryableError(f"{resource}: the request was abandoned before it was sent")

        def request() -> None:
            _of_thread.before_sending = before_sending
            results.put(self._result(resource, is_abandoned))
            is_open.set()

        def send() -> Result:
            may_send.set()
            try:
                result = results.get(timeout=limit_s)
            except queue.Empty:
                raise RetryableError(f"{resource}: the response was not complete after {limit_s:.0f} s") from None
            if isinstance(result, BaseException):
                raise result
            return result

        limit_s = TIMEOUTS_PER_RESPONSE * self._timeout_s
        threading.Thread(target=request, name="response", daemon=True).start()
        try:
            is_open.wait(limit_s)
            yield send
        finally:
            is_abandoned.set()
            may_send.set()

    def _result(self, resource: Resource, is_abandoned: threading.Event) -> Result | BaseException:
        """The response, or the error that the waiting thread raises."""
        try:
            return self._get(resource, is_abandoned)
        except _UNUSABLE as error:
            return BadRequestError(
                f"{resource}: the address of the source or of the proxy cannot be used ({type(error).__name__}). Check"
                " the host in the source's Airflow connection and the proxy in the environment of the workers"
            )
        except requests.exceptions.ProxyError as error:
            if "407" in str(error):
                return ProxyError(
                    f"{resource}: the proxy refused its user or password (407). Correct the proxy in the environment of"
                    " the workers (HTTPS_PROXY), then clear the failed tasks"
                )
            return RetryableError(f"{resource}: no response ({type(error).__name__})")
        except requests.RequestException as error:
            # Only the class name: the text of the exception can hold addresses and passwords of proxies.
            return RetryableError(f"{resource}: no response ({type(error).__name__})")
        except BaseException as error:  # noqa: BLE001 - the waiting thread raises it again
            return error

    def _get(self, resource: Resource, is_abandoned: threading.Event) -> Result:
        """Read a response until it ends or is abandoned. Redirects are not followed: they could leak the key."""
        params = dict(resource.params if resource.query is None else resource.query)
        request = self._session.prepare_request(requests.Request("GET", self._base_url + resource.path, params=params))
        settings = self._session.merge_environment_settings(request.url, {}, True, None, None)
        pool = _pool(self._session.get_adapter(request.url or ""), request, settings)
        pool.ConnectionCls = _waiting(pool.ConnectionCls)
        with self._session.send(request, **settings, timeout=self._timeout_s, allow_redirects=False) as response:
            body = bytearray()
            for chunk in response.iter_content(65536):
                body += chunk
                if is_abandoned.is_set():
                    break
                if len(body) > MAX_BODY_BYTES:
                    raise RetryableError(f"{resource}: the response is larger than {MAX_BODY_BYTES} bytes")
            return response, bytes(body)


def _pool(adapter: Any, request: requests.PreparedRequest, settings: Any) -> Any:  # noqa: ANN401
    """urllib3's pool from which the connection for a request is taken."""
    return adapter.get_connection_with_tls_context(
        request, settings["verify"], proxies=settings["proxies"], cert=settings["cert"]
    )


def _waiting(connection_class: Any) -> Any:  # noqa: ANN401 - a class of urllib3, for HTTP, HTTPS or SOCKS
    """A class of connections that opens before `before_sending` and sends after it."""

    class WaitingConnection(connection_class):  # type: ignore[misc]
        is_waiting = True

        def request(self, *args: object, **kwargs: object) -> None:
            if self.is_closed:
                self.connect()
            _of_thread.before_sending()
            super().request(*args, **kwargs)

    return connection_class if hasattr(connection_class, "is_waiting") else WaitingConnection
