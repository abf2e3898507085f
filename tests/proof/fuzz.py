"""Hostile input for about five minutes: the API from its own description, pages and forms, parsers of what others send.

FUZZ_SEED=N repeats a run; the seed is printed and stands in every failure.
"""

import importlib
import os
import re
import secrets
import tempfile
from pathlib import Path
from types import ModuleType

import django

from tests.portal_server import Running, running_portal
from tests.servers import running_servers

_SEEDS = 2**32
_LIKE_A_CODE = re.compile(r"(?<![0-9A-Za-z])\d{6}[-+A-FU-Y]\d{3}[0-9A-Y](?![0-9A-Za-z])")
# Nothing here is about how often one may come.
_SETTINGS = {"API_CALLS_PER_SECOND": "10000000", "TOKENS_PER_MINUTE": "10000000", "SIGN_INS_PER_MINUTE": "10000000"}


def prove() -> str:
    """Never a 500, an unclean answer, or an identity code where none belongs; AssertionError at the first."""
    number = int(os.environ.get("FUZZ_SEED") or secrets.randbelow(_SEEDS))
    print(f"FUZZ_SEED={number}", flush=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    with running_servers(), tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        django.setup()
        counts = {part: _part(part).hold(number=number) for part in ("values", "sources", "exports")}
        with running_portal(Path(name), settings=_SETTINGS) as portal:
            counts |= {part: _part(part).hold(portal, number=number) for part in ("api", "pages")}
            _log_is_clean(portal)
    told = ", ".join(f"{part} {count}" for part, count in counts.items())
    return f"seed {number}, examples: {told}; no answer of 500, no identity code in an answer or in the log"


def _part(name: str) -> ModuleType:
    return importlib.import_module(f"tests.proof.fuzzing.{name}")


def _log_is_clean(portal: Running) -> None:
    """The web server's log, by which an operator would read what went wrong."""
    told = portal.log.read_text(errors="replace")
    assert "Internal Server Error" not in told, f"the log tells of an error: {told[-1500:]}"
    assert not _LIKE_A_CODE.search(told), "an identity code stands in the log"
