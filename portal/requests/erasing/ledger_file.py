"""What was erased, outside of the database: a signed file that only grows, by which a restored backup catches up.

The first line is a signature (JWS with detached content) over the rest; then one line of JSON for each erasure.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from portal.keys.errors import SignatureBroken, SignerUnknown
from portal.keys.signing import sign, signer
from portal.requests.erasing.errors import FileAhead, FileBroken
from portal.requests.erasing.models import Erased
from portal.walls import Role, scope

KEY, KIND = "receipts", "erasures+jws"


@dataclass(frozen=True)
class Line:
    """One erasure; no datasets: all copies of the person."""

    id: UUID
    person: UUID
    datasets: tuple[str, ...]
    until_sign_in: bool
    at: datetime

    def text(self) -> str:
        """As it stands in the file."""
        told = {"id": str(self.id), "person": str(self.person), "at": self.at.isoformat()}
        return json.dumps(told | {"datasets": list(self.datasets), "until_sign_in": self.until_sign_in})


def _line(text: str) -> Line:
    told = json.loads(text)
    at, datasets = datetime.fromisoformat(told["at"]), tuple(told["datasets"])
    return Line(UUID(told["id"]), UUID(told["person"]), datasets, bool(told["until_sign_in"]), at)


def file_here() -> Path | None:
    """The portal's own file; None where the settings name no folder."""
    return settings.ERASURE_FOLDER / "erasures" if settings.ERASURE_FOLDER else None


def lines_of(path: Path) -> dict[UUID, Line]:
    """{id: erasure} of a file, in its order. FileBroken; FileNotFoundError."""
    signature, _, content = path.read_bytes().partition(b"\n")
    try:
        signer(KEY, signature.decode("ascii"), content, kind=KIND)
        found = [_line(text) for text in content.decode().splitlines()]
    except (SignerUnknown, SignatureBroken, UnicodeError, ValueError, KeyError, TypeError) as fault:
        raise FileBroken(type(fault).__name__) from None
    return {line.id: line for line in found}


def known() -> dict[UUID, Line]:
    """The same of the database; within the worker's scope."""
    rows = Erased.objects.order_by("id")
    return {row.pk: Line(row.pk, row.person_id, tuple(row.datasets), row.until_sign_in, row.erased_at) for row in rows}


def unknown_here(path: Path) -> list[Line]:
    """Erasures that the file tells of and the database does not know, oldest first. Opens its own scope."""
    told = lines_of(path)
    with scope(Role.WORKER):
        here = known()
    return [line for key, line in sorted(told.items()) if key not in here]


def copy_out() -> bool:
    """Write every erasure to the file that the settings name, if they do; whether all is there. FileAhead, FileBroken.

    What the file tells is never taken out of it: a database that does not know it was restored.
    """
    path = file_here()
    if path is None:
        return True
    with scope(Role.WORKER):
        # One at a time: two would each write without the other's last line.
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x65726173])
        here = known()
        held = lines_of(path) if path.exists() else {}
        if held.keys() - here.keys():
            raise FileAhead
        if held.keys() != here.keys() or not path.exists():
            _write(path, here)
    return True


def _write(path: Path, lines: Mapping[UUID, Line]) -> None:
    content = "".join(f"{lines[key].text()}\n" for key in sorted(lines)).encode()
    _, signature = sign(KEY, content, kind=KIND)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(f".{os.getpid()}.new")
    with new.open("wb") as file:
        file.write(signature.encode() + b"\n" + content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def refuse_when_behind() -> None:
    """FileAhead when the database was restored and not caught up; FileBroken when nobody can tell."""
    path = file_here()
    if path is not None and path.exists() and unknown_here(path):
        raise FileAhead
