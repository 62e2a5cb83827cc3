"""The process that draws: what happens to it, and that nothing of it reaches the API server."""

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from threading import Timer

import psutil
import pytest

from fpl_pulse.charts.catalogue import Chart, picture_of
from fpl_pulse.charts.picture import Picture
from fpl_pulse.web import database
from fpl_pulse.web.pictures import drawing_process
from fpl_pulse.web.pictures.drawer import NICENESS, Order
from fpl_pulse.web.pictures.drawing import Look, Pictures
from fpl_pulse.web.pictures.drawing_process import DrawingProcess
from fpl_pulse.web.problems import UnavailableError
from tests.unit.charts import examples
from tests.web.serving import Client

ORDER = Order(examples.team_of_the_week(), "dark", "png", 1)


@pytest.fixture(scope="module")
def drawing() -> Iterator[DrawingProcess]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_CONN_FPL_POSTGRES", "postgres://pulse:secret@postgres/fpl_pulse")
        drawing = DrawingProcess()
        drawing.start()
    yield drawing
    drawing.close()


def test_the_api_server_does_not_load_what_only_drawing_needs() -> None:
    code = (
        "import sys, fpl_pulse.web.app\n"
        "print([name for name in ('mplsoccer', 'scipy', 'pandas', 'matplotlib.pyplot') if name in sys.modules])"
    )
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"]}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert result.stdout.strip() == "[]"


def process_of(drawing: DrawingProcess) -> psutil.Process:
    drawing.start()
    assert drawing._child
    return psutil.Process(drawing._child.pid)


def test_another_process_draws_the_same_picture_with_less_priority(drawing: DrawingProcess) -> None:
    drawn = drawing.draw(ORDER)
    assert drawn == picture_of(ORDER.chart, "dark")
    process = process_of(drawing)
    assert process.ppid() == os.getpid()
    assert process.nice() == min(19, psutil.Process().nice() + NICENESS)
    assert drawing.draw(Order(ORDER.chart, "light", "svg", 1)) == picture_of(ORDER.chart, "light", "svg")
    assert process_of(drawing) == process


def test_it_gets_no_password_of_the_server(drawing: DrawingProcess) -> None:
    process = process_of(drawing)
    assert "PYTHONPATH" in process.environ()
    assert "secret" not in str(process.environ())


def test_a_request_gives_its_connection_back_before_its_picture_is_drawn(
    pages: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "REQUEST_LIMIT_S", 4.0)
    draw = Pictures.draw

    def draw_slowly(pictures: Pictures, chart: Chart, look: Look) -> Picture:
        time.sleep(5)
        return draw(pictures, chart, look)

    monkeypatch.setattr(Pictures, "draw", draw_slowly)
    assert pages.get("/pictures/gameweeks/1/team.png").status_code == 200


def test_a_process_that_was_killed_is_started_again(drawing: DrawingProcess, caplog: pytest.LogCaptureFixture) -> None:
    killed = process_of(drawing)
    killed.kill()
    killed.wait(10)
    assert drawing.draw(ORDER).content
    assert process_of(drawing) != killed
    assert "The process that draws has died" in caplog.text
    assert "it is started again" in caplog.text


def test_a_process_that_always_dies_is_said(drawing: DrawingProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    drawing.close()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/bin/false")
        with pytest.raises(UnavailableError) as raised:
            drawing.draw(ORDER)
    assert "has died twice. Try again" in raised.value.detail
    assert raised.value.status_code == 503
    assert drawing.draw(ORDER).content


def test_a_chart_that_cannot_be_drawn_is_an_error_of_its_own(drawing: DrawingProcess) -> None:
    before = process_of(drawing)
    five = replace(examples.four_players(), players=[examples.four_players().players[0]] * 5)
    with pytest.raises(RuntimeError, match="ValueError"):
        drawing.draw(Order(five, "light", "png", 1))
    assert drawing.draw(ORDER).content
    assert process_of(drawing) == before


def test_a_process_that_does_not_answer_is_ended_and_the_next_picture_is_drawn(
    drawing: DrawingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing.draw(ORDER)
    stuck = process_of(drawing)
    stuck.suspend()
    with monkeypatch.context() as patch:
        patch.setattr(drawing, "_most_s", 0.3)
        with pytest.raises(UnavailableError, match="503: The picture takes too long to draw"):
            drawing.draw(ORDER)
    assert not stuck.is_running()
    assert drawing.draw(ORDER).content


def test_a_picture_does_not_wait_for_ever_for_the_one_before() -> None:
    waiting = DrawingProcess(most_s=0.2)
    waiting._lock.acquire()
    with pytest.raises(UnavailableError, match="Nobody could draw the picture within"):
        waiting.draw(ORDER)


def test_who_waited_for_the_one_before_has_the_whole_time_for_the_own_picture(
    drawing: DrawingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing.draw(ORDER)
    before = process_of(drawing)
    monkeypatch.setattr(drawing, "_most_s", 5.0)
    drawing._lock.acquire()
    release = Timer(4.8, drawing._lock.release)
    release.start()
    assert drawing.draw(ORDER).content
    assert process_of(drawing) == before


def test_a_process_that_is_still_starting_is_left_alone() -> None:
    drawing = DrawingProcess(most_s=0.05)
    starting = process_of(drawing)
    try:
        with pytest.raises(UnavailableError, match="still starting"):
            drawing.draw(ORDER)
        drawing._most_s = 60
        assert drawing.draw(ORDER).content
        assert process_of(drawing) == starting
    finally:
        drawing.close()


def test_a_process_that_never_becomes_ready_is_replaced(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    drawing = DrawingProcess(most_s=0.05)
    stuck = process_of(drawing)
    stuck.suspend()
    monkeypatch.setattr(drawing_process, "MOST_FOR_START_S", 0.0)
    try:
        assert process_of(drawing) != stuck
        assert not stuck.is_running()
        assert "because it was not ready" in caplog.text
    finally:
        drawing.close()


def test_an_order_that_nobody_reads_does_not_wait_for_ever(
    drawing: DrawingProcess, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    drawing.draw(ORDER)
    process_of(drawing).suspend()
    example = examples.winger_in_a_season()
    large = Order(replace(example, points=[*example.points] * 1000), "light", "png", 1)
    assert len(pickle.dumps(large)) > 1_000_000, "it would fit into the buffer of the connection"
    monkeypatch.setattr(drawing, "_most_s", 0.5)
    with pytest.raises(UnavailableError, match="takes too long to draw"):
        drawing.draw(large)
    assert len(caplog.text) < 1_000


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [
        (UnavailableError("The picture takes too long to draw. Try again."), 503, "takes too long to draw"),
        (RuntimeError("The picture cannot be drawn:\nTraceback"), 500, "An unexpected error happened"),
    ],
)
def test_a_picture_that_is_not_drawn_is_a_problem(
    pages: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, detail: str
) -> None:
    def fail(*_: object) -> Picture:
        raise error

    monkeypatch.setattr(Pictures, "draw", fail)
    response = pages.get("/pictures/gameweeks/1/team.png")
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert detail in response.json()["detail"]
    assert "Traceback" not in response.text
    assert ("Retry-After" in response.headers) is (status == 503)


def test_it_ends_with_a_server_that_is_killed() -> None:
    code = (
        "import sys, time\n"
        "from fpl_pulse.web.pictures.drawing_process import DrawingProcess\n"
        "drawing = DrawingProcess(); drawing.start()\n"
        "print(drawing._child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"]},
    )
    assert server.stdout
    pid = int(server.stdout.readline())
    assert psutil.pid_exists(pid)
    server.kill()
    server.wait(10)
    deadline = time.monotonic() + 20
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the process that draws has outlived the server"
        time.sleep(0.1)
    server.stdout.close()
