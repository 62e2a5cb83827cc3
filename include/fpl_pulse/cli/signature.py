"""Who decides something by a command, and why: the options `--because` and `--by`."""

import argparse
import getpass
import os

from fpl_pulse.errors import SelectionError

MAX_CHARACTERS = 500
BECAUSE = "FPL_PULSE_BECAUSE"
"""The environment variable in which `make` passes the reason, so that no shell interprets it."""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options; the reason is required, from the option or from the environment."""
    command.add_argument(
        "--because",
        type=_text,
        default=os.environ.get(BECAUSE) or None,
        required=not os.environ.get(BECAUSE),
        help=f"the reason; can also be in the environment variable {BECAUSE}",
    )
    command.add_argument("--by", type=_text, default=None, help="your name; the default is your login")


def name_of(options: argparse.Namespace) -> str:
    """The name of the person who runs the command: that of `--by`, else the login.

    Raises:
        SelectionError: the system has no name for the user, as in a container with a number as user.
    """
    if options.by:
        return str(options.by)
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise SelectionError("The system has no login name for you. Name yourself: --by 'Ann'") from None


def _text(text: str) -> str:
    plain = " ".join(text.replace("\0", "").split())
    if not plain or len(plain) > MAX_CHARACTERS:
        raise argparse.ArgumentTypeError(f"empty or too long: give 1 to {MAX_CHARACTERS} characters")
    return plain
