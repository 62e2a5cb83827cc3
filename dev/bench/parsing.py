"""How long Airflow's DAG processor takes to read each DAG file, beside a file with an empty DAG."""

import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import psycopg

from dev.local.airflow_environment import AirflowSettings, environment
from dev.local.errors import LocalStackError
from dev.local.layout import PROJECT, Layout
from dev.local.postgres import EmbeddedPostgres
from dev.local.processes import free_port

EMPTY = "empty_dag"
_EMPTY_FILE = f'''from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

with DAG("{EMPTY}", schedule=None):
    EmptyOperator(task_id="nothing")
'''
_ROUNDS = 8
_LIMIT_S = 120.0


def measure(folder: Path) -> dict[str, float]:
    """DAG -> median of the seconds that the processor takes for its file; the empty DAG is `EMPTY`.

    Raises:
        LocalStackError: the processor ended, or did not read each file several times within two minutes.
    """
    layout = Layout(state=folder)
    layout.make()
    dags = folder / "dags"
    shutil.copytree(PROJECT / "dags", dags, ignore=shutil.ignore_patterns("__pycache__"))
    (dags / f"{EMPTY}.py").write_text(_EMPTY_FILE)
    with EmbeddedPostgres(layout.postgres) as server:
        server.create_database("airflow")
        settings = AirflowSettings(layout, free_port(), server.dsn("airflow"), schedules=False)
        env = environment(settings) | {
            "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
            "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "1",
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "1",
            # One file at a time, so that they do not slow each other down.
            "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
        }
        airflow = [sys.executable, "-m", "airflow"]
        log_path = layout.logs / "dag-processor.log"
        with log_path.open("w") as log:
            subprocess.run([*airflow, "db", "migrate"], env=env, stdout=log, stderr=log, check=True)
            with subprocess.Popen([*airflow, "dag-processor"], env=env, stdout=log, stderr=log) as processor:
                try:
                    return _medians(settings.database_dsn, processor, log_path)
                finally:
                    processor.send_signal(signal.SIGINT)


def _medians(dsn: str, processor: "subprocess.Popen[bytes]", log: Path) -> dict[str, float]:
    seen: dict[str, dict[object, float]] = defaultdict(dict)
    until = time.monotonic() + _LIMIT_S
    with psycopg.connect(dsn, autocommit=True) as conn:
        # The first look of a new processor includes its own start.
        while not seen or min(len(rounds) for rounds in seen.values()) <= _ROUNDS:
            if processor.poll() is not None or time.monotonic() > until:
                raise LocalStackError(f"The DAG processor did not read each file {_ROUNDS} times; see {log}")
            time.sleep(0.2)
            rows = conn.execute("select dag_id, last_parsed_time, last_parse_duration from dag")
            for dag_id, parsed_at, seconds in rows.fetchall():
                if seconds is not None:
                    seen[dag_id].setdefault(parsed_at, float(seconds))
    return {dag_id: statistics.median([*rounds.values()][1:]) for dag_id, rounds in sorted(seen.items())}
