"""A folder of a file server, by SFTP (draft-ietf-secsh-filexfer-02). The server's key is known beforehand."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, cast

import asyncssh

from datasources.addresses import connected
from datasources.connectors.files.drops import Stamp
from datasources.connectors.files.shape import Settings
from datasources.errors import Garbled, MisSet, Refused, SourceFault, TooSlow, Unreachable
from datasources.protocol import Limits

_BLOCK = 1 << 18
_T = TypeVar("_T")
# Keys that are trusted, authorities that are, keys that are revoked.
_Known = tuple[list[asyncssh.SSHKey], list[asyncssh.SSHKey], list[asyncssh.SSHKey]]


class SftpDrop:
    """Signs in at the first look."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self._settings, self._limits = settings, limits
        self._loop = asyncio.new_event_loop()
        self._ssh: asyncssh.SSHClientConnection | None = None
        self._sftp: asyncssh.SFTPClient | None = None

    def look(self, name: str) -> Stamp | None:
        """The file's state now; None when there is no such file."""
        return self._run(self._look(name), name)

    def read(self, name: str, write: Callable[[bytes], None]) -> None:
        """Hand the whole file to `write`; TooSlow when a block does not come in time, or the whole."""
        self._run(self._read(name, write), name)

    def read_part(self, name: str, offset: int, size: int) -> bytes:
        """Asked for by itself, and no more than that."""
        return self._run(self._read_part(name, offset, size), name)

    def names(self) -> list[str]:
        """As the server lists them."""
        return self._run(self._names(), ".")

    def archive(self, name: str, *, folder: str, under: str) -> None:
        """The plain SFTP rename: unlike OpenSSH's own, it refuses to replace a file."""
        self._run(self._archive(name, folder, under), name, put_away=True)

    def remove(self, name: str) -> None:
        """Remove the file."""
        self._run(self._remove(name), name, put_away=True)

    def close(self) -> None:
        """Hang up."""
        self._loop.run_until_complete(self._hang_up())
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, _T], name: str, *, put_away: bool = False) -> _T:
        try:
            return self._loop.run_until_complete(asyncio.wait_for(work, self._limits.statement))
        except TimeoutError:
            raise TooSlow("The file server did not answer in time.") from None
        except asyncssh.SFTPError as fault:
            raise _told(fault, name, put_away=put_away) from None
        except (asyncssh.Error, OSError, ValueError) as fault:
            raise _not_in(fault) from None

    async def _client(self) -> asyncssh.SFTPClient:
        if self._sftp is None:
            told = self._settings
            known: _Known = [asyncssh.import_public_key(told.host_key)], [], []
            keys = [asyncssh.import_private_key(told.private_key)] if told.private_key else None
            met = connected(told.host, told.port, within=self._limits.connect)
            met.settimeout(0)  # asyncio waits by itself
            self._ssh = await asyncssh.connect(
                sock=met, username=told.user, password=told.password or None, known_hosts=known, config=[],
                client_keys=keys, agent_path=None, connect_timeout=self._limits.connect,
                login_timeout=self._limits.connect,
            )  # fmt: skip
            self._sftp = await asyncio.wait_for(self._ssh.start_sftp_client(), self._limits.answer)
        return self._sftp

    async def _hang_up(self) -> None:
        if self._ssh is not None:
            self._ssh.abort()
            await self._ssh.wait_closed()
        # What was asked ahead of a reading that was broken off.
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _path(self, *names: str) -> str:
        return "/".join([self._settings.folder, *names])

    async def _look(self, name: str) -> Stamp | None:
        sftp = await self._client()
        try:
            told = await asyncio.wait_for(sftp.stat(self._path(name)), self._limits.answer)
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            return None
        return Stamp(told.size or 0, told.mtime or 0)

    async def _read(self, name: str, write: Callable[[bytes], None]) -> None:
        sftp = await self._client()
        within = self._limits.answer
        remote = await asyncio.wait_for(sftp.open(self._path(name), "rb", block_size=_BLOCK), within)
        while block := cast("bytes", await asyncio.wait_for(remote.read(_BLOCK), within)):
            write(block)
        # A file that is not read to its end is let go with the connection: a server that hangs would hang here too.
        await asyncio.wait_for(remote.close(), within)

    async def _read_part(self, name: str, offset: int, size: int) -> bytes:
        sftp = await self._client()
        within = self._limits.answer
        remote = await asyncio.wait_for(sftp.open(self._path(name), "rb", block_size=_BLOCK), within)
        told = cast("bytes", await asyncio.wait_for(remote.read(size, offset), within))
        await asyncio.wait_for(remote.close(), within)
        return told

    async def _names(self) -> list[str]:
        sftp = await self._client()
        entries = await asyncio.wait_for(sftp.readdir(self._settings.folder), self._limits.answer)
        plain = [str(entry.filename) for entry in entries if entry.attrs.type == asyncssh.FILEXFER_TYPE_REGULAR]
        return sorted(name for name in plain if not name.startswith("."))

    async def _archive(self, name: str, folder: str, under: str) -> None:
        sftp = await self._client()
        await sftp.makedirs(self._path(folder), exist_ok=True)
        await sftp.rename(self._path(name), self._path(folder, under))

    async def _remove(self, name: str) -> None:
        await (await self._client()).remove(self._path(name))


def _told(fault: asyncssh.SFTPError, name: str, *, put_away: bool) -> SourceFault:
    """What a server that lets the portal in answers about one file."""
    if isinstance(fault, asyncssh.SFTPConnectionLost | asyncssh.SFTPNoConnection):
        return Unreachable("The file server does not answer.")
    if put_away:
        return MisSet("{file} was read, but the file server does not let the portal put it away.", file=name)
    if isinstance(fault, asyncssh.SFTPPermissionDenied):
        return MisSet("The file server does not let the portal read {file}.", file=name)
    return Garbled("The file server could not hand over {file}.", file=name)


def _not_in(fault: Exception) -> SourceFault:
    """Why the portal did not get in at all."""
    match fault:
        case asyncssh.HostKeyNotVerifiable():
            return Refused("The file server shows another key than the one agreed. Nothing was read.")
        case asyncssh.PermissionDenied():
            return Refused("The file server does not let the portal in.")
        case asyncssh.KeyImportError():
            return MisSet("A key in the settings of the file drop is not in OpenSSH form.")
    return Unreachable("The file server does not answer.")
