"""Reading people.csv of a public register: its real columns, and files that are damaged, hostile or no register."""

import bz2
import gzip
import io
import lzma
from pathlib import Path

import pytest

from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.register import LONGEST_LINE, Register, RegisterRow, open_register, printable, read_register

HEADER = (
    "reep_id,key_wikidata,type,name,full_name,date_of_birth,nationality,position,height_cm,key_transfermarkt,"
    "key_transfermarkt_manager,key_fbref,key_soccerway,key_sofascore,key_flashscore,key_opta,key_premier_league,"
    "key_11v11,key_espn,key_national_football_teams,key_worldfootball,key_soccerbase,key_kicker,key_uefa,key_lequipe,"
    "key_fff_fr,key_serie_a,key_besoccer,key_footballdatabase_eu,key_eu_football_info,key_hugman,key_german_fa,"
    "key_statmuse_pl,key_sofifa,key_soccerdonna,key_dongqiudi,key_understat,key_whoscored,key_fbref_verified,"
    "key_sportmonks,key_api_football,key_fotmob,key_opta_numeric,key_thesportsdb,key_skillcorner,key_wyscout,"
    "key_impect,key_heimspiel,key_capology,position_detail"
)
"""The columns of release 2026.25, the last one in this format."""

SHORT = "reep_id,type,name,date_of_birth,key_sofascore,key_opta_numeric,key_fbref"


def read(text: str) -> tuple[list[RegisterRow], Register]:
    register = Register()
    return list(read_register(io.StringIO(text, newline=""), register)), register


def line_of(**values: str) -> str:
    return ",".join(values.get(column, "") for column in HEADER.split(","))


def test_a_row_of_the_real_format_has_its_ids_by_provider() -> None:
    line = line_of(
        reep_id="reep_p0000aaaa", key_wikidata="Q1", type="player", name="Ann Example", date_of_birth="2001-09-05",
        key_sofascore="1001", key_opta_numeric="2002", key_flashscore="example-ann/x8", key_11v11="77",
        position_detail="Winger",
    )  # fmt: skip
    (row,), register = read(f"{HEADER}\r\n{line}\r\n")
    assert row == RegisterRow(
        "reep_p0000aaaa",
        "Ann Example",
        "2001-09-05",
        1001,
        2002,
        {"wikidata": "Q1", "flashscore": "example-ann/x8", "11v11": "77", "reep": "reep_p0000aaaa"},
    )
    assert (register.rows, register.unusable) == (1, {})


@pytest.mark.parametrize("column", ["key_opta_numeric", "key_fpl_code", "key_fpl", "KEY_FPL_CODE "])
def test_the_column_of_fpls_codes_may_have_its_older_names(column: str) -> None:
    rows, _ = read(f"{column},key_sofascore\n2002,1001\n")
    assert [(one.sofasport_player_id, one.fpl_code, one.ids) for one in rows] == [(1001, 2002, {})]


def test_unknown_columns_are_skipped_and_known_ones_may_be_missing() -> None:
    rows, _ = read("key_sofascore,key_fpl_code,shoe size,key_,key_Ä,key_fbref\n1,2,43,x,y,abc\n")
    assert rows == [RegisterRow("line 2", "", "", 1, 2, {"fbref": "abc"})]


def test_a_coach_is_skipped_whose_id_at_sofascore_is_of_another_list() -> None:
    rows, register = read(f"{SHORT}\nr1,coach,A,,1,2,x\nr2,player,B,,3,4,y\n")
    assert [one.person for one in rows] == ["r2"]
    assert register.rows == 1


def test_a_person_without_ids_is_skipped() -> None:
    rows, _ = read("type,name,key_sofascore,key_fpl_code,key_fbref\nplayer,A,,,\nplayer,B,,, \n")
    assert rows == []


@pytest.mark.parametrize(
    ("text", "number"),
    [("1001", 1001), (" 01001 ", 1001), ("1001.0", 1001), ("", None), ("0", None), ("-5", None), ("1e3", None),
     ("2147483648", None), ("9" * 5000, None), ("=1+1", None), ("١٢", None), ("1001.5", None), ("\0", None)],
)  # fmt: skip
def test_an_id_that_must_be_a_number_is_one_or_is_skipped_and_counted(text: str, number: int | None) -> None:
    rows, register = read(f'{SHORT}\nr1,player,A,,"{text}",7,x\n')
    assert [one.sofasport_player_id for one in rows] == [number]
    assert register.unusable == ({} if number or not text else {"sofascore": 1})


@pytest.mark.parametrize("text", ["a\0b", "x" * 201, "two\nlines", "\x1b[31mred", "\u202eabc"])
def test_an_id_with_control_codes_or_of_any_length_is_skipped_and_counted(text: str) -> None:
    rows, register = read(f'{SHORT}\nr1,player,A,,1,2,"{text}"\n')
    assert [one.ids for one in rows] == [{"reep": "r1"}]
    assert register.unusable == {"fbref": 1}
    assert register.example.isprintable()
    assert len(register.example) < 80


def test_a_name_cannot_change_the_terminal() -> None:
    rows, _ = read(f'{SHORT}\n"r\x001",player,"\x1b]0;evil\x07⚽ <b>{"x" * 500}",\0,1,2,x\n')
    (row,) = rows
    assert row.person == "line 2"
    assert row.name.startswith("?]0;evil?⚽ <b>xxx")
    assert len(row.name) == 100
    assert row.birth_date == "?"


def test_a_quoted_field_may_have_commas_and_line_breaks() -> None:
    rows, _ = read(f'{SHORT}\nr1,player,"Example, Ann\n""Annie""",,1,2,x\n\nr2,player,B,,3,4,y\n')
    assert [one.name for one in rows] == ['Example, Ann?"Annie"', "B"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no column with SofaScore's ids (key_sofascore); its first columns are: ."),
        ("name,key_fbref\nA,x\n", "no column with SofaScore's ids (key_sofascore); its first columns are: name,"),
        ("key_sofascore,name\n1,A\n", "no column with FPL's codes (key_opta_numeric or key_fpl_code or key_fpl)"),
        ("key_sofascore;key_fpl_code\n1;2\n", "no column with SofaScore's ids"),
        ("provider,namespace,external_id,reep_id,rung\n", "its first columns are: provider, namespace, external_id"),
        (f"{SHORT},key_fbref\n", "has the column key_fbref twice"),
        (f"{SHORT}, Type\n", "has the column type twice"),
        (f"{SHORT},reep_id\n", "has the column reep_id twice"),
        (f"{SHORT}\n", "The file has no row after its first line"),
        (SHORT, "The file has no row after its first line"),
        (f"{SHORT}\nr1,player,A,,1,2,xyz\nr2,player,B,,3,4,x", "Line 3, the last one, does not end with a line break"),
        (f"{SHORT}\nr1,player,A,,1,2,x\nr2,pla", "Line 3 has 2 fields instead of 7: the file is damaged or was cut"),
        (f"{SHORT}\nr1,player,A,,1,2,x,more\n", "Line 2 has 8 fields instead of 7"),
        (f'{SHORT}\nr1,player,"A,,1,2,x\n', "is not CSV (unexpected end of data)"),
        (f"{SHORT}\n{'x' * (LONGEST_LINE + 1)}", "A line has more than 100,000 characters"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_register_is_refused_with_the_reason(text: str, message: str) -> None:
    with pytest.raises(SelectionError) as refused:
        read(text)
    assert message in str(refused.value).replace("are: none.", "are: .")
    assert "Nothing was changed." in str(refused.value)


def test_a_last_line_without_an_end_is_read_if_somebody_accepts_it() -> None:
    file = io.StringIO(f"{SHORT}\nr1,player,A,,1,2,x", newline="")
    assert [row.ids["fbref"] for row in read_register(file, Register(), accept_smaller=True)] == ["x"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_break_is_an_end(end: str) -> None:
    rows, _ = read(f"{SHORT}{end}r1,player,A,,1,2,x{end}")
    assert len(rows) == 1


def test_a_compressed_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(SHORT.encode()))))
    with pytest.raises(SelectionError, match=r"- is compressed \(gzip\)"), open_register("-"):
        pass


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(f"\ufeff{SHORT}\nr1,player,Zoë,,1,2,x\n".encode())
    with open_register(str(file)) as opened:
        assert [one.name for one in read_register(opened, Register())] == ["Zoë"]


def test_the_standard_input_can_be_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    given = io.TextIOWrapper(io.BytesIO(f"\ufeff{SHORT}\nr1,player,Zoë,,1,2,x\n".encode()), encoding="ascii")
    monkeypatch.setattr("sys.stdin", given)
    with open_register("-") as opened:
        assert [one.name for one in read_register(opened, Register())] == ["Zoë"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.csv", None, "There is no file"),
        (".", None, "is a folder, not a file"),
        ("people.csv.gz", gzip.compress(SHORT.encode(), mtime=0), r"is compressed \(gzip\): unpack it first"),
        ("zip.csv", b"PK\x03\x04\xff\xfe\x00", r"is compressed \(zip\)"),
        ("xz.csv", lzma.compress(SHORT.encode()), r"is compressed \(xz\)"),
        ("bz2.csv", bz2.compress(SHORT.encode()), r"is compressed \(bzip2\)"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00", "is not a text file in UTF-8"),
        ("a\x1b[31mb.csv", None, "There is no file"),
        ("latin.csv", f"{SHORT}\nr1,player,Zo\u00eb,,1,2,x\n".encode("latin-1"), "is not a text file in UTF-8"),
        ("utf16.csv", SHORT.encode("utf-16"), "is not a text file in UTF-8"),
        ("a\0b.csv", None, "cannot be read"),
    ],
)
def test_what_cannot_be_read_as_text_is_refused(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SelectionError, match=message) as refused, open_register(f"{tmp_path}/{name}") as file:
        list(read_register(file, Register()))
    assert str(refused.value).isprintable()
    assert "Nothing was changed." in str(refused.value)


def test_printable_text_is_short_and_has_no_control_codes() -> None:
    assert printable("a\tb\x00c") == "a?b?c"
    assert printable("x" * 41) == "x" * 39 + "…"
    assert printable("x" * 40) == "x" * 40
