"""Every loader rejects a response that it cannot load, and loads the others."""

from dataclasses import replace
from typing import Any

import psycopg
import pytest

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.api.calls import Resource
from fpl_pulse.errors import PayloadError
from fpl_pulse.etl import attributes, events, heatmaps, lineups, official_figures, season_statistics, squads
from fpl_pulse.etl.loader import Loader
from fpl_pulse.store import archive
from tests.installations import FIRST_MONDAY

WEDNESDAY = slots_of(FIRST_MONDAY)["update_radar_attributes"]
LOADERS: list[Loader[Any]] = [
    lineups.LOADER,
    heatmaps.LOADER,
    season_statistics.LOADER,
    attributes.LOADER,
    squads.LOADER,
    events.LOADER,
    official_figures.LIVE,
]
BROKEN = {"not": "the expected shape"}


def two_waiting(loaded: Pipelines, endpoint: str) -> list[int]:
    """Mark two stored responses of an endpoint as waiting; returns their ids, the older first."""
    rows = loaded.conn.execute(
        "update pulse.raw_resources set loaded_response_id = null where resource_id in"
        " (select resource_id from pulse.raw_resources where endpoint = %s and outcome = 'fetched'"
        "  order by resource_id limit 2) returning response_id",
        (endpoint,),
    ).fetchall()
    assert len(rows) == 2
    return sorted(response_id for (response_id,) in rows)


def outcomes(loaded: Pipelines, response_ids: list[int]) -> list[str]:
    """The outcomes of the resources with these responses."""
    rows = loaded.conn.execute(
        "select outcome from pulse.raw_resources where response_id = any(%s) order by response_id", (response_ids,)
    ).fetchall()
    return [outcome for (outcome,) in rows]


def load(loaded: Pipelines, loader: Loader[Any]) -> int:
    """Load the waiting responses. A loader whose pipeline has no check raises after it loaded the valid ones."""
    context = loaded.context("update_lineups", WEDNESDAY)
    if loader.is_checked:
        return loader.load(context)
    with pytest.raises(PayloadError, match="rejected responses: 1; all others are loaded"):
        loader.load(context)
    return 1


@pytest.mark.parametrize("loader", LOADERS, ids=lambda loader: loader.endpoint)
def test_a_response_of_the_wrong_shape_is_rejected_and_the_others_are_loaded(
    loaded: Pipelines, loader: Loader[Any]
) -> None:
    bad, good = two_waiting(loaded, loader.endpoint)
    loaded.conn.execute("update pulse.raw_responses set body = %s::json where response_id = %s", ('{"not": "it"}', bad))
    assert load(loaded, loader) == 1
    assert outcomes(loaded, [bad, good]) == ["rejected", "fetched"]
    assert list(archive.waiting(loaded.conn, loader.endpoint, batch_size=10)) == []
    reason = loaded.one("select reason from pulse.rejected_records where response_id = %s and path = ''", bad)
    assert reason.startswith(f"the whole response was rejected: {loader.what}")


@pytest.mark.parametrize("loader", LOADERS, ids=lambda loader: loader.endpoint)
def test_a_response_that_the_database_refuses_is_rejected_and_the_others_are_loaded(
    loaded: Pipelines, loader: Loader[Any]
) -> None:
    bad, good = two_waiting(loaded, loader.endpoint)
    batched = replace(loader, batch_size=10, make_reader=marking(loader, bad), write=refusing(loader))
    assert load(loaded, batched) == 1
    assert outcomes(loaded, [bad, good]) == ["rejected", "fetched"]


def marking(loader: Loader[Any], bad: int) -> Any:  # noqa: ANN401 - makes a reader
    """The loader's reader, which marks the content of one response."""

    def make_reader(context: Any, batch: list[archive.ArchivedResponse]) -> Any:  # noqa: ANN401
        read = loader.reader(context, batch)

        def marked(response: archive.ArchivedResponse) -> Any:  # noqa: ANN401
            parsed = read(response)
            return replace(parsed, content=(response.response_id == bad, parsed.content))

        return marked

    return make_reader


def refusing(loader: Loader[Any]) -> Any:  # noqa: ANN401 - a writer
    """The loader's writer on a database that refuses the marked content after the others were written."""

    def write(context: Any, contents: list[Any]) -> Any:  # noqa: ANN401
        written = loader.write(context, [content for _, content in contents])
        if any(is_bad for is_bad, _ in contents):
            raise psycopg.DataError("smallint out of range")
        return written

    return write


def test_a_rejected_resource_has_its_ids_in_typed_columns(loaded: Pipelines) -> None:
    resource = Resource("sofasport", heatmaps.LOADER.endpoint, "/v1/x", {"event_id": 1, "player_id": 2})
    archive.store_response(loaded.conn, resource, BROKEN, WEDNESDAY)
    load(loaded, heatmaps.LOADER)
    row = loaded.conn.execute(
        "select outcome, event_id, player_id from pulse.raw_resources where event_id = 1"
    ).fetchone()
    assert row == ("rejected", 1, 2)
