"""Checks the UI's address and prepares the users of Airflow's simple login, then becomes the api-server.

`python -m fpl_pulse.cli.users COMMAND` is how docker-compose.yaml starts it.

Airflow takes the names and roles of its simple login from a setting and the passwords from a file. This command makes
both from two variables, AIRFLOW_ADMIN_PASSWORD and FPL_PULSE_UI_USERS, and then executes COMMAND. docs/adr/0021 says
why the simple login is used, docs/server.md how to add users.
"""

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

ADMIN_PASSWORD = "AIRFLOW_ADMIN_PASSWORD"  # noqa: S105 - the name of a variable
MORE_USERS = "FPL_PULSE_UI_USERS"
NAMES_AND_ROLES = "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"
UI_ADDRESS = "AIRFLOW__API__BASE_URL"
ADDRESS_FOR_TASKS = "AIRFLOW__CORE__EXECUTION_API_SERVER_URL"
PASSWORDS_FILE = "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"

ADMIN = "admin"
ROLES = ("viewer", "user", "op", "admin")
"""Airflow's roles, each with the rights of those before it."""

MIN_PASSWORD_LENGTH = 12
"""Characters. Airflow's simple login does not slow down somebody who tries passwords."""

_ADDRESS = re.compile(r"https?://(?:[A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])(?::[0-9]+)?(?P<path>(?:/[A-Za-z0-9._~-]+)*/?)")
"""An address without a login, a query and white space."""
_NAME = re.compile(r"[A-Za-z0-9._@-]{1,64}")
_FORM = "Write NAME:ROLE:PASSWORD, with commas between users"


class SettingError(Exception):
    """A variable does not describe users, or an address. The message never contains a password."""


@dataclass(frozen=True)
class User:
    """A user of Airflow's simple login."""

    name: str
    role: str
    password: str = field(repr=False)


def users_of(env: Mapping[str, str]) -> list[User]:
    """The user `admin`, and those of FPL_PULSE_UI_USERS.

    Raises:
        SettingError: a variable is missing or an entry is wrong.
    """
    users = [User(ADMIN, "admin", _checked_password(ADMIN_PASSWORD, env.get(ADMIN_PASSWORD, "")))]
    entries = [entry.strip() for entry in env.get(MORE_USERS, "").split(",")]
    for position, entry in enumerate(entries, start=1):
        if entry:
            user = _user_of(entry, position)
            if user.name in {other.name for other in users}:
                raise SettingError(f"{MORE_USERS} in .env: there are two users {user.name}. Give each another name.")
            users.append(user)
    return users


def require_one_prefix(env: Mapping[str, str]) -> None:
    """Require that tasks call the api-server with the prefix of the UI's address: it answers them only there.

    Raises:
        SettingError: the prefixes differ, so that every task would fail.
    """
    given = _ADDRESS.fullmatch(env.get(UI_ADDRESS, ""))
    for_tasks = _ADDRESS.fullmatch(env.get(ADDRESS_FOR_TASKS, ""))
    if not given or not for_tasks or for_tasks["path"] != f"{given['path'].rstrip('/')}/execution/":
        raise SettingError(
            "FPL_PULSE_UI_URL or FPL_PULSE_UI_PREFIX in .env is wrong, or both do not fit together: no task could run."
            " Write the address without a path and without a login, such as https://data.example, and the prefix as"
            " /airflow."
        )


def prepared(env: Mapping[str, str]) -> dict[str, str]:
    """Check the address, and write the passwords file, readable by its owner only.

    Returns the environment of the api-server. It has the names and roles, and none of the variables with passwords.

    Raises:
        SettingError: see `require_one_prefix` and `users_of`.
        KeyError: the environment does not name the passwords file.
    """
    require_one_prefix(env)
    users = users_of(env)
    path = Path(env[PASSWORDS_FILE])
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({user.name: user.password for user in users}, file)
    kept = {name: value for name, value in env.items() if name not in (ADMIN_PASSWORD, MORE_USERS)}
    return kept | {NAMES_AND_ROLES: ",".join(f"{user.name}:{user.role}" for user in users)}


def main(command: list[str]) -> NoReturn:
    """Prepare the users and replace this process by `command`.

    Raises:
        SystemExit: there is no command, or the users cannot be prepared. Its text says what to do.
    """
    if not command:
        raise SystemExit("Usage: python -m fpl_pulse.cli.users COMMAND")
    try:
        env = prepared(os.environ)
    except SettingError as error:
        raise SystemExit(str(error)) from None
    os.execvpe(command[0], command, env)  # noqa: S606 - docker-compose.yaml names the command


def _user_of(entry: str, position: int) -> User:
    """The user of one entry. What is no user is named by its position, because it may be a password."""
    name, _, rest = entry.partition(":")
    role, _, password = rest.partition(":")
    if not rest or not password or not _NAME.fullmatch(name):
        raise SettingError(
            f"{MORE_USERS} in .env: entry {position} is not a user. {_FORM}. A name has letters, digits and . _ @ -."
        )
    if role not in ROLES:
        raise SettingError(f"{MORE_USERS} in .env: the role of {name} is unknown. Use one of {', '.join(ROLES)}.")
    return User(name, role, _checked_password(f"{MORE_USERS}, user {name}", password))


def _checked_password(what: str, password: str) -> str:
    if len(password) < MIN_PASSWORD_LENGTH:
        raise SettingError(
            f"{what} in .env: the password has {len(password)} characters and needs {MIN_PASSWORD_LENGTH}. "
            "Make one with: openssl rand -hex 16"
        )
    return password


if __name__ == "__main__":
    main(sys.argv[1:])
