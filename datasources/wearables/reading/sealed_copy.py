"""An archive within an archive must be read from its end: it is laid beside, sealed, in a file without a name."""

import tempfile
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from datasources.wearables.reading.forward import Broken, Forward
from datasources.wearables.troubles import Trouble, Unusable, there_is_room

_PIECE = 64 << 10
_SEALED = _PIECE + 16
_NONCE = 12
_LARGEST = 4 << 30


class SealedCopy(RawIOBase):
    """Seekable. Its key is only in memory; Unusable(TOO_LARGE) beyond 4 GiB. `is_cut`: the source broke off here."""

    def __init__(self, source: Forward) -> None:
        super().__init__()
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as this is
        self._key = AESGCM(token_bytes(32))
        self._size = self._at = 0
        self.is_cut = False
        self._piece: tuple[int, bytes] = (-1, b"")
        try:
            self._take(source)
        except BaseException:
            self._file.close()
            raise

    def _take(self, source: Forward) -> None:
        waiting = bytearray()
        try:
            for chunk in source.chunks():
                waiting += chunk
                while len(waiting) >= _PIECE:
                    self._lay(bytes(waiting[:_PIECE]))
                    del waiting[:_PIECE]
        except Broken:
            self.is_cut = True
        self._lay(bytes(waiting))
        with there_is_room():
            self._file.flush()

    def _lay(self, piece: bytes) -> None:
        nonce = (self._size // _PIECE).to_bytes(_NONCE, "big")
        self._size += len(piece)
        if self._size > _LARGEST:
            raise Unusable(Trouble.TOO_LARGE)
        with there_is_room():
            self._file.write(self._key.encrypt(nonce, piece, None))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        self._at = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._size}[whence] + offset
        if self._at < 0:
            self._at = 0
            raise ValueError
        return self._at

    def readinto(self, room: Any, /) -> int:
        if self._at >= self._size:
            return 0
        number, within = divmod(self._at, _PIECE)
        given = self._opened(number)[within : within + len(room)]
        room[: len(given)] = given
        self._at += len(given)
        return len(given)

    def _opened(self, number: int) -> bytes:
        if self._piece[0] != number:
            self._file.seek(number * _SEALED)
            sealed = self._file.read(_SEALED)
            self._piece = (number, self._key.decrypt(number.to_bytes(_NONCE, "big"), sealed, None))
        return self._piece[1]

    def close(self) -> None:
        self._file.close()
        super().close()
