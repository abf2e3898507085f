"""What a worker has no use for is not in its memory."""

import subprocess
import sys

# The pages of the back office, and what prints.
SPARED = {"datasources.admin", "consents.admin", "portal.urls_staff", "portal.staff.log", "typst"}


def test_a_process_that_serves_nobody_does_not_load_what_only_pages_need() -> None:
    told = f"import sys, django; django.setup(); print(*sys.modules.keys() & {SPARED})"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
