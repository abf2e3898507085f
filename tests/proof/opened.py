"""What the proofs with a browser open: servers, departments, the portal, a Chromium."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from tests.chromium import find, launched
from tests.portal_server import Running, running_city
from tests.servers import running_servers
from tests.web import ROOT


@contextmanager
def opened() -> Iterator[tuple[Running, Browser, Path]]:
    """All of it, and a folder that is gone afterwards."""
    path = find()
    assert path is not None, "There is no Chromium, and the pages must be looked at."
    # The texts as they are now, in every language.
    subprocess.run([sys.executable, "-m", "tests.messages", "--compile"], cwd=ROOT, check=True, capture_output=True)
    with (
        tempfile.TemporaryDirectory(prefix="proof-") as name,
        running_servers(),
        running_city(Path(name)) as portal,
        launched(path) as browser,
    ):
        yield portal, browser, Path(name)
