"""`python -m dev.bench [PART ...]`: measure the parts, print one table with the goals, and write it as JSON."""

import argparse
import json
import logging
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from dev.bench.figures import Figure, table_of
from dev.bench.parts import PARTS, Bench
from dev.local.layout import PROJECT

JSON_FILE = PROJECT / ".local" / "bench.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; returns 0 if every goal is met, else 1."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure the speed of the product.")
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"one or more of {', '.join(PARTS)}; all when none is named"
    )
    chosen = parser.parse_args(arguments).parts or list(PARTS)
    if unknown := [name for name in chosen if name not in PARTS]:
        parser.error(f"unknown: {', '.join(unknown)}. The parts are {', '.join(PARTS)}.")
    console = Console(width=None if sys.stdout.isatty() else 120)
    # The steps log each response that they load, and each difference that a check tolerates.
    logging.disable(logging.WARNING)
    figures: list[Figure] = []
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="fpl-pulse-bench-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o711)  # noqa: PTH101,S103 - Postgres may run as another user, who passes through
        with Bench(Path(folder), console) as bench:
            for name in chosen:
                console.print(f"[bold]{name}[/bold]: {PARTS[name].__doc__}", highlight=False)
                started = time.monotonic()
                measured = list(PARTS[name](bench))
                seconds[name] = round(time.monotonic() - started, 1)
                console.print(table_of(measured))
                console.print(f"{name} took {seconds[name]:.0f} s", highlight=False)
                figures += measured
                _write_json(figures, seconds)
    missed = [one for one in figures if one.is_met is False]
    goals = sum(one.goal is not None for one in figures)
    console.print(f"{goals - len(missed)} of {goals} goals are met. The figures are in {JSON_FILE}.", highlight=False)
    return 1 if missed else 0


def _write_json(figures: Sequence[Figure], seconds: dict[str, float]) -> None:
    JSON_FILE.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    report = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
        "seconds": seconds,
        "figures": [one.as_json() for one in figures],
    }
    JSON_FILE.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
