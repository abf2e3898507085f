"""A running portal, and departments with keys of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from demo.client import Department
from tests.databases import inside
from tests.portal_server import Running, running_portal


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One for all tests of this folder, with `acts/` beside its own addresses."""
    settings = {"API_CALLS_PER_SECOND": "20", "PUSH_PATIENCE_SECONDS": "2"}
    folder, application = tmp_path_factory.mktemp("portal"), "tests.rest.acting_served:application"
    with running_portal(folder, settings=settings, application=application) as running:
        yield running


@pytest.fixture(scope="session")
def let_in(django_db_blocker: DjangoDbBlocker) -> Callable[..., Department]:
    """let_in(portal, out, "sports", "--secret"): a department's program, let in by `make_client` with these words."""

    def of(portal: Running, out: Path, *words: str) -> Department:
        with django_db_blocker.unblock(), inside(portal.database):
            call_command("make_client", *words, "--out", str(out), verbosity=0)
        return Department(portal.base, out)

    return of


@pytest.fixture(scope="module")
def department(
    portal: Running, let_in: Callable[..., Department], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Department]:
    """department("sports"): its program; one for each set of words."""
    folder = tmp_path_factory.mktemp("clients")
    made: dict[tuple[str, ...], Department] = {}

    def of(*words: str) -> Department:
        if words not in made:
            made[words] = let_in(portal, folder / f"{len(made)}.json", *words)
        return made[words]

    return of
