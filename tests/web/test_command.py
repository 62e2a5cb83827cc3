"""`python -m fpl_pulse.cli.api`: how it starts, and how it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psutil
import pytest
import requests

from dev.pipelines import Pipelines
from fpl_pulse.cli import api as command
from tests.web.serving import TOKEN

CONNECTION = "AIRFLOW_CONN_FPL_POSTGRES"


def started(installation: Pipelines, *arguments: str, wait_for_requests_s: float = 5) -> subprocess.Popen[str]:
    """The command in a process of its own."""
    code = (
        f"from fpl_pulse.cli import api; api.WAIT_FOR_REQUESTS_S = {wait_for_requests_s}; raise SystemExit(api.main())"
    )
    info = installation.conn.info
    environment = os.environ | {
        CONNECTION: f"postgresql://{info.user}:{info.password}@{info.host}:{info.port}/{info.dbname}",
        command.TOKEN: TOKEN,
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
    }
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@contextmanager
def running(
    installation: Pipelines, *arguments: str, wait_for_requests_s: float = 5
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command when it serves, and its address."""
    with started(installation, *arguments, wait_for_requests_s=wait_for_requests_s) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            found = re.match(r"The API is at (http://\S+)\. Stop it with Ctrl-C", line)
            assert found, line
            yield process, found[1]
        finally:
            process.kill()


def get(address: str) -> int:
    return requests.get(f"{address}/api/seasons/", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10).status_code


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(unchanged: Pipelines, stop: signal.Signals) -> None:
    with running(unchanged, "--port", "0") as (process, address):
        assert get(address) == 200
        process.send_signal(stop)
        output, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert output.endswith("The API has stopped.\n")


def test_a_client_that_does_not_read_does_not_keep_it_running(unchanged: Pipelines) -> None:
    with (
        running(unchanged, "--port", "0", wait_for_requests_s=0.5) as (process, address),
        closing(socket.socket()) as slow,
    ):
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        slow.connect(("127.0.0.1", int(address.rpartition(":")[2])))
        request = f"GET /api/players/?limit=200 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
        slow.sendall(request.encode() * 100)
        assert get(address) == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_a_port_in_use_is_named(unchanged: Pipelines) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with started(unchanged, "--port", str(port)) as process:
            output, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output == ""
    assert errors.startswith(f"The API cannot listen on 127.0.0.1, port {port}: Address already in use. Choose")
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize("host", ["no such host", "x" * 80, "1.2.3.4.5", "", "192.0.2.1", "ü.invalid", "::g"])
def test_a_host_that_is_wrong_is_named(
    unchanged: Pipelines, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    info = unchanged.conn.info
    monkeypatch.setenv(CONNECTION, f"postgresql://{info.user}:{info.password}@{info.host}:{info.port}/{info.dbname}")
    assert command._serve(host, 0) == 1
    printed = capsys.readouterr()
    assert "The API is at" not in printed.out
    assert len(printed.err.splitlines()) == 1
    assert repr(host) in printed.err or f"listen on {host}" in printed.err
    assert "Choose another" in printed.err


@pytest.mark.parametrize("port", ["-1", "65536", "x", "8321.0", "", "٣٣٣٣", "9" * 5000])
def test_a_port_that_is_wrong_is_named(capsys: pytest.CaptureFixture[str], port: str) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main([f"--port={port}"])
    assert ended.value.code == 2
    assert "is not a port. Choose a whole number from 0 to 65535" in capsys.readouterr().err


def test_an_address_of_ipv6_is_a_url(unchanged: Pipelines) -> None:
    if not any(one.address == "::1" for addresses in psutil.net_if_addrs().values() for one in addresses):
        pytest.skip("This machine has no IPv6")
    with running(unchanged, "--host", "::1", "--port", "0") as (_, address):
        assert address.startswith("http://[::1]:")
        assert get(address) == 200
