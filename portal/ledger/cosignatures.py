"""What witnesses signed on the seals: told behind each seal, as a signed note has it."""

from collections.abc import Iterable

from django.conf import settings

from portal.ledger.checkpoints import newest_note, note_over
from portal.ledger.models import Cosignature


def with_cosignatures(notes: Iterable[tuple[int, str]]) -> list[str]:
    """Notes of checkpoints, each given with its size, and behind it the lines of those who cosigned it."""
    kept = list(notes)
    lines: dict[int, str] = {}
    rows = Cosignature.objects.filter(size__in=[size for size, _ in kept]).order_by("witness")
    for size, line in rows.values_list("size", "line"):
        lines[size] = lines.get(size, "") + line
    return [note + lines.get(size, "") for size, note in kept]


def newest_cosigned(*, beyond: int = 0) -> str | None:
    """The newest checkpoint over more than so many entries that a witness cosigned, with the cosignatures."""
    size = Cosignature.objects.filter(size__gt=beyond).order_by("-size").values_list("size", flat=True).first()
    note = note_over(size) if size else None
    return with_cosignatures([(size, note)])[0] if size and note else None


def note_to_prove(index: int) -> str | None:
    """The checkpoint to prove entry `index` under: where there are witnesses the newest that one cosigned, if it covers
    the entry; the newest of all otherwise."""
    found = newest_cosigned(beyond=index) if settings.CHECKPOINT_WITNESSES else None
    return found or newest_note()
