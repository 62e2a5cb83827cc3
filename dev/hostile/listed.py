"""Scenarios that cannot converge, each with the reason. `docs/reliability.md` lists the same."""

from collections.abc import Mapping

CANNOT_CONVERGE: Mapping[str, str] = {}
"""Part of the scenario's name -> why no program could converge. Empty: every failure is a defect."""


def reason_for(name: str) -> str | None:
    """Why a scenario cannot converge; None when it should."""
    return next((reason for part, reason in CANNOT_CONVERGE.items() if part in name), None)
