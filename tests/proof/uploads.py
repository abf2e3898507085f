"""The largest files at once, as a browser sends them: 4 GB and 1 GB in parts, then a disk that is full in the middle.

What the web server holds must stay flat. UPLOAD_MIB makes the first smaller.
"""

import os
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from datasources.wearables.spool import CHUNK, LARGEST
from demo.browser import Browser
from tests.people.ways_in import sign_in
from tests.portal_server import Running, running_portal
from tests.servers import running_servers

_PART, _MIB = 4 * CHUNK, 1 << 20
_WHOLE = int(os.environ.get("UPLOAD_MIB") or LARGEST // _MIB) * _MIB
_OTHER = _WHOLE // 4
_CUT_AT = 10 * _PART
# What one process of the web server may grow by while two files come.
_MOST_MORE = 64.0


@dataclass(frozen=True)
class _Sender:
    """Somebody signed in who may bring files."""

    browser: Browser
    base: str
    token: str

    def begin(self, size: int) -> tuple[int, dict[str, str]]:
        answer = self._post("/en/devices/parts/", data={"size": str(size)})
        return answer.status_code, answer.json()

    def part(self, to: str, begins: int, content: bytes) -> tuple[int, dict[str, str]]:
        answer = self._post(f"{to}?from={begins}", content=content)
        return answer.status_code, answer.json()

    def _post(self, path: str, **body: object):  # type: ignore[no-untyped-def]
        headers = {"X-CSRFToken": self.token, "Origin": self.base, "Referer": f"{self.base}/en/devices/"}
        return self.browser.client.post(f"{self.base}{path}", headers=headers, timeout=120, **body)  # type: ignore[arg-type]


def prove() -> str:
    """Two files come whole with memory flat; a third is told that there is no room, and leaves nothing."""
    with running_servers(), tempfile.TemporaryDirectory(prefix="uploads-") as name:
        spool = Path(name) / "watches"
        with running_portal(Path(name), settings={"WATCH_SPOOL": str(spool)}, web_workers=1) as portal:
            first, second = (_sender(portal, slug) for slug in ("tuuli", "bjorn"))
            too_large, told = first.begin(LARGEST + 1)
            assert (too_large, "4 gigabytes" in told["told"]) == (413, True), told
            _send(first, 4 * _PART)
            with _most_memory() as memory, ThreadPoolExecutor(2) as pool:
                began = time.monotonic()
                sent = [pool.submit(_send, who, size) for who, size in ((first, _WHOLE), (second, _OTHER))]
                assert all(each.result().startswith("/en/devices/files/") for each in sent)
                took = time.monotonic() - began
            assert memory.more <= _MOST_MORE, f"the web server grew by {memory.more:.0f} MiB"
            there = sorted(path.stat().st_size for path in spool.iterdir())
            _no_room(second, spool)
            assert sorted(path.stat().st_size for path in spool.iterdir()) == there
    rate = (_WHOLE + _OTHER) / _MIB / took
    return (
        f"{_WHOLE // _MIB} and {_OTHER // _MIB} MiB at once in {took:.0f} s ({rate:.0f} MiB/s), the web server grew by "
        f"{memory.more:.0f} MiB; a full disk in the middle: 507 in words, nothing left; 4 GiB and a byte: 413 in words"
    )


def _sender(portal: Running, slug: str) -> _Sender:
    browser = Browser("en")
    sign_in(browser, portal.base, slug)
    page = browser.open(f"{portal.base}/en/devices/")
    question = browser.send(page, page.form(posting_to="/ask/keeping-watch-data/"))
    browser.send(question, question.form(with_choice="answer"), answer="yes")
    page = browser.open(f"{portal.base}/en/devices/")
    return _Sender(browser, portal.base, page.form(posting_to="/devices/upload/").values["csrfmiddlewaretoken"])


def _send(who: _Sender, size: int) -> str:
    """Where one is led after the last part."""
    status, answer = who.begin(size)
    assert status == 200, answer
    content, to = os.urandom(_PART), answer["next"]
    for begins in range(0, size, _PART):
        status, answer = who.part(to, begins, content[: min(_PART, size - begins)])
        assert status == 200, answer
    return str(answer["done"])


def _no_room(who: _Sender, spool: Path) -> None:
    """From some part on the web server can write no byte more into a file."""
    status, answer = who.begin(2 * _CUT_AT)
    assert status == 200, answer
    to, content = answer["next"], os.urandom(_PART)
    for process in _web():
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (_CUT_AT, resource.RLIM_INFINITY))
    seen: list[int] = []
    for begins in range(0, 2 * _CUT_AT, _PART):
        status, answer = who.part(to, begins, content)
        seen.append(status)
        if status != 200:
            break
    assert (seen[-1], set(seen[:-1])) == (507, {200}), seen
    assert "no room" in answer["told"], answer


def _web() -> list[psutil.Process]:
    """Every process of the web server."""
    children = psutil.Process().children(recursive=True)
    return [each for each in children if "granian" in " ".join(each.cmdline())]


@dataclass
class _Memory:
    """By how many MiB the process that grew most grew."""

    more: float = 0.0


@contextmanager
def _most_memory() -> Iterator[_Memory]:
    before, found, over = {each.pid: each.memory_info().rss for each in _web()}, _Memory(), threading.Event()

    def look() -> None:
        while not over.wait(0.2):
            grown = [each.memory_info().rss - before.get(each.pid, 0) for each in _web()]
            found.more = max([found.more, *(size / _MIB for size in grown)])

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    yield found
    over.set()
    watcher.join()
