"""A worker that is killed in the middle of an erasure: whoever goes on leaves one effect."""

import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from portal.requests.enums import RequestState
from portal.requests.parts import LEASE
from tests.datasources.misbehaving import served
from tests.requests.erasures import LIBRARY, Department, asked, connect, copied, copies, parts, run
from tests.residents import arrived

_WORKER = """
import sys, django
django.setup()
from portal.requests.erasing.tasks import run
run(request_id=sys.argv[1])
"""


class _Held(Department):
    """Erases, and then does not answer until it is told to: the worst moment to be killed in."""

    def __init__(self) -> None:
        super().__init__()
        self.has_erased, self.may_answer = threading.Event(), threading.Event()

    def erased(self) -> None:
        self.has_erased.set()
        self.may_answer.wait(30)


@pytest.mark.security("V2.3.3")
def test_killed_after_the_system_erased_and_before_it_answered_it_erased_once(
    loaded_city: None, committed_db: str
) -> None:
    raili = arrived("raili")
    with served(_Held()) as library:
        connect({"library": library})
        copied(raili, "library-card")
        request = asked(raili, LIBRARY)
        worker = subprocess.Popen([sys.executable, "-c", _WORKER, str(request.pk)], cwd=Path(__file__).parents[2])
        assert library.has_erased.wait(30)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        library.may_answer.set()
        # Its copies had gone before, and its part is nobody's until the lease is over.
        assert (copies(raili), parts(request), library.effects) == (set(), {"library": "working"}, 1)
        assert run(request).state == RequestState.WORKING
        done = run(request, after=LEASE + timedelta(seconds=1))
        assert (done.state, parts(request), library.effects) == ("answered", {"library": "done"}, 1)
        calls = [call.path for call in library.seen]
        assert calls == ["/rehearsal", "/erasure", "/rehearsal"]
