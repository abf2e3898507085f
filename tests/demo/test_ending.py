"""A demo keeps to its ports, and leaves nothing behind however it ends; the proof does it with the whole portal."""

import os
import signal

import psutil
import pytest

from tests.demo.starting import OUTSIDE_IS_OPEN, Demo, as_other, demo_folder, free_ports


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, 0),
        (signal.SIGKILL, -signal.SIGKILL),
        pytest.param(signal.SIGTERM, 0, marks=pytest.mark.proof),
        pytest.param(signal.SIGHUP, 0, marks=pytest.mark.proof),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_every_port_is_its_own_and_no_process_is_left(number: signal.Signals, code: int) -> None:
    with demo_folder() as folder:
        demo = Demo(folder)
        process = demo.start()
        demo.wait_for(OUTSIDE_IS_OPEN, process)
        opened = _ports(process.pid)
        process.send_signal(number)
        assert (process.wait(30), demo.left()) == (code, []), demo.log.read_text()
        assert (len(opened) >= 4, opened - set(range(demo.port, demo.port + 12))) == (True, set())


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGKILL, marks=pytest.mark.proof)])
def test_nor_is_any_left_of_two_cities(number: signal.Signals) -> None:
    with demo_folder() as folder:
        demo = Demo(folder, port=free_ports(27), settings={"CITIES": "turku espoo"})
        process = demo.start()
        for words in ("The systems of turku are open.", OUTSIDE_IS_OPEN):
            demo.wait_for(words, process)
        opened = _ports(process.pid)
        servers = sorted(path.parent.name for path in folder.glob("**/postgres"))
        process.send_signal(number)
        process.wait(30)
        assert demo.left() == [], demo.log.read_text()
        asked = {*range(demo.port, demo.port + 12), *range(demo.port + 20, demo.port + 32)}
        assert ({demo.port + 1, demo.port + 21} <= opened, opened - asked) == (True, set())
        assert servers == ["demo", "turku"]


def _ports(pid: int) -> set[int]:
    """Where it listens and what it started."""
    family = [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    return {each.laddr.port for each in psutil.net_connections("tcp") if each.pid in family and each.laddr}


@pytest.mark.skipif(os.geteuid() != 0, reason="the others run as an ordinary user already")
@pytest.mark.parametrize(
    "number",
    [signal.SIGKILL, signal.SIGINT],
    ids=lambda number: number.name,
)
@pytest.mark.proof
def test_nor_when_an_ordinary_user_ran_it(number: signal.Signals) -> None:
    if (prefix := as_other()) is None:
        pytest.skip("an ordinary user cannot read this Python")
    with demo_folder(other=True) as folder:
        demo = Demo(folder, prefix=prefix)
        process = demo.start()
        demo.wait_for(OUTSIDE_IS_OPEN, process)
        process.send_signal(number)
        process.wait(30)
        assert (demo.left(), (folder / "postgres" / "data").stat().st_uid) == ([], folder.stat().st_uid)
