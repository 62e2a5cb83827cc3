"""What a response without a payload means: each kind of refusal has its own recovery and its own sentence.

The status alone does not tell them apart. A 403 can mean a wrong key, a plan without this API, or a protection against
bots that refuses one call of a thousand. A 429 can mean the pace, the quota of an hour, or that of a month.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

import requests

from fpl_pulse.api.calls import Resource
from fpl_pulse.api.excerpts import safe_excerpt
from fpl_pulse.api.refused_response import HOUR_S, MINUTE_S, RefusedResponse
from fpl_pulse.errors import (
    IF_REPEATED,
    AccessRefusedError,
    BadRequestError,
    ChallengeError,
    FplPulseError,
    NoDataError,
    PlanError,
    ProxyError,
    QuotaPauseError,
    QuotaSpentError,
    RetryableError,
)
from fpl_pulse.week import in_london
from fpl_pulse.wording import quantity

SHORTEST_PAUSE_S = 300.0
"""A spent quota ends a task's calls for at least so long, whatever a header says: calls in vain count too."""

_CHALLENGE = re.compile(
    r"challenge|captcha|just a moment|attention required|checking your browser|cf-chl|access denied"
    r"|are you a (human|robot)|unusual traffic|datadome|incapsula|\bbots?\b",
    re.IGNORECASE,
)
_BUSY_CHALLENGE = re.compile(r"captcha|just a moment|checking your browser|cf-chl", re.IGNORECASE)
"""What a protection says with a status that an overloaded source sends too, also through Cloudflare."""
_KEY = re.compile(r"\bkey\b|apikey|credential|token|unauthori[sz]ed|not authenticated|blocked user|account|suspended")
_CERTAIN_KEY = re.compile(r"(invalid|missing|wrong|expired|incorrect)( \S+)? (api[ -]?)?key\b|blocked user")
_PLAN = re.compile(r"subscri|\bplan\b|upgrade|payment|billing|not included|endpoint is disabled")
_CERTAIN_PLAN = re.compile(r"not subscribed|disabled for your subscription|payment required")
_QUOTA = re.compile(r"quota|limit|exceed")
_LONG_QUOTA = re.compile(r"(daily|monthly|weekly)( \S+)? (quota|limit)|\b24 ?h(ours?)?\b")
_LONG_PERIOD = re.compile(r"daily|monthly|weekly|per (day|month|week)|\b(day|month|week)\b|\bquota\b")
_HOUR = re.compile(r"hourly|per hour|\bhour\b|/hr?\b|\b60 minutes\b")
_MINUTE = re.compile(r"per minute|\bminute\b|/min\b")
_SECOND = re.compile(r"per second|\bsecond\b|/s(ec)?\b")
_OUTAGE = re.compile(r"unreachable|unavailable|tim(ed|e) ?-?out|try again|maintenance|overload|bad gateway")

PASSING = (304, 408, 409, 421, 423, 425)
"""Statuses below 500 that say nothing about the request itself: a later attempt can get an answer."""

TEMPORARY_REDIRECTS = (302, 303, 307)


def refusal_of(
    resource: Resource, response: requests.Response, body: bytes, connection_id: str, secrets: Sequence[str]
) -> FplPulseError:
    """The error that a response without status 200 stands for.

    Args:
        resource: what was requested.
        response: status and headers.
        body: the content.
        connection_id: the Airflow connection, for the sentences.
        secrets: texts that no sentence may contain.
    """
    refused = RefusedResponse.of(resource, response, body, connection_id, secrets)
    status = refused.status
    if 300 <= status < 400 and status not in PASSING:
        return _redirect(refused, secrets)
    if _is_challenge(refused):
        return _challenge(refused)
    if status == 404:
        return _not_found(refused)
    if status in (401, 402, 403, 429) and (quota := _quota(refused)) is not None:
        return quota
    if status in (401, 402, 403):
        return _access(refused)
    if status == 407:
        return ProxyError(
            f"{resource}: the proxy refused its user or password (407). Correct the proxy in the environment of the"
            f" workers (HTTPS_PROXY), then clear the failed tasks. {refused.says('The proxy')}"
        )
    if status == 451:
        return BadRequestError(
            f"{resource}: {refused.source} refuses the call for legal reasons (451), usually because of where this"
            f" server is. Fetch from another address, then clear the failed tasks. {refused.says()}",
            remedy="Fetch from another address, then clear the failed tasks",
            section="the-way-to-the-source",
        )
    if status < 300 or status in (*PASSING, 429) or status >= 500 or _is_no_answer_of_the_api(refused):
        return _outage_or_pace(refused)
    return BadRequestError(f"{resource}: unexpected status {status}. {IF_REPEATED}. {refused.says()}")


def refusal_without_status(
    resource: Resource, response: requests.Response, body: bytes, connection_id: str, secrets: Sequence[str]
) -> FplPulseError | None:
    """The refusal in a response with status 200 but without data, as `refusal_of`; None when it is another fault."""
    refused = RefusedResponse.of(resource, response, body, connection_id, secrets)
    if refused.payload is None and (refused.is_page and _BUSY_CHALLENGE.search(refused.content)):
        return _challenge(refused)
    if not isinstance(refused.payload, dict):
        return None
    if (quota := _quota(refused)) is not None:
        return quota
    certain = _CERTAIN_KEY.search(refused.text) or _CERTAIN_PLAN.search(refused.text)
    return _access(refused) if certain and resource.api == "sofasport" else None


def _is_no_answer_of_the_api(refused: RefusedResponse) -> bool:
    """Whether a gateway or a proxy answered a call in place of the API, or the API says that it is not well."""
    return refused.payload is None or bool(_OUTAGE.search(refused.text))


def _is_challenge(refused: RefusedResponse) -> bool:
    """Whether a protection against bots refused the call: it sends a page, or says so."""
    headers = refused.response.headers
    if "challenge" in headers.get("cf-mitigated", "").lower() or headers.get("x-amzn-waf-action"):
        return True
    fault = refused.payload.get("error") if isinstance(refused.payload, dict) else None
    if isinstance(fault, dict) and "challenge" in str(fault.get("reason", "")).lower():
        return True
    if refused.status in (429, 503):
        return refused.payload is None and bool(_BUSY_CHALLENGE.search(refused.content))
    if refused.status not in (401, 402, 403):
        return False
    if refused.payload is not None:
        return bool(_BUSY_CHALLENGE.search(refused.content)) and not _KEY.search(refused.text)
    if refused.is_page:
        content = refused.content.lower()
        names_cause = _CERTAIN_KEY.search(content) or _CERTAIN_PLAN.search(content)
        return not names_cause and (refused.status == 403 or bool(_CHALLENGE.search(content)))
    if _KEY.search(refused.text) or _PLAN.search(refused.text) or _QUOTA.search(refused.text):
        return False
    return refused.status == 403 or bool(_CHALLENGE.search(refused.text))


def _challenge(refused: RefusedResponse) -> FplPulseError:
    return ChallengeError(
        f"{refused.resource}: a protection against bots refused the call ({refused.status}). Key and plan are not the"
        " cause. A later attempt usually succeeds; if it does not, lower FPL_PULSE_CALLS_PER_SECOND."
        f" {refused.says()}",
        refused.wait_s,
    )


def _quota(refused: RefusedResponse) -> FplPulseError | None:
    """The error of a spent quota; None when the message is about the pace."""
    text, where = refused.text, refused.resource
    is_long = bool(_LONG_QUOTA.search(text))
    if not _QUOTA.search(text) or (_SECOND.search(text) and not is_long):
        return None
    is_without_period = not is_long and not re.search(r"daily|monthly|weekly|\b(day|month|week)\b", text)
    stated = [one for one in (refused.wait_s, refused.resets_in_s, refused.stated_wait_s) if one is not None]
    # The header may be about the quota of the month.
    within_an_hour = [one for one in stated if one <= HOUR_S]
    is_of_an_hour = not is_long and bool(_HOUR.search(text))
    if is_of_an_hour or (is_without_period and "quota" in text and within_an_hour and not _MINUTE.search(text)):
        wait_s = max(min(within_an_hour, default=HOUR_S), SHORTEST_PAUSE_S)
        return QuotaPauseError(
            f"{where}: the quota of this hour is spent. Calls continue in {quantity(round(wait_s / 60), 'minute')}."
            f" {refused.says()}",
            wait_s,
        )
    if is_long or (_LONG_PERIOD.search(text) and not _MINUTE.search(text)):
        spent = QuotaSpentError(
            f"{where}: the quota of the subscription is spent (Airflow connection {refused.connection_id})."
            f" {QuotaSpentError.remedy}. What was fetched is kept. {refused.says()}"
        )
        if refused.resets_in_s is not None:
            spent.name_reset(in_london(datetime.now(UTC) + timedelta(seconds=refused.resets_in_s)))
        return spent
    return None


def _access(refused: RefusedResponse) -> FplPulseError:
    where, status = refused.resource, refused.status
    if where.api == "fpl":
        return ChallengeError(
            f"{where}: FPL refused the call ({status}). FPL has no key: it refuses this address or client for now. A"
            f" later attempt usually succeeds. {refused.says()}",
            refused.wait_s,
        )
    text = refused.content.lower() if refused.is_page else refused.text
    names_key = _CERTAIN_KEY.search(text) and not _CERTAIN_PLAN.search(text)
    if status == 402 or (_PLAN.search(text) and not names_key):
        subscribe = (
            f"Check that the Airflow connection {refused.connection_id} has the present key, subscribe it to the API at"
            " RapidAPI, then clear the failed tasks"
        )
        return PlanError(
            f"{where}: the subscription does not include this call ({status}). {subscribe}. {refused.says()}",
            remedy=subscribe,
        )
    if status == 401 or _KEY.search(text):
        check = f"Check the key in the Airflow connection {refused.connection_id}, then clear the failed tasks"
        return AccessRefusedError(
            f"{where}: SofaSport refused the key ({status}). {check}. {refused.says()}", remedy=check
        )
    return RetryableError(
        f"{where}: the call was refused (403), and the response names neither the key nor the plan. A later attempt may"
        f" succeed; if none does, check the key in the Airflow connection {refused.connection_id} and its subscription."
        f" {refused.says()}",
        refused.wait_s,
    )


def _outage_or_pace(refused: RefusedResponse) -> FplPulseError:
    wait_s = refused.wait_s
    if wait_s is None and refused.status == 429:
        wait_s = refused.stated_wait_s or (MINUTE_S if _MINUTE.search(refused.text) else None)
    wait = f" (the server requests a wait of {wait_s:.0f} s)" if wait_s is not None else ""
    return RetryableError(f"{refused.resource}: status {refused.status}{wait}: {refused.message}", wait_s)


def _redirect(refused: RefusedResponse, secrets: Sequence[str]) -> FplPulseError:
    """Redirects are not followed, because they could take the key elsewhere. The target's query may hold secrets."""
    target = safe_excerpt(_without_secrets(refused.response.headers.get("Location", "")), secrets)
    sentence = f"{refused.resource}: the source redirects to {target or 'no address'} ({refused.status})"
    if refused.status in TEMPORARY_REDIRECTS:
        return RetryableError(f"{sentence} for now. A later attempt may succeed. {refused.says()}", refused.wait_s)
    move = (
        f"If the API has moved there, set the address in the Airflow connection {refused.connection_id}, then clear the"
        " failed tasks"
    )
    return BadRequestError(
        f"{sentence}. Redirects are not followed. {move}. {refused.says()}", remedy=move, section="the-api-has-moved"
    )


def _without_secrets(address: str) -> str:
    """An address without its user, its password and its query."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "an unreadable address"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _not_found(refused: RefusedResponse) -> FplPulseError:
    """The error that a 404 stands for. Only the API's own form of it means no data: proxies and gateways send 404 too.

    The form is {"error": {"code": 404}} at SofaSport and {"detail": "Not found."} at FPL.
    """
    resource, payload = refused.resource, refused.payload
    if payload is None:
        return RetryableError(f"{resource}: a 404 that does not come from the API: {refused.message}")
    fields = payload if isinstance(payload, dict) else {}
    fault = fields.get("error")
    if resource.api == "fpl":
        is_no_data = isinstance(fields.get("detail"), str)
    else:
        is_no_data = isinstance(fault, dict) and fault.get("code") == 404
    if is_no_data:
        return NoDataError(f"{resource}: the API has no data")
    if _OUTAGE.search(refused.text):
        return _outage_or_pace(refused)
    return BadRequestError(
        f"{resource}: the API has no such endpoint. Compare the path with its documentation. {refused.says()}",
        remedy="Compare the path with its documentation",
    )
