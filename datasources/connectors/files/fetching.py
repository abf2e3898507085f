"""Fetching a file by SFTP from a server whose key is known."""

import asyncio
import tempfile
from collections.abc import Coroutine
from typing import Any, TypeVar, cast

import asyncssh

from datasources.connectors.files.shape import Settings
from datasources.errors import Drifted, Garbled, MisSet, Refused, SourceFault, TooSlow, Unreachable
from datasources.protocol import Limits

_BLOCK = 1 << 18
_IN_MEMORY = 8 << 20
Spooled = tempfile.SpooledTemporaryFile[bytes]
_T = TypeVar("_T")


class Drop:
    """The folder of one department, opened at the first fetch. Only names asked for are read: `.part` files never."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self._settings, self._limits = settings, limits
        self._loop = asyncio.new_event_loop()
        self._ssh: asyncssh.SSHClientConnection | None = None
        self._sftp: asyncssh.SFTPClient | None = None

    def fetch(self, name: str) -> Spooled:
        """The whole file, unlinked on closing; Garbled when it was still being written."""
        if "/" in name or name.startswith("."):
            raise MisSet(f"{name!r} is not the name of a file in the folder.")
        return self._run(self._fetch(name))

    def close(self) -> None:
        """Hang up."""
        if self._ssh is not None:
            self._ssh.abort()
            self._loop.run_until_complete(self._ssh.wait_closed())
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        try:
            return self._loop.run_until_complete(asyncio.wait_for(work, self._limits.statement))
        except TimeoutError:
            raise TooSlow("The file server did not answer in time.") from None
        except (asyncssh.Error, OSError) as fault:
            raise _told(fault) from None

    async def _client(self) -> asyncssh.SFTPClient:
        if self._sftp is None:
            told = self._settings
            known = asyncssh.import_known_hosts(f"[{told.host}]:{told.port} {told.host_key}\n")
            self._ssh = await asyncssh.connect(
                told.host, told.port, username=told.user, password=told.password, known_hosts=known, config=[],
                client_keys=None, agent_path=None, connect_timeout=self._limits.connect,
                login_timeout=self._limits.connect,
            )  # fmt: skip
            self._sftp = await self._ssh.start_sftp_client()
        return self._sftp

    async def _fetch(self, name: str) -> Spooled:
        sftp = await self._client()
        path = f"{self._settings.folder}/{name}"
        try:
            before = await sftp.stat(path)
        except asyncssh.SFTPNoSuchFile:
            raise Drifted(f"The file {name} is not in the folder.") from None
        whole = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the reader closes it
        async with sftp.open(path, "rb", block_size=_BLOCK) as remote:
            while block := cast("bytes", await remote.read(_BLOCK)):
                whole.write(block)
        after = await sftp.stat(path)
        if (before.size, before.mtime) != (after.size, after.mtime) or whole.tell() != after.size:
            whole.close()
            raise Garbled(f"The file {name} was still being written; it is left alone until next time.")
        whole.seek(0)
        return whole


def _told(fault: Exception) -> SourceFault:
    if isinstance(fault, asyncssh.HostKeyNotVerifiable):
        return Refused("The file server shows another key than the one agreed. Nothing was read.")
    if isinstance(fault, asyncssh.PermissionDenied | asyncssh.SFTPPermissionDenied):
        return Refused("The file server does not let the portal in.")
    return Unreachable("The file server does not answer.")
