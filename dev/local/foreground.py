"""A command that a person runs in the environment of the stack, such as `psql` or the JSON API."""

import subprocess
from collections.abc import Mapping, Sequence


def run_in_foreground(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command to its end. Returns its exit code, or the negative number of the signal that ended it.

    The terminal sends Ctrl-C to the command too. What it means is the command's decision: psql cancels a statement, the
    API stops in order. `subprocess.run` would kill the command after a quarter of a second.
    """
    with subprocess.Popen(command, env=environment) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
            except BaseException:
                # This process was stopped: by SIGTERM, or because its terminal has closed.
                process.terminate()
                raise
