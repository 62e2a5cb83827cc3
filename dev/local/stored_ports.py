"""The ports of the last start. The next start uses them again where they are free, so that addresses stay the same."""

import json
import time

from dev.local.layout import Layout, write_private
from dev.local.processes import free_port, port_is_taken

POSTGRES, SANDBOX, UI = "postgres", "sandbox", "ui"
_RELEASE_LIMIT_S = 2.0
"""How long a port may stay in use after the process that used it was killed."""


class StoredPorts:
    """The file with the ports of one state folder, by name."""

    def __init__(self, layout: Layout) -> None:
        """Choose the state folder."""
        self._layout = layout
        self._file = layout.state / "ports.json"

    def last(self, name: str) -> int | None:
        """The TCP port of the last start, whether it is free or not; None if there is none."""
        return self._read().get(name)

    def choose(self, name: str) -> int:
        """The port of the last start if it is free, else another free one. It is stored for the next start."""
        last = self.last(name)
        port = last if last is not None and _becomes_free(last) else free_port()
        self.store(name, port)
        return port

    def store(self, name: str, port: int) -> None:
        """Store a port for the next start."""
        self._layout.make()
        write_private(self._file, json.dumps(self._read() | {name: port}))

    def _read(self) -> dict[str, int]:
        """The stored ports. A file that a person has damaged counts as none: it is only a preference."""
        try:
            stored = json.loads(self._file.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        pairs = stored.items() if isinstance(stored, dict) else ()
        return {name: port for name, port in pairs if type(port) is int and 0 < port < 2**16}


def _becomes_free(port: int) -> bool:
    until = time.monotonic() + _RELEASE_LIMIT_S
    while port_is_taken(port):
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True
