"""A proxy before the early education database that can be slow or closed."""

import asyncio
import contextlib
from pathlib import Path

from demo.departments.moods import Mood, Moods

NAME = "early-education"
_BLOCK = 1 << 16


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while block := await source.read(_BLOCK):
            sink.write(block)
            await sink.drain()
    sink.close()


async def serve(port: int, socket: Path, moods: Moods) -> asyncio.Server:
    """Listen on loopback and carry to the unix socket `socket`."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if moods[NAME] is Mood.DOWN:
            writer.close()
            return
        if moods[NAME] is Mood.SLOW:
            await asyncio.sleep(moods.slow_seconds)
        try:
            upstream_reader, upstream_writer = await asyncio.open_unix_connection(str(socket))
        except OSError:
            writer.close()
            return
        await asyncio.gather(_carry(reader, upstream_writer), _carry(upstream_reader, writer))

    return await asyncio.start_server(answer, "127.0.0.1", port)
