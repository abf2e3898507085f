"""Reading ahead: the source goes on while what it has sent is being worked on."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, Queue
from threading import Event, Thread

from datasources.protocol import Holding

_BLOCK_BYTES = 512 << 10
_BLOCK_HOLDINGS = 500
_BLOCKS = 4

# Holdings; or how a part ended: None when it was read to its end.
_Told = list[Holding] | BaseException | None


@contextmanager
def read_ahead(parts: Sequence[Iterator[Holding]]) -> Iterator[Iterator[Holding]]:
    """The holdings of all parts, each read by a thread that begins at once and stays a few megabytes ahead.

    What goes wrong in a reading is raised where its next holding would have been. On leaving, the readings are ended
    and waited for, so that the connector may be used again.
    """
    told: Queue[_Told] = Queue(maxsize=_BLOCKS)
    left = Event()
    readers = [Thread(target=_read, args=(part, told, left), name="read-ahead", daemon=True) for part in parts]
    for reader in readers:
        reader.start()
    try:
        yield _handed_over(told, len(readers))
    finally:
        left.set()
        for reader in readers:
            _see_off(reader, told)


def _read(part: Iterator[Holding], told: Queue[_Told], left: Event) -> None:
    end: BaseException | None = None
    try:
        for block in _blocks(part):
            if left.is_set():
                break
            told.put(block)
    except BaseException as fault:  # noqa: BLE001 - raised again where it is waited for
        end = fault
    finally:
        if close := getattr(part, "close", None):
            close()
        told.put(end)


def _blocks(holdings: Iterable[Holding]) -> Iterator[list[Holding]]:
    block: list[Holding] = []
    size = 0
    for holding in holdings:
        block.append(holding)
        size += len(holding.body)
        if size >= _BLOCK_BYTES or len(block) >= _BLOCK_HOLDINGS:
            yield block
            block, size = [], 0
    if block:
        yield block


def _handed_over(told: Queue[_Told], readers: int) -> Iterator[Holding]:
    while readers:
        block = told.get()
        if isinstance(block, BaseException):
            raise block
        if block is None:
            readers -= 1
        else:
            yield from block


def _see_off(reader: Thread, told: Queue[_Told]) -> None:
    """Whoever waits to put a block down finds room, and then the sign that it is over."""
    while reader.is_alive():
        try:
            told.get(timeout=0.02)
        except Empty:
            continue
