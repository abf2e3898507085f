"""A log with entries in it, sealed, and the stand-alone check of what comes from it."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from portal.keys.signing import public_keys
from portal.ledger.actions import record, sequence
from portal.ledger.actor import resident, system
from portal.people.kinds import PeopleEntry
from portal.walls import Role, scope
from tests.web import ROOT

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
_VERIFY = ROOT / "docs" / "verify" / "verify.py"


def leave(count: int = 1, *, about: UUID | None = None) -> list[UUID]:
    """Entries, by a job or by the person they are about."""
    by = resident(about) if about else system("tests")
    with scope(Role.WORKER):
        return [record(PeopleEntry.SIGNED_IN, by=by, about=about, at=AT) for _ in range(count)]


def seal(*, at: datetime = AT, batch: int = 10_000) -> int:
    """One turn of the sequencer."""
    with scope(Role.WORKER):
        return sequence(at=at, batch=batch)


def checked(
    folder: Path, files: Sequence[Mapping[str, Any] | bytes], *, keys: bool = True, more: Sequence[str] = ()
) -> tuple[int, list[str]]:
    """(exit code, what is said of each file) of the stand-alone check, which knows nothing of the portal."""
    paths = [folder / f"{number}.json" for number in range(len(files))]
    for path, file in zip(paths, files, strict=True):
        path.write_bytes(file if isinstance(file, bytes) else json.dumps(file).encode())
    told = folder / "keys.json"
    told.write_text(json.dumps({"keys": public_keys("receipts", "checkpoints")}))
    argv = [sys.executable, "-I", str(_VERIFY), *map(str, paths), *(["--keys", str(told)] if keys else []), *more]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=folder)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    return done.returncode, [line.split(": ", 1)[1] for line in lines]
