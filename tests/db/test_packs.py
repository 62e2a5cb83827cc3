"""The pack of a gameweek: its files, the same bytes for the same data, whole or not at all."""

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from frictionless import Package, system

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from fpl_pulse.errors import NotStoredYetError, PackNotWrittenError, SelectionError
from fpl_pulse.etl.rebuild import rebuild
from fpl_pulse.packs import folder as folders
from fpl_pulse.packs import pack as packing
from fpl_pulse.packs import page
from fpl_pulse.packs.database import load_view, open_database
from fpl_pulse.packs.folder import Folder
from fpl_pulse.packs.manifest import Manifest
from fpl_pulse.packs.pack import Packed, write_pack
from fpl_pulse.packs.views import NOT_IN_PACKS, PACKED, VIEWS
from tests.db.packs import GAMEWEEK, SEASON, hashes, remembered_picture, stored
from tests.db.small_disk import small_disk

MAY_BE_EMPTY = ("corrections", "review_queue", "price_changes", "players_at_deadline", "external_ids")


@pytest.fixture(autouse=True, scope="module")
def _each_picture_is_drawn_once() -> Iterator[None]:
    """These tests write many packs with the same pictures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "picture_of", remembered_picture)
        yield


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packs")


@pytest.fixture(scope="module")
def written(unchanged: Pipelines, root: Path) -> Packed:
    """The pack of the small league's first week."""
    return write_pack(unchanged.conn, Folder(root))


@pytest.fixture(scope="module")
def pack(written: Packed, root: Path) -> Path:
    return root / SEASON / f"gw{GAMEWEEK:02d}"


def test_it_is_the_pack_of_the_newest_gameweek_that_has_begun(written: Packed, pack: Path) -> None:
    assert (written.season, written.gameweek, written.is_new) == (SEASON, GAMEWEEK, True)
    assert written.address == str(pack)
    assert stored(pack)["as_of"] == "2025-08-27T02:00:00+00:00"


def test_it_has_every_view_and_the_documents(pack: Path) -> None:
    names = {path.relative_to(pack).as_posix() for path in pack.rglob("*") if path.is_file()}
    views = {name for name in VIEWS if name not in NOT_IN_PACKS}
    expected = {f"season/{name}.{end}" for name in views for end in ("csv", "parquet")}
    expected |= {f"gameweek/{name}.{end}" for name in views if VIEWS[name].has_gameweek for end in ("csv", "parquet")}
    expected |= {
        "README.md", "data-dictionary.md", "datapackage.json", "defects.md", "index.html", "manifest.json",
        "season.duckdb",
    }  # fmt: skip
    assert {name for name in names if not name.startswith("pictures/")} == expected
    assert len(names - expected) > 10
    assert "### player_matches (view)" in (pack / "data-dictionary.md").read_text()
    assert "week_status" not in (pack / "data-dictionary.md").read_text()


def test_the_manifest_has_the_checksum_of_every_other_file(pack: Path) -> None:
    files = {file["path"]: file["sha256"] for file in stored(pack)["files"]}
    found = hashes(pack)
    del found["manifest.json"]
    assert files == found


def test_every_format_has_the_rows_of_the_views(unchanged: Pipelines, pack: Path) -> None:
    database = duckdb.connect(str(pack / "season.duckdb"), read_only=True)
    for view in PACKED:
        until = f" and gameweek <= {GAMEWEEK}" if view.has_gameweek and not view.is_calendar else ""
        season = "" if view.name in ("radar", "radar_seasons", "external_ids") else f" and season = '{SEASON}'"
        expected = unchanged.one(f"select count(*) from fpl.{view.name} where true{season}{until}")
        assert expected or view.name in MAY_BE_EMPTY
        for source in (
            f"fpl.{view.name}", f"'{pack}/season/{view.name}.parquet'", f"'{pack}/season/{view.name}.csv'"
        ):  # fmt: skip
            assert database.execute(f"select count(*) from {source}").fetchall() == [(expected,)], source
        if view.has_gameweek:
            of_gameweek = database.execute(
                f"select count(*) from fpl.{view.name} where gameweek = {GAMEWEEK}"
            ).fetchall()
            for source in (f"gameweek.{view.name}", f"'{pack}/gameweek/{view.name}.parquet'"):
                assert database.execute(f"select count(*) from {source}").fetchall() == of_gameweek
    database.close()


def test_the_values_are_those_of_the_store(unchanged: Pipelines, pack: Path) -> None:
    columns = "player, team, minutes, expected_goals::float8, rating::float8, kickoff_at, price::float8"
    order = "order by fixture_id, code"
    with unchanged.conn.cursor() as cursor:
        expected = cursor.execute(f"select {columns} from fpl.player_matches {order}".encode()).fetchall()
    with duckdb.connect(str(pack / "season.duckdb"), read_only=True) as database:
        database.execute("set TimeZone = 'UTC'")
        for source in ("fpl.player_matches", f"'{pack}/season/player_matches.parquet'"):
            assert database.execute(f"select {columns} from {source} {order}").fetchall() == expected
        lists = database.execute(
            "select opponents, fixture_ids from fpl.player_gameweeks where player is not null"
        ).fetchone()
    assert lists is not None
    assert all(isinstance(one, list) and one for one in lists)


def test_the_data_package_is_valid(pack: Path) -> None:
    with system.use_context(trusted=True):
        package = Package(str(pack / "datapackage.json"))
        report = package.validate()
    assert report.valid, report.flatten(["type", "name", "message"])[:5]
    resources = {resource.path: resource for resource in package.resources}
    assert len(resources) > 50
    matches = resources["season/player_matches.csv"]
    assert matches.schema.primary_key == ["season", "fixture_id", "code"]
    assert matches.schema.get_field("kickoff_at").type == "datetime"
    assert "SofaSport" in str(matches.schema.get_field("sofasport_minutes").description)


def test_the_same_data_gives_the_same_bytes(unchanged: Pipelines, pack: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    write_pack(unchanged.conn, Folder(elsewhere))
    assert hashes(elsewhere / SEASON / "gw02") == hashes(pack)
    assert [path.name for path in (elsewhere / SEASON).iterdir()] == ["gw02"]


def test_the_same_pack_is_not_written_again(unchanged: Pipelines, pack: Path, root: Path) -> None:
    inode = pack.stat().st_ino
    again = write_pack(unchanged.conn, Folder(root), SEASON, GAMEWEEK)
    assert not again.is_new
    assert pack.stat().st_ino == inode


def test_a_damaged_pack_is_repaired(unchanged: Pipelines, pack: Path, tmp_path: Path) -> None:
    copy = tmp_path / SEASON / "gw02"
    shutil.copytree(pack, copy)
    (copy / "season" / "players.csv").write_text("")
    assert write_pack(unchanged.conn, Folder(tmp_path)).is_new
    assert hashes(copy) == hashes(pack)


def test_a_rebuilt_archive_gives_the_same_pack(small: Pipelines, pack: Path, tmp_path: Path) -> None:
    context = small.context("rebuild_from_raw", small.one("select max(as_of) from pulse.pipeline_runs"))
    rebuild(context)
    write_pack(small.conn, Folder(tmp_path))
    assert hashes(tmp_path / SEASON / "gw02") == hashes(pack)


def test_an_earlier_gameweek_ends_with_it(unchanged: Pipelines, tmp_path: Path) -> None:
    packed = write_pack(unchanged.conn, Folder(tmp_path), SEASON, 1)
    with duckdb.connect(f"{packed.address}/season.duckdb", read_only=True) as database:
        assert database.execute("select distinct gameweek from fpl.player_matches").fetchall() == [(1,)]
        # A calendar has what is to come.
        assert database.execute("select max(gameweek) > 2 from fpl.fixtures").fetchall() == [(True,)]


@pytest.mark.parametrize(
    ("season", "gameweek", "expected"),
    [
        (None, 99, "Gameweek 99 of season 2025-26 does not exist .* Choose a gameweek from 1 to 2"),
        (None, 5, "Gameweek 5 of season 2025-26 has not begun"),
        ("1999-00", None, "There is no season '1999-00' in the store. Choose one of: 2025-26"),
        ("'; drop table x; --", None, "There is no season"),
    ],
)
def test_an_unknown_choice_is_named(
    unchanged: Pipelines, tmp_path: Path, season: str | None, gameweek: int | None, expected: str
) -> None:
    with pytest.raises(SelectionError, match=expected):
        write_pack(unchanged.conn, Folder(tmp_path), season, gameweek)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_store_has_no_pack(conn: psycopg.Connection, tmp_path: Path) -> None:
    with pytest.raises(NotStoredYetError, match="The store is empty"):
        write_pack(conn, Folder(tmp_path))


def test_a_load_under_way_does_not_show(small: Pipelines, pack: Path, tmp_path: Path, dsn_of_small: str) -> None:
    """Another session loads while the pack is read: all tables are those of before."""

    def load_then_disturb(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        found = load_view(*arguments, **options)
        with psycopg.connect(dsn_of_small, autocommit=True) as other:
            other.execute("update pulse.fpl_players set web_name = 'X', now_cost = now_cost + 1")
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "load_view", load_then_disturb)
        write_pack(small.conn, Folder(tmp_path))
    assert hashes(tmp_path / SEASON / "gw02") == hashes(pack)


@pytest.fixture
def dsn_of_small(postgres: EmbeddedPostgres, small: Pipelines) -> str:
    return postgres.dsn(small.conn.info.dbname)


def changed(small: Pipelines) -> None:
    """Let a run two days later correct a figure of gameweek 1."""
    small.conn.execute(
        "update pulse.sofasport_lineup_players set touches = touches + 1, observed_at = observed_at + interval '2 days'"
        " where (event_id, player_id) in (select event_id, sofasport_player_id from fpl.player_matches"
        "  where gameweek = 1 and touches > 0 order by fixture_id, code limit 1)"
    )
    small.conn.execute("update pulse.raw_responses set as_of = as_of + interval '2 days'")


def test_what_was_revised_since_the_last_pack_is_named(small: Pipelines, pack: Path, tmp_path: Path) -> None:
    target = tmp_path / SEASON / "gw02"
    shutil.copytree(pack, target)
    assert "There is no earlier pack" in (target / "defects.md").read_text()
    changed(small)
    assert write_pack(small.conn, Folder(tmp_path)).is_new
    page = (target / "defects.md").read_text().split("## Revised")[1]
    assert "The last pack is that of gameweek 2, with the data of 2025-08-27 02:00 UTC" in page
    assert "| player\\_matches | 1 |" in page
    assert "| heatmaps |" not in page
    assert "| touches |" in page
    again = hashes(target)
    assert not write_pack(small.conn, Folder(tmp_path)).is_new
    assert hashes(target) == again


def test_what_is_missing_or_doubtful_is_named(small: Pipelines, tmp_path: Path) -> None:
    small.conn.execute(
        "delete from pulse.sofasport_heatmaps where event_id = (select min(event_id) from pulse.sofasport_heatmaps)"
    )
    small.conn.execute(
        "update pulse.mapping_candidates set status = 'review' where kind = 'player' and sofasport_id ="
        " (select min(sofasport_id) from pulse.mapping_candidates where kind = 'player' and status = 'linked')"
    )
    small.conn.execute("update pulse.sofasport_players set name = '<b>|[x](http://evil)' || chr(10) || '# head'")
    small.conn.execute(
        "insert into pulse.figure_differences (season, fixture_id, figure, fpl_code, sofasport_player_id,"
        " sofasport_value, fpl_value, counts) select season, fixture_id, 'goals', code, 0, 1, 2, true"
        " from fpl.player_matches where gameweek = 1 order by code limit 1"
    )
    small.conn.execute(
        "insert into pulse.rejected_records (endpoint, resource, path, response_id, reason, record, as_of, resource_id)"
        " select 'events/lineups', 'event_id=1', 'home.players[3]', response_id, 'minutes is -5', '{}', as_of,"
        " resource_id"
        " from pulse.raw_responses order by response_id limit 1"
    )
    write_pack(small.conn, Folder(tmp_path))
    page = (tmp_path / SEASON / "gw02" / "defects.md").read_text()
    missing, not_loaded, doubtful, review, _ = page.split("\n## ")[1:]
    assert "| heatmaps |" in missing
    assert "minutes is -5" in not_loaded
    assert "| goals | 2 | 1 |" in doubtful
    assert r"\<b\>\|\[x\](http://evil) \# head" in review
    assert "<b>" not in page


class Killed(BaseException):
    """The process ends in the middle of a write."""


@pytest.fixture
def before(small: Pipelines, pack: Path, tmp_path: Path) -> dict[str, str]:
    """The files of a pack that a new one is to replace."""
    shutil.copytree(pack, tmp_path / SEASON / "gw02")
    changed(small)
    return hashes(tmp_path)


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("write_parquet", OSError(errno.ENOSPC, "No space left on device")),
        ("defects", Killed()),
        ("write_page", Killed()),
        ("packed_file", PermissionError(errno.EACCES, "no")),
        ("publish", Killed()),
    ],
)
def test_an_interrupted_write_leaves_the_pack_of_before(  # noqa: PLR0917 - fixtures
    small: Pipelines,
    before: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: BaseException,
) -> None:
    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        if step == "publish":
            patch.setattr(folders, "_exchange", fail)
        else:
            patch.setattr(packing, step, fail)
        with pytest.raises((PackNotWrittenError, Killed)):
            write_pack(small.conn, Folder(tmp_path))
    assert hashes(tmp_path) == before
    assert [path.name for path in (tmp_path / SEASON).iterdir()] == ["gw02"]


def test_without_an_exchange_of_names_a_killed_write_loses_nothing(
    small: Pipelines, before: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "_exchange", lambda *_: False)
    rename = Path.rename

    def killed_at_the_second(path: Path, target: Path) -> Path:
        if path.name.endswith(folders.BUILDING):
            raise Killed
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed_at_the_second)
        with pytest.raises(Killed):
            write_pack(small.conn, Folder(tmp_path))
    assert not (tmp_path / SEASON / "gw02").exists()
    with Folder(tmp_path).scratch(f"{SEASON}/gw02"):
        assert hashes(tmp_path) == before
    assert write_pack(small.conn, Folder(tmp_path)).is_new
    assert [path.name for path in (tmp_path / SEASON).iterdir()] == ["gw02"]


def test_what_a_killed_write_has_left_is_removed(small: Pipelines, tmp_path: Path) -> None:
    left = tmp_path / SEASON / f".gw02.abcd1234.{folders.BUILDING}"
    left.mkdir(parents=True)
    (left / "half.csv").write_text("half")
    other = tmp_path / SEASON / "notes.txt"
    other.write_text("mine")
    write_pack(small.conn, Folder(tmp_path))
    assert sorted(path.name for path in (tmp_path / SEASON).iterdir()) == ["gw02", "notes.txt"]


def test_a_full_disk_is_named_and_nothing_changes(small: Pipelines, pack: Path) -> None:
    with small_disk() as disk:
        place = Folder(disk.mount_point / "packs")
        shutil.copytree(pack, disk.mount_point / "packs" / SEASON / "gw02")
        changed(small)
        kept = hashes(disk.mount_point / "packs")
        disk.fill(leave_kb=1000)
        with pytest.raises(PackNotWrittenError, match=r"The disk of .*gw02 is full.*Free space there, or set"):
            write_pack(small.conn, place)
        assert hashes(disk.mount_point / "packs") == kept
        assert [path.name for path in (disk.mount_point / "packs" / SEASON).iterdir()] == ["gw02"]
        disk.free()
        assert write_pack(small.conn, place).is_new


def test_a_place_that_is_a_file_is_named(small: Pipelines, tmp_path: Path) -> None:
    (tmp_path / "packs").write_text("no folder")
    with pytest.raises(PackNotWrittenError, match="was not written"):
        write_pack(small.conn, Folder(tmp_path / "packs"))


def test_a_damaged_manifest_is_no_obstacle(unchanged: Pipelines, pack: Path, tmp_path: Path) -> None:
    target = tmp_path / SEASON / "gw02"
    target.mkdir(parents=True)
    (target / "manifest.json").write_text("{")
    assert write_pack(unchanged.conn, Folder(tmp_path)).is_new
    assert hashes(target) == hashes(pack)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"format": 99}', '{"format": 1, "season": 1, "gameweek": "x"}', "\ud800"]
)
def test_a_damaged_manifest_is_read_as_none(text: str) -> None:
    assert Manifest.read(text.encode(errors="surrogatepass"), "here") is None


@pytest.mark.parametrize("text", ["Knee injury\r\nUnknown return", "a\rb", "a\nb", '"\r"'])
def test_a_text_with_line_breaks_in_the_first_row_comes_back(small: Pipelines, tmp_path: Path, text: str) -> None:
    small.conn.execute(
        "update pulse.fpl_players set news = %s where element_id ="
        " (select element_id from fpl.players order by season, code limit 1)",
        [text],
    )
    packed = write_pack(small.conn, Folder(tmp_path))
    with duckdb.connect(str(tmp_path / SEASON / f"gw{packed.gameweek:02d}" / "season.duckdb"), read_only=True) as kept:
        assert kept.execute("select news from fpl.players where news is not null").fetchall() == [(text,)]


def test_the_radar_of_an_earlier_season_has_everybody_who_had_one_then(small: Pipelines, tmp_path: Path) -> None:
    params = {"season": "2024-25", "gameweek": 38}
    with open_database(Path(":memory:"), tmp_path) as database:
        table = load_view(small.conn, database, VIEWS["radar"], params, folder=tmp_path)
    assert table.rows == small.one("select count(*) from fpl.radar_seasons where season = '2024-25'") > 10
