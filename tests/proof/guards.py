"""Each check of who may do what is taken away in turn, in a copy of the portal; the tests that match must notice.

The list is made by reading the sources: doors in front of views, scopes that calls need, rights of the back office, and
every `if` that does nothing but refuse. A check that can go without a test failing is named, and nothing is proven.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue

from coverage import CoverageData

from demo.servers import APP
from tests.house.sources import ROOT, files, product_code
from tests.servers import running_servers, server

DOORS = {"resident_page", "own_page", "account_page", "asks_again", "asks_again_for_another", "desk", "with_person"}
REFUSALS = {
    *("Http404", "PermissionDenied", "AuthenticationFailed", "NotYours", "NotAvailable", "TooNear", "NobodySignedIn"),
    *("NotTheirDepartment", "NotTheOfficer", "SignInRefused", "refuse", "_forbidden", "NoSuchWebhook", "NoSuchPurpose"),
    *("_no_such_purpose", "NotOfThisPurpose", "NoSuchPurposeAt", "OnlyAdults", "NoSuchData", "NotShown", "OwnText"),
}
# What a call needs when any token will do.
_ANY = '"any"'
# Whose tests reach the checks in their own process, and are run once to see which of them pass by which check.
_ROOMS = ("house/test_addresses", "pages/", "servicepoint/", "consents/", "people/", "rest/", "walls/", "keys/")
_SOURCES = ("keepers", "made_here", "guided", "values", "catalogue", "gdpr_api", "push", "trials", "offers")
# Tests against a running portal are not seen to pass by anything: for what no other test passes by, they are all run.
_SERVED = re.compile(r"\bRunning\b|\brunning_portal\b")
_ENOUGH = 8
_SEEING = """
[run]
dynamic_context = test_function
source_pkgs = portal,consents,datasources
data_file = {data}
"""
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+::\S.*?)(?: - |$)", re.MULTILINE)
_PLAIN = ("-p", "no:randomly", "-p", "no:cacheprovider", "-m", "not proof and not browser")
_WORKERS = 2
_LONGEST = 240


@dataclass(frozen=True)
class Guard:
    """One check: where it stands, what it is called, and the file's text without it."""

    path: Path
    line: int
    name: str
    without: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.name}"


def guards() -> list[Guard]:
    """Every check of the product, by file and line."""
    found = [guard for path, tree in product_code() for guard in _in(path, tree)]
    return sorted(found, key=lambda guard: (str(guard.path), guard.line))


def _in(path: Path, tree: ast.Module) -> Iterator[Guard]:
    text = (ROOT / path).read_text()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield from _doors(path, node, text)
            yield from _rights(path, node, text)
        elif isinstance(node, ast.If) and (name := _refusal(node)):
            yield Guard(path, node.lineno, f"if: raise {name}", _replaced(text, node, "if False:", until=node.test))
        elif isinstance(node, ast.ClassDef):
            yield from _scopes(path, node, text)


def _doors(path: Path, node: ast.FunctionDef, text: str) -> Iterator[Guard]:
    for mark in node.decorator_list:
        if isinstance(mark, ast.Name) and mark.id in DOORS:
            yield Guard(path, mark.lineno, f"@{mark.id} of {node.name}", _replaced(text, mark, "", whole_line=True))


def _rights(path: Path, node: ast.FunctionDef, text: str) -> Iterator[Guard]:
    if node.name.startswith("has_") and node.name.endswith("permission"):
        last = node.body[-1]
        if isinstance(last, ast.Return):
            yield Guard(path, node.lineno, f"{node.name}", _replaced(text, last, "return True"))


def _scopes(path: Path, node: ast.ClassDef, text: str) -> Iterator[Guard]:
    for each in node.body:
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "needs":
            told = ast.unparse(each.value)
            if told != "ANY_SCOPE":
                yield Guard(path, each.lineno, f"needs of {node.name}", _replaced(text, each.value, _ANY))


def _refusal(node: ast.If) -> str:
    if len(node.body) != 1 or not isinstance(node.body[0], ast.Raise) or node.body[0].exc is None:
        return ""
    raised = node.body[0].exc
    name = ast.unparse(raised.func if isinstance(raised, ast.Call) else raised)
    return name if name in REFUSALS else ""


def _replaced(
    text: str, node: ast.expr | ast.stmt, new: str, *, until: ast.expr | None = None, whole_line: bool = False
) -> str:
    """The text with a node replaced; of a condition (`until`) the head is, and what it names is still named."""
    lines = text.encode().splitlines(keepends=True)
    ends = until or node
    assert ends.end_lineno is not None
    assert ends.end_col_offset is not None
    first, last = node.lineno - 1, ends.end_lineno - 1
    before, after = lines[first][: node.col_offset], lines[last][ends.end_col_offset :]
    if until is not None:
        # Names that the condition gives (`:=`) are still given.
        after = after.partition(b":")[2]
        held = b"".join(lines[until.lineno - 1 : last + 1])
        start = until.col_offset
        condition = held[start : len(held) - len(lines[last]) + ends.end_col_offset]
        new = f"if ({condition.decode()}) and False:"
    if whole_line:
        before, after = b"", b""
        lines[first : last + 1] = [b""]
    else:
        lines[first : last + 1] = [before + new.encode() + after]
    return b"".join(lines).decode()


def _test_files(*, served: bool) -> list[str]:
    """Those that run the portal in their own process, or those that are served by another."""
    rooms = (*_ROOMS, *(f"datasources/test_{name}." for name in _SOURCES))
    found = [str(path) for path in files() if path.name.startswith("test_") and path.suffix == ".py"]
    ours = [path for path in found if any(path.startswith(f"tests/{room}") for room in rooms)]
    return [path for path in ours if bool(_SERVED.search((ROOT / path).read_text())) is served]


def _lines(guard: Guard) -> range:
    """Where a test that passes by the check has been: of a door or a scope, in what stands behind it."""
    tree = ast.parse((ROOT / guard.path).read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            marks = [mark.lineno for mark in node.decorator_list]
            inner = [each.lineno for each in node.body if isinstance(each, ast.Assign)]
            if guard.line in {node.lineno, *marks, *(inner if isinstance(node, ast.ClassDef) else [])}:
                return range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1)
    return range(guard.line, guard.line + 1)


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
        redis = os.environ["TEST_REDIS"].replace("?db=0", f"?db={number + 1}")
        url = server().url(f"test_guards{number}", APP)
        self._environment = os.environ | {"DATABASE_URL": url, "REDIS_URL": redis}
        self._sound: dict[str, bool] = {}

    def _failing(self, tests: list[str]) -> str:
        """The first of these tests that fails; nothing when none does within the time."""
        argv = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", *_PLAIN, *tests]
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
            return ""
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
        path = self.folder / guard.path
        whole = path.read_text()
        path.write_text(guard.without)
        try:
            failing = self._failing(tests)
        finally:
            path.write_text(whole)
        if failing and failing not in self._sound:
            self._sound[failing] = not self._failing([failing])
        return failing if self._sound.get(failing) else ""


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
            told = data.contexts_by_lineno(str((copy.folder / guard.path).resolve()))
            by[guard] |= {context for line in _lines(guard) for context in told.get(line, ()) if context}

    _together(copies, look)
    return {guard: sorted(filter(None, map(_address, contexts)))[:_ENOUGH] for guard, contexts in by.items()}


def _address(context: str) -> str:
    """`tests.pages.test_x.test_y` as pytest names it."""
    module, _, name = context.rpartition(".")
    path = f"{module.replace('.', '/')}.py"
    found = path if path.startswith("tests/") else next((str(each) for each in files() if each.stem == module), "")
    return f"{found}::{name}" if found and name.startswith("test_") else ""


def _next(waiting: Queue[Guard]) -> Guard | None:
    try:
        return waiting.get_nowait()
    except Empty:
        return None


def unnoticed(todo: list[Guard]) -> list[Guard]:
    """Which of these checks no test misses."""
    missed: list[Guard] = []
    with tempfile.TemporaryDirectory() as folder, running_servers():
        copies = [_Copy(Path(folder), number) for number in range(_WORKERS)]
        tests = _passers_by(copies, todo)
        waiting: Queue[Guard] = Queue()
        for guard in todo:
            waiting.put(guard)

        def work(copy: _Copy) -> None:
            while (guard := _next(waiting)) is not None:
                noticed = copy.notices(guard, tests[guard] or _test_files(served=True))
                if not noticed and tests[guard]:
                    noticed = copy.notices(guard, _test_files(served=True))
                print(f"{'noticed' if noticed else 'UNNOTICED':10} {guard}  {noticed}", flush=True)
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
