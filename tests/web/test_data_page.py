"""The page of the data: coverage, rejected records, the archive's payloads, the census of keys, downloads of packs."""

import hashlib
import json
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from dev.pipelines import Pipelines
from fpl_pulse.packs.manifest import Manifest, PackedFile
from fpl_pulse.packs.settings import PACKS
from fpl_pulse.web.database import MOST_CONNECTIONS
from fpl_pulse.web.pages import data_page, pack_files
from tests.web.browsing import pages_on, text_of
from tests.web.conftest import connector
from tests.web.serving import Client

HOSTILE = "<script>alert(1)</script> \u202eevil 'quoted' \"twice\" 😀 " + "long" * 60
SECRET = b"a secret beside the packs"


def test_what_is_missing_is_named_by_gameweek(small: Pipelines) -> None:
    small.conn.execute(
        "update pulse.coverage set want = have + 52, is_enough = false,"
        " missing = array_fill('Ødegaard'::text, array[49]) || %s::text where gameweek = 1 and what = 'heatmaps'",
        [HOSTILE],
    )
    with pages_on(connector(small.conn)) as client:
        page = client.get("/data/")
    shown = text_of(page.text)
    assert re.search(r"heatmaps: 52 of \d+ . the check failed Ødegaard, Ødegaard", shown)
    assert "and 2 more" in shown
    assert "<script>alert" not in page.text
    assert re.search(r"Fixture mappings Mon 25 Aug 02:00 2025 success Mon 25 Aug 02:00 2025", shown)


@pytest.fixture
def rejecting(small: Pipelines) -> tuple[Pipelines, int]:
    """An installation with 120 rejected records of one response, and the number of the response."""
    small.conn.execute(
        "insert into pulse.rejected_records (endpoint, resource, path, response_id, reason, record, as_of, resource_id)"
        " select endpoint, resource, 'home.players[' || number || ']', response_id, %(reason)s, %(record)s, as_of,"
        " resource_id from (select * from pulse.raw_resources where endpoint = 'events/lineups' order by 1, 2 limit 1)"
        " as one cross join generate_series(1, 120) as number",
        {"reason": HOSTILE, "record": json.dumps({"name": HOSTILE})},
    )
    return small, small.one("select min(response_id) from pulse.rejected_records")


def test_rejected_records_are_listed_page_by_page(rejecting: tuple[Pipelines, int]) -> None:
    with pages_on(connector(rejecting[0].conn)) as client:
        first, last = client.get("/data/"), client.get("/data/?endpoint=events/lineups&offset=100")
        assert "1\N{EN DASH}50 of 120" in text_of(first.text)
        assert "101\N{EN DASH}120 of 120" in text_of(last.text)
        assert first.text.count("home.players[") == 50
        assert 'href="./?offset=50" rel="next"' in first.text
        assert "<script>alert" not in first.text + last.text
        other = text_of(client.get("/data/?endpoint=fpl/fixtures").text)
        assert "The rest of their response was loaded. A corrected response removes them. Endpoint All" in other
        assert "None. Keys of the responses" in other
        assert "The list ends before this place" in text_of(client.get("/data/?offset=1000").text)


def test_a_response_is_shown_as_text_up_to_a_stated_size(
    rejecting: tuple[Pipelines, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    installation, number = rejecting
    body = {"name": HOSTILE, "half": "\ud83d", "list": [1, 2]}
    installation.conn.execute(
        "update pulse.raw_responses set body = %s::json where response_id = %s", [json.dumps(body), number]
    )
    with pages_on(connector(installation.conn)) as client:
        page = client.get(f"/data/responses/{number}/")
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text
        assert "\\ud83d" in page.text
        assert "home.players[1]" in page.text
        assert "And 70 more." in text_of(page.text)
        assert "evil" in text_of(page.text)
        monkeypatch.setattr(data_page, "MOST_SHOWN", 20)
        assert re.search(r"the first 20 of \d{3} characters", text_of(client.get(f"/data/responses/{number}/").text))
        # A payload that is too large to be parsed is shown as it is stored.
        monkeypatch.setattr(data_page, "MOST_PARSED", 10)
        assert re.search(
            r"the first \d+ of \d{3} characters|, \d{3} characters",
            text_of(client.get(f"/data/responses/{number}/").text),
        )


@pytest.mark.parametrize(("number", "status"), [("999999999", 404), ("0", 422), (str(2**63), 422), ("x", 422)])
def test_an_unknown_response(pages: Client, number: str, status: int) -> None:
    assert pages.get(f"/data/responses/{number}/").status_code == status


def test_a_payload_that_python_cannot_read_is_shown_as_it_is() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    assert data_page.readable(deep) == deep
    assert data_page.readable('{"a": [1]}') == '{\n  "a": [\n    1\n  ]\n}'


def test_new_and_vanished_keys_are_named(small: Pipelines) -> None:
    small.conn.execute(
        "insert into pulse.key_census (season, endpoint, path, gameweek, key, records, have, added_at)"
        " select '2025-26', 'events/lineups', 'players.statistics', 2, %s, 100, 90, max(added_at) + interval '7 days'"
        " from pulse.key_census",
        [HOSTILE],
    )
    deleted = small.conn.execute(
        "delete from pulse.key_census where endpoint = 'events/lineups' and path = 'players.statistics'"
        " and gameweek = 2 and key = 'totalPass'"
    )
    assert deleted.rowcount == 1
    with pages_on(connector(small.conn)) as client:
        page = client.get("/data/").text
    shown = text_of(page)
    assert re.search(r"Gone Key .* totalPass events/lineups players\.statistics \d+\.\d % gameweek 1 New", shown)
    assert "90.0 %" in shown
    assert "<script>alert" not in page


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
    assert "2025-26, gameweek 2 Wed 27 Aug 03:00 2025 10 20.0 MB season.duckdb" in shown
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
