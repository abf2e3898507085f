"""Every call of the API, a few examples of each; 200 in the proof (tests/proof/fuzz.py), 10,000 by `make fuzz`."""

import time
from collections.abc import Callable
from pathlib import Path

from demo.client import Department
from portal.rest.models import SCOPES
from tests.portal_server import Running
from tests.proof.fuzzing.described import hold_all

pytest_plugins = ["tests.rest.at_work"]
EXAMPLES = 3


def test_every_call_does_what_its_description_says(
    working: Running, let_in: Callable[..., Department], tmp_path: Path
) -> None:
    words = ("sports", "--scopes", *SCOPES, "--calls-per-second", "10000")
    department = let_in(working, tmp_path / "sports.json", *words)
    token = {"Authorization": f"Bearer {department.token()}"}
    number = int(time.time())
    assert hold_all(working.base, token, count=EXAMPLES, number=number) >= 17 * EXAMPLES
    assert "Internal Server Error" not in working.log.read_text(errors="replace")
