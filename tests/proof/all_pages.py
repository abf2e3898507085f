"""That no page is left out: what the walk before axe has not come to is drawn by itself."""

import subprocess
import sys
from collections.abc import Iterable
from importlib import import_module

from tests.proof.looking import NOT_FOUND, Seen
from tests.web import ROOT

# Drawn by themselves, whatever is on them; the walk is what becomes of pages when something is pressed.
_DRAWN = "tests/house/test_pages_by_axe.py"
# Pages about what another resident or another city asked: their own journeys lead there.
_JOURNEYS = {"hand_over", "report_comment", "report_proposal"}
# Addresses that are pressed and never looked at.
_PRESSED = {"act_for", "act_for_oneself", "refresh", "sign_out_there", "session_left"}
_FILES = {"receipt_json", "receipt_pdf", "receipt_html", "use_json"}  # Brought down to be kept, and no page.
_PARTS = {"arriving"}  # Brought into another page, never a page.
_LEADS_ON = {"renew", "log_csv", "log_json"}  # Acts that lead on to pages that are looked at.
_BEYOND_THE_TABLE = {NOT_FOUND, "suomifi_callback", "suomifi_login"}
_IN_ENGLISH = {"api_reference", "problem"}


def draws_each() -> None:
    """Every address with something on it, in every language."""
    argv = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-m", "proof", _DRAWN]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


def is_complete(seen: Seen, *, languages: Iterable[str]) -> None:
    """Every address of the table was looked at in every language, or pressed; or it is drawn by itself."""
    addresses = import_module("tests.house.test_addresses")
    drawn = {str(addresses.ADDRESSES[path].name) for path in addresses.PAGES}
    no_pages = addresses.ONLY_POST | addresses.LEAD_ON | addresses.FILES | addresses.TABLES
    table = {str(pattern.name) for pattern in import_module("portal.pages.urls").urlpatterns}
    table -= drawn | _JOURNEYS | {str(addresses.ADDRESSES[path].name) for path in no_pages}
    wanted = {
        f"{language} {name}"
        for language in languages
        for name in (table - _PRESSED - _PARTS - _LEADS_ON - _FILES) | _BEYOND_THE_TABLE
    }
    missing = (wanted | {f"en {name}" for name in _IN_ENGLISH}) - set(seen.pages)
    assert missing == set(), f"not looked at: {sorted(missing)}"
    assert seen.pressed >= _PRESSED, f"not pressed: {_PRESSED - seen.pressed}"
