"""The rights that no story tells: the use of a register is restricted, and a row of the log is questioned.

Every right in every language is walked by `make proof PART=journeys`.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browsing import resident_enters
from tests.journeys.each_right import RIGHTS, Walker
from tests.portal_server import Running

pytestmark = pytest.mark.browser


def test_a_use_is_restricted_and_a_row_of_the_log_questioned(
    portal: Running, chromium: Browser, tmp_path: Path
) -> None:
    context = chromium.new_context(locale="sv", viewport={"width": 360, "height": 900})
    page = resident_enters(context, portal.base, "p0064", language="sv")
    for right in ("restrict", "question a row"):
        RIGHTS[right](Walker(page, portal.base, "sv"), tmp_path)
