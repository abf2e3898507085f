"""A proxy before the early education database, which can be slow, closed, or mistaken about people."""

import asyncio
import contextlib
import re
from collections.abc import Callable
from pathlib import Path

from demo.departments.moods import Mood, Moods

NAME = "early-education"
_BLOCK = 1 << 16
_CODE = re.compile(rb"[0-3]\d[01]\d{3}[-+YXWVUABCDEF]9\d\d[0-9A-Y]")
Swap = Callable[[bytes], bytes]


class Gate:
    """Carries bytes between those who connect on loopback and the unix socket of the database.

    `next_code` gives for an identity code that of someone else in the database, of the same length.
    """

    def __init__(self, socket: Path, moods: Moods, next_code: Swap) -> None:
        self._socket, self._moods, self._next_code = socket, moods, next_code
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it or the department closes."""
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        try:
            if self._moods[NAME] is not Mood.DOWN:
                await self._carry_both(reader, writer)
        except OSError:
            pass  # the database is gone, or the one who asked is
        finally:
            del self._open[task]
            writer.close()

    def close_all(self) -> None:
        """Cut every open connection."""
        for writer in self._open.values():
            writer.transport.abort()

    async def _carry_both(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_unix_connection(str(self._socket))
        try:
            await asyncio.gather(self._questions(reader, upstream_writer), _carry(upstream_reader, writer))
        finally:
            upstream_writer.close()

    async def _questions(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """What is asked, held up once after each time the department is told to be slow."""
        waited = -1
        with contextlib.suppress(ConnectionError):
            while block := await reader.read(_BLOCK):
                mood, told = self._moods[NAME], self._moods.changes(NAME)
                if mood is Mood.SLOW and waited != told:
                    waited = told
                    await asyncio.sleep(self._moods.slow_seconds)
                elif mood is Mood.OTHER_PERSON:
                    block = _CODE.sub(lambda found: self._next_code(found[0]), block)
                writer.write(block)
                await writer.drain()
        writer.close()


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while block := await source.read(_BLOCK):
            sink.write(block)
            await sink.drain()
    sink.close()


async def serve(port: int, gate: Gate) -> asyncio.Server:
    """Listen on loopback."""
    return await asyncio.start_server(gate.answer, "127.0.0.1", port)
