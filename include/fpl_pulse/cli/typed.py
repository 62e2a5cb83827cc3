"""Values that somebody types as variables of make. They come in the environment, so that no shell interprets them."""

import os

PREFIX = "FPL_PULSE_TYPED_"


def typed(name: str) -> str | None:
    """The value of a variable of make, such as GW; None if it is not set or empty."""
    return os.environ.get(f"{PREFIX}{name}", "").strip() or None
