"""Reading in a process of its own: where rows are made into values here, that is half of all the work of a reading.

The process is a child of a server that `multiprocessing` starts once in a worker and that has the drivers loaded: it
shares no connection, no thread and no lock with the worker. It opens the system anew, reads, and hands holdings on; it
never reaches the portal's database. See docs/adr/0010.
"""

import fcntl
import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext
from multiprocessing.process import AuthenticationString  # type: ignore[attr-defined]
from threading import Thread
from typing import Any

import msgspec

from datasources import addresses, errors
from datasources.connectors.ahead import read_ahead
from datasources.errors import CutOff, Fact, SourceFault
from datasources.protocol import Connector, Holding

_BLOCK_BYTES = 512 << 10
# A whole block fits in, so that the child goes on while the worker seals.
_PIPE_BYTES = 1 << 20
_ROWS_UNWATCHED = 100_000
_PRELOAD = ["datasources.connectors.sql.connector"]

Opener = Callable[[], Connector]


class _Block(msgspec.Struct, tag=True):
    """Holdings: key, body, number of rows, birth dates, whether it is whole."""

    holdings: list[tuple[str, bytes, int, list[str], bool]]


class _End(msgspec.Struct, tag=True):
    """Everything was handed on."""


class _Fault(msgspec.Struct, tag=True):
    """A SourceFault: the name of its class, its sentence, what fills it."""

    name: str
    sentence: str
    facts: dict[str, Fact]


class _Broken(msgspec.Struct, tag=True):
    """Any other exception: its type alone, for its text might tell somebody's data."""

    name: str


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Block | _End | _Fault | _Broken).decode


class ReaderBroke(RuntimeError):
    """The process that reads met something that is no fault of the system's."""


def read_apart(opener: Opener, dataset: str) -> Iterator[Holding]:
    """Everybody's holdings in one dataset, read by another process, which ends with this iterator, at the latest.

    `opener` opens the system there, so it can be pickled. SourceFault as the connector raises it; CutOff when the
    process was killed; ReaderBroke.
    """
    context = _context()
    reader, writer = context.Pipe(duplex=False)
    with suppress(OSError):
        fcntl.fcntl(writer.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    told = (writer, opener, dataset, addresses.let())
    with closing(reader):
        with closing(writer), _let_have_children():
            process = context.Process(target=_hand_on, args=told, name="reader", daemon=True)
            process.start()
        try:
            yield from _taken(reader)
        finally:
            # It holds nothing but a session that only reads, which ends with it.
            process.kill()
            process.join()
            process.close()


def _forget_the_server() -> None:
    """A forked process starts a server of its own: its parent's is no child of it, and ends with its parent."""
    state = vars(forkserver._forkserver)  # noqa: SLF001 - there is no public way
    if state["_forkserver_pid"] is not None:
        os.close(state["_forkserver_alive_fd"])
        state.update(_forkserver_pid=None, _forkserver_address=None, _forkserver_alive_fd=None)


os.register_at_fork(after_in_child=_forget_the_server)


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    return context


@contextmanager
def _let_have_children() -> Iterator[None]:
    """Celery's workers are daemons, whom `multiprocessing` allows no children, since nobody would end them.

    Ours end by themselves, as soon as the worker is gone. Celery's processes also bring a key of a kind of their own,
    which is not handed on; these two speak by a pipe and need none.
    """
    config: dict[str, Any] = multiprocessing.current_process()._config  # type: ignore[attr-defined]  # noqa: SLF001
    before = dict(config)
    config.pop("daemon", None)
    config["authkey"] = AuthenticationString(before["authkey"])
    try:
        yield
    finally:
        config |= before


def _taken(reader: Connection) -> Iterator[Holding]:
    while True:
        try:
            told = _decode(reader.recv_bytes())
        except (EOFError, OSError):
            raise CutOff("It was cut off before it ended. What it had not finished was left as it was.") from None
        match told:
            case _Block():
                for key, body, count, born, whole in told.holdings:
                    yield Holding(key, body, count, frozenset(born), whole)
            case _Fault():
                raise _fault_of(told)
            case _Broken():
                raise ReaderBroke(told.name)
            case _End():
                return


def _fault_of(told: _Fault) -> SourceFault:
    kind: type[SourceFault] = getattr(errors, told.name)
    return kind(told.sentence, **told.facts)


def _hand_on(writer: Connection, opener: Opener, dataset: str, inward: Iterable[str]) -> None:
    """What the other process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_worker, daemon=True).start()
    addresses.let_inward(inward)
    # Rows by the hundred thousand are no cycles: to look for some among them takes a sixth of the time.
    gc.freeze()
    gc.set_threshold(_ROWS_UNWATCHED)
    # Whoever does not listen any more needs no more.
    with closing(writer), suppress(BrokenPipeError):
        try:
            with closing(opener()) as connector, connector.parts(dataset) as parts, read_ahead(parts) as holdings:
                for block in _blocks(holdings):
                    writer.send_bytes(_encode(block))
            end: _End | _Fault | _Broken = _End()
        except SourceFault as fault:
            end = _Fault(type(fault).__name__, fault.sentence, fault.facts)
        except BrokenPipeError:
            raise
        except Exception as fault:  # noqa: BLE001 - told to the worker, which raises it
            end = _Broken(type(fault).__name__)
        writer.send_bytes(_encode(end))


def _blocks(holdings: Iterable[Holding]) -> Iterator[_Block]:
    block, size = _Block([]), 0
    for each in holdings:
        block.holdings.append((each.key, each.body, each.row_count, list(each.born), each.whole))
        size += len(each.body)
        if size >= _BLOCK_BYTES:
            yield block
            block, size = _Block([]), 0
    if block.holdings:
        yield block


def _end_with_the_worker() -> None:
    """A worker that was killed waits for nothing: nor does a statement of its reader go on for it."""
    worker = multiprocessing.parent_process()
    if worker is not None:
        wait([worker.sentinel])
        os._exit(1)
