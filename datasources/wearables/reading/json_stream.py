"""JSON of any size, object by object."""

from collections.abc import Collection, Iterator
from typing import Any

import ijson  # type: ignore[import-untyped]

from datasources.wearables.reading.forward import Broken, Forward
from datasources.wearables.troubles import Trouble, Unusable

_MARK = b"\xef\xbb\xbf"
_DEEPEST = 64
_LARGEST = 200_000
_LONGEST_VALUE = 1 << 20
_STARTS, _ENDS = ("start_map", "start_array"), ("end_map", "end_array")


def begins_as_json(head: bytes, sign: bytes) -> bool:
    """Whether it begins with `sign`, a bracket or a brace."""
    return head.removeprefix(_MARK).lstrip().startswith(sign)


def objects(
    stream: Forward, wanted: Collection[str], *, but: Collection[str] = ()
) -> Iterator[tuple[str, dict[str, Any]]]:
    """(path, object) of each object at a `wanted` path, as in `sleep.item`; the root's is empty.

    Keys of `but` are passed over wherever they stand. Memory holds one object; Broken when that is of more than
    200,000 parts or the file breaks off; Unusable(TOO_DEEP) beyond 64 levels, (DANGEROUS) for a value without end.
    """
    tree = _Tree(frozenset(wanted), frozenset(but))
    try:
        for event, value in ijson.basic_parse(_Bounded(stream), use_float=True):
            if event == "map_key":
                tree.key(value)
            elif event in _STARTS:
                tree.start(is_map=event == "start_map")
            elif event not in _ENDS:
                tree.scalar(value)
            elif (whole := tree.end()) is not None:
                yield tree.path(), whole
    except (ijson.JSONError, UnicodeDecodeError, OverflowError):
        raise Broken from None


class _Tree:
    """Where in the file one is, and the object that is being put together, if one is."""

    def __init__(self, wanted: frozenset[str], but: frozenset[str]) -> None:
        self._wanted, self._but = wanted, but
        self._path: list[str] = []
        self._open: list[Any] = []
        self._size = 0
        # How deep the key stands whose value is passed over.
        self._passing: int | None = None

    def path(self) -> str:
        return ".".join(self._path)

    def key(self, name: str) -> None:
        self._path[-1] = name
        if self._open and (self._passing is None or len(self._path) <= self._passing):
            self._passing = len(self._path) if name in self._but else None

    def start(self, *, is_map: bool) -> None:
        part: Any = {} if is_map else []
        if self._open:
            if self._passing is None:
                self._put(part)
                self._open.append(part)
        elif is_map and self.path() in self._wanted:
            self._size = 0
            self._open.append(part)
        self._path.append("" if is_map else "item")
        if len(self._path) > _DEEPEST:
            raise Unusable(Trouble.TOO_DEEP)

    def scalar(self, value: Any) -> None:
        if self._open and self._passing is None:
            self._put(value)

    def _put(self, value: Any) -> None:
        self._size += 1
        if self._size > _LARGEST:
            raise Broken
        whole = self._open[-1]
        if isinstance(whole, list):
            whole.append(value)
        else:
            whole[self._path[-1]] = value

    def end(self) -> dict[str, Any] | None:
        """The object, when this was the end of it."""
        self._path.pop()
        if not self._open:
            return None
        if self._passing is not None:
            if len(self._path) >= self._passing:
                return None
            # It ends with the object that it stood in.
            self._passing = None
        whole = self._open.pop()
        return None if self._open else whole


class _Bounded:
    """A file whose values end."""

    def __init__(self, stream: Forward) -> None:
        self._stream, self._since, self._first = stream, 0, True

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        if size and self._first:
            chunk, self._first = chunk.removeprefix(_MARK), False
        place = max(chunk.rfind(b'"'), chunk.rfind(b","))
        self._since = self._since + len(chunk) if place < 0 else len(chunk) - place
        if self._since > _LONGEST_VALUE:
            raise Unusable(Trouble.DANGEROUS)
        return chunk
