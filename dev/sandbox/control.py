"""The control routes under /__sandbox__/: clock, summer, limits, key, faults, counts, reset and the true mapping."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from dev.sandbox.limits import Limits, RequestCounter, Subscription
from dev.sandbox.scenario import Scenario, ScenarioBody
from dev.sandbox.summer import Summer
from dev.sandbox.timestamps import iso
from dev.sandbox.truth import true_mapping
from dev.sandbox.world import World

PositiveOrNone = Annotated[int, Field(ge=1, le=1_000_000)] | None
State = dict[str, object]


class ClockBody(BaseModel):
    """The time to set."""

    model_config = ConfigDict(extra="forbid")
    as_of: AwareDatetime


class LimitsBody(BaseModel):
    """Limits to change. A missing key keeps the limit, null removes it."""

    model_config = ConfigDict(extra="forbid")
    rps: PositiveOrNone = None
    quota: Annotated[int, Field(ge=0, le=100_000_000)] | None = None
    latency_ms: Annotated[int, Field(ge=0, le=60_000)] = 0
    echo_key: bool = False


class KeyBody(BaseModel):
    """The only key that is accepted from now on."""

    model_config = ConfigDict(extra="forbid")
    key: Annotated[str, Field(min_length=8, max_length=200)]


class SummerBody(BaseModel):
    """When each source opens the next season."""

    model_config = ConfigDict(extra="forbid")
    fpl_opens_at: AwareDatetime
    sofasport_opens_at: AwareDatetime


class ResetBody(BaseModel):
    """With `all`, the clock, the limits and the scenario are reset too."""

    model_config = ConfigDict(extra="forbid")
    all: bool = False


class Controls:
    """Everything that can be set, and its values at the start."""

    def __init__(
        self,
        world: World,
        subscription: Subscription,
        counter: RequestCounter,
        scenario: Scenario,
        on_clock: Callable[[int], None],
    ) -> None:
        """Store the values at the start. `on_clock` is called with each new time (seconds since the epoch)."""
        self.world = world
        self.subscription = subscription
        self.counter = counter
        self.scenario = scenario
        self._on_clock = on_clock
        self._at_start = (world.as_of, replace(subscription.limits), world.summer)

    def state(self) -> State:
        """The current values."""
        limits = asdict(self.subscription.limits)
        return {
            "as_of": iso(self.world.as_of),
            "rps": limits["per_second"],
            "quota": limits["quota"],
            "latency_ms": limits["latency_ms"],
            "seed": self.world.season.seeded.seed,
        }

    def set_clock(self, as_of: int) -> None:
        """Set the clock (seconds since the epoch).

        Raises:
            ValueError: the time is outside the season.
        """
        self.world.set_clock(as_of)
        self._on_clock(as_of)

    def reset(self, *, everything: bool) -> None:
        """Reset counts and used quota; with `everything`, restore all values of the start."""
        if everything:
            as_of, limits, self.world.summer = self._at_start
            self.set_clock(as_of)
            self.subscription.limits = replace(limits)
            self.scenario.set(ScenarioBody())
        self.scenario.reset_counts()
        self.subscription.reset()
        self.counter.reset()


def control_routes(controls: Controls) -> APIRouter:
    """The routes under /__sandbox__/."""
    routes = APIRouter(prefix="/__sandbox__")
    add_times(routes, controls)
    add_conditions(routes, controls)
    add_reports(routes, controls)
    return routes


def add_times(routes: APIRouter, controls: Controls) -> None:
    """Add the clock, and when the second season opens."""

    @routes.get("/clock")
    async def read_clock() -> State:
        return controls.state()

    @routes.post("/clock")
    async def set_clock(body: ClockBody) -> State:
        try:
            controls.set_clock(int(body.as_of.timestamp()))
        except ValueError as error:
            raise HTTPException(400, str(error)) from error
        return controls.state()

    @routes.post("/summer")
    async def set_summer(body: SummerBody) -> State:
        try:
            times = (int(when.timestamp()) for when in (body.fpl_opens_at, body.sofasport_opens_at))
            controls.world.set_summer(Summer(*times))
        except ValueError as error:
            raise HTTPException(400, str(error)) from error
        return {name: iso(when) for name, when in asdict(controls.world.summer).items()}


def add_conditions(routes: APIRouter, controls: Controls) -> None:
    """Add limits, the key and faults."""

    @routes.post("/limits")
    async def set_limits(body: LimitsBody) -> State:
        given = body.model_dump(exclude_unset=True)
        if "rps" in given:
            given["per_second"] = given.pop("rps")
        controls.subscription.limits = Limits(**{**asdict(controls.subscription.limits), **given})
        return controls.state()

    @routes.post("/key")
    async def set_key(body: KeyBody) -> State:
        controls.subscription.set_key(body.key)
        return controls.state()

    @routes.post("/scenario")
    async def set_scenario(body: ScenarioBody) -> State:
        controls.scenario.set(body)
        return controls.state()

    @routes.post("/reset")
    async def reset(body: ResetBody | None = None) -> State:
        controls.reset(everything=body is not None and body.all)
        return controls.state()


def add_reports(routes: APIRouter, controls: Controls) -> None:
    """Add counts and the truth."""

    @routes.get("/stats")
    async def stats() -> State:
        admitted = controls.subscription.busiest_second
        return {
            **controls.state(),
            **controls.counter.summary(),
            "most_admitted_in_one_second": admitted,
            "faults": dict(controls.scenario.injected),
        }

    @routes.get("/truth")
    async def truth(season: Literal["2025-26", "2026-27"] = "2025-26") -> State:
        world = controls.world
        return true_mapping(world.season if season == "2025-26" else world.next_season)
