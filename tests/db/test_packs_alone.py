"""One pack at a time: how a second one waits, and what holds while the first one is published."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from fpl_pulse.errors import PackNotWrittenError
from fpl_pulse.packs import alone as module
from fpl_pulse.packs.alone import LOCK, alone
from fpl_pulse.packs.folder import Folder
from fpl_pulse.packs.pack import write_pack
from fpl_pulse.packs.place import Confirm, nothing
from tests.db.packs import SEASON

TRY, UNLOCK = (LOCK.format(name).encode() for name in ("pg_try_advisory_lock", "pg_advisory_unlock"))


@pytest.fixture
def other(postgres: EmbeddedPostgres, small: Pipelines) -> Iterator[psycopg.Connection]:
    """Another session of the same store."""
    dsn = postgres.dsn(small.conn.info.dbname)
    with psycopg.connect(dsn, autocommit=True, application_name="another pack") as conn:
        yield conn


def test_a_second_pack_says_for_whom_it_waits_and_that_it_still_does(
    small: Pipelines, other: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "WAIT_LIMIT_MINUTES", 0.02)
    monkeypatch.setattr(module, "PROGRESS_S", 0.4)
    other.execute(TRY)
    expected = "Another pack of this store has been under way"
    with pytest.raises(PackNotWrittenError, match=expected) as failed, alone(small.conn):
        pytest.fail("two packs at one time")
    holder = f"the database session {other.info.backend_pid} of another pack from 127.0.0.1"
    assert holder in str(failed.value)
    assert f"is being written by {holder}, which began at " in caplog.messages[0]
    assert len([one for one in caplog.messages if one.startswith("Still waiting for the other pack, since")]) == 3
    assert small.one("show lock_timeout") == "0"


def test_a_second_pack_begins_when_the_first_one_is_done(
    small: Pipelines, other: psycopg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    other.execute(TRY)
    waiting = threading.Timer(0.3, other.execute, [UNLOCK])
    waiting.start()
    with alone(small.conn):
        waiting.join()
        assert other.execute(TRY).fetchone() == (False,)
    assert caplog.messages[-1] == "The other pack is done. This one begins"
    assert other.execute(TRY).fetchone() == (True,)


def test_a_pack_that_need_not_wait_says_nothing(small: Pipelines, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), alone(small.conn):
        pass
    assert caplog.messages == []


class Slow(Folder):
    """A place in which a test looks around during the upload."""

    def __init__(self, root: Path, small: Pipelines, other: psycopg.Connection, *, is_lost: bool = False) -> None:
        super().__init__(root)
        self._small, self._other, self._is_lost = small, other, is_lost
        self.seen: tuple[object, ...] = ()

    def publish(self, pack: str, built: Path, confirm: Confirm = nothing) -> None:
        snapshots = self._other.execute(
            "select count(*) from pg_stat_activity"
            " where pid = %s and (backend_xmin is not null or xact_start is not null)",
            [self._small.conn.info.backend_pid],
        ).fetchone()
        is_free = self._other.execute(TRY).fetchone()
        self.seen = (self._small.conn.info.transaction_status, snapshots, is_free)
        if self._is_lost:
            self._other.execute("select pg_terminate_backend(%s, 5000)", [self._small.conn.info.backend_pid])
        super().publish(pack, built, confirm)


def test_an_upload_holds_the_lock_but_no_transaction(
    small: Pipelines, other: psycopg.Connection, tmp_path: Path
) -> None:
    place = Slow(tmp_path, small, other)
    assert write_pack(small.conn, place).is_new
    assert place.seen == (TransactionStatus.IDLE, (0,), (False,))
    assert other.execute(TRY).fetchone() == (True,)


def test_a_pack_whose_lock_was_lost_during_the_upload_does_not_count(
    small: Pipelines, other: psycopg.Connection, tmp_path: Path
) -> None:
    with pytest.raises(PackNotWrittenError, match="The connection to the database was lost"):
        write_pack(small.conn, Slow(tmp_path, small, other, is_lost=True))
    assert list((tmp_path / SEASON).iterdir()) == []
