"""The DAGs as Airflow reads them, once for all tests."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    # At run time only inside the fixture: the tests' settings must stand before Airflow is imported.
    from airflow.dag_processing.dagbag import DagBag

DAGS = Path(__file__).resolve().parents[2] / "dags"


@pytest.fixture(scope="session")
def bag() -> "DagBag":
    """The DAG bag of the folder `dags/`."""
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(str(DAGS))


@pytest.fixture(scope="session")
def dags(bag: "DagBag") -> dict[str, Any]:
    """DAGs by id."""
    return dict(bag.dags)
