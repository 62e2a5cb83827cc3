"""Airflow reads every connection of .env.example."""

from pathlib import Path

import pytest
from airflow.sdk import Connection

from fpl_pulse.airflow.notification_services import notification_services
from tests.unit.env_files import PROJECT, read_by_shell, uncommented

EXAMPLE = uncommented((PROJECT / ".env.example").read_text())


def test_airflow_reads_the_connections_of_the_example_file(tmp_path: Path) -> None:
    values = read_by_shell(EXAMPLE, tmp_path)
    read = {
        name: Connection.from_json(value, conn_id=name.lower())
        for name, value in values.items()
        if name.startswith("AIRFLOW_CONN_")
    }
    assert len(read) == 5
    assert read["AIRFLOW_CONN_FPL_PULSE_PACKS"].conn_type == "aws"
    assert read["AIRFLOW_CONN_SOFASPORT_API"].extra_dejson["x-rapidapi-host"] == "sofasport.p.rapidapi.com"
    assert read["AIRFLOW_CONN_FPL_POSTGRES"].schema == "fpl_pulse"


def test_the_example_of_an_alert_service_is_a_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "AIRFLOW_CONN_FPL_PULSE_ALERTS"
    monkeypatch.setenv(name, read_by_shell(EXAMPLE, tmp_path)[name].replace("@HOST", "@example.org"))
    services = notification_services()
    assert services is not None
    assert len(services) == 1
