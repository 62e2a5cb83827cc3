"""Where packs go: the settings of the installation."""

import os
import tempfile
from pathlib import Path

PACKS = "FPL_PULSE_PACKS"
"""The environment variable with a folder, or the address of an object store such as `s3://connection@bucket/prefix`. If
it is not set: the folder `packs` in the folder from which a command is run."""

SCRATCH = "FPL_PULSE_SCRATCH"
"""The environment variable with a local folder for temporary files. If it is not set: the system's."""

DEFAULT = "packs"


def packs_setting() -> str:
    """The folder or the address. The address of a folder, `file:///packs`, is that folder."""
    return (os.environ.get(PACKS, "").strip() or DEFAULT).removeprefix("file://")


def is_address(setting: str) -> bool:
    """Whether a setting is the address of an object store."""
    return "://" in setting


def without_login(address: str) -> str:
    """The address of an object store without the part before the `@`: the name of a connection, or a login."""
    kind, _, rest = address.partition("://")
    return f"{kind}://{rest.rpartition('@')[2].partition('?')[0]}"


def scratch_folder() -> Path:
    """The folder for temporary files."""
    return Path(os.environ.get(SCRATCH, "").strip() or tempfile.gettempdir())
