"""Packages on their way: in a folder of their own beside the files of watches, sealed chunk by chunk."""

import io
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from datasources.transfers.arriving.errors import NoRoom, NotInTurn, TooLarge
from datasources.transfers.enums import LARGEST_SEALED
from portal.keys import sealed_files
from portal.keys.sealed_files import CHUNK, ChunkPlace, SealedFile, new_key, unsealed
from portal.keys.seals import place

__all__ = ["CHUNK", "new_key"]
_FOLDER = "packages"


def is_set_up() -> bool:
    """The operator named a folder for files on their way; without one nothing is taken in."""
    return settings.WATCH_SPOOL is not None


def spool_path(arrival: UUID) -> Path:
    """Where the sealed file lies; the folder is made when first needed."""
    return sealed_files.made_folder(Path(settings.WATCH_SPOOL or "") / _FOLDER) / arrival.hex


def remove(arrival: UUID) -> None:
    """The file is gone; it may have been before."""
    if is_set_up():
        spool_path(arrival).unlink(missing_ok=True)


def remove_older(than: datetime, *, but: Iterable[UUID]) -> int:
    """Remove files that nobody wrote to since, and that no open arrival needs; how many."""
    if not is_set_up():
        return 0
    return sealed_files.remove_older(spool_path(UUID(int=0)).parent, than, but=[each.hex for each in but])


class Spooled(SealedFile):
    """A package being written: `write` what comes, then `close`. NoRoom, TooLarge; what was written is then gone."""

    no_room, too_large, not_in_turn = NoRoom, TooLarge, NotInTurn

    def __init__(self, arrival: UUID, key: bytes) -> None:
        super().__init__(spool_path(arrival), key, _chunk_place(arrival), most=LARGEST_SEALED)


def opened(arrival: UUID, key: bytes, *, size: int) -> io.BufferedReader:
    """The file in plain, as any binary file is read."""
    return unsealed(spool_path(arrival), key, _chunk_place(arrival), size=size)


def _chunk_place(arrival: UUID) -> ChunkPlace:
    return lambda number: place("transfers_arrival", "spool", arrival, number)
