"""A plugin of the modules in the group "portal at work": a portal whose jobs are done and whose changes are numbered.

Started once for all of them.
"""

from collections.abc import Iterator

import pytest

from tests.portal_server import Running, running_portal


@pytest.fixture(scope="session")
def working(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Bell, sequencer and a worker beside it."""
    impatient = {"BODY_PATIENCE_SECONDS": "2"}
    with running_portal(tmp_path_factory.mktemp("working"), working=True, settings=impatient) as running:
        yield running
