"""`python -m demo.seeding FOLDER`: keys, static files, catalogue and purposes in one process, as each costs a start."""

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command

from demo.algorithms import EVALUATIONS, csv_of
from demo.stamps import Stamp

_ROOT = Path(__file__).resolve().parent.parent
_PLANS = _ROOT / "demo" / "algorithms"
_DEPARTMENTS = ("early-education", "library", "sports")
# What each department's own program may do.
_ASKS = ("consents:check",)
_MORE = ("consents:request", "data:read", "data:write", "uses:write", "changes:read", "webhooks")
_SCOPES = {"sports": (*_ASKS, *_MORE)}


def clients(folder: Path) -> dict[str, Path]:
    """The key file of each department's own program."""
    return {department: folder / "clients" / f"{department}.json" for department in _DEPARTMENTS}


def seed(folder: Path) -> None:
    """Idempotent: a second run changes nothing."""
    if not Path(os.environ["KEY_RING_FILE"]).exists():
        call_command("make_keys")
    _static()
    call_command("load_catalogue", "--sources", str(folder / "departments" / "sources.json"))
    call_command("load_algorithms")
    call_command("load_purposes")
    call_command("make_groups")
    _evaluations(folder)
    for department, key in clients(folder).items():
        if not key.exists():
            call_command("make_client", department, "--out", str(key), "--scopes", *_SCOPES.get(department, _ASKS))


def _evaluations(folder: Path) -> None:
    """Of made-up rows: one program passes, and one fails and is paused."""
    people = {"planned_by": "demo-keeper", "approved_by": "demo-officer"}
    for name, rows in EVALUATIONS.items():
        file = folder / f"{name}.csv"
        file.write_text(csv_of(rows()), encoding="utf-8")
        call_command("load_evaluation", str(_PLANS / f"{name}.toml"), str(file), pause=True, **people)


def _static() -> None:
    """Brotli takes its time."""
    stamp = Stamp(
        Path(os.environ["STATIC_ROOT"]) / ".state", [*(_ROOT / "static").rglob("*"), _ROOT / "requirements.lock"]
    )
    if not stamp.is_current():
        call_command("collectstatic", "--noinput", "--verbosity=0")
        stamp.set()


if __name__ == "__main__":
    django.setup()
    seed(Path(sys.argv[1]))
