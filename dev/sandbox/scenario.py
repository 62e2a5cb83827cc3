"""Scenarios of faults: which resources are struck, by what, how often.

What a resource suffers depends on the seed, the rule and the resource alone, never on the order of arrival.
"""

import re
from collections import Counter
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from dev.sandbox.chance import Chance

StatusFault = Literal["http_500", "http_502", "http_503", "http_429", "401", "403"]
ConnectionFault = Literal["reset_connection", "timeout", "slow"]
BodyFault = Literal[
    "truncated_json",
    "html_page",
    "wrong_content_type",
    "error_body",
    "empty_data",
    "null_data",
    "duplicate_rows",
]
PageFault = Literal["missing_page", "repeated_page", "endless_pages"]
Fault = StatusFault | ConnectionFault | BodyFault | PageFault

STATUS_FAULTS: tuple[str, ...] = get_args(StatusFault)
FAULTS: tuple[str, ...] = (
    *STATUS_FAULTS, *get_args(ConnectionFault), *get_args(BodyFault), *get_args(PageFault),
)  # fmt: skip

_LIVE = re.compile(r"/api/event/(\d+)/live/?$")


class Match(BaseModel):
    """Which resources: the endpoint with * as a wildcard, and values of parameters."""

    model_config = ConfigDict(extra="forbid")
    endpoint: str = "*"
    query: dict[str, str] = {}


class Rule(BaseModel):
    """One kind of fault."""

    model_config = ConfigDict(extra="forbid")
    match: Match = Match()
    fault: Fault
    times: Annotated[int, Field(ge=1)] | None = None
    """How often each resource is struck; None: always."""
    probability: Annotated[float, Field(ge=0, le=1)] = 1.0
    """The share of resources that are struck at all."""
    retry_after: Annotated[float, Field(ge=0)] | None = None
    """Seconds, as the header says them."""
    seconds: Annotated[float, Field(ge=0, le=600)] = 1.0
    """For `slow` and `timeout`."""


class ScenarioBody(BaseModel):
    """A seed and rules; the first rule that fits strikes."""

    model_config = ConfigDict(extra="forbid")
    seed: int = 0
    rules: list[Rule] = []


class Scenario:
    """The rules in force, and what they have done."""

    def __init__(self) -> None:
        """No rules."""
        self.set(ScenarioBody())

    def set(self, body: ScenarioBody) -> None:
        """Put other rules in force; counts start again."""
        self._rules = body.rules
        self._chance = Chance(body.seed)
        self.forget()

    def forget(self) -> None:
        """Start counting again."""
        self._struck: Counter[tuple[int, str]] = Counter()
        self.injected: Counter[str] = Counter()

    def strike(self, endpoint: str, query: Mapping[str, str]) -> Rule | None:
        """The rule that strikes a request, or None."""
        resource = endpoint + "?" + "&".join(f"{name}={query[name]}" for name in sorted(query))
        for number, rule in enumerate(self._rules):
            fits = fnmatchcase(endpoint, rule.match.endpoint) and all(
                query.get(name) == value for name, value in rule.match.query.items()
            )
            if not fits or self._chance.share("fault", number, resource) >= rule.probability:
                continue
            if rule.times is not None and self._struck[number, resource] >= rule.times:
                continue
            self._struck[number, resource] += 1
            self.injected[rule.fault] += 1
            return rule
        return None


def resource_of(path: str, query: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The endpoint as pipelines name it, and its parameters: /api/event/7/live/ is fpl/event/live with gw 7."""
    live = _LIVE.match(path)
    if live:
        return "fpl/event/live", {**query, "gw": live[1]}
    if path.startswith("/api/"):
        return f"fpl/{path.removeprefix('/api/').strip('/')}", dict(query)
    return path.removeprefix("/v1/").strip("/"), dict(query)
