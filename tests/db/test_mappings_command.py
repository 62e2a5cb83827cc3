"""The command `python -m fpl_pulse.cli.mappings`, as an operator types it."""

import json
import os
from pathlib import Path

import pytest

from dev.pipelines import Pipelines
from fpl_pulse.cli import archive as archive_command
from fpl_pulse.cli import mappings as command
from fpl_pulse.cli.signature import BECAUSE
from tests.db.identity_resolution import LINKED_WITH_MINUTES, links_of
from tests.local.typed_commands import copy_project, output, stack_environment


@pytest.fixture
def store(loaded: Pipelines, monkeypatch: pytest.MonkeyPatch) -> Pipelines:
    """The connection fpl_postgres is the database of the first week."""
    info = loaded.conn.info
    monkeypatch.setenv(
        "AIRFLOW_CONN_FPL_POSTGRES",
        json.dumps(
            {
                "conn_type": "postgres",
                "host": info.host,
                "port": info.port,
                "login": info.user,
                "password": info.password,
                "schema": info.dbname,
            }
        ),
    )
    return loaded


def in_review(store: Pipelines) -> tuple[str, str]:
    row = store.conn.execute(
        "select sofasport_id, fpl_id from pulse.mapping_candidates where kind = 'player' and status = 'review'"
        " order by strength desc limit 1"
    ).fetchone()
    assert row is not None
    return str(row[0]), str(row[1])


def test_the_report_and_the_review_list_are_printed(store: Pipelines, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["report"]) == 0
    report = capsys.readouterr().out
    assert "weakest links:" in report
    assert command.main(["review"]) == 0
    review = capsys.readouterr().out
    assert review in report
    assert " = ".join(in_review(store)) not in review  # names stand beside the ids
    assert all(one in review for one in in_review(store))


def test_accepting_a_pair_in_review_links_it_at_once(store: Pipelines, capsys: pytest.CaptureFixture[str]) -> None:
    player_id, code = in_review(store)
    assert command.main(["accept", player_id, code, "--because", "two profiles", "--by", "Ann"]) == 0
    assert links_of(store)[int(player_id)] == int(code)
    printed = capsys.readouterr().out
    assert printed.startswith("Stored: link ")
    assert player_id in printed.splitlines()[1]


def test_reject_link_and_withdraw_work_on_any_pair(store: Pipelines) -> None:
    (player_id, code), (_, other) = store.conn.execute(LINKED_WITH_MINUTES).fetchall()[:2]
    assert command.main(["reject", str(player_id), str(code), "--because", "another man"]) == 0
    assert player_id not in links_of(store)
    assert command.main(["link", str(player_id), str(other), "--because", "this man"]) == 0
    assert links_of(store)[player_id] == other
    for taken_back in (other, code):
        assert command.main(["withdraw", str(player_id), str(taken_back), "--because", "I was wrong"]) == 0
    assert links_of(store)[player_id] == code


def test_a_rehearsed_rebuild_finds_no_difference_after_an_accepted_pair(
    store: Pipelines, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["accept", *in_review(store), "--because", "two profiles"]) == 0
    assert archive_command.main(["rehearse"]) == 0
    assert "Every table is as before." in capsys.readouterr().out


def test_a_pair_that_is_not_in_review_cannot_be_accepted(store: Pipelines, capsys: pytest.CaptureFixture[str]) -> None:
    (player_id, _), (_, other) = store.conn.execute(LINKED_WITH_MINUTES).fetchall()[:2]
    assert command.main(["accept", str(player_id), str(other), "--because", "x"]) == 2
    assert "is not in review for" in capsys.readouterr().err
    assert store.one("select count(*) from pulse.mapping_decisions") == 0


@pytest.mark.parametrize(
    ("player_id", "code", "unknown"), [("1", "", "SofaSport player 1"), ("", "7", "FPL player code 7")]
)
def test_an_unknown_id_is_refused_and_named(
    store: Pipelines, capsys: pytest.CaptureFixture[str], player_id: str, code: str, unknown: str
) -> None:
    known = store.conn.execute(LINKED_WITH_MINUTES).fetchall()[0]
    arguments = [player_id or str(known[0]), code or str(known[1])]
    assert command.main(["link", *arguments, "--because", "x"]) == 2
    assert f"There is no {unknown} in the store" in capsys.readouterr().err
    assert store.one("select count(*) from pulse.mapping_decisions") == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["accept", "1; drop table", "2", "--because", "x"],
        ["accept", "-1", "2", "--because", "x"],
        ["accept", "99999999999", "2", "--because", "x"],
        ["accept", "1", "2"],
        ["accept", "1", "2", "--because", "  "],
        ["delete", "1", "2", "--because", "x"],
    ],
)
def test_invalid_arguments_are_refused_without_a_database(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert ended.value.code == 2


def test_club_pairs_can_be_decided_too(store: Pipelines, capsys: pytest.CaptureFixture[str]) -> None:
    team_id, code = store.conn.execute("select sofasport_team_id, fpl_team_code from pulse.team_mappings").fetchall()[0]
    ids = [str(team_id), str(code)]
    assert command.main(["reject", *ids, "--club", "--because", "x"]) == 0
    assert store.one("select count(*) from pulse.team_mappings") == 19
    assert "is linked to no SofaSport team" in capsys.readouterr().out
    assert command.main(["accept", *ids, "--club", "--because", "x"]) == 2
    assert command.main(["link", *ids, "--club", "--because", "x"]) == 0
    assert store.one("select count(*) from pulse.team_mappings") == 20


def test_a_reason_with_quotes_and_control_characters_is_stored_as_text(store: Pipelines) -> None:
    player_id, code = store.conn.execute(LINKED_WITH_MINUTES).fetchall()[0]
    reason = "it's him'); drop table pulse.alerts; --\n%s \x00 “quoted”"
    assert command.main(["link", str(player_id), str(code), "--because", reason, "--by", "A'nn"]) == 0
    stored = store.one("select reason from pulse.mapping_decisions")
    assert stored == "it's him'); drop table pulse.alerts; -- %s “quoted”"
    assert "“quoted”" in str(store.one("select evidence from pulse.player_mappings where method = 'decision'"))


def test_a_rejected_pair_cannot_be_accepted_and_the_error_says_who_rejected_it(
    store: Pipelines, capsys: pytest.CaptureFixture[str]
) -> None:
    player_id, code = in_review(store)
    assert command.main(["reject", player_id, code, "--because", "other boots", "--by", "Ann"]) == 0
    assert command.main(["accept", player_id, code, "--because", "x"]) == 2
    printed = capsys.readouterr().err
    assert "rejected by Ann on " in printed
    assert "other boots" in printed
    assert "`withdraw`" in printed


def test_a_pair_without_a_decision_cannot_be_withdrawn(store: Pipelines, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["withdraw", *in_review(store), "--because", "x"]) == 2
    assert "There is no decision about SofaSport player" in capsys.readouterr().err


def test_a_review_of_another_season_cannot_be_accepted(store: Pipelines) -> None:
    player_id, code = in_review(store)
    store.conn.execute("update pulse.mapping_candidates set season = '2024-25' where kind = 'player'")
    assert command.main(["accept", player_id, code, "--because", "x"]) == 2


def test_the_reason_can_come_from_the_environment(store: Pipelines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BECAUSE, "it's $HOME; `true`")
    assert command.main(["accept", *in_review(store)]) == 0
    assert store.one("select reason from pulse.mapping_decisions") == "it's $HOME; `true`"


def test_a_decision_that_is_typed_has_the_reason_and_the_name_of_the_person_who_typed_it(
    store: Pipelines, tmp_path: Path
) -> None:
    player_id, code = in_review(store)
    checkout = copy_project(tmp_path / "Fußball")
    connection = os.environ["AIRFLOW_CONN_FPL_POSTGRES"]
    of_the_start = {"LOGNAME": "starter", "FPL_PULSE_BECAUSE": "of the start"}
    decisions = "select verdict, decided_by, reason from pulse.mapping_decisions order by decision_id"
    with checkout.pretend_stack(stack_environment(checkout, connection, **of_the_start)):
        for arguments, reason in (
            (f"accept {player_id} {code}", 'costs $5, "same shirt"'),
            (f"withdraw {player_id} {code}", "oh"),
            (f'link {player_id} {code} --by "Bob B"', "sure"),
        ):
            output(checkout.type(f"make mappings ARGS='{arguments}' BECAUSE='{reason}'", LOGNAME="ann"))
    assert store.conn.execute(decisions).fetchall() == [
        ("link", "ann", 'costs $5, "same shirt"'),
        ("withdraw", "ann", "oh"),
        ("link", "Bob B", "sure"),
    ]


def test_a_person_without_a_login_is_asked_for_a_name(
    store: Pipelines, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_login() -> str:
        raise KeyError("getpwuid(): uid not found: 50000")

    monkeypatch.setattr("getpass.getuser", no_login)
    player_id, code = in_review(store)
    assert command.main(["accept", player_id, code, "--because", "x"]) == 2
    assert "--by" in capsys.readouterr().err
    assert store.one("select count(*) from pulse.mapping_decisions") == 0


def test_several_profiles_of_one_player_are_reported(store: Pipelines, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["accept", *in_review(store), "--because", "a second profile"]) == 0
    assert "These are several profiles" in capsys.readouterr().out


def test_a_club_in_review_is_listed_with_the_unlinked_sofasport_clubs(
    store: Pipelines, capsys: pytest.CaptureFixture[str]
) -> None:
    team_id, code, name = store.conn.execute(
        "select sofasport_team_id, fpl_team_code, teams.name from pulse.team_mappings"
        " join pulse.fpl_teams as teams on code = fpl_team_code order by 1"
    ).fetchall()[0]
    assert command.main(["reject", str(team_id), str(code), "--club", "--because", "x"]) == 0
    capsys.readouterr()
    assert command.main(["review"]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith(f"The club {name} ({code}) is not linked; unlinked SofaSport clubs: {team_id} ")


def test_without_a_database_the_error_names_the_connection(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = {"conn_type": "postgres", "host": "127.0.0.1", "port": 1, "login": "x", "password": "hush-hush"}
    monkeypatch.setenv("AIRFLOW_CONN_FPL_POSTGRES", json.dumps(address))
    assert command.main(["report"]) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("The database of the connection fpl_postgres cannot be reached: ")
    assert "hush-hush" not in printed.err
    assert printed.out == ""
