"""What was brought in from elsewhere is exactly what its list says."""

import hashlib
import tomllib
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
LISTED = tomllib.loads((VENDOR / "VENDORED.toml").read_text(encoding="utf-8"))
SAID_BESIDE = {"LICENSE", "VENDORED.toml"}


def test_every_vendored_file_has_the_digest_on_the_list() -> None:
    held = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name not in SAID_BESIDE
    }
    assert held == {name: row["sha256"] for name, row in LISTED.items()}


def test_every_vendored_package_carries_its_licence() -> None:
    without = [name for name in LISTED if not (VENDOR / name).with_name("LICENSE").is_file()]
    assert without == []
