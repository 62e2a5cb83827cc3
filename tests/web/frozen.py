"""A way to the database that can freeze: connections stay open, and nothing that is sent arrives."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Proxy:
    """Forwards each connection to a port of this machine."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._forwards = threading.Event()
        self._forwards.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets = [self._listener]
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def freeze(self) -> None:
        """Forward nothing. New connections are accepted, as the system of a frozen server accepts them."""
        self._forwards.clear()

    def thaw(self) -> None:
        """Forward again, also what was sent meanwhile."""
        self._forwards.set()

    def close(self) -> None:
        """End all connections."""
        self.thaw()
        for one in self._sockets:
            # Only a shutdown wakes a thread that waits for the socket.
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
            finally:
                one.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            self._sockets += [client, server]
            for ends in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=ends, daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65_536):
                self._forwards.wait()
                target.sendall(data)
            target.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


@contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    """A proxy that ends with the block."""
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
