"""docs/architecture.md names only files and folders that exist."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PRODUCT = PROJECT / "include" / "fpl_pulse"
PLACES = (PROJECT, PRODUCT, PROJECT / "docs", PRODUCT / "etl" / "queries")
PATH = re.compile(r"`([\w./-]+(?:/|\.(?:py|sql|md|yaml|json|env|toml)))`")


def paths() -> set[str]:
    return set(PATH.findall((PROJECT / "docs" / "architecture.md").read_text()))


def test_the_page_names_paths() -> None:
    assert len(paths()) > 40


def test_every_path_exists() -> None:
    missing = {path for path in paths() if not any((place / path).exists() for place in PLACES)}
    # An address of FPL's API.
    assert missing - {"fixtures/"} == set()
