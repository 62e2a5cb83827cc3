"""`python -m dev.hostile`: play scenarios in which a source is wrong, print what failed, and write it as JSON."""

import argparse
import logging
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from rich.console import Console

from dev.hostile.generator import generate
from dev.hostile.league import ReplayMissingError, replay_timeline, running_postgres, sandbox_timeline
from dev.hostile.play import Result, play
from dev.hostile.report import JSON_FILE, details_of, is_failed, line_of, table_of, write_json
from dev.hostile.scenario import Scenario
from dev.hostile.scenarios import NAMED
from dev.hostile.timeline import Timeline
from dev.local.postgres import EmbeddedPostgres

SEED, COUNT, WORKERS = 2025, 400, 2
MOST_DETAILS = 3
"""Up to this many scenarios are printed with all their runs."""

_timeline: list[Timeline] = []
"""The timeline of this process and of the worker processes that are copies of it."""


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="make hostile", description="Play scenarios in which a source is wrong.")
    parser.add_argument("--seed", type=int, default=SEED, help=f"seed of the generated scenarios ({SEED})")
    parser.add_argument("--count", type=int, default=COUNT, help=f"number of generated scenarios ({COUNT})")
    parser.add_argument(
        "--scenario", type=int, nargs="+", default=[], help="play only the generated scenario of a number"
    )
    parser.add_argument(
        "--named", nargs="+", default=[], metavar="NAME", help="play only this named scenario; `all` for all"
    )
    parser.add_argument("--kind", type=int, help="play only the named scenarios of a kind")
    parser.add_argument(
        "--replay", action="store_true", help="play only the named scenarios on the replay of a real season"
    )
    parser.add_argument("--workers", type=int, default=WORKERS, help=f"number of processes ({WORKERS})")
    options = parser.parse_args(arguments)
    known = {scenario.slug for scenario in NAMED}
    if unknown := [name for name in options.named if name not in known | {"all"}]:
        parser.error(f"unknown: {', '.join(unknown)}. The names are {', '.join(sorted(known))}.")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Play; returns 0 if no scenario failed but listed ones, else 1."""
    options = read_arguments(arguments)
    console = Console(width=None if sys.stdout.isatty() else 150)
    # The product logs each fault that it meets.
    logging.disable(logging.CRITICAL)
    started = time.monotonic()
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="fpl-pulse-hostile-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o711)  # noqa: PTH101,S103 - Postgres may run as another user, who passes through
        with running_postgres(Path(folder)) as postgres:
            named = [one for one in NAMED if _is_chosen(one, options)]
            numbers = options.scenario or (range(options.count) if _is_all(options) else [])
            if not options.replay:
                with sandbox_timeline(postgres) as timeline:
                    results += _play_all(timeline, named, numbers, options, console)
            if options.replay or _is_all(options):
                results += _on_replay(postgres, [one for one in named if one.on_replay], options, console)
    if len(results) <= MOST_DETAILS:
        for result in results:
            console.print(details_of(result), highlight=False, markup=False, soft_wrap=True)
    console.print(table_of(results))
    seconds = time.monotonic() - started
    write_json(results, seconds, options.seed)
    failed = [result for result in results if is_failed(result)]
    for result in failed:
        console.print(f"FAILED {result.name}\n  {result.command}", highlight=False, markup=False, soft_wrap=True)
    console.print(
        f"{len(results) - len(failed)} of {len(results)} scenarios passed in {seconds / 60:.1f} minutes."
        f" The results are in {JSON_FILE}.",
        highlight=False,
    )
    return 1 if failed else 0


def _is_all(options: argparse.Namespace) -> bool:
    """Whether no scenarios were chosen, so that all are played."""
    return not options.named and not options.scenario and options.kind is None


def _is_chosen(scenario: Scenario, options: argparse.Namespace) -> bool:
    is_named = scenario.slug in options.named or "all" in options.named
    return is_named or scenario.kind == options.kind or _is_all(options)


def _on_replay(
    postgres: EmbeddedPostgres, named: Sequence[Scenario], options: argparse.Namespace, console: Console
) -> list[Result]:
    """Play scenarios on the replay of a real season, if there is one."""
    try:
        with replay_timeline(postgres) as timeline:
            return _play_all(timeline, named, [], options, console)
    except ReplayMissingError as error:
        console.print(f"Scenarios on a real season are skipped: {error}.", highlight=False)
        return []


Choice = int | str
"""The number of a generated scenario, or the short name of a named one."""


def _play_all(
    timeline: Timeline, named: Sequence[Scenario], numbers: Sequence[int], options: argparse.Namespace, console: Console
) -> list[Result]:
    """Play the clean weeks, then the scenarios in several processes; print a line for each."""
    for line in timeline.play():
        console.print(line, highlight=False)
    results = []
    _timeline[:] = [timeline]
    choices: list[Choice] = [*(one.slug for one in named), *numbers]
    # Copies of this process: they share what it has recorded.
    with ProcessPoolExecutor(options.workers, mp_context=multiprocessing.get_context("fork")) as pool:
        futures = [pool.submit(_play_one, options.seed, choice) for choice in choices]
        try:
            for future in as_completed(futures):
                results.append(future.result())
                line = line_of(results[-1], len(results), len(futures))
                console.print(line, highlight=False, markup=False, soft_wrap=True)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return sorted(results, key=lambda result: (result.kind == 0, result.kind, result.command))


def _play_one(seed: int, choice: Choice) -> Result:
    timeline = _timeline[0]
    if isinstance(choice, int):
        return play(generate(seed, choice, timeline), timeline)
    return play(next(one for one in NAMED if one.slug == choice), timeline)


if __name__ == "__main__":
    sys.exit(main())
