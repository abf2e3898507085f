"""What a worker has no use for is not in its memory."""

import subprocess
import sys

import pytest

# Pages of the back office; what draws documents; what only tests and developers need.
SPARED = ["datasources.admin", "consents.admin", "portal.urls_staff", "portal.staff.log"]


@pytest.mark.parametrize("room", SPARED)
def test_a_process_that_serves_nobody_does_not_load(room: str) -> None:
    told = f"import sys, django; django.setup(); sys.exit({room!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
