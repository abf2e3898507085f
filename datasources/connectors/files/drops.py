"""What a folder of dropped files can do, wherever it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Stamp:
    """What tells one state of a file from the next. `size` in bytes; `changed` in seconds since 1970, by the clock of
    the machine that has the file; `number` of the file there, 0 when that is not told.
    """

    size: int
    changed: float
    number: int = 0


class Drop(Protocol):
    """One department's folder. Names are plain names in it; every method raises SourceFault, with a sentence."""

    def look(self, name: str) -> Stamp | None:
        """The file's state now; None when there is no such file."""
        ...

    def read(self, name: str, write: Callable[[bytes], None]) -> None:
        """Hand the whole file to `write`, block by block."""
        ...

    def read_part(self, name: str, offset: int, size: int) -> bytes:
        """So many bytes from there on, or fewer at the file's end."""
        ...

    def names(self) -> list[str]:
        """The plain files of the folder, by name; hidden ones are left out."""
        ...

    def archive(self, name: str, *, folder: str, under: str) -> None:
        """Move the file into `folder` under another name; never over another file."""
        ...

    def remove(self, name: str) -> None:
        """Remove the file."""
        ...

    def close(self) -> None:
        """Let the folder go."""
        ...
