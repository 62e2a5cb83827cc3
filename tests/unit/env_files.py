"""The examples of settings in .env.example and in the documents, as a shell and as docker compose read them."""

import json
import os
import re
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENTS = (PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md")))

ASSIGNMENT = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]*)=", re.MULTILINE)
"""A setting, also one that is commented out."""

_ACTIVE = re.compile(r"^([A-Z][A-Z0-9_]*)=", re.MULTILINE)
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def uncommented(text: str) -> str:
    """The text of an env file with every example switched on: `# NAME=value` becomes `NAME=value`."""
    return ASSIGNMENT.sub(r"\1=", text)


def blocks_of_settings(document: str) -> list[str]:
    """The code blocks of a document that contain nothing but settings."""
    return [block for block in _BLOCK.findall(document) if re.match(r"[A-Z][A-Z0-9_]*=\S", block)]


def read_by_shell(text: str, folder: Path) -> dict[str, str]:
    """The settings after `set -a; . ./.env`, by variable.

    Raises:
        AssertionError: the shell complains, or fails.
    """
    (folder / ".env").write_text(text)
    result = subprocess.run(
        ["/bin/sh", "-ec", "set -a; . ./.env; set +a; env -0"],
        env={"PATH": os.environ["PATH"]},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    pairs = (pair.partition("=") for pair in result.stdout.split("\0") if pair)
    names = set(_ACTIVE.findall(text))
    return {name: value for name, _, value in pairs if name in names}


def read_by_compose(text: str, folder: Path, program: str) -> dict[str, str]:
    """The settings as docker compose puts them into a container, by variable.

    Raises:
        AssertionError: compose complains, or fails.
    """
    names = set(_ACTIVE.findall(text))
    (folder / ".env").write_text(text)
    service = {"image": "any", "environment": {name: f"${{{name}}}" for name in names}}
    (folder / "docker-compose.yaml").write_text(json.dumps({"services": {"one": service}}))
    result = subprocess.run(
        # A document may choose further compose files.
        [program, "--file", "docker-compose.yaml", "config", "--format", "json"],
        env={"PATH": os.environ["PATH"]},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    environment: dict[str, str] = json.loads(result.stdout)["services"]["one"]["environment"]
    # `config` prints a file that compose can read again, so it doubles each dollar sign.
    return {name: value.replace("$$", "$") for name, value in environment.items()}
