"""A running portal, and departments with keys of their own."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demo.client import Department
from tests.portal_server import ROOT, Running, running_portal


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_portal(tmp_path_factory.mktemp("portal"), settings={"API_CALLS_PER_SECOND": "20"}) as running:
        yield running


def let_in(portal: Running, out: Path, *words: str) -> Department:
    """A department's program, let in by `make_client`, which gets these words too."""
    argv = [sys.executable, "manage.py", "make_client", *words, "--out", str(out)]
    subprocess.run(argv, cwd=ROOT, env=portal.environment, check=True, capture_output=True)
    return Department(portal.base, out)


@pytest.fixture(scope="module")
def department(portal: Running, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Department]:
    """department("sports"): its program; one for each set of words."""
    folder = tmp_path_factory.mktemp("clients")
    made: dict[tuple[str, ...], Department] = {}

    def of(*words: str) -> Department:
        if words not in made:
            made[words] = let_in(portal, folder / f"{len(made)}.json", *words)
        return made[words]

    return of
