"""The JSON API under load: requests at a fixed rate, whatever the responses take, on a store with a full season.

The server is `make api` in a process of its own. The client shares the machine's processors with it.
"""

import asyncio
import random
import secrets
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from psycopg import Connection

from dev.bench.serving import server_of

RATE = 50
"""Requests per second."""

SECONDS = 30
WARM_UP_S = 2


@dataclass(frozen=True)
class Load:
    """What a load has measured. Durations are in milliseconds, from the planned start of a request to its end."""

    requests: int
    failed: int
    """Responses other than 200 and 404."""
    p50_ms: float
    p95_ms: float
    p99_ms: float
    slowest: str
    """The kind of address with the highest median."""
    slowest_ms: float


@contextmanager
def serving(dsn: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The address and the token of an API on a database.

    Raises:
        RuntimeError: the API does not start.
    """
    token = secrets.token_urlsafe(24)
    with server_of("fpl_pulse.cli.api", dsn, folder, {"FPL_PULSE_API_TOKEN": token}) as (address, _):
        yield address, token


def addresses(conn: Connection[Any], number: int) -> list[tuple[str, str]]:
    """A mix of addresses for players and matches of the store, with their kinds; the same at each call."""
    chance = random.Random(7)  # noqa: S311 - a sample, no secret
    players = [row[0] for row in conn.execute("select element_id from fpl.player_seasons where minutes > 900")]
    matches = [row[0] for row in conn.execute("select fixture_id from fpl.fixtures where state = 'final'")]
    kinds = {
        "radar": "/api/sofasport/player/{player}/radar/",
        "season-stats": "/api/sofasport/player/{player}/season-stats/",
        "heatmap": "/api/sofasport/player/{player}/heatmap/{gameweek}/",
        "match-stats": "/api/sofasport/player/{player}/match-stats/{gameweek}/",
        "compare": "/api/sofasport/compare/radar/?player_ids={player},{other},{third},{fourth}",
        "players": "/api/players/?search={letters}",
        "player": "/api/players/{player}/",
        "matches of a player": "/api/players/{player}/matches/",
        "matches": "/api/matches/?gameweek={gameweek}",
        "match": "/api/matches/{match}/",
        "coverage": "/api/coverage/",
        "week status": "/api/week-status/",
    }
    chosen = []
    for kind in chance.choices(list(kinds), k=number):
        values = {
            **dict(zip(("player", "other", "third", "fourth"), chance.sample(players, 4), strict=True)),
            "gameweek": chance.randint(1, 38),
            "match": chance.choice(matches),
            "letters": chance.choice("abcdefgklmnoprst") + chance.choice("aeiou"),
        }
        chosen.append((kind, kinds[kind].format_map(values)))
    return chosen


async def _send(
    client: httpx.AsyncClient, requests: Sequence[tuple[str, str]], rate: float
) -> list[tuple[str, int, float]]:
    start = time.perf_counter() + 0.1

    async def one(number: int, kind: str, path: str) -> tuple[str, int, float]:
        planned = start + number / rate
        await asyncio.sleep(planned - time.perf_counter())
        response = await client.get(path)
        return kind, response.status_code, 1000 * (time.perf_counter() - planned)

    return await asyncio.gather(*(one(number, *request) for number, request in enumerate(requests)))


async def _measure(address: str, headers: Mapping[str, str], requests: Sequence[tuple[str, str]]) -> Load:
    limits = httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30, limits=limits) as client:
        await _send(client, requests[: RATE * WARM_UP_S], RATE)
        sent = await _send(client, requests, RATE)
    times = sorted(duration for _, _, duration in sent)
    of_kinds: dict[str, list[float]] = {}
    for kind, _, duration in sent:
        of_kinds.setdefault(kind, []).append(duration)
    medians = {kind: statistics.median(durations) for kind, durations in of_kinds.items()}
    slowest = max(medians, key=medians.__getitem__)
    percentiles = statistics.quantiles(times, n=100)
    return Load(
        requests=len(sent),
        failed=sum(status not in {200, 404} for _, status, _ in sent),
        p50_ms=percentiles[49],
        p95_ms=percentiles[94],
        p99_ms=percentiles[98],
        slowest=slowest,
        slowest_ms=medians[slowest],
    )


def measure(address: str, token: str, conn: Connection[Any]) -> Load:
    """Send `RATE` requests a second for `SECONDS` seconds to an API, after a short warm-up.

    Args:
        address: of the server, or of the place where it is mounted.
        token: for the header `Authorization`.
        conn: a connection to the API's store, for the ids of players and matches.
    """
    requests = addresses(conn, RATE * SECONDS)
    return asyncio.run(_measure(address, {"Authorization": f"Bearer {token}"}, requests))
