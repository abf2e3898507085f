"""A small real SFTP server on loopback over a folder, that behaves as it is told."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh

PASSWORD = "let-me-in"


class FileServer:
    """`denied`: names that may not be opened, `kept`: that may not be moved. `hangs_at`: `open` or `read`.
    `when_read`: called before each read of a block; `when_moved`: before a file is moved.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.port = 0
        self.denied: set[str] = set()
        self.kept: set[str] = set()
        self.hangs_at = ""
        self.when_read: Callable[[], object] = lambda: None
        self.when_moved: Callable[[], object] = lambda: None
        self.closing = False
        self.client_key = asyncssh.generate_private_key("ssh-ed25519")

    async def hang(self, place: str) -> None:
        """Do nothing there until the server is closed."""
        while place == self.hangs_at and not self.closing:
            await asyncio.sleep(0.02)

    @property
    def settings(self) -> dict[str, Any]:
        """How the portal reaches it."""
        key = self.key.export_public_key().decode().strip()
        return {"host": "127.0.0.1", "port": self.port, "user": "portal", "host_key": key}


class _Door(asyncssh.SSHServer):
    def __init__(self, server: FileServer) -> None:
        self._server = server

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("portal", PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == "portal" and key == self._server.client_key.convert_to_public()


class _Files(asyncssh.SFTPServer):
    def __init__(self, channel: Any, server: FileServer) -> None:
        super().__init__(channel, chroot=str(server.folder).encode())
        self._server = server

    def _let(self, path: bytes, but: set[str]) -> None:
        if path.decode().rpartition("/")[2] in but:
            raise asyncssh.SFTPPermissionDenied("no")

    async def open(self, path: bytes, pflags: int, attrs: Any) -> object:
        self._let(path, self._server.denied)
        await self._server.hang("open")
        return super().open(path, pflags, attrs)

    async def read(self, file_obj: Any, offset: int, size: int) -> bytes:
        await self._server.hang("read")
        self._server.when_read()
        content = super().read(file_obj, offset, size)
        assert isinstance(content, bytes)
        return content

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        self._let(oldpath, self._server.kept)
        self._server.when_moved()
        super().rename(oldpath, newpath)

    def remove(self, path: bytes) -> None:
        self._let(path, self._server.kept)
        super().remove(path)


async def _listen(server: FileServer) -> asyncssh.SSHAcceptor:
    return await asyncssh.create_server(
        lambda: _Door(server),
        "127.0.0.1",
        0,
        server_host_keys=[server.key],
        sftp_factory=lambda channel: _Files(channel, server),
    )


@contextmanager
def file_server(folder: Path) -> Iterator[FileServer]:
    """The server, running in a thread of its own."""
    server = FileServer(folder)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    acceptor = asyncio.run_coroutine_threadsafe(_listen(server), loop).result()
    server.port = acceptor.get_port()
    try:
        yield server
    finally:
        server.closing = True
        loop.call_soon_threadsafe(acceptor.close)
        time.sleep(0.1 if server.hangs_at else 0.01)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
