"""After a restore: what was erased since the backup is erased again, before anybody is let in."""

from datetime import datetime
from pathlib import Path

from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.people.models import Person
from portal.requests.erasing.copies import forget_copies
from portal.requests.erasing.kinds import ErasureEntry
from portal.requests.erasing.ledger_file import Line, unknown_here
from portal.requests.erasing.models import Erased
from portal.walls import Role, scope


def replay(path: Path, *, by: Actor, at: datetime) -> int:
    """Erase what the file tells of and the database does not know, each in a transaction; how many. FileBroken.

    Killed anywhere, it is run again and goes on.
    """
    lines = unknown_here(path)
    for line in lines:
        _again(line, by=by, at=at)
    return len(lines)


def _again(line: Line, *, by: Actor, at: datetime) -> None:
    with scope(Role.WORKER, persons=[line.person]):
        Erased.objects.create(
            id=line.id,
            person_id=line.person,
            datasets=list(line.datasets),
            until_sign_in=line.until_sign_in,
            erased_at=line.at,
        )
        if not Person.objects.filter(pk=line.person).exists():
            # They came after the backup was made: there is nothing of them.
            return
        forget_copies(line.person, line.datasets, until_sign_in=line.until_sign_in, by=by, at=at)
        record(ErasureEntry.ERASED_AGAIN, by=by, about=line.person, at=at)
