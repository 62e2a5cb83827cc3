"""A player whose SofaSport id is replaced: both ids are linked to him at once, and nobody else moves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from dev.hostile.corruption import NO_DATA, Corruption, Intercepted, Payload, Reply
from dev.hostile.weeks import Installation, differences
from dev.pipelines import Pipelines, slots_of
from fpl_pulse.etl.rebuild import rebuild
from fpl_pulse.week import PIPELINES
from tests.db.convergence.conftest import CLEAN_WEEKS, FAULT_WEEK
from tests.db.identity_resolution import LINKED_WITH_MINUTES, alerts, links_of
from tests.installations import FIRST_MONDAY

WEEKS = [FIRST_MONDAY + timedelta(weeks=number) for number in (1, 2, 3)]
MATCHING = ("update_fixture_mappings", "update_lineups")
NEW_ID = 99_000_001


@dataclass(frozen=True)
class NewIds:
    """What SofaSport serves when it has replaced ids."""

    ids: dict[int, int]
    """Old id -> new id."""
    old_matches: Sequence[int] = ()
    """Events that still name the old ids."""
    name: str | None = None
    """The name under the new id, where it differs."""
    has_birth_date: bool = True
    corruptions: list[Corruption] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "corruptions", self._corruptions())

    def _corruptions(self) -> list[Corruption]:
        by_player = ("events/player-heatmap", "players/statistics/result", "players/attribute-overviews")
        return [
            Corruption("events/lineups", self._of_lineups),
            Corruption("teams/players", self._of_squad),
            *(
                Corruption(endpoint, self._of_old, {"player_id": str(new_id)})
                for endpoint in by_player
                for new_id in self.ids.values()
            ),
        ]

    def _of_lineups(self, payload: Payload, request: Intercepted) -> Payload | Reply:
        if payload is None:
            return NO_DATA
        if int(request.params["event_id"]) not in self.old_matches:
            for side in (payload["home"], payload["away"]):
                for entry in [*side["players"], *side.get("missingPlayers", [])]:
                    self._replace(entry["player"])
        return payload

    def _of_squad(self, payload: Payload, _: Intercepted) -> Payload:
        for entry in payload["players"]:
            self._replace(entry["player"])
        return payload

    def _of_old(self, _: Payload, request: Intercepted) -> Payload | Reply:
        (old_id,) = (old for old, new in self.ids.items() if str(new) == request.params["player_id"])
        try:
            return request.fetch(f"/v1/{request.endpoint}?{urlencode({**request.params, 'player_id': old_id})}")
        except requests.HTTPError:
            return NO_DATA

    def _replace(self, player: dict[str, Any]) -> None:
        if player["id"] not in self.ids:
            return
        player["id"] = self.ids[player["id"]]
        if self.name is not None:
            player |= {"name": self.name, "slug": self.name.lower().replace(" ", "-"), "shortName": self.name}
        if not self.has_birth_date:
            player.pop("dateOfBirthTimestamp", None)


def regular(loaded: Pipelines, number: int = 0) -> tuple[int, int]:
    """The SofaSport id and FPL code of somebody who has played every minute so far."""
    player_id, code = loaded.conn.execute(LINKED_WITH_MINUTES).fetchall()[number]
    return player_id, code


def matches_so_far(loaded: Pipelines) -> list[int]:
    """The events whose lineups are stored."""
    return [event for (event,) in loaded.conn.execute("select distinct event_id from pulse.sofasport_lineups")]


@pytest.mark.parametrize("spelling", ["{}", "{}z", None])
def test_a_replaced_id_is_linked_on_the_first_tuesday_and_the_old_one_keeps_its_link(
    loaded: Pipelines, spelling: str | None
) -> None:
    before = links_of(loaded)
    old_id, code = regular(loaded)
    name = loaded.one("select name from pulse.sofasport_players where player_id = %s", old_id)
    new_ids = NewIds(
        {old_id: NEW_ID},
        matches_so_far(loaded),
        name=spelling and spelling.format(name),
        has_birth_date=spelling is None,
    )
    installation = Installation.of(loaded)
    for monday in WEEKS:
        outcomes = installation.week(monday, new_ids.corruptions, MATCHING)
        assert all(outcome.is_green for outcome in outcomes.values()), outcomes
        links = links_of(loaded)
        assert (links[old_id], links[NEW_ID]) == (code, code)
        assert before.items() <= links.items()
    assert alerts(loaded, "link_contradicted") == []
    context = loaded.context("update_lineups", slots_of(WEEKS[-1])["update_lineups"])
    assert rebuild(context, rehearse=True).different == []


def test_all_pipelines_work_with_a_replaced_id_in_all_matches(loaded: Pipelines) -> None:
    """SofaSport names the new id also in the matches that it corrects."""
    old_id, code = regular(loaded)
    new_ids = NewIds({old_id: NEW_ID}, has_birth_date=False)
    installation = Installation.of(loaded)
    for monday in WEEKS[:2]:
        outcomes = installation.week(monday, new_ids.corruptions, PIPELINES)
        assert all(outcome.is_green for outcome in outcomes.values()), outcomes
        assert links_of(loaded)[NEW_ID] == code
    counted = "select count(*) from pulse.figure_differences where fpl_code = %s and counts"
    assert loaded.one(counted, code) == 0


def test_ids_that_two_players_exchange_are_in_review(loaded: Pipelines) -> None:
    (one, code), (other, others_code) = regular(loaded), regular(loaded, 1)
    before = links_of(loaded)
    new_ids = NewIds({one: other, other: one})
    installation = Installation.of(loaded)
    installation.week(WEEKS[0], new_ids.corruptions[:1], MATCHING)
    # The lineups are refused until SofaSport has repeated them a week later.
    assert before.items() <= links_of(loaded).items()
    for monday in WEEKS[1:3]:
        installation.week(monday, new_ids.corruptions[:1], MATCHING)
        links = links_of(loaded)
        assert not {one, other} & links.keys()
        assert not {code, others_code} & set(links.values())
        assert before.items() <= (links | {one: code, other: others_code}).items()
    assert len(alerts(loaded, "link_contradicted")) == 2


def test_ids_that_two_players_exchanged_for_a_week_leave_no_trace(
    loaded: Pipelines, never_saw_the_fault: Pipelines
) -> None:
    one, other = regular(loaded)[0], regular(loaded, 1)[0]
    installation = Installation.of(loaded)
    installation.week(FAULT_WEEK, NewIds({one: other, other: one}).corruptions[:1])
    for monday in CLEAN_WEEKS:
        assert all(outcome.is_green for outcome in installation.week(monday).values())
    # Attributes are read in every second week: after a week without them they are those of a later week.
    found = [one for one in differences(loaded, never_saw_the_fault) if one.table != "sofasport_attributes"]
    assert [str(one) for one in found] == []


def test_an_id_that_was_replaced_for_a_week_keeps_both_links_and_no_run_fails(loaded: Pipelines) -> None:
    old_id, code = regular(loaded)
    before = links_of(loaded)
    installation = Installation.of(loaded)
    for monday, corruptions in (
        (FAULT_WEEK, NewIds({old_id: NEW_ID}).corruptions),
        *((week, ()) for week in CLEAN_WEEKS),
    ):
        outcomes = installation.week(monday, corruptions)
        assert all(outcome.is_green for outcome in outcomes.values()), outcomes
        assert before.items() <= links_of(loaded).items()
        assert links_of(loaded)[NEW_ID] == code
    assert alerts(loaded, "link_contradicted") == []
