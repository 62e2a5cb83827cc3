"""The schema command on a database: what it prints, and its exit status."""

import pytest
from psycopg.conninfo import conninfo_to_dict

from fpl_pulse.cli import schema
from fpl_pulse.store import schema as migrations


@pytest.fixture
def connection(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Airflow connection of the store, to the database of the test."""
    parts = conninfo_to_dict(dsn)
    where = f"{parts['host']}:{parts['port']}/{parts['dbname']}"
    login = f"{parts['user']}:{parts.get('password', '')}"
    monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", f"postgres://{login}@{where}")


@pytest.mark.usefixtures("connection")
def test_the_status_is_0_only_at_the_newest_revision(capsys: pytest.CaptureFixture[str]) -> None:
    newest = migrations.newest()
    assert schema.main(["current"]) == 0
    assert f"at revision {newest}; the newest is {newest}" in capsys.readouterr().out
    assert schema.main(["downgrade", "0009"]) == 0
    assert "at revision 0009" in capsys.readouterr().out
    assert schema.main(["current"]) == 1
    assert schema.main(["upgrade"]) == 0
    assert schema.main(["current"]) == 0


def test_a_downgrade_without_a_revision_drops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        schema.main(["downgrade"])
    assert ended.value.code == 2
    assert "downgrade needs a revision" in capsys.readouterr().err
