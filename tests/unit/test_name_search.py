"""Finding players by a part of their name."""

import pytest

from fpl_pulse.web.name_search import matcher


@pytest.mark.parametrize("search", ["", "odegaard", "ØDEGAARD", "martin ode", "ode martin", "degaa", "o.degaard"])
def test_a_part_of_a_name_is_enough(search: str) -> None:
    assert matcher(search)("Ødegaard Martín Ødegaard")


@pytest.mark.parametrize("search", ["odegard", "***", "…", "👍", "%", "_", "martin saka", "\0"])
def test_anything_else_finds_nobody(search: str) -> None:
    assert not matcher(search)("Ødegaard Martín Ødegaard")


def test_a_name_in_another_script_is_found_in_ascii_letters() -> None:
    assert matcher("son")("손흥민")
