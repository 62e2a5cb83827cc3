"""What `make bench` measures of the pages, on a small store: every request must succeed."""

from pathlib import Path

from dev.bench import pages
from dev.bench.serving import server_of
from dev.pipelines import Pipelines
from fpl_pulse.packs.folder import Folder
from fpl_pulse.packs.pack import write_pack
from fpl_pulse.packs.place import pack_name
from fpl_pulse.packs.settings import PACKS


def test_every_page_and_picture_is_served_and_measured(small: Pipelines, tmp_path: Path) -> None:
    packed = write_pack(small.conn, Folder(tmp_path / "packs"))
    about = pages.subjects(small.conn, pack_name(packed.season, packed.gameweek), 1)
    info = small.conn.info
    dsn = f"postgresql://{info.user}:{info.password}@{info.host}:{info.port}/{info.dbname}"
    with server_of("dev.bench.page_server", dsn, tmp_path, {PACKS: str(tmp_path / "packs")}) as (address, process):
        measured = pages.measure(address, process, about)
    assert measured.failed == ()
    assert [one.name for one in measured.pages] == list(pages.PAGES)
    assert [one.name for one in measured.drawn] == [one.name for one in measured.kept] == list(pages.PICTURES)
    assert all(0 < one.p50_ms <= one.p95_ms for one in (*measured.pages, *measured.drawn, *measured.kept))
    # A picture that is kept is not drawn again.
    assert sum(one.p50_ms for one in measured.kept) < sum(one.p50_ms for one in measured.drawn) / 2
    assert measured.memory_mb > 50
    assert measured.further_pictures == len(pages.PICTURES)
    assert measured.further_mb > 0.1
