"""The `make` commands of the documentation, typed as a user types them, in a copy of the project."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dev.local.airflow_environment import postgres_connection
from dev.local.layout import PROJECT
from tests.local.typed_commands import NOISE, Checkout, connection_to, copy_project, output, stack_environment

# Some commands take a minute on a machine that is busy with other tests.
pytestmark = pytest.mark.timeout(900)

MAKEFILE = (PROJECT / "Makefile").read_text()
TARGETS = re.findall(r"^([a-z-]+):.* ## ", MAKEFILE, re.MULTILINE)
ON_THE_STACK = (
    "airflow", "mappings", "crosswalk", "alerts", "archive", "psql", "backup", "restore", "reader", "pack",
    "export", "api",
)  # fmt: skip
"""Targets that run a program with the settings of the running stack."""
PAGES = ["README.md", "CONTRIBUTING.md", *(str(path.relative_to(PROJECT)) for path in (PROJECT / "docs").glob("*.md"))]


def documented() -> list[str]:
    """Every complete `make` command on the pages and in the help, on one line each."""
    text = "\n".join((PROJECT / page).read_text() for page in PAGES)
    spans = re.findall(r"`(make [^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
    blocks = re.findall(r"^```sh\n(.*?)^```", re.sub(r"^ +", "", text, flags=re.MULTILINE), re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("make ")]
    # A loop on a page names its variable.
    found = {" ".join(one.split(" #")[0].split()).replace("$dag", "update_lineups") for one in (*spans, *lines)}
    return sorted(one for one in found if "…" not in one)


def target_of(command: str) -> str:
    return shlex.split(command)[1]


def variable(command: str, name: str) -> str:
    """The value that a command line gives to a variable of make; empty if it gives none."""
    pairs = [word.partition("=") for word in shlex.split(command)[2:]]
    return next((value for key, _, value in pairs if key == name), "")


@pytest.fixture(scope="module")
def module_checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return copy_project(tmp_path_factory.mktemp("typed") / "Fußball für Ängstliche")


@pytest.fixture
def checkout(module_checkout: Checkout) -> Iterator[Checkout]:
    """The copy, without the state of another test."""
    yield module_checkout
    for file in (module_checkout.layout.record, module_checkout.layout.state / "lock"):
        file.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy whose programs record how they are called."""
    copy = copy_project(tmp_path_factory.mktemp("recording") / "Fußball für Ängstliche")
    copy.record("python", "airflow", "psql", "pg_dump", "pg_restore")
    return copy


def test_the_documentation_names_only_targets_that_exist() -> None:
    commands = documented()
    assert len(commands) > 30
    assert {target_of(one) for one in commands} - set(TARGETS) == set()


def test_every_target_is_listed_and_phony(checkout: Checkout) -> None:
    listed = output(checkout.type("make"))
    phony = MAKEFILE.split(".PHONY:", 1)[1].splitlines()[0].split()
    for target in TARGETS:
        assert f"  make {target} " in listed
        assert target in phony


@pytest.mark.parametrize("command", [one for one in documented() if target_of(one) in ON_THE_STACK])
def test_the_arguments_of_a_documented_command_reach_its_program(recording: Checkout, command: str) -> None:
    # `make backup` prints what the program has written.
    (recording.folder / (variable(command, "FILE") or "fpl-pulse.dump")).touch()
    with recording.pretend_stack(stack_environment(recording, postgres_connection(5433, "hidden", "data"))):
        output(recording.type(command))
    call = recording.recorded()
    given = shlex.split(variable(command, "ARGS"))
    assert call.arguments[len(call.arguments) - len(given) :] == given
    assert call.environment.get("FPL_PULSE_BECAUSE", "") == variable(command, "BECAUSE")
    assert call.environment["AIRFLOW_CONN_FPL_POSTGRES"] == postgres_connection(5433, "hidden", "data")
    assert (call.environment["PGPORT"], call.environment["PGDATABASE"]) == ("5433", "data")


@pytest.mark.parametrize(
    "reason", ["it's him; $HOME `true` $(SHELL)", 'says "yes" & more', "gleiche Füße\tund Trikots", "100 % sure #1"]
)
def test_a_reason_reaches_the_command_as_it_was_typed(recording: Checkout, reason: str) -> None:
    command = f"make mappings ARGS='accept 1 2' BECAUSE={shlex.quote(reason)}"
    stack = stack_environment(recording, postgres_connection(1, "x", "data"), FPL_PULSE_BECAUSE="of the start")
    with recording.pretend_stack(stack):
        output(recording.type(command))
    call = recording.recorded()
    assert call.arguments == ["-m", "fpl_pulse.cli.mappings", "accept", "1", "2"]
    assert call.environment["FPL_PULSE_BECAUSE"] == reason


def test_the_token_of_the_caller_reaches_the_api(recording: Checkout) -> None:
    with recording.pretend_stack(stack_environment(recording, postgres_connection(1, "x", "data"))):
        output(recording.type("make api", FPL_PULSE_API_TOKEN="of-the-caller-12345"))
    assert recording.recorded().environment["FPL_PULSE_API_TOKEN"] == "of-the-caller-12345"


ODD_NAME = """it's "Füße" & $HOME `true` $(SHELL).csv"""


@pytest.mark.parametrize(
    ("typed", "file"), [(f" FILE={shlex.quote(ODD_NAME)}", ODD_NAME), ("", "people.csv"), (" FILE=-", "-")]
)
def test_the_file_of_a_register_reaches_the_command(recording: Checkout, typed: str, file: str) -> None:
    with recording.pretend_stack(stack_environment(recording, postgres_connection(1, "x", "data"))):
        output(recording.type(f"make crosswalk{typed}"))
    call = recording.recorded()
    assert call.arguments == ["-m", "fpl_pulse.cli.crosswalk"]
    assert call.environment["FPL_PULSE_TYPED_FILE"] == file


@pytest.mark.parametrize("target", ["backup", "restore"])
def test_the_file_of_a_backup_may_have_any_name(recording: Checkout, target: str) -> None:
    (recording.folder / ODD_NAME).touch()
    with recording.pretend_stack(stack_environment(recording, postgres_connection(1, "x", "data"))):
        output(recording.type(f"make {target} FILE={shlex.quote(ODD_NAME)}"))
    assert recording.recorded().environment["FPL_PULSE_TYPED_FILE"] == ODD_NAME


def test_a_command_has_the_login_and_terminal_of_its_caller_and_the_settings_of_the_stack(recording: Checkout) -> None:
    stack = stack_environment(
        recording, postgres_connection(1, "x", "data"), USER="starter", LOGNAME="starter", TZ="UTC", PAGER="more",
        FPL_PULSE_CALLS_PER_SECOND="5", HTTPS_PROXY="http://proxy.example.org",
    )  # fmt: skip
    foreign = {
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW_CONN_FPL_POSTGRES": "postgres://production",
        "FPL_PULSE_MOST_CALLS_A_RUN": "1",
        "PGHOSTADDR": "192.0.2.1",
        "PGSERVICE": "production",
        "PYTHONPATH": "/elsewhere",
    }
    with recording.pretend_stack(stack):
        output(
            recording.type("make airflow ARGS='dags list'", USER="Ann", LOGNAME="ann", TZ="Europe/London", **foreign)
        )
    call = recording.recorded().environment
    assert (call["USER"], call["LOGNAME"], call["TZ"]) == ("Ann", "ann", "Europe/London")
    assert "PAGER" not in call
    assert call["FPL_PULSE_CALLS_PER_SECOND"] == "5"
    assert call["HTTPS_PROXY"] == "http://proxy.example.org"
    for name, value in foreign.items():
        assert call.get(name) != value, name


def test_the_arguments_of_a_make_that_runs_the_tests_reach_no_typed_command(
    recording: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARGS", "-k something")
    with recording.pretend_stack(stack_environment(recording, postgres_connection(1, "x", "data"))):
        output(recording.type("make mappings"))
    assert recording.recorded().arguments == ["-m", "fpl_pulse.cli.mappings", "report"]


def test_every_argument_that_the_makefile_exports_is_taken_from_the_caller(recording: Checkout) -> None:
    exports = re.findall(r"^(\w+): export (\w+) := \$\(value (\w+)\)", MAKEFILE, re.MULTILINE)
    assert {one[0] for one in exports if one[1:] == ("FPL_PULSE_BECAUSE", "BECAUSE")} == {"mappings", "alerts"}
    stack = stack_environment(recording, postgres_connection(1, "x", "data"))
    for target, name, typed in exports:
        with recording.pretend_stack(stack | {name: "of the start"}):
            output(recording.type(f"make {target} {typed}=typed"))
        assert recording.recorded().environment[name] == "typed"


def test_commands_on_the_running_stack_work_for_real(checkout: Checkout, dsn: str, tmp_path: Path) -> None:
    dump = tmp_path / "Füße am Montag.dump"
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("insert into pulse.sofasport_teams (team_id, name) values (1, 'Leeds')")
        with checkout.pretend_stack(stack_environment(checkout, connection_to(dsn))):
            count = "make psql ARGS='-Atc \"select count(*) from pulse.sofasport_teams\"'"
            assert output(checkout.type(count)).strip() == "1"
            printed = output(checkout.type(f"make backup FILE='{dump}'"))
            assert "Füße am Montag.dump" in printed
            conn.execute("delete from pulse.sofasport_teams")
            assert not NOISE.search(output(checkout.type(f"make restore FILE='{dump}'")))
            assert output(checkout.type(count)).strip() == "1"
            digest = output(checkout.type("make archive"))
            assert re.search(r"sofasport_teams +1 rows?  ", digest)
            assert not NOISE.search(digest)
            report = checkout.type("make mappings")
            assert not NOISE.search(report.stdout)
            version = output(checkout.type("make airflow ARGS=version"))
            assert re.fullmatch(r"3\.\d+\.\d+", version.strip())


def test_a_list_of_dags_has_no_warnings_in_its_output(checkout: Checkout, dsn: str) -> None:
    stack = stack_environment(checkout, connection_to(dsn))
    code = (
        "from airflow.cli.commands import dag_command\n"
        "from airflow.dag_processing.dagbag import DagBag\n"
        "import os\n"
        "print(len(DagBag(os.environ['AIRFLOW__CORE__DAGS_FOLDER']).dags))"
    )
    (checkout.layout.state / "count_dags.py").write_text(code)
    with checkout.pretend_stack(stack):
        printed = output(
            checkout.type(".venv/bin/python -m dev.local run python .local/count_dags.py", PYTHONPATH="include:.")
        )
    assert printed.split()[-1] == "8"
    assert not NOISE.search(printed)


def test_commands_say_that_the_stack_is_down(checkout: Checkout) -> None:
    status = checkout.type("make status")
    assert (status.returncode, status.stderr) == (0, "")
    assert status.stdout == "The local stack is not running. Start it with `make up`.\n"
    assert "is not running" in output(checkout.type("make down"))
    for target in ON_THE_STACK:
        done = checkout.type(f"make {target} ARGS=version")
        assert done.returncode != 0
        assert "The local stack is not running" in done.stderr


def test_the_status_of_the_command_itself_tells_that_the_stack_is_down(checkout: Checkout) -> None:
    assert checkout.type(".venv/bin/python -m dev.local status", PYTHONPATH="include:.").returncode == 3


def test_the_schema_is_migrated_by_make(checkout: Checkout, dsn: str) -> None:
    printed = output(checkout.type("make schema", AIRFLOW_CONN_FPL_POSTGRES=connection_to(dsn)))
    assert re.fullmatch(r"The schema is at revision \d{4}\.\n", printed)


def test_the_dag_page_is_generated_by_make(checkout: Checkout) -> None:
    page = checkout.folder / "docs" / "dags.md"
    page.unlink()
    assert not NOISE.search(output(checkout.type("make dags")))
    assert page.read_text() == (PROJECT / "docs" / "dags.md").read_text()


def test_the_data_dictionary_is_generated_by_make(checkout: Checkout) -> None:
    page = checkout.folder / "docs" / "data-dictionary.md"
    page.unlink()
    output(checkout.type("make dictionary"))
    assert page.read_text() == (PROJECT / "docs" / "data-dictionary.md").read_text()


def test_unit_tests_and_formatting_run_by_make(checkout: Checkout) -> None:
    assert " passed" in output(checkout.type("make unit ARGS='-k test_week' WORKERS=1"))
    module = checkout.folder / "dev" / "crooked.py"
    module.write_text('"""A module."""\nx = {  "a":1 }\n')
    output(checkout.type("make format"))
    assert module.read_text() == '"""A module."""\n\nx = {"a": 1}\n'
    module.unlink()


@pytest.mark.parametrize("target", ["weeks", "season", "soak"])
def test_a_suite_without_its_replay_says_what_to_set(checkout: Checkout, target: str) -> None:
    done = checkout.type(f"make {target}")
    assert done.returncode != 0
    assert done.stderr.startswith("FPL_PULSE_REPLAY_URL is not set. Set it to the address")


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_can_be_planned(checkout: Checkout, target: str) -> None:
    output(checkout.type(f"make -n {target}"))


def test_clean_removes_what_make_has_made_and_nothing_else(tmp_path: Path) -> None:
    copy = copy_project(tmp_path / "zu löschen")
    copy.layout.make()
    before = {path.name for path in copy.folder.iterdir()}
    output(copy.type("make clean"))
    assert {path.name for path in copy.folder.iterdir()} == before - {".venv", ".local"}
