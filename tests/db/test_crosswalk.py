"""`make crosswalk` reads a register, stores ids of other providers and lists disagreements; it changes no link."""

import csv
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.pipelines import Pipelines, slots_of
from fpl_pulse.cli import crosswalk as command
from fpl_pulse.cli import mappings
from fpl_pulse.etl.rebuild import rebuild
from fpl_pulse.store.digest import different, digest
from tests.db.identity_resolution import LINKED_WITH_MINUTES, links_of
from tests.installations import FIRST_MONDAY

COLUMNS = (
    "reep_id",
    "type",
    "name",
    "date_of_birth",
    "key_sofascore",
    "key_opta_numeric",
    "key_fbref",
    "key_understat",
)
DISAGREES, REFUSED = 3, 2
BASE = 900_000_000
"""Ids from here on are those of nobody."""


class People:
    """A register with a row for each call."""

    def __init__(self, file: Path) -> None:
        self.path = str(file)
        self._file = file
        self._rows: list[list[object]] = []

    def add(
        self, profile: object = "", code: object = "", *, fbref: str = "", understat: str = "", reep: str = ""
    ) -> None:
        number = len(self._rows)
        self._rows.append(
            [reep or f"reep_p{number:08x}", "player", f"Person {number}", "2001-09-05", profile, code, fbref, understat]
        )
        self.write()

    def write(self) -> None:
        text = io.StringIO()
        csv.writer(text).writerows([COLUMNS, *self._rows])
        self._file.write_text(text.getvalue())


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People(tmp_path / "people.csv")


@pytest.fixture
def store(small: Pipelines, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipelines]:
    """The connection fpl_postgres is the database of the small league's first week."""
    info = small.conn.info
    connection = {
        "conn_type": "postgres", "host": info.host, "port": info.port, "login": info.user, "password": info.password,
        "schema": info.dbname,
    }  # fmt: skip
    monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", json.dumps(connection))
    before = links_of(small)
    yield small
    assert links_of(small) == before or small.one("select count(*) from pulse.mapping_decisions"), "a link has changed"


def pairs(store: Pipelines, count: int) -> list[tuple[int, int]]:
    return store.conn.execute(LINKED_WITH_MINUTES).fetchall()[:count]


def stored(store: Pipelines) -> set[tuple[int, str, str]]:
    return set(store.conn.execute("select fpl_code, provider, external_id from pulse.external_ids").fetchall())


def test_the_ids_of_a_linked_player_are_in_the_view(
    store: Pipelines, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    (profile, code), (other, _), (_, third) = pairs(store, 3)
    people.add(profile, code, fbref="dc7f8a28")
    people.add(other, "", understat="11")  # only SofaScore's id: our link leads to the player
    people.add("", third, understat="12")
    people.add(BASE, BASE + 1, fbref="of nobody here")
    assert command.main([people.path]) == 0
    printed = capsys.readouterr().out
    assert (
        "Read 4 players of the register. Stored 6 ids of 3 FPL players at other providers: 6 new, 0 removed." in printed
    )
    assert "The register and our links do not disagree." in printed
    assert "the register states 1 of them too, knows only one side of 2, and does not know" in printed
    rows = store.conn.execute(
        "select ids.provider, ids.external_id, ids.sofasport_player_id, ids.player = players.player"
        " from fpl.external_ids as ids join fpl.players using (code) where code = %s order by 1",
        [code],
    ).fetchall()
    assert rows == [("fbref", "dc7f8a28", profile, True), ("reep", "reep_p00000000", profile, True)]


def test_a_newer_register_replaces_the_ids_and_an_equal_one_changes_no_row(store: Pipelines, people: People) -> None:
    (profile, code), (other, second) = pairs(store, 2)
    people.add(profile, code, fbref="a", understat="1")
    people.add(other, second, fbref="b", understat="2")
    assert command.main([people.path]) == 0
    before = store.conn.execute("select ctid, updated_at from pulse.external_ids order by 1").fetchall()
    assert command.main([people.path]) == 0
    assert store.conn.execute("select ctid, updated_at from pulse.external_ids order by 1").fetchall() == before
    people._rows[0][6], people._rows[1][6] = "b", "a"  # the two change places
    people._rows[0][7] = ""
    people.write()
    assert command.main([people.path]) == 0
    assert {one for one in stored(store) if one[1] != "reep"} == {
        (code, "fbref", "b"),
        (second, "fbref", "a"),
        (second, "understat", "2"),
    }


def test_several_rows_of_one_person_count_together(store: Pipelines, people: People) -> None:
    ((profile, code),) = pairs(store, 1)
    people.add(profile, "", fbref="a", reep="reep_p1")
    people.add("", code, understat="1", reep="reep_p1")
    people.add("", "", reep="reep_p1", fbref="a")
    assert command.main([people.path]) == 0
    assert stored(store) == {(code, "fbref", "a"), (code, "reep", "reep_p1"), (code, "understat", "1")}


def test_ids_about_which_the_register_contradicts_itself_are_not_stored(
    store: Pipelines, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    (profile, code), (other, second) = pairs(store, 2)
    people.add(profile, code, fbref="a", understat="1", reep="same")
    people.add(profile, code, fbref="b", understat="1", reep="same")
    people.add(other, second, understat="1", fbref="c")
    assert command.main([people.path]) == 0
    assert stored(store) == {(code, "reep", "same"), (second, "fbref", "c"), (second, "reep", "reep_p00000002")}
    assert "not clear about them: 4 ids" in capsys.readouterr().out


def test_a_disagreement_is_printed_with_commands_that_decide_it(
    store: Pipelines, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    (profile, code), (other, second), (third, last) = pairs(store, 3)
    people.add(profile, second, fbref="whose?")
    people.add(third, last, fbref="clear")
    assert command.main([people.path]) == DISAGREES
    printed = capsys.readouterr().out
    assert "The register and our links disagree in 1 case." in printed
    assert "our link" in printed
    assert "the register's link" in printed
    assert f"{profile} " in printed
    assert "bits: " in printed
    assert "the register lists Person 0 (reep_p00000000); born: SofaSport " in printed
    assert f"if the register is right: make mappings ARGS='link {profile} {second}' BECAUSE='...'" in printed
    assert f"if our link is right:     make mappings ARGS='reject {profile} {second}' BECAUSE='...'" in printed
    assert {external_id for _, _, external_id in stored(store)} == {"clear", "reep_p00000001"}
    assert mappings.main(["reject", str(profile), str(second), "--because", "two men", "--by", "Ann"]) == 0
    assert command.main([people.path]) == 0
    assert "Disagreements that are decided manually: 1." in capsys.readouterr().out
    assert "whose?" not in {external_id for _, _, external_id in stored(store)}
    assert links_of(store)[profile] == code
    assert links_of(store)[other] == second


def test_a_profile_that_is_not_stored_disagrees_and_each_command_can_be_typed(
    store: Pipelines, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    ((profile, code),) = pairs(store, 1)
    people.add(BASE, code, fbref="whose?")
    assert command.main([people.path]) == DISAGREES
    assert stored(store) == set(), "the ids are those of one of two people"
    printed = capsys.readouterr().out
    assert f"{BASE} not stored = {code}" in printed
    assert f"if the register is right: make mappings ARGS='reject {profile} {code}'" in printed
    assert f"if our link is right:     make mappings ARGS='link {profile} {code}'" in printed
    assert mappings.main(["link", str(profile), str(code), "--because", "seen", "--by", "Ann"]) == 0
    assert command.main([people.path]) == 0


def test_a_pair_in_review_is_listed_with_the_command_that_accepts_it(
    store: Pipelines, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    (profile, code), *_ = pairs(store, 1)
    store.conn.execute("delete from pulse.player_mappings where sofasport_player_id = %s", [profile])
    store.conn.execute(
        "update pulse.mapping_candidates set status = 'review' where kind = 'player' and sofasport_id = %s", [profile]
    )
    people.add(profile, code, fbref="a")
    assert command.main([people.path]) == 0
    printed = capsys.readouterr().out
    assert "In review here, and linked by the register: 1." in printed
    assert f"make mappings ARGS='accept {profile} {code}' BECAUSE='...'" in printed
    assert (code, "fbref", "a") in stored(store)
    assert mappings.main(["accept", str(profile), str(code), "--because", "x", "--by", "Ann"]) == 0


def test_a_rebuild_keeps_the_ids_and_their_times(store: Pipelines, people: People) -> None:
    for profile, code in pairs(store, 5):
        people.add(profile, code, fbref=f"f{code}")
    assert command.main([people.path]) == 0
    rows = store.conn.execute("select * from pulse.external_ids order by 1, 2").fetchall()
    before = digest(store.conn)
    assert before["external_ids"].rows == 10
    context = store.context("update_radar_attributes", slots_of(FIRST_MONDAY)["update_radar_attributes"])
    assert rebuild(context).different == []
    assert different(before, digest(store.conn)) == []
    assert store.conn.execute("select * from pulse.external_ids order by 1, 2").fetchall() == rows


def test_a_file_that_breaks_off_changes_nothing(
    store: Pipelines, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    ((profile, code),) = pairs(store, 1)
    people.add(profile, code, fbref="a")
    assert command.main([people.path]) == 0
    before = stored(store)
    people.add(*pairs(store, 2)[1], fbref="b")
    text = Path(people.path).read_text()
    Path(people.path).write_text(text[:-12])
    assert command.main([people.path]) == REFUSED
    assert "the file is damaged or was cut off" in capsys.readouterr().err
    assert stored(store) == before


def test_a_register_without_a_known_player_is_refused(
    store: Pipelines, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    ((profile, code),) = pairs(store, 1)
    people.add(profile, code, fbref="a")
    assert command.main([people.path]) == 0
    Path(people.path).write_text(f"{','.join(COLUMNS)}\nr1,player,A,,{BASE},{BASE},x,y\n")
    assert command.main([people.path]) == REFUSED
    assert "has a SofaScore id or an FPL code that is stored here. Nothing was changed." in capsys.readouterr().err
    assert (code, "fbref", "a") in stored(store)


def cut(path: str, lines: int) -> None:
    """Keep the first lines of a file."""
    file = Path(path)
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:lines]))


def test_a_register_that_lacks_players_who_are_stored_is_refused_until_somebody_accepts_it(
    store: Pipelines, people: People, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for profile, code in sorted(links_of(store).items())[:20]:
        people.add(profile, code, fbref=f"f{code}")
    assert command.main([people.path]) == 0
    before = stored(store)
    cut(people.path, 19)
    assert command.main([people.path]) == 0, "a tenth may vanish"
    people.write()
    assert command.main([people.path]) == 0
    assert stored(store) == before
    cut(people.path, 18)
    assert command.main([people.path]) == REFUSED
    printed = capsys.readouterr()
    assert "lacks 3 of the 20 stored players: the file is a part of a register" in printed.err
    assert "Nothing was changed. Get the file again." in printed.err
    assert "make crosswalk FILE=people.csv ACCEPT_SMALLER=yes" in printed.err
    assert stored(store) == before
    monkeypatch.setenv("FPL_PULSE_TYPED_FILE", people.path)
    monkeypatch.setenv("FPL_PULSE_TYPED_ACCEPT_SMALLER", "ys")
    assert command.main([]) == REFUSED
    assert "ACCEPT_SMALLER is 'ys'. Write yes or no." in capsys.readouterr().err
    monkeypatch.setenv("FPL_PULSE_TYPED_ACCEPT_SMALLER", "yes")
    assert command.main([]) == 0
    assert len(stored(store)) == len(before) - 6


def test_a_register_that_lacks_the_ids_of_a_provider_is_refused(
    store: Pipelines, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    for profile, code in sorted(links_of(store).items())[:20]:
        # A person can have several rows.
        people.add(profile, code, fbref=f"f{code}", reep=f"r{code}")
        people.add("", "", understat=f"u{code}", reep=f"r{code}")
    assert command.main([people.path]) == 0
    before = stored(store)
    assert len(before) == 60
    for row in people._rows:
        row[7] = ""
    people.write()
    assert command.main([people.path]) == REFUSED
    assert "lacks 20 of the 20 stored ids of understat: the file" in capsys.readouterr().err
    assert stored(store) == before
    assert command.main([people.path, "--accept-smaller"]) == 0
    assert {one[1] for one in stored(store)} == {"fbref", "reep"}


def test_a_file_that_was_cut_within_its_last_id_changes_nothing(
    store: Pipelines, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    (first, second) = pairs(store, 2)
    people.add(*first, understat="1234")
    people.add(*second, understat="5678")
    assert command.main([people.path]) == 0
    before = stored(store)
    Path(people.path).write_text(Path(people.path).read_text().rstrip()[:-2])
    assert command.main([people.path]) == REFUSED
    assert "Line 3, the last one, does not end with a line break" in capsys.readouterr().err
    assert stored(store) == before


@pytest.mark.parametrize("by", ["code", "profile"])
def test_two_people_of_the_register_who_are_one_player_have_no_ids(
    store: Pipelines, people: People, capsys: pytest.CaptureFixture[str], by: str
) -> None:
    (profile, code), third = pairs(store, 2)
    key = ("", code) if by == "code" else (profile, "")
    people.add(*key, fbref="a")
    people.add(*key, understat="1")
    people.add(*third, fbref="c")
    assert command.main([people.path]) == 0
    assert {one[0] for one in stored(store)} == {third[1]}
    assert "not clear about them: 4 ids (" in capsys.readouterr().out


def test_without_a_file_the_command_says_how_to_name_one(store: Pipelines, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([]) == REFUSED
    assert "Name the file of the register, for example FILE=people.csv" in capsys.readouterr().err


def test_hostile_text_is_stored_and_printed_as_text(
    store: Pipelines, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    (profile, _), (_, second), (third, last) = pairs(store, 3)
    people._rows.append(["r1", "player", "\x1b[31m'); drop table x;--", "=1+1", profile, second, "", ""])
    people.add(third, last, fbref="=cmd|' /C calc'!A0", understat="<b>⚽</b>'; --")
    assert command.main([people.path]) == DISAGREES
    assert "\x1b" not in capsys.readouterr().out
    assert {(last, "fbref", "=cmd|' /C calc'!A0"), (last, "understat", "<b>⚽</b>'; --")} <= stored(store)


def test_an_empty_store_is_named(dsn: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", dsn)
    assert command.main(["/nowhere/people.csv"]) == REFUSED
    assert "The store is empty." in capsys.readouterr().err


def test_a_large_register_is_read_in_seconds(store: Pipelines, people: People) -> None:
    """A tenth of a real one. The whole takes ten times as long; memory does not grow with it."""
    with Path(people.path).open("w") as file:
        file.write(",".join(COLUMNS) + "\n")
        for number in range(45_000):
            file.write(f"reep_p{number:08x},player,Person {number},2001-09-05,{BASE + number},,{number:08x},\n")
        known = pairs(store, 10)
        for profile, code in known:
            file.write(f"reep_q{code},player,Known,2001-09-05,{profile},{code},f{code},\n")
    began = time.monotonic()
    assert command.main([people.path]) == 0
    assert time.monotonic() - began < 10
    assert len(stored(store)) == 2 * len(known) == 20
