"""One view as one file: `python -m fpl_pulse.cli.export`, as a person types it, and what it says about mistakes."""

import csv
import errno
import io
import json
import shutil
from pathlib import Path

import duckdb
import pytest
from psycopg.conninfo import conninfo_to_dict

from dev.pipelines import Pipelines
from fpl_pulse.cli import export as command
from fpl_pulse.errors import PackNotWrittenError
from fpl_pulse.packs.export import Wanted, export
from fpl_pulse.packs.settings import SCRATCH
from fpl_pulse.packs.views import VIEWS
from tests.local.typed_commands import connection_to


@pytest.fixture(autouse=True)
def _connected(unchanged: Pipelines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store of the connection fpl_postgres, and an empty folder."""
    address = conninfo_to_dict(unchanged.conn.info.dsn, password=unchanged.conn.info.password)
    dsn = " ".join(f"{name}={value}" for name, value in address.items() if value)
    monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", connection_to(dsn))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def player(unchanged: Pipelines) -> tuple[int, str]:
    """A player whose name no other has."""
    row = unchanged.conn.execute(
        "select min(code), player from fpl.players group by player having count(*) = 1 order by 1 limit 1"
    ).fetchone()
    assert row is not None
    return int(row[0]), str(row[1])


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_can_be_exported(unchanged: Pipelines, view: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([view, "--format", "parquet"]) == 0
    printed = capsys.readouterr().out
    assert f"Wrote {view} of season 2025-26" in printed
    with duckdb.connect() as database:
        count = database.execute(f"select count(*) from '{view}.parquet'").fetchone()
    assert count == (unchanged.one(f"select count(*) from fpl.{view}"),)


def test_a_csv_of_a_player_in_a_gameweek(player: tuple[int, str], capsys: pytest.CaptureFixture[str]) -> None:
    code, name = player
    for who in (str(code), name, name.upper()):
        assert command.main(["player_matches", "--gameweek", "2", "--player", who, "--file", "Füße & mehr.csv"]) == 0
        (row,) = rows_of(Path("Füße & mehr.csv"))
        assert (row["code"], row["gameweek"], row["player"]) == (str(code), "2", name)
    assert "1 row" in capsys.readouterr().out


def test_values_come_from_the_variables_of_make(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("VIEW", "teams"), ("FORMAT", "json"), ("SEASON", "2025-26"), ("FILE", "clubs $(x).json")):
        monkeypatch.setenv(f"FPL_PULSE_TYPED_{name}", value)
    assert command.main([]) == 0
    assert len(json.loads(Path("clubs $(x).json").read_text())) == 6


def test_the_output_can_be_a_stream(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert command.main(["teams", "--file", "-"]) == 0
    printed = capfdbinary.readouterr()
    assert len(printed.out.decode("utf-8-sig").splitlines()) == 7
    assert printed.err.startswith(b"Wrote teams")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "Name a view, for example VIEW=player_matches. The views are: seasons,"),
        (["player_match"], "There is no view 'player_match'. Did you mean player_matches? Choose one of"),
        (["pulse.fpl_players; drop"], "There is no view 'pulse.fpl_players; drop'. Choose one of"),
        (["teams", "--format", "xlsx"], "There is no format 'xlsx'. Choose one of: csv, parquet, json."),
        (["teams", "--season", "1999-00"], "There is no season '1999-00' in the store. Choose one of: 2025-26."),
        (["player_matches", "--gameweek", "48"], "Season 2025-26 has no gameweek 48. It has gameweeks 1 to 10."),
        (["player_matches", "--gameweek", "7; x"], "'7; x' is no gameweek. Write a whole number"),
        (["player_matches", "--gameweek", "²"], "'²' is no gameweek"),
        (["teams", "--gameweek", "1"], "The view teams has no gameweeks. Views with gameweeks are: gameweeks,"),
        (["teams", "--player", "1"], "The view teams has no players. Views with players are: players,"),
        (["players", "--player", "Nobody Whatsoever"], "Season 2025-26 has no player 'Nobody Whatsoever'."),
        (["players", "--player", "999999999"], "Season 2025-26 has no player '999999999'."),
        (["players", "--player", "a"], "'a' can be several players: "),
    ],
)
def test_a_wrong_choice_is_named_and_nothing_is_written(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(arguments) == 2
    printed = capsys.readouterr()
    assert expected in printed.err
    assert printed.out == ""
    assert list(Path().iterdir()) == []


def test_a_name_with_a_slip_gets_a_suggestion(player: tuple[int, str], capsys: pytest.CaptureFixture[str]) -> None:
    code, name = player
    assert command.main(["players", "--player", f"{name}x"]) == 2
    assert str(code) in capsys.readouterr().err


def test_a_folder_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["teams", "--file", "no/such/folder.csv"]) == 1
    assert "no/such/folder.csv was not written (FileNotFoundError" in capsys.readouterr().err


def test_a_full_disk_leaves_the_file_of_before(unchanged: Pipelines, monkeypatch: pytest.MonkeyPatch) -> None:
    target = Path("teams.csv").absolute()
    target.write_text("mine")

    def full(_source: Path, draft: Path) -> None:
        draft.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(PackNotWrittenError, match=r"The disk of .*teams.csv is full"):
        export(unchanged.conn, Wanted("teams"), target)
    assert [path.read_text() for path in Path().iterdir()] == ["mine"]


def test_a_temporary_folder_that_cannot_be_used_is_named_and_not_the_file(
    unchanged: Pipelines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SCRATCH, str(tmp_path / "no folder"))
    (tmp_path / "no folder").write_text("a file")
    with pytest.raises(PackNotWrittenError, match=r"The temporary folder .*no folder was not written"):
        export(unchanged.conn, Wanted("teams"), Path("teams.csv").absolute())
    monkeypatch.setenv(SCRATCH, str(tmp_path / "full"))

    def full(*_: object, **__: object) -> None:
        raise duckdb.IOException("Could not write file: No space left on device")

    monkeypatch.setattr("fpl_pulse.packs.export.load_view", full)
    with pytest.raises(PackNotWrittenError) as failed:
        export(unchanged.conn, Wanted("teams"), Path("teams.csv").absolute())
    assert f"The disk of the temporary folder {tmp_path / 'full'} is full" in str(failed.value)
    assert "set FPL_PULSE_SCRATCH to another folder" in str(failed.value)
    assert "teams.csv" not in str(failed.value)
    assert not Path("teams.csv").exists()


def test_a_stream_gets_the_same_bytes_as_a_file(unchanged: Pipelines) -> None:
    stream = io.BytesIO()
    export(unchanged.conn, Wanted("player_seasons"), stream)
    export(unchanged.conn, Wanted("player_seasons"), Path("a.csv").absolute())
    assert Path("a.csv").read_bytes() == stream.getvalue()
