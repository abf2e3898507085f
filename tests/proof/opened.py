"""What the proofs with a browser open: servers, departments, the portal, a Chromium."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from tests.browsing import chromium, running_city
from tests.portal_server import Running
from tests.servers import running_servers
from tests.web import ROOT


@contextmanager
def opened() -> Iterator[tuple[Running, Browser, Path]]:
    """All of it, and a folder that is gone afterwards."""
    # The texts as they are now, in every language.
    subprocess.run([sys.executable, "-m", "tests.messages", "--compile"], cwd=ROOT, check=True, capture_output=True)
    with (
        tempfile.TemporaryDirectory(prefix="proof-") as name,
        running_servers(),
        running_city(Path(name)) as portal,
        chromium() as browser,
    ):
        yield portal, browser, Path(name)
