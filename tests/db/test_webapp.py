"""The schema webapp, read as a Django application reads it: through models of its own, with search_path=webapp."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from django.db import connection, connections, models
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.json import Jsonb

from dev.pipelines import Pipelines
from fpl_pulse.etl.rebuild import rebuild
from tests.db.faults import WEDNESDAY

if not settings.configured:
    settings.configure(
        DATABASES={
            "default": {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"options": "-c search_path=webapp"}}
        },
        USE_TZ=True,
    )
    django.setup()

from tests.db import webapp_models as webapp  # models need the settings

MODELS: list[type[models.Model]] = [
    webapp.Team, webapp.Athlete, webapp.Fixture, webapp.SofasportFixture, webapp.SofasportLineup,
    webapp.SofasportHeatmap, webapp.SofasportPlayerSeasonStats, webapp.SofasportPlayerAttributes,
]  # fmt: skip
LIST = Path(__file__).resolve().parents[3] / "shared" / "spec" / "webapp-tables.md"


def name_of(model: type[models.Model]) -> str:
    return str(model._meta.db_table)


@contextmanager
def connected(installation: Pipelines) -> Iterator[Pipelines]:
    """Django connected to an installation."""
    address = conninfo_to_dict(installation.conn.info.dsn)
    connections["default"].settings_dict.update(
        NAME=address["dbname"],
        HOST=address["host"],
        PORT=address["port"],
        USER=address["user"],
        PASSWORD=installation.conn.info.password,
    )
    yield installation
    connections["default"].close()


@pytest.fixture
def application(unchanged: Pipelines) -> Iterator[Pipelines]:
    """The first week of the small league, for tests that only read."""
    with connected(unchanged) as installation:
        yield installation


@pytest.fixture
def altered(small: Pipelines) -> Iterator[Pipelines]:
    """A copy of the first week of the small league that a test may change."""
    with connected(small) as installation:
        yield installation


def stored_columns(installation: Pipelines, view: str) -> list[tuple[str, str]]:
    return installation.conn.execute(
        "select attname, format_type(atttypid, atttypmod) from pg_attribute"
        " where attrelid = to_regclass(%s) and attnum > 0 order by attnum",
        [f"webapp.{view}"],
    ).fetchall()


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_a_view_has_the_columns_and_types_of_the_model(application: Pipelines, model: type[models.Model]) -> None:
    stored = [(name, kind.replace("character varying", "varchar").replace(",", ", ").replace(",  ", ", "))
              for name, kind in stored_columns(application, name_of(model))]  # fmt: skip
    wanted = [(field.column, str(field.db_type(connection))) for field in model._meta.concrete_fields]
    assert stored == wanted


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_every_row_can_be_read_and_every_reference_leads_to_a_row(
    application: Pipelines, model: type[models.Model]
) -> None:
    rows = list(model._default_manager.all())
    assert rows
    assert len({row.pk for row in rows}) == len(rows)
    for field in model._meta.concrete_fields:
        values = [getattr(row, field.attname) for row in rows]
        assert field.null or None not in values, field.name
        if isinstance(field, models.ForeignKey):
            there = set(field.related_model._default_manager.values_list("pk", flat=True))
            assert {value for value in values if value is not None} <= there, field.name


@pytest.mark.skipif(not LIST.exists(), reason=f"{LIST} is not there")
def test_the_models_are_those_of_the_list() -> None:
    for block in LIST.read_text().split("\n## ")[1:]:
        name, _, rest = block.partition("\n")
        listed = [
            [cell.strip() for cell in line.strip("|").split("|")] for line in rest.splitlines() if line[:2] == "| "
        ][1:]
        (model,) = [one for one in MODELS if name_of(one) == name]
        described = []
        for field in model._meta.concrete_fields:
            related = field.related_model
            refers = f"{related._meta.db_table}.id" if isinstance(field, models.ForeignKey) else ""
            described.append([field.column, str(field.db_type(connection)), "yes" if field.null else "no", refers])
        assert described == listed, name


def test_the_tables_join_as_an_application_joins_them(application: Pipelines) -> None:
    heatmaps = webapp.SofasportHeatmap.objects.select_related("athlete__team", "fixture__fixture", "lineup")
    for heatmap in heatmaps:
        assert heatmap.lineup.athlete_id == heatmap.athlete_id
        assert heatmap.athlete.team_id in (heatmap.fixture.home_team_id, heatmap.fixture.away_team_id)
        assert heatmap.fixture.fixture.finished_provisional
        assert heatmap.point_count == len(heatmap.coordinates)
        assert set(heatmap.coordinates[0]) == {"x", "y"}
    played = webapp.SofasportLineup.objects.filter(minutes_played__gt=0)
    # SofaSport has no heatmap of a few short appearances.
    assert 0.95 * played.count() < heatmaps.count() <= played.count()


def test_minutes_and_totals_are_those_of_the_product(application: Pipelines) -> None:
    per_player = application.conn.execute(
        "select element_id, sum(sofasport_minutes) from fpl.player_matches group by 1 having sum(sofasport_minutes) > 0"
    ).fetchall()
    lineups: dict[int, int] = {}
    for athlete_id, minutes in webapp.SofasportLineup.objects.values_list("athlete_id", "minutes_played"):
        lineups[athlete_id] = lineups.get(athlete_id, 0) + (minutes or 0)
    assert {one: minutes for one, minutes in lineups.items() if minutes} == dict(per_player)
    totals = dict(webapp.SofasportPlayerSeasonStats.objects.values_list("athlete_id", "minutes_played"))
    assert totals.items() <= dict(per_player).items()


def test_the_average_of_a_position_is_never_among_a_players_own_attributes(application: Pipelines) -> None:
    own = webapp.SofasportPlayerAttributes.objects.filter(is_average=False)
    stored = application.one(
        "select count(*) from pulse.sofasport_attributes as attributes"
        " join pulse.player_mappings as links on links.sofasport_player_id = attributes.player_id"
    )
    assert own.count() == stored > 0
    averages = webapp.SofasportPlayerAttributes.objects.filter(is_average=True)
    assert averages.count() == own.values("athlete_id").distinct().count()
    for athlete_id in own.filter(year_shift=0).values_list("athlete_id", flat=True):
        assert own.get(athlete_id=athlete_id, year_shift=0).is_average is False


def test_the_ids_stay_the_same_in_a_rebuild(altered: Pipelines) -> None:
    before = {name_of(model): set(model._default_manager.values_list("pk", flat=True)) for model in MODELS}
    assert rebuild(altered.context("rebuild", WEDNESDAY)).different == []
    after = {name_of(model): set(model._default_manager.values_list("pk", flat=True)) for model in MODELS}
    assert after == before
    largest = max(max(ids) for ids in after.values())
    assert largest < 2**53, "JavaScript reads larger numbers inexactly"


ODD_VALUES: tuple[Any, ...] = (
    "abc", 10**30, -1.5, [1], {"a": 1}, "NaN", "Infinity", "2025-02-30", "\U0001f600" * 400, None,
)  # fmt: skip


def test_an_odd_value_of_the_source_ends_no_query(altered: Pipelines) -> None:
    altered.conn.execute("set session_replication_role = replica")
    for value in ODD_VALUES:
        for table in ("fpl_players", "fpl_teams", "fpl_fixtures", "sofasport_events"):
            change = "update pulse.{} set details = (select jsonb_object_agg(key, %s::jsonb) from jsonb_each(details))"
            altered.conn.execute(sql.SQL(change).format(sql.Identifier(table)), [Jsonb(value)])
        for model in MODELS:
            for row in model._default_manager.all():
                for field in model._meta.concrete_fields:
                    what = name_of(model), field.name, value
                    assert field.null or getattr(row, field.attname) is not None, what


def test_columns_with_a_length_are_cut_to_it(altered: Pipelines) -> None:
    altered.conn.execute("update pulse.sofasport_players set name = repeat('x', 300)")
    assert all(len(name) == 200 for name in webapp.SofasportLineup.objects.values_list("player_name", flat=True))


@pytest.mark.parametrize(
    ("text", "is_date"),
    [("2024-02-29", True), ("2000-02-29", True), ("2023-02-29", False), ("2025-04-31", False), ("2025-12-31", True),
     ("1899-01-01", False), ("2025-13-01", False), ("2025-01-00", False), ("2025-06-30", True), ("2025-02-30", False)],
)  # fmt: skip
def test_a_date_is_one_that_exists(unchanged: Pipelines, text: str, is_date: bool) -> None:
    found = unchanged.one("select webapp.date_of(jsonb_build_object('at', %s::text), 'at')::text", text)
    assert found == (text if is_date else None)
