"""Scenarios of injected faults: for which resources, which fault, how often.

Whether a resource gets a fault depends only on the seed, the rule and the resource, never on the order of requests.
"""

import re
from collections import Counter
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from dev.sandbox.seeded_random import SeededRandom

StatusFault = Literal["http_500", "http_502", "http_503", "http_429", "401", "403"]
ConnectionFault = Literal["reset_connection", "timeout", "slow"]
BodyFault = Literal[
    "truncated_json", "html_page", "wrong_content_type", "error_body", "empty_data", "null_data", "duplicate_rows"
]
PageFault = Literal["missing_page", "repeated_page", "endless_pages"]
Fault = StatusFault | ConnectionFault | BodyFault | PageFault

STATUS_FAULTS: tuple[str, ...] = get_args(StatusFault)

_LIVE = re.compile(r"/api/event/(\d+)/live/?$")


class Match(BaseModel):
    """Selects resources by endpoint, with * as a wildcard, and by values of parameters."""

    model_config = ConfigDict(extra="forbid")
    endpoint: str = "*"
    query: dict[str, str] = {}


class Rule(BaseModel):
    """One fault and the resources that get it."""

    model_config = ConfigDict(extra="forbid")
    match: Match = Match()
    fault: Fault
    times: Annotated[int, Field(ge=1)] | None = None
    """How often each resource gets the fault; None for always."""
    probability: Annotated[float, Field(ge=0, le=1)] = 1.0
    """The share of resources that get the fault at all."""
    retry_after: Annotated[float, Field(ge=0)] | None = None
    """Seconds, for the header Retry-After."""
    seconds: Annotated[float, Field(ge=0, le=600)] = 1.0
    """The delay of `slow` and `timeout`."""


class ScenarioBody(BaseModel):
    """A seed and rules. The first rule that applies to a request determines the fault."""

    model_config = ConfigDict(extra="forbid")
    seed: int = 0
    rules: list[Rule] = []


class Scenario:
    """The active rules, and the counts of injected faults."""

    def __init__(self) -> None:
        """Start without rules."""
        self.set(ScenarioBody())

    def set(self, body: ScenarioBody) -> None:
        """Replace the rules and reset the counts."""
        self._rules = body.rules
        self._seeded = SeededRandom(body.seed)
        self.reset_counts()

    def reset_counts(self) -> None:
        """Reset the counts."""
        self._hits: Counter[tuple[int, str]] = Counter()
        self.injected: Counter[str] = Counter()

    def next_fault(self, endpoint: str, query: Mapping[str, str]) -> Rule | None:
        """The rule whose fault this request gets, or None. A returned rule is counted."""
        resource = endpoint + "?" + "&".join(f"{name}={query[name]}" for name in sorted(query))
        for number, rule in enumerate(self._rules):
            applies = fnmatchcase(endpoint, rule.match.endpoint) and all(
                query.get(name) == value for name, value in rule.match.query.items()
            )
            if not applies or self._seeded.fraction("fault", number, resource) >= rule.probability:
                continue
            if rule.times is not None and self._hits[number, resource] >= rule.times:
                continue
            self._hits[number, resource] += 1
            self.injected[rule.fault] += 1
            return rule
        return None


def resource_of(path: str, query: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The endpoint as the product names it, and its parameters: /api/event/7/live/ is fpl/event/live with gw 7."""
    live = _LIVE.match(path)
    if live:
        return "fpl/event/live", {**query, "gw": live[1]}
    if path.startswith("/api/"):
        return f"fpl/{path.removeprefix('/api/').strip('/')}", dict(query)
    return path.removeprefix("/v1/").strip("/"), dict(query)
