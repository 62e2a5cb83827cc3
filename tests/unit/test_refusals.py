"""A refusal is a key, a plan, a quota, a challenge, the pace, an outage or a redirect: the response tells which."""

import json
from typing import Any

import pytest
import requests

from fpl_pulse.api import fpl, sofasport
from fpl_pulse.api.calls import Resource
from fpl_pulse.api.refusals import refusal_of, refusal_without_status
from fpl_pulse.errors import (
    AccessRefusedError,
    BadRequestError,
    ChallengeError,
    FplPulseError,
    PlanError,
    ProxyError,
    QuotaPauseError,
    QuotaSpentError,
    RetryableError,
)

LINEUPS, LIVE = sofasport.lineups(7), fpl.live("2025-26", 3)
CHALLENGE_PAGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Enable cookies</body></html>"


def refusal(status: int, body: Any, /, resource: Resource = LINEUPS, **headers: Any) -> FplPulseError:  # noqa: ANN401
    response = requests.Response()
    response.status_code = status
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return refusal_of(resource, response, content, f"{resource.api}_api", ["secret"])


def says(message: str) -> dict[str, str]:
    return {"message": message}


KEY = "Check the key in the Airflow connection sofasport_api, then clear"
PLAN = "Check that the Airflow connection sofasport_api has the present key, subscribe it to the API"
BOTS = "a protection against bots refused the call"
SPENT = "Clear the failed tasks after the quota's reset"


@pytest.mark.parametrize(
    ("status", "body", "kind", "sentence"),
    [
        (401, says("Invalid API key. Go to the docs for more info."), AccessRefusedError, KEY),
        (401, says("Unauthorized"), AccessRefusedError, KEY),
        (403, says("Missing RapidAPI application key"), AccessRefusedError, KEY),
        (403, says("Invalid API Key"), AccessRefusedError, KEY),
        (403, says("You are not subscribed to this API."), PlanError, PLAN),
        (403, says("This endpoint is disabled for your subscription"), PlanError, PLAN),
        (402, says("Payment required"), PlanError, PLAN),
        (403, CHALLENGE_PAGE, ChallengeError, BOTS),
        (429, CHALLENGE_PAGE, ChallengeError, BOTS),
        (503, CHALLENGE_PAGE, ChallengeError, BOTS),
        (403, b"<html>Forbidden</html>", ChallengeError, BOTS),
        (403, b"", ChallengeError, BOTS),
        (403, {"error": {"code": 403, "reason": "challenge"}}, ChallengeError, BOTS),
        (403, says("Forbidden"), RetryableError, "names neither the key nor the plan"),
        (429, says("You have exceeded the MONTHLY quota for Requests on your current plan"), QuotaSpentError, SPENT),
        (
            429,
            says("You have exceeded the DAILY quota for Requests on your current plan, BASIC"),
            QuotaSpentError,
            SPENT,
        ),
        (403, says("You have exceeded the MONTHLY quota"), QuotaSpentError, SPENT),
        (429, says("Daily limit reached"), QuotaSpentError, SPENT),
        (429, says("You have exceeded the HOURLY quota for Requests"), QuotaPauseError, "continue in 60 minutes"),
        (429, says("Rate limit per hour exceeded"), QuotaPauseError, "the quota of this hour"),
        (429, says("Too many requests"), RetryableError, "status 429: Too many requests"),
        (429, says("You have exceeded the rate limit per second for your plan"), RetryableError, "status 429"),
        (429, says("You have exceeded the rate limit per minute for your plan"), RetryableError, "a wait of 60 s"),
        (500, says("Internal Server Error"), RetryableError, "status 500"),
        (503, b"<html><title>Maintenance</title></html>", RetryableError, "status 503"),
        (400, says("The parameter event_id is wrong"), BadRequestError, "unexpected status 400"),
        # Found by a hostile reader.
        (401, says("You are not subscribed to this API."), PlanError, PLAN),
        (403, says("Blocked User. Please contact your API provider."), AccessRefusedError, KEY),
        (403, b"Invalid API key", AccessRefusedError, KEY),
        (403, b"You are not subscribed to this API.", PlanError, PLAN),
        (403, b"<html><body><h1>Invalid API key</h1></body></html>", AccessRefusedError, KEY),
        (403, b"The owner of this website has banned your address", ChallengeError, BOTS),
        (403, {"url": "https://geo.captcha-delivery.com/captcha/?cid=1"}, ChallengeError, BOTS),
        (403, b"Request unsuccessful. Incapsula incident ID: 1", ChallengeError, BOTS),
        (503, b"<html><title>Web server is down</title> Cloudflare Ray ID: 1</html>", RetryableError, "status 503"),
        *((status, b"<html>cloudflare</html>", RetryableError, f"status {status}") for status in range(520, 531)),
        *((status, b"", RetryableError, f"status {status}") for status in (202, 204, 206, 304, 408, 421, 425, 598)),
        (400, b"<html><title>400 Bad Request</title><hr>nginx</html>", RetryableError, "status 400"),
        (400, says("The API is unreachable, please contact the API provider"), RetryableError, "status 400"),
        (404, says("The API is unreachable, please contact the API provider"), RetryableError, "status 404"),
        (405, b"<html>Not allowed</html>", RetryableError, "status 405"),
        (407, b"Proxy Authentication Required", ProxyError, "The proxy says: Proxy Authentication Required"),
        (451, says("Unavailable For Legal Reasons"), BadRequestError, "Fetch from another address"),
        (429, says("DAILY quota exceeded (5 requests per second)"), QuotaSpentError, SPENT),
        (429, says("Request limit of 24 hours reached"), QuotaSpentError, SPENT),
        (429, says("Quota exceeded. Try again in 35 minutes."), QuotaPauseError, "continue in 35 minutes"),
        (429, says("Hourly limit: 100/hr"), QuotaPauseError, "continue in 60 minutes"),
        (429, says("Rate limit exceeded, retry in 90 seconds"), RetryableError, "a wait of 90 s"),
        (429, says("Limit of 10/s exceeded for your month plan"), RetryableError, "status 429"),
    ],
)
def test_sofasports_refusals(status: int, body: object, kind: type[FplPulseError], sentence: str) -> None:
    error = refusal(status, body)
    assert type(error) is kind
    assert sentence in str(error)
    assert str(error).startswith("events/lineups event_id=7: ")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (403, CHALLENGE_PAGE, ChallengeError),
        (403, {"detail": "Authentication credentials were not provided."}, ChallengeError),
        (401, {"detail": "Invalid token."}, ChallengeError),
        (503, "The game is being updated.", RetryableError),
        (429, {"detail": "Request was throttled."}, RetryableError),
    ],
)
def test_fpls_refusals_name_no_key(status: int, body: object, kind: type[FplPulseError]) -> None:
    error = refusal(status, body, LIVE)
    assert type(error) is kind
    assert "fpl_api" not in str(error)
    assert "connection" not in str(error)


def test_a_challenge_in_a_header_counts() -> None:
    assert isinstance(refusal(403, says("no"), cf_mitigated="challenge"), ChallengeError)


def test_a_spent_quota_names_its_reset() -> None:
    error = refusal(429, says("You have exceeded the MONTHLY quota"), x_ratelimit_requests_reset="86400")
    assert f"{SPENT} on " in str(error)
    assert " London time. What was fetched is kept" in str(error)
    assert error.remedy_first().startswith(f"{SPENT} on ")


def test_a_spent_quota_without_a_stated_reset_says_where_it_is_shown() -> None:
    error = refusal(429, says("You have exceeded the MONTHLY quota"))
    assert isinstance(error, QuotaSpentError)
    assert f"{SPENT}, which RapidAPI's dashboard shows. What was fetched is kept" in str(error)
    error.name_reset("Sat 1 Nov 00:00 London time")
    assert f"{SPENT} on Sat 1 Nov 00:00 London time. What was fetched is kept" in str(error)
    assert "dashboard" not in str(error)


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"Retry_After": "600"}, 600),
        ({"x_ratelimit_requests_reset": "1200"}, 1200),
        ({"Retry_After": "900", "x_ratelimit_requests_reset": "1200"}, 900),
        ({"x_ratelimit_requests_reset": "2000000"}, 3600),
        # Calls in vain count too, and five within seconds would not help.
        ({"Retry_After": "0"}, 300),
        ({"Retry_After": "1"}, 300),
        ({}, 3600),
    ],
)
def test_the_quota_of_an_hour_ends_a_call_until_its_reset(headers: dict[str, str], wait_s: float) -> None:
    error = refusal(429, says("You have exceeded the HOURLY quota"), LINEUPS, **headers)
    assert isinstance(error, QuotaPauseError)
    assert error.retry_after_s == wait_s


@pytest.mark.parametrize(("status", "kind"), [(301, BadRequestError), (308, BadRequestError), (302, RetryableError)])
def test_a_redirect_names_its_target_without_what_may_be_secret(status: int, kind: type[FplPulseError]) -> None:
    error = refusal(status, b"", Location="https://user:word@elsewhere.example/v2/secret/path?key=hidden")
    assert type(error) is kind
    assert "redirects to https://elsewhere.example/v2/***/path" in str(error)
    assert not {"word", "hidden", "secret"} & set(str(error).replace("/", " ").replace(":", " ").split())


@pytest.mark.parametrize("location", ["", "http://[half", "//"])
def test_an_unreadable_redirect_is_still_a_sentence(location: str) -> None:
    assert "the source redirects to" in str(refusal(301, b"", Location=location))


def test_a_firewall_that_accepts_a_call_to_challenge_it_is_a_challenge() -> None:
    assert isinstance(refusal(202, b"", x_amzn_waf_action="challenge"), ChallengeError)
    assert isinstance(refusal(405, b"", x_amzn_waf_action="captcha"), ChallengeError)


def without_status(body: Any, resource: Resource = LINEUPS) -> FplPulseError | None:  # noqa: ANN401
    response = requests.Response()
    response.status_code = 200
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return refusal_without_status(resource, response, content, f"{resource.api}_api", ["secret"])


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (says("You have exceeded the MONTHLY quota for Requests"), QuotaSpentError),
        (says("You have exceeded the HOURLY quota for Requests"), QuotaPauseError),
        (says("You are not subscribed to this API."), PlanError),
        (says("Invalid API key"), AccessRefusedError),
        (CHALLENGE_PAGE, ChallengeError),
        (says("Internal error, please check your key"), type(None)),
        (b"<html>Maintenance</html>", type(None)),
        ({"data": None}, type(None)),
        ([], type(None)),
    ],
)
def test_a_refusal_with_status_200_is_recognised(body: object, kind: type[FplPulseError]) -> None:
    assert type(without_status(body)) is kind
