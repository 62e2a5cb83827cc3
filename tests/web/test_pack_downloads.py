"""The packs on the page of the data, and their downloads: single files, and a whole pack as a ZIP file."""

import gc
import hashlib
import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, is_zipfile

import pytest
import requests

from dev.pipelines import Pipelines
from fpl_pulse.packs.manifest import MANIFEST, Manifest, PackedFile
from fpl_pulse.packs.settings import PACKS
from fpl_pulse.packs.shelf import open_pack
from fpl_pulse.packs.zipped import PackReplacedError, zip_parts
from fpl_pulse.web.database import MOST_CONNECTIONS
from fpl_pulse.web.pages import pack_files
from tests.web.browsing import pages_on, text_of
from tests.web.conftest import connector
from tests.web.serving import Client

SECRET = b"a secret beside the packs"


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a pack, and a secret beside it."""
    monkeypatch.setenv(PACKS, str(tmp_path / "packs"))
    (tmp_path / "secret.csv").write_bytes(SECRET)
    folder = tmp_path / "packs" / "2025-26" / "gw02"
    (folder / "season").mkdir(parents=True)
    contents = {
        "README.md": b"# A pack",
        "season.duckdb": os.urandom(20_000_000),
        "season/players.csv": "\ufeffplayer\r\nØdegaard\r\n".encode() * 100,
        "season/players.parquet": b"PAR1",
        "index.html": b"<script>alert(1)</script>",
    }
    for path, content in contents.items():
        (folder / path).write_bytes(content)
    files = [
        PackedFile(path, len(content), hashlib.sha256(content).hexdigest(), 100 if "csv" in path else None)
        for path, content in contents.items()
    ]
    named = [
        *files,
        PackedFile("link.csv", 1, ""),
        PackedFile("linked/secret.csv", 1, ""),
        PackedFile("pipe.csv", 1, ""),
    ]
    named += [PackedFile("../../../secret.csv", 1, ""), PackedFile(str(tmp_path / "secret.csv"), 1, "")]
    manifest = Manifest("2025-26", 2, "2025-08-27T02:00:00+00:00", named, {})
    (folder / "manifest.json").write_bytes(manifest.encoded())
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "linked").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.csv")
    (folder / "not_in_the_manifest.csv").write_bytes(SECRET)
    return folder


@pytest.fixture(scope="module")
def client(unchanged: Pipelines) -> Iterator[Client]:
    with pages_on(connector(unchanged.conn)) as pages:
        yield pages


def test_the_packs_are_listed_with_size_and_time(client: Client, packs: Path) -> None:
    (packs.parent / "gw01").mkdir()
    (packs.parent / "gw03").mkdir()
    (packs.parent / "gw03" / "manifest.json").write_text("damaged")
    shown = text_of(client.get("/data/").text)
    assert "2025-26, gameweek 2 Wed 27 Aug 03:00 2025 10 20.0 MB ZIP · season.duckdb" in shown
    assert "gameweek 3" not in shown
    page = client.get("/data/packs/2025-26/gw02/")
    assert "players.csv 100" in text_of(page.text)
    assert 'href="../../../../data/packs/2025-26/gw02/season/players.csv"' in page.text


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("season/players.csv", "text/csv; charset=utf-8"),
        ("season/players.parquet", "application/vnd.apache.parquet"),
        ("season.duckdb", "application/octet-stream"),
        ("README.md", "text/markdown; charset=utf-8"),
        ("manifest.json", "application/json"),
        ("index.html", "text/html; charset=utf-8"),
    ],
)
def test_a_file_is_sent_as_it_is(client: Client, packs: Path, path: str, media_type: str) -> None:
    address = f"/data/packs/2025-26/gw02/{path}"
    response = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert response.content == (packs / path).read_bytes()
    assert int(response.headers["Content-Length"]) == len(response.content)
    assert response.headers["Content-Type"] == media_type
    name = path.rpartition("/")[2]
    assert response.headers["Content-Disposition"] == f'attachment; filename="2025-26-gw02-{name}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    # A validator of its own: the middleware that makes one from the content would hold the whole file in memory.
    assert not response.headers["ETag"].startswith("W/")
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    tag = response.headers["ETag"]
    for kept, status in ((f'"other", W/{tag}', 304), ("*", 304), (f'"{tag}"', 200), (tag.strip('"'), 200)):
        assert client.get(address, headers={"If-None-Match": kept}).status_code == status, kept
    newer = response.content + b"\n"
    (packs / path).write_bytes(newer)
    assert client.get(address, headers={"If-None-Match": response.headers["ETag"]}).content == newer


def test_head_of_a_file_reads_nothing_of_it(client: Client, packs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert packs
    address = "/data/packs/2025-26/gw02/season/players.csv"
    expected = {name: value for name, value in client.get(address).headers.items() if name != "date"}
    monkeypatch.setattr(pack_files, "_parts", lambda *_: pytest.fail("HEAD reads the file"))
    head = client.head(address)
    assert head.status_code == 200
    assert {name: value for name, value in head.headers.items() if name != "date"} == expected


WHOLE = "/data/packs/2025-26/gw02.zip"


@pytest.fixture
def whole_pack(packs: Path) -> Path:
    """The pack with a manifest that names only the files that are there."""
    manifest = Manifest.read((packs / MANIFEST).read_bytes(), "")
    assert manifest is not None
    files = [file for file in manifest.files if file.sha256]
    (packs / MANIFEST).write_bytes(replace(manifest, files=files).encoded())
    return packs


def files_of(folder: Path) -> dict[str, bytes]:
    named = [*(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())]
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in named}
    return {path: content for path, content in found.items() if content != SECRET}


def test_a_whole_pack_is_sent_as_a_zip_file_with_the_same_bytes(client: Client, whole_pack: Path) -> None:
    response = client.get(WHOLE, headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == 'attachment; filename="fpl-pulse-2025-26-gw02.zip"'
    with ZipFile(BytesIO(response.content)) as zipped:
        assert zipped.testzip() is None
        sent = {entry.filename: zipped.read(entry) for entry in zipped.infolist()}
        assert {entry.date_time for entry in zipped.infolist()} == {(2025, 8, 27, 2, 0, 0)}
        assert all(entry.external_attr >> 16 == 0o644 for entry in zipped.infolist())
        # A program that reads from the beginning finds the end of a compressed file only.
        assert {entry.compress_type for entry in zipped.infolist()} == {ZIP_DEFLATED}
    assert sent == {f"fpl-pulse-2025-26-gw02/{path}": content for path, content in files_of(whole_pack).items()}
    assert client.get(WHOLE).content == response.content
    kept = client.get(WHOLE, headers={"If-None-Match": response.headers["ETag"]})
    assert (kept.status_code, kept.content) == (304, b"")
    manifest = whole_pack / MANIFEST
    manifest.write_bytes(manifest.read_bytes().replace(b"2025-08-27", b"2025-08-28"))
    assert client.get(WHOLE, headers={"If-None-Match": response.headers["ETag"]}).status_code == 200


def test_head_of_a_whole_pack_makes_no_zip_file(
    client: Client, whole_pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert whole_pack
    sent = client.get(WHOLE).headers
    expected = {name: value for name, value in sent.items() if name not in ("date", "transfer-encoding")}
    monkeypatch.setattr(pack_files, "zip_parts", lambda *_: pytest.fail("HEAD makes the ZIP file"))
    head = client.head(WHOLE)
    assert head.status_code == 200
    # A ZIP file that is made while it is sent has no length, not the length 0.
    unlike = {"date", "transfer-encoding"}
    assert {name: value for name, value in head.headers.items() if name not in unlike} == expected


@pytest.mark.parametrize("damage", ["missing", "shorter", "a link", "named outside"])
def test_of_a_damaged_pack_no_zip_file_is_sent(client: Client, whole_pack: Path, damage: str) -> None:
    victim = whole_pack / "season" / "players.csv"
    if damage == "named outside":
        manifest = (whole_pack / MANIFEST).read_bytes()
        (whole_pack / MANIFEST).write_bytes(manifest.replace(b"season/players.csv", b"../../../secret.csv"))
    elif damage == "shorter":
        victim.write_bytes(victim.read_bytes()[:-1])
    else:
        victim.unlink()
        if damage == "a link":
            victim.symlink_to(whole_pack.parents[2] / "secret.csv")
    response = client.get(WHOLE)
    assert response.status_code == 404
    assert SECRET not in response.content
    assert "is damaged" in response.text
    assert "`make pack SEASON=2025-26 GW=2` writes it again" in response.text


def test_a_pack_that_is_replaced_while_it_is_sent_gives_no_whole_zip_file(whole_pack: Path) -> None:
    opened = open_pack(whole_pack.parents[1], "2025-26", "gw02")
    assert opened is not None
    parts = zip_parts(opened)
    sent = next(parts)
    whole_pack.rename(whole_pack.with_name("gw03"))
    assert (whole_pack.with_name("gw03") / "season.duckdb").exists()
    for path in whole_pack.with_name("gw03").iterdir():
        if path.is_file():
            path.unlink()
    with pytest.raises(PackReplacedError, match="has been replaced while it was sent"):
        sent += b"".join(parts)
    assert not is_zipfile(BytesIO(sent))


def test_the_folder_of_a_pack_is_closed_at_the_end_and_when_nobody_reads(whole_pack: Path) -> None:
    def open_descriptors() -> set[str]:
        return {os.path.realpath(one) for one in Path("/proc/self/fd").iterdir()}

    for read in (True, False):
        opened = open_pack(whole_pack.parents[1], "2025-26", "gw02")
        assert opened is not None
        assert str(whole_pack) in open_descriptors()
        parts = zip_parts(opened)
        if read:
            list(parts)
        del parts, opened
        gc.collect()
        assert str(whole_pack) not in open_descriptors(), read


@pytest.mark.parametrize(
    "path",
    [
        "2025-26/gw02/../../../secret.csv", "2025-26/gw02/..%2F..%2F..%2Fsecret.csv",
        "2025-26/gw02/%2e%2e/gw02/README.md",
        "2025-26/gw02/link.csv", "2025-26/gw02/linked/secret.csv", "2025-26/gw02/pipe.csv",
        "2025-26/gw02/not_in_the_manifest.csv", "2025-26/gw02//etc/passwd.csv", "2025-26/gw02/README.md%00.csv",
        "2025-26/gw02/season", "2025-26/gw02/season/", "2025-26/gw03/README.md", "2025-26/gw2/README.md",
        "../packs/2025-26/gw02/README.md", "2025-26%2Fgw02/x.csv", "2025-2%EF%BC%96/gw02/README.md",
        "2025-26/gw02/..\\secret.csv",
        "2025-26/gw02/%2e%2e%2f%2e%2e%2f%2e%2e%2fsecret.csv",
    ],
)  # fmt: skip
def test_nothing_else_is_sent(client: Client, packs: Path, path: str) -> None:
    # A client of requests would resolve the dots itself.
    request = requests.Request("GET", client.address).prepare()
    request.url = f"{client.address}/data/packs/{path}"
    response = client.send(request, timeout=10)
    assert response.status_code in (404, 422), response.text
    assert SECRET not in response.content
    absolute = f"{client.address}/data/packs/2025-26/gw02/{packs.parents[2] / 'secret.csv'}"
    assert SECRET not in client.send(requests.Request("GET", absolute).prepare(), timeout=10).content


def test_a_season_that_is_a_link_is_not_followed(client: Client, packs: Path) -> None:
    (packs.parents[1] / "2024-25").symlink_to(packs.parent)
    assert client.get("/data/packs/2024-25/gw02/README.md").status_code == 404


def test_slow_downloads_keep_nobody_waiting(client: Client, packs: Path) -> None:
    assert packs
    host, port = client.address.removeprefix("http://").split(":")
    downloads = []
    for _ in range(MOST_CONNECTIONS + 2):
        download = socket.create_connection((host, int(port)), timeout=10)
        download.sendall(b"GET /data/packs/2025-26/gw02/season.duckdb HTTP/1.1\r\nHost: x\r\n\r\n")
        assert download.recv(12) == b"HTTP/1.1 200"
        downloads.append(download)
    assert client.get("/data/", timeout=5).status_code == 200
    for download in downloads:
        download.close()


def test_without_packs_the_page_says_what_writes_one(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PACKS, str(tmp_path / "nothing"))
    assert "There is no pack yet." in text_of(client.get("/data/").text)
    assert client.get("/data/packs/2025-26/gw02/").status_code == 404


def test_of_packs_in_an_object_store_the_address_is_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PACKS, "s3://login:password@bucket/prefix?key=1")
    page = client.get("/data/").text
    assert "below s3://bucket/prefix ." in text_of(page)
    assert "password" not in page
    assert client.get("/data/packs/2025-26/gw02/README.md").status_code == 404
