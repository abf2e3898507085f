"""Each check of who may do what is taken away in turn, in a copy of the portal; the tests that match must notice.

The list is made by reading the sources: doors in front of views, scopes that calls need, rights of the back office, and
every `if` that does nothing but refuse. A check that can go without a test failing is named, and nothing is proven.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from queue import Empty, Queue

from coverage import CoverageData
from redis import Redis

from demo.servers import APP
from tests.house.sources import ROOT, files
from tests.proof.guard_list import Guard, guards, seen_at
from tests.servers import running_servers, server

# Whose tests reach the checks in their own process, and are run once to see which of them pass by which check.
_ROOMS = (
    "house/test_addresses",
    "pages/",
    "servicepoint/",
    "consents/",
    "people/",
    "rest/",
    "walls/",
    "keys/",
    "requests/",
    "wearables/",
    "algorithms/",
    "fairness/",
    "usecases/",
    "transfers/",
    "arriving/",
    "rulebook/",
)
_SOURCES = ("keepers", "made_here", "guided", "values", "catalogue", "gdpr_api", "push", "trials", "offers")
# Tests against a running portal are not seen to pass by anything: for what no other test passes by, they are all run.
_SERVED = re.compile(r"\bRunning\b|\brunning_portal\b|\bdemo\.client\b")
_ENOUGH = 40
# Who is turned away at a door never comes to what stands behind it: these knock at every door.
_KNOCKING = ("tests/house/test_addresses", "tests/walls/")
_SEEING = """
[run]
dynamic_context = test_function
source_pkgs = portal,consents,datasources
data_file = {data}
"""
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+::\S.*?)(?: - |$)", re.MULTILINE)
_PLAIN = ("-p", "no:randomly", "-p", "no:cacheprovider", "-m", "not proof and not browser")
_WORKERS = 2
_UNSOUND = 5
_LONGEST = 900
# All passed, some failed, none was chosen (https://docs.pytest.org/en/stable/reference/exit-codes.html).
_RAN, _TAIL = {0, 1, 5}, 600


def _test_files(*, served: bool) -> list[str]:
    """Those that run the portal in their own process, or those that are served by another."""
    rooms = (*_ROOMS, *(f"datasources/test_{name}." for name in _SOURCES))
    found = [str(path) for path in files() if path.name.startswith("test_") and path.suffix == ".py"]
    ours = [path for path in found if any(path.startswith(f"tests/{room}") for room in rooms)]
    return [path for path in ours if bool(_SERVED.search((ROOT / path).read_text())) is served]


class _NotHeard(Exception):
    """The tests of a check did not end in time, or were not run at all: nothing is known of it."""


class _Copy:
    """A copy of the portal with a database of its own, where one check after another is taken away."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder = folder / str(number)
        for path in files():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, self.folder / path)
        (self.folder / ".venv").symlink_to(ROOT / ".venv")
        for compiled in ROOT.glob("locale/*/LC_MESSAGES/*.mo"):
            shutil.copyfile(compiled, self.folder / compiled.relative_to(ROOT))
        subprocess.run(["git", "init", "-q"], cwd=self.folder, check=True)
        # The city's database is the same whatever check is missing: it is made once.
        servers = self.folder / "tests" / "servers.py"
        servers.write_text(servers.read_text().replace("_digest(*_SCHEMA, *_CITY)", f'"guards{number}"'))
        self._redis = os.environ["TEST_REDIS"].replace("?db=0", f"?db={number + 1}")
        url = server().url(f"test_guards{number}", APP)
        self._environment = os.environ | {"DATABASE_URL": url, "REDIS_URL": self._redis}

    def _failing(self, tests: list[str], *, but: list[str]) -> str:
        """The first of these tests that fails; nothing when none does. _NotHeard."""
        passed_over = [f"--deselect={test}" for test in but]
        argv = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", *_PLAIN, *passed_over, *tests]
        # One run after the other would be taken for somebody who asks too often.
        Redis.from_url(self._redis).flushdb()
        try:
            done = subprocess.run(
                argv,
                cwd=self.folder,
                env=self._environment,
                capture_output=True,
                text=True,
                timeout=_LONGEST,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _NotHeard("too slow") from None
        if done.returncode not in _RAN:
            raise _NotHeard(done.stdout[-_TAIL:] + done.stderr[-_TAIL:])
        found = _FAILED.search(done.stdout)
        return found[1] if found else ""

    def seen(self, tests: list[str]) -> CoverageData:
        """Which lines these tests pass by."""
        data, rc = self.folder / "seen", self.folder / "seen.ini"
        rc.write_text(_SEEING.format(data=data))
        argv = [
            sys.executable,
            "-m",
            "coverage",
            "run",
            f"--rcfile={rc}",
            "-m",
            "pytest",
            "-q",
            "-n",
            "0",
            *_PLAIN,
            *tests,
        ]
        subprocess.run(argv, cwd=self.folder, env=self._environment, capture_output=True, check=False)
        found = CoverageData(str(data))
        found.read()
        return found

    def notices(self, guard: Guard, tests: list[str]) -> str:
        """The test that fails without this check, and passes with it; nothing when there is none."""
        unsound: list[str] = []
        while tests and len(unsound) < _UNSOUND:
            failing = self._without(guard, tests, but=unsound)
            # Those before it may have led to it: they are run again, too, with the check in its place.
            if not failing or self._failing(_until(failing, tests), but=unsound) != failing:
                return failing
            # It fails in the copy whatever is there: it is no witness, and the others are heard.
            unsound.append(failing)
        return ""

    def _without(self, guard: Guard, tests: list[str], *, but: list[str]) -> str:
        path = self.folder / guard.path
        whole = path.read_text()
        path.write_text(guard.without)
        try:
            return self._failing(tests, but=but)
        finally:
            path.write_text(whole)


def _until(failing: str, tests: list[str]) -> list[str]:
    """The tests that were run before this one, and it."""
    at = next((number for number, test in enumerate(tests) if failing.startswith(test)), len(tests))
    return tests[: at + 1]


def _together(copies: list[_Copy], work: Callable[[_Copy], None]) -> None:
    threads = [threading.Thread(target=work, args=[copy]) for copy in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _passers_by(copies: list[_Copy], todo: list[Guard]) -> dict[Guard, list[str]]:
    """{check: the tests that pass by it}, seen by running all of them once with every check in its place."""
    parts = {copy: _test_files(served=False)[number :: len(copies)] for number, copy in enumerate(copies)}
    by: dict[Guard, set[str]] = {guard: set() for guard in todo}

    def look(copy: _Copy) -> None:
        data = copy.seen(parts[copy])
        for guard in todo:
            for path, lines in seen_at(guard):
                told = data.contexts_by_lineno(str((copy.folder / path).resolve()))
                by[guard] |= {context for line in lines for context in told.get(line, ()) if context}

    _together(copies, look)
    # Those first that pass by few checks: they are about this one.
    busy = Counter(context for contexts in by.values() for context in contexts)
    found = {guard: sorted(contexts, key=lambda each: (busy[each], each)) for guard, contexts in by.items()}
    return {guard: list(filter(None, map(_address, contexts))) for guard, contexts in found.items()}


def _address(context: str) -> str:
    """`tests.pages.test_x.TestIt.test_y` as pytest names it; of a folder that is no package only `test_x` is told."""
    names = context.split(".")
    at = next((number for number, name in enumerate(names) if name.startswith("test_")), len(names))
    module, inner = names[: at + 1], names[at + 1 :]
    if not inner or not inner[-1].startswith("test_"):
        return ""
    path = Path(*module).with_suffix(".py")
    found = path if len(module) > 1 else next((each for each in _folders() if each.name == path.name), None)
    return "::".join([str(found), *inner]) if found else ""


@cache
def _folders() -> tuple[Path, ...]:
    """Test files of folders that are no packages."""
    return tuple(path for path in files() if not (ROOT / path.parent / "__init__.py").exists() and path.suffix == ".py")


def _served(guard: Guard) -> list[str]:
    """The tests against a running portal that may come to the guard: those of departments, of people, or both.

    Those first that name an address like the guard's file.
    """
    of_departments = "/api/" in str(guard.path) or guard.path.parts[1] == "rest"
    sides = ("rest",) if of_departments else ("people",) if guard.path.parts[0] == "portal" else ("rest", "people")
    found = [test for test in _test_files(served=True) if test.split("/")[1] in sides]
    address = f"{guard.path.stem.replace('_', '-')}/"
    return sorted(found, key=lambda test: address not in (ROOT / test).read_text())


def _noticed(copy: _Copy, guard: Guard, passing: list[str]) -> str:
    """The test that misses the check: of those that pass by it, of those that knock, of those a portal is served to."""
    knocking = [test for test in _test_files(served=False) if test.startswith(_KNOCKING)]
    nearest = passing[:_ENOUGH]
    # The nearest once more at the end: with the check in its place they may have failed for another reason.
    for tests in (nearest, knocking, passing[_ENOUGH:], _served(guard), nearest):
        if noticed := copy.notices(guard, tests):
            return noticed
    return ""


def _next(waiting: Queue[Guard]) -> Guard | None:
    try:
        return waiting.get_nowait()
    except Empty:
        return None


def unnoticed(todo: list[Guard]) -> list[Guard]:
    """Which of these checks no test misses, or none in time."""
    missed: list[Guard] = []
    with tempfile.TemporaryDirectory() as folder, running_servers():
        copies = [_Copy(Path(folder), number) for number in range(_WORKERS)]
        tests = _passers_by(copies, todo)
        waiting: Queue[Guard] = Queue()
        for guard in todo:
            waiting.put(guard)

        def work(copy: _Copy) -> None:
            while (guard := _next(waiting)) is not None:
                try:
                    noticed = _noticed(copy, guard, tests[guard])
                    print(f"{'noticed' if noticed else 'UNNOTICED':10} {guard}  {noticed}", flush=True)
                except _NotHeard as fault:
                    noticed = ""
                    print(f"NOT HEARD  {guard}  {fault}", flush=True)
                missed.extend([] if noticed else [guard])

        _together(copies, work)
    return missed


def prove() -> str:
    """Every check; what was seen."""
    todo = guards()
    assert len(todo) > 60
    missed = unnoticed(todo)
    assert missed == [], f"{len(missed)} checks can go unnoticed: {'; '.join(map(str, missed))}"
    return f"{len(todo)} checks taken away one at a time: a test failed each time"
