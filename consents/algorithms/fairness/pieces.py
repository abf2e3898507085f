"""A file on its way to the worker: in pieces, sealed from the moment they come; staff bring and cannot read them."""

import os
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from consents.algorithms.fairness.faults import NoSuchFile
from consents.algorithms.fairness.flaws import Flaw, Refused
from consents.algorithms.models import Evaluation, EvaluationPiece
from portal.keys.moving import Rows, SealedRows, lies_under
from portal.keys.seals import place, resealed, seal, seal_by_ring, unseal, unseal_by_ring
from portal.walls import Role, scope

PIECE = 1 << 20
# A million rows of four groups are 30 MB as CSV. The worker holds the file in memory while it counts.
LARGEST = 256 << 20
_RING = "sources"


class Arriving:
    """A file as it comes: `write` its bytes in order, then `close`. Each piece is a transaction in staff's scope."""

    def __init__(self, upload: UUID, *, departments: list[str], at: datetime) -> None:
        self.upload, self.key, self.size = upload, os.urandom(32), 0
        self._departments, self._at, self._number, self._rest = departments, at, 0, bytearray()

    def write(self, part: bytes) -> None:
        """Refused as too large when there is more of it than is taken: what came is then left to be removed."""
        self.size += len(part)
        if self.size > LARGEST:
            self._rest.clear()
            raise Refused(Flaw.TOO_LARGE)
        self._rest += part
        while len(self._rest) >= PIECE:
            self._put(bytes(self._rest[:PIECE]))
            del self._rest[:PIECE]

    def close(self) -> None:
        """The last piece."""
        if self._rest:
            self._put(bytes(self._rest))
            self._rest.clear()

    def _put(self, plain: bytes) -> None:
        sealed = seal(self.key, plain, aad=_piece_place(self.upload, self._number))
        with scope(Role.STAFF, departments=self._departments):
            row = EvaluationPiece(upload=self.upload, number=self._number, sealed=sealed, came_at=self._at)
            row.save(force_insert=True)
        self._number += 1


def content_of(row: Evaluation) -> bytes:
    """The whole file, in the worker's scope. NoSuchFile when a piece is missing, SealBroken."""
    if row.upload is None or row.sealed_key is None or row.size is None:
        raise NoSuchFile
    key = unseal_by_ring(_RING, bytes(row.sealed_key), aad=_key_place(row.pk))
    content = bytearray()
    for piece in _pieces(row.upload).order_by("number").iterator(chunk_size=8):
        content += unseal(key, bytes(piece.sealed), aad=_piece_place(row.upload, piece.number))
    if len(content) != row.size:
        raise NoSuchFile
    return bytes(content)


def remove(upload: UUID | None) -> None:
    """All pieces of a file, in the worker's scope."""
    if upload is not None:
        _pieces(upload).delete()


def sealed_key(evaluation: UUID, key: bytes) -> bytes:
    """The file's key, for its evaluation's row alone."""
    return seal_by_ring(_RING, key, aad=_key_place(evaluation))


def _pieces(upload: UUID) -> QuerySet[EvaluationPiece]:
    return EvaluationPiece.objects.filter(upload=upload)


def _piece_place(upload: UUID, number: int) -> bytes:
    return place("algorithms_evaluationpiece", "sealed", upload, number)


def _key_place(evaluation: UUID) -> bytes:
    return place("algorithms_evaluation", "sealed_key", evaluation)


def _newer(row: Evaluation) -> Mapping[str, bytes]:
    sealed = row.sealed_key
    newer = resealed(_RING, bytes(sealed), aad=_key_place(row.pk)) if sealed else None
    return {"sealed_key": newer} if newer else {}


def name_them() -> None:
    """Called once, at the start: what lies under the ring key, so that a change of that key moves it."""
    rows = SealedRows(Evaluation.objects.all, _newer, opened=lambda: scope(Role.WORKER), first=UUID(int=0))
    lies_under(_RING, Rows("files of evaluations", rows.left, rows.move))
