"""Descriptions of events that a response does not say."""

from typing import Any

import pytest

from fpl_pulse.etl.event_identity import DESCRIPTIONS, StoredEvent
from fpl_pulse.etl.event_keys import keep_descriptions

STORED = StoredEvent((1, 2), None, True, True, dict(zip(DESCRIPTIONS, (7, "a-b", 1, 0), strict=True)))


def row(**said: Any) -> dict[str, object]:  # noqa: ANN401
    return dict.fromkeys(DESCRIPTIONS) | {"home_score": 2, "away_score": 1} | said


@pytest.mark.parametrize("column", DESCRIPTIONS)
def test_a_description_that_a_response_does_not_say_is_kept(column: str) -> None:
    assert keep_descriptions(row(), STORED)[column] == STORED.described[column]
    assert keep_descriptions(row(**{column: 9}), STORED)[column] == 9


def test_an_event_without_a_score_has_none_at_half_time() -> None:
    kept = keep_descriptions(row(home_score=None), STORED)
    assert [kept[name] for name in DESCRIPTIONS] == [7, "a-b", None, None]


def test_a_new_event_keeps_nothing() -> None:
    assert keep_descriptions(row(), None) == row()
