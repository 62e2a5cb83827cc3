"""Facts that SQL states once: no file outside the migrations may state them again."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "include" / "fpl_pulse"
FILES = [
    path
    for path in sorted([*PACKAGE.rglob("*.sql"), *PACKAGE.rglob("*.py")])
    if "migrations" not in path.relative_to(PACKAGE).parts
]


def test_there_are_files_to_look_at() -> None:
    assert sum(path.suffix == ".sql" for path in FILES) > 50


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_status_codes_are_named_by_the_functions_of_the_schema(path: Path) -> None:
    assert not re.search(r"\b(100, ?110|110, ?120|60, 70)\b", path.read_text()), (
        "use pulse.match_stage or pulse.has_ended"
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_statement_rebuilds_the_key_of_a_resource_as_text(path: Path) -> None:
    assert not re.search(r"'(event_id|player_id|team_id|season|seasons_id|gw)=", path.read_text()), (
        "join on the typed columns of pulse.raw_resources"
    )
