"""The environment of a command on the running stack: the stack's settings and connections, the rest of the caller's.

The caller's login, terminal, pager and time zone reach the command. Variables that belong to the stack come from its
start only: those of the caller may belong to another Airflow or to another database.
"""

from collections.abc import Mapping

_PREFIXES_OF_THE_STACK = ("AIRFLOW_", "FPL_PULSE_", "OTEL_", "PG", "PYTHON")
_PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy"})

ARGUMENTS = ("FPL_PULSE_BECAUSE", "FPL_PULSE_TYPED_", "FPL_PULSE_API_TOKEN")
"""Beginnings of variables by which an argument is passed, so that no shell interprets it and no list of processes shows
it. They are the caller's."""


def command_environment(caller: Mapping[str, str], stack: Mapping[str, str]) -> dict[str, str]:
    """The variables of a command.

    Args:
        caller: the environment of `make`.
        stack: the environment of the running scheduler.
    """
    own = {name: value for name, value in caller.items() if not _belongs_to_stack(name)}
    return own | {name: value for name, value in stack.items() if _belongs_to_stack(name)}


def _belongs_to_stack(name: str) -> bool:
    if name.startswith(ARGUMENTS):
        return False
    return name.startswith(_PREFIXES_OF_THE_STACK) or name.lower() in _PROXIES
