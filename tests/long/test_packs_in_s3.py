"""The tests of object stores on a real S3 server: `make objectstore`, which installs requirements-s3.txt beside."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fpl_pulse.airflow.packing import place_of_setting
from fpl_pulse.errors import PackNotWrittenError
from fpl_pulse.packs.place import Place
from fpl_pulse.packs.settings import PACKS, SCRATCH
from tests.dags.test_pack_places import (
    PACK,
    build,
    publish,
    test_a_missing_file_shows,
    test_a_pack_is_what_latest_json_names,
    test_an_interrupted_write_leaves_the_pack_of_before,
    test_readers_keep_the_version_of_before_and_older_ones_go,
)

__all__ = [
    "test_a_missing_file_shows",
    "test_a_pack_is_what_latest_json_names",
    "test_an_interrupted_write_leaves_the_pack_of_before",
    "test_readers_keep_the_version_of_before_and_older_ones_go",
]
"""Tests that run with the fixture `stored` of this file."""

BUCKET = "pulse"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of an S3 server on loopback with an empty bucket."""
    # Only requirements-s3.txt has these packages.
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client(address).create_bucket(Bucket=BUCKET)
    yield address
    server.stop()


def client(address: str) -> Any:  # noqa: ANN401 - boto3 has no types
    import boto3

    return boto3.client(
        "s3",
        endpoint_url=address,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        region_name="us-east-1",
    )


def connection(address: str) -> str:
    extra = {
        "endpoint_url": address, "region_name": "us-east-1",
        "config_kwargs": {"retries": {"max_attempts": 1}, "connect_timeout": 2},
    }  # fmt: skip
    return json.dumps({"conn_type": "aws", "login": "testing", "password": "hush-hush", "extra": extra})


@pytest.fixture
def stored(s3: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest) -> Place:
    """A place of its own in the bucket."""
    monkeypatch.setenv("AIRFLOW_CONN_FPL_PULSE_PACKS", connection(s3))
    monkeypatch.setenv(PACKS, f"s3://fpl_pulse_packs@{BUCKET}/{request.node.name}")
    monkeypatch.setenv(SCRATCH, str(tmp_path / "scratch"))
    return place_of_setting()


def test_objects_have_the_media_type_that_a_browser_needs(
    stored: Place, s3: str, request: pytest.FixtureRequest
) -> None:
    with stored.scratch(PACK) as folder:
        build(folder, "first")
        (folder / "index.html").write_text("<!doctype html>")
        (folder / "pictures").mkdir()
        (folder / "pictures" / "team-of-the-week.png").write_bytes(b"png")
        stored.publish(PACK, folder)
    found = client(s3).list_objects_v2(Bucket=BUCKET, Prefix=f"{request.node.name}/")["Contents"]
    types = {
        Path(one["Key"]).name: client(s3).head_object(Bucket=BUCKET, Key=one["Key"])["ContentType"] for one in found
    }
    assert types["index.html"] == "text/html"
    assert types["team-of-the-week.png"] == "image/png"
    assert types["players.csv"] == "text/csv"


def test_an_unreachable_store_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    monkeypatch.setenv("AIRFLOW_CONN_FPL_PULSE_NOWHERE", connection(address))
    monkeypatch.setenv(PACKS, f"s3://fpl_pulse_nowhere@{BUCKET}/x")
    monkeypatch.setenv(SCRATCH, str(tmp_path))
    with pytest.raises(
        PackNotWrittenError, match="The object store of s3://fpl_pulse_nowhere@pulse/x/2025-26/gw07 did not"
    ) as failed:
        place_of_setting().manifest(PACK)
    assert "hush-hush" not in str(failed.value)
    assert "Make the object store reachable" in str(failed.value)


def test_a_bucket_that_does_not_exist_is_named(s3: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_FPL_PULSE_PACKS", connection(s3))
    monkeypatch.setenv(PACKS, "s3://fpl_pulse_packs@no-such-bucket")
    monkeypatch.setenv(SCRATCH, str(tmp_path))
    with pytest.raises(PackNotWrittenError, match="did not work"):
        publish(place_of_setting(), "first")
    assert list(tmp_path.iterdir()) == []


def test_a_connection_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Without a connection, the library of S3 would ask the machine for its role.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv(PACKS, "s3://no_such_connection@bucket/x")
    monkeypatch.setenv(SCRATCH, str(tmp_path))
    with pytest.raises(PackNotWrittenError, match="There is no Airflow connection 'no_such_connection'"):
        place_of_setting()
