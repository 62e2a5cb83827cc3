"""The database's disk fills up during a run: the run fails, and a clear with free space completes the data."""

import psycopg
import pytest

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines, slots_of
from fpl_pulse.store.digest import different, digest
from fpl_pulse.store.schema import upgrade
from tests.db.small_disk import small_disk
from tests.installations import FIRST_MONDAY

MONDAY = slots_of(FIRST_MONDAY)["update_fixture_mappings"]
FREE_KB = 100


def test_a_full_disk_fails_the_run_and_a_clear_with_free_space_completes_the_data(
    sandbox: str, pipelines: Pipelines
) -> None:
    pipelines.run("update_fixture_mappings", MONDAY)
    clean = digest(pipelines.conn)
    with small_disk() as disk, EmbeddedPostgres(disk.mount_point / "postgres", durable=True) as server:
        server.create_database("pulse")
        upgrade(server.dsn("pulse"))
        disk.fill(leave_kb=FREE_KB)
        with (
            psycopg.connect(server.dsn("pulse"), autocommit=True) as conn,
            pytest.raises(psycopg.OperationalError) as failed,
        ):
            Pipelines(conn, sandbox).run("update_fixture_mappings", MONDAY)
        assert "No space left on device" in str(failed.value) or failed.value.sqlstate is None
        disk.free()
        if server.status() is None:
            server.start()
        with psycopg.connect(server.dsn("pulse"), autocommit=True) as conn:
            assert different(clean, digest(conn)) != []
            Pipelines(conn, sandbox).run("update_fixture_mappings", MONDAY)
            assert different(clean, digest(conn)) == []
