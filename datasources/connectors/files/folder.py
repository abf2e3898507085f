"""A folder of this machine, which nothing leads out of: no `..`, no symbolic link on the way, no special file."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from datasources.connectors.files.drops import Stamp
from datasources.errors import Garbled, MisSet, Unreachable

_BLOCK = 1 << 20
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK, opening a pipe would wait for someone to write into it.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class FolderDrop:
    """Every step is taken from the folder that is open already, so nobody can swap one for a link in between.

    `root` is the deployment's own; None where it has none. MisSet when `folder` is no way down from it.
    """

    def __init__(self, root: Path | None, folder: str) -> None:
        if root is None:
            raise MisSet("This portal has no place for drop folders: its operator sets SOURCES_DROP_FOLDERS.")
        way = PurePosixPath(folder)
        if way.is_absolute() or ".." in way.parts:
            raise MisSet("The folder must be below the portal's place for drop folders.")
        self._folder = _down(None, str(root))
        for step in way.parts:
            self._folder = _down(self._folder, step)

    def look(self, name: str) -> Stamp | None:
        """The file's state now; None when there is no such file."""
        with _told(name):
            try:
                return _stamp(os.stat(name, dir_fd=self._folder, follow_symlinks=False), name)
            except FileNotFoundError:
                return None

    def read(self, name: str, write: Callable[[bytes], None]) -> None:
        """Hand the whole file to `write`, block by block."""
        with _told(name):
            number = os.open(name, _FILE, dir_fd=self._folder)
            with open(number, "rb", buffering=0) as file:  # noqa: PTH123 - a number, not a path
                _stamp(os.fstat(number), name)
                while block := file.read(_BLOCK):
                    write(block)

    def read_part(self, name: str, offset: int, size: int) -> bytes:
        """Of the file as it is now."""
        with _told(name):
            number = os.open(name, _FILE, dir_fd=self._folder)
            try:
                _stamp(os.fstat(number), name)
                return os.pread(number, size, offset)
            finally:
                os.close(number)

    def names(self) -> list[str]:
        """Links and other odd things are left out."""
        with _told("."), os.scandir(self._folder) as entries:
            return sorted(
                entry.name for entry in entries if entry.is_file(follow_symlinks=False) and entry.name[0] != "."
            )

    def archive(self, name: str, *, folder: str, under: str) -> None:
        """Move the file into `folder`, which must be no link."""
        with _told(name, put_away=True):
            with suppress(FileExistsError):
                os.mkdir(folder, mode=0o700, dir_fd=self._folder)
            archive = os.open(folder, _FOLDER, dir_fd=self._folder)
            try:
                os.rename(name, under, src_dir_fd=self._folder, dst_dir_fd=archive)
            finally:
                os.close(archive)

    def remove(self, name: str) -> None:
        """Remove the file."""
        with _told(name, put_away=True):
            os.unlink(name, dir_fd=self._folder)

    def close(self) -> None:
        """Let the folder go."""
        os.close(self._folder)


def _down(folder: int | None, step: str) -> int:
    """The folder `step` in the open folder, which is closed; without one, where the operator says."""
    if folder is None:
        folder, step = os.open("/", _FOLDER), os.path.realpath(step)
    try:
        return os.open(step, _FOLDER, dir_fd=folder)
    except NotADirectoryError:
        raise MisSet("The folder leads over a link or is none. Links are not followed.") from None
    except PermissionError:
        raise MisSet("The portal may not look into the drop folder.") from None
    except OSError:
        raise Unreachable("The drop folder is not there.") from None
    finally:
        os.close(folder)


def _stamp(told: os.stat_result, name: str) -> Stamp:
    if not stat.S_ISREG(told.st_mode):
        raise MisSet("{file} is a link or no file at all. Links are not followed.", file=name)
    return Stamp(told.st_size, told.st_mtime_ns / 1e9, told.st_ino)


@contextmanager
def _told(name: str, *, put_away: bool = False) -> Iterator[None]:
    """What the machine says, as a sentence."""
    try:
        yield
    except PermissionError:
        if put_away:
            raise MisSet("{file} was read, but the portal may not put it away.", file=name) from None
        raise MisSet("The portal may not read {file}.", file=name) from None
    except OSError:
        if put_away:
            raise MisSet("{file} was read, but it could not be put away.", file=name) from None
        raise Garbled("{file} could not be read from the drop folder.", file=name) from None
