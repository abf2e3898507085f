"""Remembers the state of files that something was made from, so that it is made once for each state."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


class Stamp:
    """`path` keeps the digest of `files`, names and contents, as they were when `set` was last called."""

    def __init__(self, path: Path, files: Iterable[Path]) -> None:
        self._path = path
        digest = hashlib.sha256()
        for file in sorted(file for file in files if file.is_file() and file.suffix != ".pyc"):
            content = file.read_bytes()
            digest.update(f"{file}\0{len(content)}\0".encode() + content)
        self._now = digest.hexdigest()

    def is_current(self) -> bool:
        """Nothing has changed since."""
        return self._path.exists() and self._path.read_text() == self._now

    def set(self) -> None:
        """It has been made from the files as they are now."""
        self._path.write_text(self._now)
