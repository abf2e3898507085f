"""The bytes of a package: sealed a piece at a time on their way in, opened a piece at a time on their way out."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from io import RawIOBase
from typing import Any
from uuid import UUID

from portal.keys.models import KeyScope
from portal.keys.person_keys import person_key
from portal.keys.seals import place, seal, unseal
from portal.requests.models import Package, Piece
from portal.walls import Role, scope

# So much is in memory at once, and no more is ever in the clear.
PIECE = 1 << 20


class PieceMissing(Exception):
    """A package has fewer pieces than were put into it."""


def piece_place(package: UUID, number: int) -> bytes:
    """What a piece's seal is bound to: neither another package's nor one out of its turn opens there."""
    return place("requests_piece", "sealed", package, number)


class Sealing(RawIOBase):
    """A file to write to, in the transaction of its package; `end` seals what is left. It is never read back."""

    def __init__(self, package: UUID, *, person: UUID, expires_at: datetime) -> None:
        super().__init__()
        self._package, self._person, self._expires_at = package, person, expires_at
        self._key = person_key(person, KeyScope.REQUESTS)
        self._waiting, self._digest = bytearray(), sha256()
        self.size = self.pieces = 0

    def writable(self) -> bool:
        """Nothing else can be done with it."""
        return True

    def write(self, data: Any) -> int:
        """Keep the bytes, and seal as many whole pieces as there are."""
        self._waiting += data
        self._digest.update(data)
        self.size += len(data)
        while len(self._waiting) >= PIECE:
            self._seal(bytes(self._waiting[:PIECE]))
            del self._waiting[:PIECE]
        return len(data)

    def end(self) -> None:
        """The last piece is as long as it is."""
        if self._waiting:
            self._seal(bytes(self._waiting))
            self._waiting.clear()

    @property
    def digest(self) -> str:
        """SHA-256 of what was written so far, in hex."""
        return self._digest.hexdigest()

    def _seal(self, plain: bytes) -> None:
        sealed = seal(self._key, plain, aad=piece_place(self._package, self.pieces))
        with scope(Role.WORKER, persons=[self._person]):
            Piece.objects.create(
                package_id=self._package,
                person_id=self._person,
                number=self.pieces,
                sealed=sealed,
                expires_at=self._expires_at,
            )
        self.pieces += 1


def opened(package: Package) -> Iterator[bytes]:
    """The file, piece by piece, each read in a scope of its own: the view that hands it over is done by then.

    PieceMissing, SealBroken: what is handed over so far is cut off, and no program takes it for a whole file.
    """
    for number in range(package.pieces):
        with scope(Role.RESIDENT, persons=[package.person_id]):
            key = person_key(package.person_id, KeyScope.REQUESTS)
            piece = Piece.objects.filter(package=package.pk, number=number).first()
            if piece is None:
                raise PieceMissing
            sealed = bytes(piece.sealed)
        yield unseal(key, sealed, aad=piece_place(package.pk, number))
