"""`python -m demo.seeding FOLDER FACTS`: keys, static files, catalogue, purposes: in one process."""

import json
import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.core.management import call_command

from demo.algorithms import EVALUATIONS, csv_of
from demo.cities import WHOLE
from demo.departments.leading import SERVICES
from demo.portal_processes import Ports
from demo.stamps import Stamp

_ROOT = Path(__file__).resolve().parent.parent
_PLANS = _ROOT / "demo" / "algorithms"
_RULEBOOKS = _ROOT / "docs" / "rulebook"
_DEPARTMENTS = ("early-education", "library", "sports")
# What each department's own program may do.
_ASKS = ("consents:check", "consents:request")
_MORE = ("data:read", "data:write", "uses:write", "changes:read", "webhooks")
_SCOPES = {"sports": (*_ASKS, *_MORE), "early-education": (*_ASKS, "uses:write")}


def key_of(folder: Path, department: str) -> Path:
    """The key file of a department's own program."""
    return folder / "clients" / f"{department}.json"


def clients(folder: Path, facts: Path) -> dict[str, Path]:
    """{department: key file} of those that the city whose folder of facts this is has."""
    there = {tomllib.loads(file.read_text()).get("slug") for file in facts.glob("*.toml")}
    return {department: key_of(folder, department) for department in _DEPARTMENTS if department in there}


def seed(folder: Path, facts: Path) -> None:
    """Idempotent: a second run changes nothing."""
    if not Path(os.environ["KEY_RING_FILE"]).exists():
        call_command("make_keys")
    _static()
    call_command("load_catalogue", "--sources", str(folder / "departments" / "sources.json"))
    call_command("load_algorithms")
    call_command("load_purposes")
    call_command("load_usecases")
    call_command("make_groups")
    _adopt()
    for department, key in clients(folder, facts).items():
        if not key.exists():
            call_command("make_client", department, "--out", str(key), "--scopes", *_SCOPES.get(department, _ASKS))
    if os.environ["CITY"] == WHOLE:
        _evaluations(folder)
        _led_back(clients(folder, facts))


def _adopt() -> None:
    """The newest rulebook, by a made-up decision."""
    if "rulebook" not in json.loads(Path(os.environ["KEY_RING_FILE"]).read_text())["signing"]:
        # The ring of a demo that was begun before there was a rulebook.
        call_command("rotate_signing_key", "rulebook", verbosity=0)
    newest = max((each.parent.name for each in _RULEBOOKS.glob("*/rulebook.toml")), key=_order)
    call_command("adopt_rulebook", newest, "--decision", "DEMO 1/2026")


def _order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _led_back(keys: Mapping[str, Path]) -> None:
    """Where each department's service has people led back to."""
    web = urlsplit(os.environ["PUBLIC_URL"]).port or 80
    two = ("--proposed-by", "demo-1", "--confirmed-by", "demo-2")
    for service in SERVICES.values():
        client = json.loads(keys[service.department].read_text())["client_id"]
        address = f"http://127.0.0.1:{Ports(web).services}/{service.slug}/back/"
        call_command("make_return_address", client, address, *two, verbosity=0)


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
    seed(*map(Path, sys.argv[1:3]))
