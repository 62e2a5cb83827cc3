"""Where packs go: a folder, or an object store through Airflow's ObjectStoragePath.

Here the store is in memory. `make objectstore` runs the same tests on a real S3 server.
"""

import json
import traceback
from pathlib import Path

import pytest
from airflow.sdk.io import attach
from fsspec.implementations.memory import MemoryFileSystem

from fpl_pulse.airflow.packing import place_of_setting
from fpl_pulse.errors import PackNotWrittenError
from fpl_pulse.packs.folder import Folder
from fpl_pulse.packs.manifest import MANIFEST, Manifest, packed_file
from fpl_pulse.packs.objects import LATEST, ObjectStore, without_secrets
from fpl_pulse.packs.place import Place
from fpl_pulse.packs.settings import PACKS, SCRATCH

PACK = "2025-26/gw07"


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest) -> Place:
    """A place of its own in an object store."""
    attach("memory", fs=MemoryFileSystem())
    monkeypatch.setenv(PACKS, f"memory://packs/{request.node.name}")
    monkeypatch.setenv(SCRATCH, str(tmp_path / "scratch"))
    return place_of_setting()


def build(folder: Path, text: str) -> Manifest:
    """A pack with one file."""
    (folder / "season").mkdir()
    (folder / "season" / "players.csv").write_text(text)
    files = [packed_file(folder, folder / "season" / "players.csv", 1)]
    manifest = Manifest("2025-26", 7, "2025-10-15T02:00:00+00:00", files, {})
    (folder / MANIFEST).write_bytes(manifest.encoded())
    return manifest


def publish(place: Place, text: str) -> bytes:
    with place.scratch(PACK) as folder:
        manifest = build(folder, text)
        place.publish(PACK, folder)
    assert not folder.exists()
    return manifest.encoded()


def objects_of(place: Place) -> dict[str, bytes]:
    """Name -> content of each object of the pack."""
    assert isinstance(place, ObjectStore)
    root = place._root / PACK
    found = [path for path in root.rglob("*") if path.is_file()]
    return {str(path).partition(f"{PACK}/")[2]: path.read_bytes() for path in found}


def test_without_a_setting_packs_go_to_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(PACKS, raising=False)
    monkeypatch.chdir(tmp_path)
    place = place_of_setting()
    assert isinstance(place, Folder)
    assert place.address(PACK) == str(tmp_path / "packs" / PACK)


def test_a_pack_is_what_latest_json_names(stored: Place) -> None:
    assert isinstance(stored, ObjectStore)
    assert stored.manifest(PACK) is None
    assert not stored.is_whole(PACK)
    manifest = publish(stored, "first")
    assert stored.manifest(PACK) == manifest
    assert stored.is_whole(PACK)
    objects = objects_of(stored)
    version = json.loads(objects[LATEST])["version"]
    assert set(objects) == {LATEST, f"{version}/{MANIFEST}", f"{version}/season/players.csv"}
    assert objects[f"{version}/season/players.csv"] == b"first"


def test_readers_keep_the_version_of_before_and_older_ones_go(stored: Place) -> None:
    for text in ("first", "second", "third"):
        publish(stored, text)
    objects = objects_of(stored)
    assert sorted(text for name, text in objects.items() if name.endswith("players.csv")) == [b"second", b"third"]
    version = json.loads(objects[LATEST])["version"]
    assert objects[f"{version}/season/players.csv"] == b"third"


def test_an_interrupted_write_leaves_the_pack_of_before(stored: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = publish(stored, "first")
    write = type(stored._root).write_bytes  # type: ignore[attr-defined]

    def fail(*_: object) -> None:
        raise ConnectionError("connection reset, key=https://user:hush-hush@host/x?X-Amz-Signature=abc")

    with monkeypatch.context() as patch:
        patch.setattr(type(stored._root), "write_bytes", fail)  # type: ignore[attr-defined]
        with pytest.raises(PackNotWrittenError, match="connection reset") as failed:
            publish(stored, "second")
    assert "hush-hush" not in str(failed.value)
    assert "Signature" not in str(failed.value)
    assert type(stored._root).write_bytes is write  # type: ignore[attr-defined]
    assert stored.manifest(PACK) == manifest
    publish(stored, "third")
    objects = objects_of(stored)
    assert sorted(text for name, text in objects.items() if name.endswith("players.csv")) == [b"first", b"third"]


def test_a_missing_file_shows(stored: Place) -> None:
    publish(stored, "first")
    assert isinstance(stored, ObjectStore)
    (name,) = (one for one in objects_of(stored) if one.endswith("players.csv"))
    (stored._root / PACK / name).unlink()
    assert not stored.is_whole(PACK)


@pytest.mark.parametrize("setting", ["gopher://x/y", "s3://bucket/x"])
def test_an_address_that_cannot_be_used_is_named(setting: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Without a connection, the library of S3 would ask the machine for its role.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv(PACKS, setting)
    monkeypatch.setenv(SCRATCH, str(tmp_path))
    with pytest.raises(PackNotWrittenError, match=r"FPL_PULSE_PACKS"):
        place_of_setting().manifest(PACK)


@pytest.mark.parametrize("kind", ["s3", "memory"])
def test_a_connection_that_does_not_exist_is_named(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the library of S3 uses whatever login it finds on the machine."""
    monkeypatch.setenv(PACKS, f"{kind}://No_such-one@bucket/x")
    with pytest.raises(PackNotWrittenError) as failed:
        place_of_setting()
    assert "There is no Airflow connection 'No_such-one', which FPL_PULSE_PACKS names" in str(failed.value)
    assert "Set AIRFLOW_CONN_NO_SUCH-ONE in .env as docs/packs.md says" in str(failed.value)


@pytest.mark.parametrize("value", ['{"conn_type": "aws", "password": "hush-hush"', ""])
def test_a_connection_that_is_damaged_is_named_without_its_password(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_FPL_PULSE_DAMAGED", value)
    monkeypatch.setenv(PACKS, "s3://fpl_pulse_damaged@bucket/x")
    with pytest.raises(PackNotWrittenError, match=r"connection 'fpl_pulse_damaged'.*or it cannot be read") as failed:
        place_of_setting()
    # A log shows the causes as well.
    assert "hush-hush" not in "".join(traceback.format_exception(failed.value))


def test_an_address_of_a_file_is_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(PACKS, f"file://{tmp_path}/my packs")
    place = place_of_setting()
    manifest = publish(place, "first")
    assert place.manifest(PACK) == manifest
    assert (tmp_path / "my packs" / PACK / MANIFEST).is_file()


def test_the_text_of_an_error_loses_what_may_be_secret() -> None:
    text = "GET https://user:word@host/key?X-Amz-Credential=a&X-Amz-Signature=b\nfailed"
    assert without_secrets(text) == "GET https://host/key failed"
    assert len(without_secrets("x" * 1000)) < 250


def test_older_versions_that_cannot_be_removed_are_a_warning(
    stored: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    publish(stored, "first")
    publish(stored, "second")

    def refuse(*_: object) -> None:
        raise PermissionError("no right to delete")

    with monkeypatch.context() as patch:
        patch.setattr(type(stored._root), "unlink", refuse)  # type: ignore[attr-defined]
        manifest = publish(stored, "third")
    assert stored.manifest(PACK) == manifest
    assert "older versions could not be removed: no right to delete" in caplog.text
