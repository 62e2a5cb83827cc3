"""Starts what the scenarios need: a Postgres, and the sandbox with six clubs or the replay of a real season."""

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from dev.hostile.recorded import RecordedSource
from dev.hostile.scenario import STEADY_WEEK
from dev.hostile.timeline import Timeline
from dev.local.postgres import EmbeddedPostgres
from dev.sandbox.process import running_sandbox

CLUBS = 6
FIRST_MONDAY = date(2025, 8, 25)
REPLAY_FIRST_MONDAY = date(2025, 8, 18)
REPLAY_URL = "FPL_PULSE_REPLAY_URL"


class ReplayMissingError(Exception):
    """There is no replay of a real season."""


@contextmanager
def sandbox_timeline(postgres: EmbeddedPostgres) -> Iterator[Timeline]:
    """The timeline of the sandbox, not played yet."""
    with running_sandbox(datetime(2025, 8, 25, 1, tzinfo=UTC), CLUBS) as url:
        source = RecordedSource(url, "/__sandbox__/clock", multiprocessing.Lock())
        yield Timeline(postgres, source, url, FIRST_MONDAY)


@contextmanager
def replay_timeline(postgres: EmbeddedPostgres) -> Iterator[Timeline]:
    """The timeline of the replayed season, not played yet.

    Raises:
        ReplayMissingError: there is no replay.
    """
    url = os.environ.get(REPLAY_URL)
    if not url:
        raise ReplayMissingError(f"{REPLAY_URL}, the address of the replay of a real season, is not set")
    source = RecordedSource(url, "/__replay__/clock", multiprocessing.Lock())
    yield Timeline(postgres, source, url, REPLAY_FIRST_MONDAY, (STEADY_WEEK,), is_replay=True)


@contextmanager
def running_postgres(folder: Path) -> Iterator[EmbeddedPostgres]:
    """A Postgres for the scenarios; its files are in a folder that is removed later."""
    server = EmbeddedPostgres(folder / "postgres", durable=False)
    with server:
        yield server
    server.remove()
