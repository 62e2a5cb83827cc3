"""Facts that SQL states once: no file outside the migrations may state them again."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TEXTS = {
    str(path.relative_to(PROJECT)): path.read_text()
    for folder in ("include/fpl_pulse", "dev", "dags", "plugins")
    for suffix in ("sql", "py")
    for path in sorted((PROJECT / folder).rglob(f"*.{suffix}"))
    if "migrations" not in path.parts
}


def files_with(pattern: str) -> list[str]:
    """The files of the product that contain a pattern."""
    return [name for name, text in TEXTS.items() if re.search(pattern, text)]


def test_status_codes_are_named_by_the_functions_of_the_schema() -> None:
    assert sum(name.endswith(".sql") for name in TEXTS) > 50
    assert files_with(r"pulse\.has_ended")
    assert files_with(r"\b(100, ?110|110, ?120|60, ?70)\b") == [], "use pulse.match_stage or pulse.has_ended"


def test_no_statement_rebuilds_the_key_of_a_resource_as_text() -> None:
    assert files_with(r"resources\.event_id")
    rebuilt = files_with(r"'(event_id|player_id|team_id|season|seasons_id|gw)=")
    assert rebuilt == [], "join on the typed columns of pulse.raw_resources"
