"""`python -m demo.seeding FOLDER`: keys, static files, catalogue and purposes in one process, as each costs a start."""

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command


def seed(folder: Path) -> None:
    """Idempotent: a second run changes nothing."""
    if not Path(os.environ["KEY_RING_FILE"]).exists():
        call_command("make_keys")
    call_command("collectstatic", "--noinput", "--verbosity=0")
    call_command("load_catalogue", "--sources", str(folder / "departments" / "sources.json"))
    call_command("load_purposes")
    call_command("make_groups")
    for department in ("early-education", "library", "sports"):
        key = folder / "clients" / f"{department}.json"
        if not key.exists():
            call_command("make_client", department, "--out", str(key))


if __name__ == "__main__":
    django.setup()
    seed(Path(sys.argv[1]))
