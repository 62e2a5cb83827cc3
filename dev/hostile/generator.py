"""Generates scenarios by seed: an endpoint, a week, a mutation, and which of the week's responses it changes."""

from datetime import timedelta
from functools import partial
from random import Random
from urllib.parse import parse_qsl, urlsplit

from requests import RequestException

from dev.hostile.corruption import Intercepted, Params, corrupted
from dev.hostile.mutations import Mutation, mutation_of
from dev.hostile.play import is_of
from dev.hostile.scenario import FIRST_RUN, SQUADS_DUE, STEADY_WEEK, Fault, Scenario
from dev.hostile.timeline import Timeline
from dev.pipelines import slots_of
from dev.sandbox.scenario import resource_of
from fpl_pulse.api import fpl, sofasport
from fpl_pulse.week import PIPELINES

ENDPOINTS = {
    fpl.BOOTSTRAP: 9,
    fpl.FIXTURES: 8,
    fpl.LIVE: 6,
    sofasport.SEASONS: 2,
    sofasport.EVENTS: 8,
    sofasport.SQUAD: 4,
    sofasport.LINEUPS: 8,
    sofasport.HEATMAP: 2,
    sofasport.SEASON_STATISTICS: 3,
    sofasport.ATTRIBUTES: 2,
}
"""Endpoint -> how often it is chosen. What much depends on is chosen more often."""

WEEKS = {STEADY_WEEK: 7, SQUADS_DUE: 2, FIRST_RUN: 1}
WEEK_WORDS = {STEADY_WEEK: "in the second week", SQUADS_DUE: "in the fifth week", FIRST_RUN: "in the first week"}
IDS_OF_REQUESTS = ("event_id", "player_id", "team_id", "gw", "course_events", "page")
TRIES = 200


def generate(seed: int, number: int, timeline: Timeline) -> Scenario:
    """The scenario with a number. It changes at least one response of the clean installation's week.

    Raises:
        RuntimeError: no mutation was found that changes anything.
    """
    rng = Random(f"{seed}/{number}")  # noqa: S311 - no cryptography
    for _ in range(TRIES):
        endpoint = rng.choices(list(ENDPOINTS), list(ENDPOINTS.values()))[0]
        week = rng.choices(list(WEEKS), list(WEEKS.values()))[0]
        mutation = mutation_of(endpoint, rng)
        paths = _requested(timeline, week, endpoint)
        if not paths:
            continue
        fault, reach = _with_reach(endpoint, mutation, paths, rng)
        if any(_changes(fault, dag_id, week, timeline) for dag_id in PIPELINES):
            name = f"{endpoint} {WEEK_WORDS[week]}, {reach}: {mutation.words}"
            return Scenario(name, (fault,), week=week, may_be_true=mutation.may_be_true, seed=seed, number=number)
    raise RuntimeError(f"Scenario {number} of seed {seed}: no mutation changes a response")


def _with_reach(endpoint: str, mutation: Mutation, paths: list[str], rng: Random) -> tuple[Fault, str]:
    """The fault in all responses, in all responses of one resource, or in the first response only."""
    reach = rng.choice(["all", "all", "one resource", "first response"])
    path = rng.choice(paths)
    params: Params = {name: value for name, value in _params(path).items() if name in IDS_OF_REQUESTS}
    if reach == "one resource" and params:
        words = ", ".join(f"{name} {value}" for name, value in params.items())
        return Fault(endpoint, mutation.change, params), f"every response of {words}"
    if reach == "first response":
        return Fault(endpoint, mutation.change, times=1), "the first response"
    return Fault(endpoint, mutation.change), "every response"


def _params(path: str) -> dict[str, str]:
    address = urlsplit(path)
    return resource_of(address.path, dict(parse_qsl(address.query)))[1]


def _requested(timeline: Timeline, week: int, endpoint: str) -> list[str]:
    fault = Fault(endpoint, lambda payload, _: payload)
    paths = [path for dag_id in PIPELINES for path in timeline.requested(week, dag_id)]
    return list(dict.fromkeys(path for path in paths if is_of(fault, path)))


def _changes(fault: Fault, dag_id: str, week: int, timeline: Timeline) -> bool:
    """Whether the fault changes a response that the clean installation received in a run."""
    as_of = slots_of(timeline.monday(week))[dag_id]
    timeline.source.as_of = as_of
    for path in timeline.requested(week, dag_id):
        if not is_of(fault, path):
            continue
        response = timeline.source.response_at(path, as_of)
        address = urlsplit(path)
        endpoint, params = resource_of(address.path, dict(parse_qsl(address.query)))
        fetch = partial(timeline.source.payload_at, later=timedelta())
        request = Intercepted(endpoint, params, fetch, path, timeline.source.payload_at)
        try:
            if corrupted(response, fault.change, request) is not response:
                return True
        except RequestException:
            continue
    return False
