"""`python -m demo.seeding FOLDER`: keys, static files, catalogue and purposes in one process, as each costs a start."""

import hashlib
import os
import sys
from pathlib import Path

import django
from django.core.management import call_command

_ROOT = Path(__file__).resolve().parent.parent


def seed(folder: Path) -> None:
    """Idempotent: a second run changes nothing."""
    if not Path(os.environ["KEY_RING_FILE"]).exists():
        call_command("make_keys")
    _static()
    call_command("load_catalogue", "--sources", str(folder / "departments" / "sources.json"))
    call_command("load_purposes")
    call_command("make_groups")
    for department in ("early-education", "library", "sports"):
        key = folder / "clients" / f"{department}.json"
        if not key.exists():
            call_command("make_client", department, "--out", str(key))


def _static() -> None:
    """Collected and compressed once for each state of the files: brotli takes its time."""
    paths = sorted(path for path in (_ROOT / "static").rglob("*") if path.is_file())
    content = b"".join(path.read_bytes() for path in [*paths, _ROOT / "requirements.lock"])
    state, stamp = hashlib.sha256(content).hexdigest(), Path(os.environ["STATIC_ROOT"]) / ".state"
    if not stamp.exists() or stamp.read_text() != state:
        call_command("collectstatic", "--noinput", "--verbosity=0")
        stamp.write_text(state)


if __name__ == "__main__":
    django.setup()
    seed(Path(sys.argv[1]))
