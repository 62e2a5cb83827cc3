"""Finding players by a part of their name, whatever its accents, case and punctuation."""

import re
from collections.abc import Callable
from functools import lru_cache

from anyascii import anyascii

_OTHER = re.compile("[^a-z0-9 ]")


def matcher(search: str) -> Callable[[str], bool]:
    """A test of names: all words of the search are in the name.

    `odegaard` finds `Martin Ødegaard`, and `oshea` finds `O'Shea`. A search without a letter or digit finds nobody, and
    an empty one finds everybody.
    """
    words = _plain(search).split()
    if search and not words:
        return lambda _: False
    return lambda name: all(word in _plain(name) for word in words)


@lru_cache(maxsize=10_000)
def _plain(text: str) -> str:
    return _OTHER.sub("", anyascii(text).casefold())
