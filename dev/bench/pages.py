"""The time that the server needs for every kind of page and picture, and its memory while it draws many pictures.

Requests are sent one after the other over real HTTP to a process that serves nothing else. The client shares the
machine's processors with it.
"""

import math
import random
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import psutil
from psycopg import Connection

Subject = Mapping[str, object]
"""Name in the braces of an address -> value, for one request of each kind."""

PAGES = {
    "this week": "/week/",
    "an earlier week": "/week/?week={day}",
    "the current gameweek": "/gameweeks/",
    "a gameweek": "/gameweeks/{gameweek}/",
    "a match": "/matches/{match}/",
    "a match with a player's heatmap": "/matches/{match}/?player={sofasport_player}",
    "all players": "/players/",
    "a search for players": "/players/?search={letters}&position=Midfielder",
    "a player": "/players/{player}/",
    "four players compared": "/compare/?players={four}",
    "a search for a player to compare": "/compare/?players={player}&search={letters}",
    "identities": "/identities/",
    "a search for identities": "/identities/?search={letters}",
    "an identity": "/identities/player/{sofasport_player}/",
    "data": "/data/",
    "a response": "/data/responses/{response}/",
    "a pack": "/data/packs/{pack}/",
    "a run": "/runs/{dag_id}/{run_id}/",
}
"""Kind of page -> its address."""

PICTURES = {
    "a player's heatmap in a match": "/pictures/matches/{match}/players/{sofasport_player}.png",
    "a player's heatmap of a season": "/pictures/players/{player}/heatmap.png",
    "heatmaps of both teams": "/pictures/matches/{match}/teams.png",
    "lineups": "/pictures/matches/{match}/lineups.png",
    "the team of the week": "/pictures/gameweeks/{gameweek}/team.png",
    "a radar": "/pictures/players/{player}/radar.png",
    "a radar of four players": "/pictures/compare.png?players={four}",
    "ratings": "/pictures/players/{player}/ratings.png",
    "price and ownership": "/pictures/players/{player}/prices.png",
    "points and expected points": "/pictures/players/{player}/points.png",
}
"""Kind of picture -> its address: one for each chart of the catalogue."""

MOST_PLAYERS = 200
"""From whom the subjects are chosen: those who played most have the most data to read and to draw."""

SUBJECTS = 30
"""Requests of each kind. The gameweeks of a season are more, so that no picture is drawn twice."""


@dataclass(frozen=True)
class Kind:
    """The durations of one kind of page or picture, in milliseconds."""

    name: str
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True)
class PageFigures:
    """What was measured. Sizes are in millions of bytes."""

    pages: Sequence[Kind]
    first_picture_ms: float
    """After the process that draws has had the time of all pages to start: it reads its fonts."""
    drawn: Sequence[Kind]
    """Pictures that were not kept yet."""
    kept: Sequence[Kind]
    """The same pictures once more."""
    memory_mb: float
    """Of the process and the one that draws for it, when all kinds of pages and pictures have been requested."""
    further_pictures: int
    growth_mb: float
    """Of the memory, while the further pictures were drawn."""
    further_mb: float
    """The size of the further pictures, which are kept."""
    failed: Sequence[str]
    """Status and address of each response other than 200."""


def subjects(conn: Connection[Any], pack: str, number: int = SUBJECTS) -> list[Subject]:
    """What the requests are about, the same at each call: players, matches, gameweeks and runs of a store.

    Args:
        conn: the store.
        pack: season and name of a pack that exists: `2025-26/gw38`.
        number: of subjects. A store with fewer matches or gameweeks repeats them.
    """
    chance = random.Random(7)  # noqa: S311 - a sample, no secret
    heatmaps = conn.execute(
        "select distinct on (fixture_id) fixture_id, sofasport_player_id from fpl.heatmaps"
        " order by fixture_id, points desc"
    ).fetchall()
    players = [
        code
        for (code,) in conn.execute(
            "select code from fpl.player_seasons where minutes > 0 order by minutes desc, code limit %s", [MOST_PLAYERS]
        )
    ]
    gameweeks = [one for (one,) in conn.execute("select distinct gameweek from fpl.heatmaps order by 1")]
    runs = conn.execute("select dag_id, run_id, as_of::date from pulse.pipeline_runs order by as_of, dag_id").fetchall()
    responses = [one for (one,) in conn.execute("select response_id from pulse.raw_responses order by 1")]
    chance.shuffle(heatmaps)
    chance.shuffle(players)
    chosen: list[Subject] = []
    for index in range(number):
        match, sofasport_player = heatmaps[index % len(heatmaps)]
        dag_id, run_id, day = chance.choice(runs)
        four = [players[(index + other) % len(players)] for other in range(4)]
        chosen.append(
            {
                "match": match,
                "sofasport_player": sofasport_player,
                "player": four[0],
                "four": ",".join(map(str, four)),
                "gameweek": gameweeks[index % len(gameweeks)],
                "letters": chance.choice("abcdefgklmnoprst") + chance.choice("aeiou"),
                "dag_id": dag_id,
                "run_id": run_id,
                "day": day,
                "response": chance.choice(responses),
                "pack": pack,
            }
        )
    return chosen


def measure(address: str, process: psutil.Process, about: Sequence[Subject]) -> PageFigures:
    """Request every kind of page and picture about each subject, one request after the other.

    Args:
        address: of a server that has drawn no picture yet.
        process: that server.
        about: the subjects, all different.
    """
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        visit = _Visit(client)
        for path in PAGES.values():
            visit.request(path.format_map(about[0]))
        pages = [visit.kind(*kind, about) for kind in PAGES.items()]
        # With twice the pixels, it is not among the pictures that follow.
        first_ms = visit.request(f"{next(iter(PICTURES.values()))}?scale=2".format_map(about[0]))
        drawn = [visit.kind(*kind, about) for kind in PICTURES.items()]
        kept = [visit.kind(*kind, about) for kind in PICTURES.items()]
        before_mb, received = _own_memory_mb(process), visit.received
        for path in PICTURES.values():
            for subject in about:
                visit.request(_dark(path).format_map(subject))
        return PageFigures(
            pages=pages,
            first_picture_ms=first_ms,
            drawn=drawn,
            kept=kept,
            memory_mb=before_mb,
            further_pictures=len(PICTURES) * len(about),
            growth_mb=_own_memory_mb(process) - before_mb,
            further_mb=(visit.received - received) / 1e6,
            failed=tuple(visit.failed),
        )


class _Visit:
    """Sends requests and counts what comes back."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self.failed: list[str] = []
        self.received = 0
        """Bytes of all responses."""

    def request(self, path: str) -> float:
        """The duration of a request in milliseconds."""
        started = time.perf_counter()
        response = self._client.get(path)
        duration_ms = 1000 * (time.perf_counter() - started)
        if response.status_code != httpx.codes.OK:
            self.failed.append(f"{response.status_code} {path}")
        self.received += len(response.content)
        return duration_ms

    def kind(self, name: str, path: str, about: Sequence[Subject]) -> Kind:
        """The durations of the requests of a kind, one about each subject."""
        durations = sorted(self.request(path.format_map(subject)) for subject in about)
        return Kind(name, statistics.median(durations), durations[math.ceil(0.95 * len(durations)) - 1])


def _dark(path: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}theme=dark"


def _own_memory_mb(process: psutil.Process) -> float:
    """The memory that would be free if the process and the one that draws for it ended."""
    return sum(float(one.memory_full_info().uss) for one in (process, *process.children())) / 1e6
