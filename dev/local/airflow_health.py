"""Which parts of a starting Airflow are healthy."""

import requests

from dev.local.processes import local_session

EXECUTION_API = "execution API"
"""The API that tasks report to."""

PARTS = frozenset({"metadatabase", "scheduler", "triggerer", "dag_processor", EXECUTION_API})


def healthy_parts(url: str) -> set[str]:
    """Those of `PARTS` that are healthy; empty while the api-server does not respond."""
    try:
        response = local_session().get(f"{url}/api/v2/monitor/health", timeout=5)
    except (requests.ConnectionError, requests.Timeout):
        return set()
    components = response.json() if response.ok else {}
    # The API that tasks report to is built at its first request, which takes seconds: not the first task's.
    components[EXECUTION_API] = _execution_api_health(url)
    return {name for name, one in components.items() if one and one.get("status") == "healthy"}


def _execution_api_health(url: str) -> dict[str, str]:
    try:
        response = local_session().get(f"{url}/execution/health", timeout=30)
    except (requests.ConnectionError, requests.Timeout):
        return {}
    return dict(response.json()) if response.ok else {}
