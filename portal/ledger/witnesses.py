"""Witnesses: others who keep the newest seal they saw of this log, and cosign only one that begins with it.

C2SP tlog-witness (`add-checkpoint`) and tlog-cosignature, of Ed25519. What they cosigned stands beside the seal.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.ledger.models import Checkpoint, Copying, CopyPlace, Cosignature
from portal.ledger.notes import Cosigner, NoteBroken, cosigned, signature_lines
from portal.ledger.posting import Answer, CopyFailed, posted
from portal.ledger.proofs import consistency
from portal.ledger.tiles import TreeBroken
from portal.walls import Role, scope

_SIZE = re.compile(r"(0|[1-9][0-9]{0,18})\n", re.ASCII)
_OK, _CONFLICT = 200, 409
_SAYS = {
    403: "The witness does not know the key of this log.",
    404: "The witness does not know this log.",
    _CONFLICT: "The witness knows another log, or a longer one.",
    422: "The witness does not find that the log only grew.",
}


@dataclass(frozen=True)
class Witness:
    """Whose cosignature is asked for, and where: `url` is the submission prefix."""

    cosigner: Cosigner
    url: str


def witnesses() -> Sequence[Witness]:
    """Those of the setting CHECKPOINT_WITNESSES; ImproperlyConfigured when it cannot be read."""
    return _read(settings.CHECKPOINT_WITNESSES)


@lru_cache(maxsize=4)
def _read(told: str) -> Sequence[Witness]:
    words = told.split()
    if len(words) % 2:
        raise ImproperlyConfigured("CHECKPOINT_WITNESSES must be pairs: a witness's key and its address.")
    try:
        found = [Witness(Cosigner.of(key), url.rstrip("/")) for key, url in zip(words[::2], words[1::2], strict=True)]
    except NoteBroken as broken:
        raise ImproperlyConfigured(f"CHECKPOINT_WITNESSES: {broken}") from None
    if len({each.cosigner.name for each in found} - set(CopyPlace)) < len(found):
        raise ImproperlyConfigured("CHECKPOINT_WITNESSES names a witness twice, or one after a place of copies.")
    return found


def to_witness(witness: Witness, checkpoint: Checkpoint) -> None:
    """Ask for the cosignature of a checkpoint, and keep it. CopyFailed when there is none that holds."""
    name = witness.cosigner.name
    with scope(Role.WORKER):
        known = Copying.objects.filter(place=name).values_list("size", flat=True).first() or 0
    answer = _asked(witness, checkpoint, known)
    if answer.status == _CONFLICT and (told := _told_size(answer)) is not None and told <= checkpoint.size:
        answer = _asked(witness, checkpoint, told)
    if answer.status != _OK:
        raise CopyFailed(_SAYS.get(answer.status, f"The witness answered {answer.status}."))
    for line in signature_lines(answer.text):
        if at := cosigned(checkpoint.note, line, witness.cosigner):
            with scope(Role.WORKER):
                kept = {"line": line, "signed_at": at}
                Cosignature.objects.get_or_create(size=checkpoint.size, witness=name, defaults=kept)
            return
    raise CopyFailed("The witness answered without a cosignature of its own that holds.")


def _asked(witness: Witness, checkpoint: Checkpoint, old: int) -> Answer:
    """`add-checkpoint`: the size it knows, the proof that the log grew from there, an empty line, the checkpoint."""
    try:
        with scope(Role.WORKER):
            proof = consistency(old, checkpoint.size)
    except (TreeBroken, ValueError):
        raise CopyFailed("There is no proof that the log grew from what the witness knows.") from None
    lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof), "", checkpoint.note]
    return posted(f"{witness.url}/add-checkpoint", "\n".join(lines))


def _told_size(answer: Answer) -> int | None:
    size = _SIZE.fullmatch(answer.text) if answer.kind == "text/x.tlog.size" else None
    return int(size[1]) if size else None
