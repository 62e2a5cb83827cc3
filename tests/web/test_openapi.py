"""The OpenAPI document is true: requests of every kind get responses that it describes."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from dev.pipelines import Pipelines
from tests.web.serving import TOKEN, Client


def test_the_document_has_examples_and_the_servers_address(api: Client) -> None:
    document = api.json("/openapi.json")
    assert document["servers"] == [{"url": "/"}]
    for path, operations in document["paths"].items():
        operation = operations["get"]
        assert operation["summary"], path
        assert operation["description"], path
        assert operation["responses"]["401"]["content"].keys() == {"application/problem+json"}
        for parameter in operation.get("parameters", []):
            assert parameter["schema"].get("examples") or "description" in parameter or "enum" in str(parameter), (
                path, parameter["name"],
            )  # fmt: skip


def with_stored_ids(document: dict[str, Any], installation: Pipelines) -> dict[str, Any]:
    """The document with examples that the small league has: a player with heatmaps, and a match."""
    row = installation.conn.execute("select element_id, fixture_id, gameweek from fpl.heatmaps order by 1 limit 1")
    element, fixture, gameweek = row.fetchone() or (0, 0, 0)
    examples = {"player_id": str(element), "player_ids": str(element), "fixture_id": fixture, "gameweek": gameweek}
    for operations in document["paths"].values():
        for parameter in operations["get"].get("parameters", []):
            if parameter["name"] in examples:
                parameter["schema"]["examples"] = [examples[parameter["name"]]]
    return document


def test_schemathesis_finds_no_violation(api: Client, unchanged: Pipelines, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(with_stored_ids(api.json("/openapi.json"), unchanged)))
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run", str(document), "--url", api.address,
        "--header", f"Authorization: Bearer {TOKEN}", "--checks", "all", "--max-examples", "10", "--seed", "1",
        "--phases", "examples,coverage,fuzzing", "--no-color",
    ]  # fmt: skip
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=240)
    assert result.returncode == 0, result.stdout[-5000:]
    assert re.search(r"([0-9]+) generated, \1 passed", re.sub(r", [0-9]+ skipped", "", result.stdout))
    assert "Tested: 14" in result.stdout
