"""Which tests go to the same worker: those that share a running portal, so that it is started once.

A plugin (`-p tests.spreading`). By path, since pytest 9.2 does not let pytest-xdist mark a test's name with its group.
"""

import re

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.scheduler.protocol import Scheduling

_TOGETHER = {
    "rest": r"tests/rest/",
    "journeys": r"tests/journeys/",
    "cities": r"tests/cities/test_(two_portals|moving)",
    "jobs": r"tests/jobs/test_(beat|answers_settled)",
    "sign-in": r"tests/people/test_(sign_in|staff_door|nowhere)",
    # They read the same files, each once.
    "house": r"tests/house/",
    "mariadb": r"tests/datasources/test_(mariadb|other_databases|offers)",
}
_GROUPS = re.compile("|".join(f"(?P<{name.replace('-', '_')}>{paths})" for name, paths in _TOGETHER.items()))


class Spreading(LoadScopeScheduling):
    """The largest groups first, then test by test to whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        found = _GROUPS.match(nodeid)
        return found.lastgroup or nodeid if found else nodeid


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """With `--dist loadgroup`."""
    return Spreading(config, log) if config.getvalue("dist") == "loadgroup" else None
