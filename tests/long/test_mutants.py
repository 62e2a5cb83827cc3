"""Break listed places of the code, one at a time. The test named with each place must fail (`make mutants`).

docs/reliability.md lists the places. Each one is broken in a copy of the project.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PARTS = ("include", "dags", "plugins", "dev", "tests", "docs", "pyproject.toml")
PACKAGE = Path("include/fpl_pulse")
HERE = "tests/long/test_mutants.py"

pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True)
class Mutant:
    """One change of the code, and the test that must fail because of it."""

    name: str
    file: str
    """Relative to the package `fpl_pulse`."""
    old: str
    """A text that occurs exactly once in the file."""
    new: str
    test: str
    """A file, or a test id."""

    def missing(self, project: Path) -> str | None:
        """Return a sentence about what this mutant names and the project does not have, or None."""
        file = project / PACKAGE / self.file
        if not file.is_file():
            return f"{PACKAGE / self.file} does not exist. Change `file` of the mutant {self.name!r} in {HERE}."
        if (count := file.read_text().count(self.old)) != 1:
            return (
                f"{PACKAGE / self.file} contains the text {self.old!r} {count} times instead of once."
                f" Change `old` of the mutant {self.name!r} in {HERE} to a text of the current code."
            )
        path, _, test = self.test.partition("::")
        if not (project / path).is_file():
            return f"{path} does not exist. Change `test` of the mutant {self.name!r} in {HERE}."
        if test and f"def {test}(" not in (project / path).read_text():
            return f"{path} has no test {test}. Change `test` of the mutant {self.name!r} in {HERE}."
        return None


MUTANTS = (
    Mutant(
        "the merge loses its conflict clause",
        "store/merge.py",
        '" on conflict ({key}) do {conflict} returning',
        '" returning',
        "tests/db/test_merge.py::test_the_same_merge_again_changes_nothing",
    ),
    Mutant(
        "an HTTP 500 is ignored",
        "api/refusals.py",
        'return RetryableError(f"{refused.resource}: status {refused.status}{wait}: {refused.message}", wait_s)',
        'return NoDataError("")',
        "tests/unit/test_api_client.py::test_a_lasting_outage_raises_after_the_last_attempt",
    ),
    Mutant(
        "a 404 is treated as an error",
        "api/refusals.py",
        'return NoDataError(f"{resource}: the API has no data")',
        'return RetryableError(f"{resource}: the API has no data")',
        "tests/unit/test_api_client.py::test_sofasports_404_means_no_data_and_is_not_retried",
    ),
    Mutant(
        "a clear does not reopen the run",
        "store/queries/open_run.sql",
        "state = 'running', started_at = now(), finished_at = null,",
        "started_at = pipeline_runs.started_at,",
        "tests/db/test_archive_and_ledger.py::test_a_run_that_is_opened_again_starts_from_zero",
    ),
    Mutant(
        "a spent quota is retried",
        "errors.py",
        "class QuotaSpentError(StopError):",
        "class QuotaSpentError(RetryableError):",
        "tests/dags/test_declarations.py::test_a_spent_quota_is_not_retried_and_an_outage_is",
    ),
    Mutant(
        "an outage of hours has few retries",
        "airflow/retries.py",
        "ends_at = attempt.ends_at if is_outage else None",
        "ends_at = None",
        "tests/dags/test_retries.py::test_an_outage_is_retried_with_growing_pauses_until_the_run_is_needed",
    ),
    Mutant(
        "a failed run is run again and again",
        "airflow/upstream.py",
        "if upstream.was_rerun:",
        "if False:",
        "tests/db/test_waiting.py::test_a_run_is_run_once_more_only_once",
    ),
    Mutant(
        "every task looks whether the source is back",
        "etl/outages.py",
        'if found[0]["is_down"]:',
        "if False:",
        "tests/db/test_shared_outages.py::test_in_an_outage_one_task_makes_two_calls_and_the_others_none",
    ),
    Mutant(
        "an incomplete response overwrites a complete one",
        "etl/lineups.py",
        "if incomplete and is_protected:",
        "if False:",
        "tests/db/test_never_worse.py"
        "::test_a_response_without_the_statistics_of_some_players_changes_nothing",
    ),
    Mutant(
        "a new id replaces one that is still named",
        "matching/replaced_profiles.py",
        "return is_named_before and (",
        "return (",
        "tests/unit/matching/test_matching_replaced_profiles.py"
        "::test_an_old_id_that_is_named_later_is_another_person",
    ),
    Mutant(
        "a repeated page counts as the last page",
        "etl/event_pages.py",
        "if identity in seen:",
        "if identity in seen:\n            return\n        if identity in seen:",
        "tests/db/test_faults.py::test_a_repeated_page_is_an_error_and_is_fetched_again",
    ),
    Mutant(
        "pages that the run has read are fetched again",
        "etl/event_pages.py",
        "_fetched_before(context, resource) or context.fetch",
        "context.fetch",
        "tests/db/test_faults.py::test_pages_fetched_before_an_outage_are_not_fetched_again",
    ),
    Mutant(
        "an attempt makes its calls beside an earlier one",
        "etl/planning.py",
        "locks.enter_context(only_attempt(context.conn, context.run, self.endpoint, **{self.unit: unit}))",
        "pass",
        "tests/db/test_overlapping_attempts.py"
        "::test_an_attempt_waits_for_an_earlier_one_that_still_makes_its_calls",
    ),
    Mutant(
        "a rejected page of coming events is not read again",
        "etl/event_pages.py",
        '_deepest_unloaded_page(context, season_id, "next")',
        "-1",
        "tests/db/test_interrupted_loads.py"
        "::test_a_rejected_page_of_events_is_read_again_by_every_run_until_it_is_loaded",
    ),
    Mutant(
        "a rejected response counts as loaded",
        "store/archive.py",
        "update pulse.raw_resources set outcome = 'rejected', loaded_response_id",
        "update pulse.raw_resources set loaded_response_id",
        "tests/db/test_never_worse.py"
        "::test_a_rejected_lineup_is_requested_again_and_the_others_are_loaded",
    ),
    Mutant(
        "the pace lets every call start at once",
        "store/pace.py",
        "self._sleep(wait_s)",
        "pass",
        "tests/db/test_pace.py::test_no_second_of_the_server_holds_more_calls_than_the_rate",
    ),
    Mutant(
        "the API key is shown in an error",
        "api/http.py",
        "return [key.decode(\"latin-1\") if isinstance(key, bytes) else key] if key else []",
        "return []",
        "tests/unit/test_api_client.py::test_a_key_that_the_server_echoes_is_hidden",
    ),
    Mutant(
        "a rebuild uses an older response of the same time",
        "etl/queries/select_archive_as_of.sql",
        "where responses.as_of = %(as_of)s",
        "where responses.as_of > %(as_of)s",
        "tests/db/test_rebuild.py::test_a_rebuild_restores_lost_and_corrupt_rows_and_the_next_runs_request_nothing",
    ),
    Mutant(
        "a retry makes every planned call again",
        "store/queries/open_calls.sql",
        "coalesce(plan.outcome, 'failed') = 'failed'",
        "plan.outcome is distinct from 'skipped'",
        "tests/db/test_stored_plan.py::test_a_retry_makes_only_the_calls_that_are_still_open",
    ),
    Mutant(
        "a response that the database refuses rolls back its whole batch",
        "etl/loader.py",
        "parsed.remove(one)",
        "parsed.clear()",
        "tests/db/test_loader.py",
    ),
    Mutant(
        "two identity resolutions run at the same time",
        "etl/mappings.py",
        "select pg_advisory_xact_lock(hashtext('pulse.matching'))",
        "select 1",
        "tests/db/test_identity_resolution.py::test_two_identity_resolutions_wait_for_one_another",
    ),
    Mutant(
        "one empty response is accepted",
        "etl/context.py",
        "            if payload in EMPTY:\n                # Without data",
        "            if False:\n                # Without data",
        "tests/db/test_short_soak.py",
    ),
    Mutant(
        "an incomplete gameweek passes because the season is complete",
        "etl/checking.py",
        "if row.what == one and not row.is_enough",
        "if row.what == one and row.is_enough and not row.is_enough",
        "tests/db/test_gameweek_coverage.py::test_a_gameweek_without_heatmaps_fails_the_check_of_a_complete_season",
    ),
    Mutant(
        "a gameweek that has just been played fails the check",
        "etl/queries/gameweek_coverage.sql",
        "coalesce(start_at >= %(as_of)s - %(settling)s, false)",
        "coalesce(start_at >= %(as_of)s + %(settling)s, false)",
        "tests/db/test_gameweek_coverage.py"
        "::test_a_recent_gameweek_passes_but_is_not_complete_until_the_settling_time_has_passed",
    ),
    Mutant(
        "a cleared run keeps its old coverage",
        "store/coverage.py",
        "delete from pulse.coverage where dag_id = %(dag_id)s and run_id = %(run_id)s",
        "delete from pulse.coverage where dag_id = %(dag_id)s and run_id = %(run_id)s and have > 0",
        "tests/db/test_gameweek_coverage.py"
        "::test_a_cleared_run_replaces_only_its_own_coverage_rows",
    ),
    Mutant(
        "one kind of evidence decides the season",
        "etl/season_resolver.py",
        "if season is None or of_kickoffs is None or season != of_kickoffs:",
        "if season is None or of_kickoffs is None:",
        "tests/unit/test_season_resolver.py::test_what_does_not_agree_or_cannot_be_is_refused",
    ),
    Mutant(
        "codes of players follow without limit",
        "etl/reference_checks.py",
        "if len(changed) > thresholds.MAX_CHANGED_CODES:",
        "if False:",
        "tests/db/convergence/test_season.py::test_a_wrong_response_is_refused_with_a_sentence",
    ),
    Mutant(
        "a finished fixture can lose its end",
        "etl/fixture_checks.py",
        "if not known.finished or not is_past or model.started is False:",
        "if True:",
        "tests/unit/test_fixture_checks.py::test_a_played_fixture_keeps_its_gameweek_and_its_end",
    ),
    Mutant(
        "figures that FPL withdraws stay",
        "etl/official_figures.py",
        "rows, gone if is_complete else [])",
        "rows, [])",
        "tests/db/test_withdrawals.py::test_the_figures_of_an_annulled_or_moved_fixture_go",
    ),
    Mutant(
        "zeros replace the figures of most players",
        "etl/unstated.py",
        "if not lost and columns.keeps_figures:",
        "if False:",
        "tests/db/test_fpl_responses.py::test_zeros_and_nulls_for_most_players_say_nothing",
    ),
    Mutant(
        "a wrong stored match keeps the right one out",
        "etl/lineups.py",
        "match, is_protected = as_it_is, False",
        "pass",
        "tests/db/test_lineup_identity.py"
        "::test_a_stored_match_that_contradicts_fpl_does_not_keep_the_right_response_out",
    ),
    Mutant(
        "two events of a match are summed",
        "store/migrations/versions/0015_matches.up.sql",
        "pulse.has_ended(events.status_code) and standing.is_current as counts",
        "pulse.has_ended(events.status_code) as counts",
        "tests/db/test_counted_matches.py::test_of_two_events_with_lineups_only_one_is_summed",
    ),
    Mutant(
        "a vanished key is not noticed",
        "etl/missing_keys.py",
        "counted.have[key] <= MOST_LEFT * count",
        "False",
        "tests/unit/test_missing_keys.py"
        "::test_a_key_that_nobody_of_a_match_has_has_vanished_when_nearly_everybody_should_have_it",
    ),
    Mutant(
        "a description rejects its record",
        "api/records.py",
        "if not removable or len(removable)",
        "if True or len(removable)",
        "tests/unit/test_payloads.py::test_an_invalid_description_or_figure_costs_only_itself",
    ),
    Mutant(
        "an id names another person",
        "etl/people.py",
        'is_other = compare_birth_dates(born, stored.birth_date) == "birth_date_different"',
        "is_other = False",
        "tests/unit/test_people.py::test_another_name_and_another_birth_date_are_another_person",
    ),
    Mutant(
        "the number of touches says nothing about a heatmap",
        "etl/heatmaps.py",
        "if touches is not None and",
        "if False and",
        "tests/unit/test_heatmap_reasons.py::test_what_speaks_against_a_heatmap",
    ),
    Mutant(
        "the API answers everybody",
        "web/app.py",
        "dependencies=[Depends(require_reader), ",
        "dependencies=[",
        "tests/web/test_access.py::test_a_route_refuses_a_request_without_the_token",
    ),
    Mutant(
        "a session of the API can write",
        "web/database.py",
        "set_config('default_transaction_read_only', 'on', false)",
        "set_config('default_transaction_read_only', 'off', false)",
        "tests/web/test_errors.py::test_requests_cannot_write",
    ),
    Mutant(
        "the API shows a position's average as the player's own values",
        "web/sofasport_routes.py",
        "own = {axis: row[axis] for axis in axes}",
        'own = {axis: row[f"average_{axis}"] for axis in axes}',
        "tests/web/test_old_web_app.py::test_a_radar_has_the_players_own_values_and_the_average_beside",
    ),
    Mutant(
        "a client keeps what a load has changed",
        "web/validators.py",
        "blake2b(body, digest_size=16)",
        'blake2b(b"", digest_size=16)',
        "tests/web/test_caching.py::test_a_load_changes_the_validator_of_what_it_changed_only",
    ),
)  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_test_of_a_mutant_fails(mutant: Mutant, tmp_path: Path) -> None:
    if reason := mutant.missing(PROJECT):
        pytest.fail(reason, pytrace=False)
    for part in PARTS:
        source = PROJECT / part
        if source.is_dir():
            shutil.copytree(source, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / part)
    file = tmp_path / PACKAGE / mutant.file
    file.write_text(file.read_text().replace(mutant.old, mutant.new))
    import_path = f"{tmp_path / 'include'}{os.pathsep}{tmp_path}"
    environment = os.environ | {"PYTHONPATH": import_path, "PYTHONDONTWRITEBYTECODE": "1"}
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", mutant.test],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, (
        f"{mutant.test} ended with status {result.returncode} instead of 1 (failed tests):\n{result.stdout[-2000:]}"
    )
