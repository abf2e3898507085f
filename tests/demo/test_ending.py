"""However a demo ends, nothing of it stays. The proof's part `demo` does the same with the whole portal running."""

import os
import signal

import pytest

from tests.demo.starting import OUTSIDE_IS_OPEN, Demo, as_other, demo_folder


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
def test_no_process_is_left(number: signal.Signals, code: int) -> None:
    with demo_folder() as folder:
        demo = Demo(folder)
        process = demo.start()
        demo.wait_for(OUTSIDE_IS_OPEN, process)
        process.send_signal(number)
        assert (process.wait(30), demo.left()) == (code, []), demo.log.read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="the others run as an ordinary user already")
@pytest.mark.parametrize(
    "number",
    [signal.SIGKILL, pytest.param(signal.SIGINT, marks=pytest.mark.proof)],
    ids=lambda number: number.name,
)
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
