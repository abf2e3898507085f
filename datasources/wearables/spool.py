"""Files of watches on their way: sealed chunk by chunk under a key that only the upload's row holds."""

import io
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from datasources.wearables.errors import NoRoom, NotInTurn, TooLarge
from portal.keys import sealed_files
from portal.keys.sealed_files import CHUNK, ChunkPlace, SealedFile, new_key, unsealed
from portal.keys.seals import place

__all__ = ["CHUNK", "new_key"]
LARGEST = 4 << 30


def is_set_up() -> bool:
    """The operator named a folder for files on their way; without one nothing is taken in."""
    return settings.WATCH_SPOOL is not None


def made_folder() -> Path | None:
    """Where all lies, made when first needed; None where none is set."""
    return None if settings.WATCH_SPOOL is None else sealed_files.made_folder(settings.WATCH_SPOOL)


def spool_path(upload: UUID) -> Path:
    """Where the sealed file lies; the folder is made when first needed."""
    return sealed_files.made_folder(settings.WATCH_SPOOL or "") / upload.hex


def remove(upload: UUID) -> None:
    """The file is gone; it may have been before."""
    spool_path(upload).unlink(missing_ok=True)


def remove_older(than: datetime, *, but: Iterable[UUID]) -> int:
    """Remove files that nobody wrote to since, and that no open upload needs; how many."""
    return sealed_files.remove_older(spool_path(UUID(int=0)).parent, than, but=[each.hex for each in but])


class Spooled(SealedFile):
    """A file being written: `write` what comes, then `close`. NoRoom, TooLarge; what was written is then gone."""

    no_room, too_large, not_in_turn = NoRoom, TooLarge, NotInTurn

    def __init__(self, upload: UUID, key: bytes, *, at: int = 0) -> None:
        """Go on at byte `at`, a multiple of CHUNK; NotInTurn when the file does not end there."""
        super().__init__(spool_path(upload), key, _chunk_place(upload), most=LARGEST, at=at)


def opened(upload: UUID, key: bytes, *, size: int) -> io.BufferedReader:
    """The file in plain, as any binary file is read."""
    return unsealed(spool_path(upload), key, _chunk_place(upload), size=size)


def _chunk_place(upload: UUID) -> ChunkPlace:
    return lambda number: place("wearables_import", "spool", upload, number)
