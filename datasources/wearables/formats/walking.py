"""Through a file, or through an archive and the archives in it: each file to the format that recognises it."""

from collections.abc import Iterator

from datasources.wearables.collecting import Collector
from datasources.wearables.columns import Columns
from datasources.wearables.formats.all import FORMATS
from datasources.wearables.reading.archive import is_archive, members
from datasources.wearables.reading.format import Format
from datasources.wearables.reading.forward import HEAD, Broken, Forward, Seekable
from datasources.wearables.reading.rescued import rescued
from datasources.wearables.reading.sealed_copy import SealedCopy
from datasources.wearables.troubles import Trouble, Unusable

# An export may hold archives, and so may what somebody packed of several exports.
_DEEPEST = 2
_LARGEST = 4 << 30
_WEB_PAGE = (b"<!doctype html", b"<html")


def recognise(file: Seekable) -> Format | None:
    """Of an archive the first format in it. Unusable when it is an archive made to harm, or locked."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if not is_archive(head):
        return _of(head)
    try:
        return next((found for member in members(file) if (found := _of(member.head))), None) or _of_inner(file)
    except Broken:
        return next((found for member in rescued(file) if (found := _of(member.head))), None)
    finally:
        file.seek(0)


def _of_inner(file: Seekable) -> Format | None:
    """The first format in the archives of an archive."""
    for member in members(file):
        if is_archive(member.head):
            with SealedCopy(member) as inner:
                try:
                    found = next((found for each in members(inner) if (found := _of(each.head))), None)
                except Broken:
                    continue
            if found:
                return found
    return None


def read(file: Seekable, collector: Collector) -> Iterator[Columns]:
    """Every point of a seekable file, as it stands in it: nothing is set apart or counted twice yet.

    Unusable when nothing can be read; also in the midst, when what follows is made to harm: then nothing is to be kept.
    What breaks off or is damaged is `collector.partial`.
    """
    head = _head(file)
    walk = _Walk(collector)
    if is_archive(head):
        found = walk.archive(file, 1)
    elif (only := _of(head)) is not None:
        found = walk.one(only, Forward(file))
    else:
        raise Unusable(Trouble.WEB_PAGE if _is_web_page(head) else Trouble.NOT_KNOWN)
    yield from found
    walk.end()


def _head(file: Seekable) -> bytes:
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if not size:
        raise Unusable(Trouble.EMPTY)
    if size > _LARGEST:
        raise Unusable(Trouble.TOO_LARGE)
    return head


def _of(head: bytes) -> Format | None:
    return next((each for each in FORMATS if each.recognises(head)), None)


def _is_web_page(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_WEB_PAGE)


class _Walk:
    """What was met on the way, for the end."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self._points = 0
        self._knew_some = False
        self._too_deep = self._locked = False

    def one(self, found: Format, stream: Forward) -> Iterator[Columns]:
        self._knew_some = True
        self._collector.exported_at = None
        try:
            for points in found.columns(stream, self._collector):
                if len(points):
                    self._points += len(points)
                    self._collector.found(found.title)
                    yield points
        except Broken:
            self._collector.partial = True

    def archive(self, file: Seekable, depth: int) -> Iterator[Columns]:
        try:
            for member in members(file):
                yield from self._member(member, depth)
        except Broken:
            self._collector.partial = True
            for member in rescued(file):
                yield from self._member(member, depth)

    def _member(self, member: Forward, depth: int) -> Iterator[Columns]:
        if is_archive(member.head):
            yield from self._inner(member, depth + 1)
        elif (found := _of(member.head)) is not None:
            yield from self.one(found, member)
        else:
            self._collector.leave(member.name)

    def _inner(self, member: Forward, depth: int) -> Iterator[Columns]:
        if depth > _DEEPEST:
            self._too_deep = True
            self._collector.leave(member.name)
            return
        try:
            with SealedCopy(member) as inner:
                self._collector.partial |= inner.is_cut
                yield from self.archive(inner, depth)
        except Unusable as fault:
            if fault.trouble is not Trouble.ENCRYPTED:
                raise
            self._locked = True
            self._collector.leave(member.name)

    def end(self) -> None:
        """Unusable when all that was for nothing."""
        routes = self._collector.routes
        if self._points or self._collector.read or (routes.wanted and routes.found):
            return
        if self._too_deep or self._locked:
            raise Unusable(Trouble.TOO_DEEP if self._too_deep else Trouble.ENCRYPTED)
        if self._collector.partial:
            raise Unusable(Trouble.DAMAGED)
        raise Unusable(Trouble.NOTHING_FOUND if self._knew_some else Trouble.NOT_KNOWN)
