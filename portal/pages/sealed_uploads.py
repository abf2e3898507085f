"""The file of a form, sealed chunk by chunk while it arrives: neither Django nor the disk ever has it in plain."""

import io
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_protect

from portal.keys.sealed_files import CHUNK, SealedFile

_DIGITS = 15
# A form around the file: names of fields, borders, the token.
_AROUND = 64 << 10


class SealingHandler(FileUploadHandler):
    """Seals the first file of a form into what `begin` opens; any other is passed over.

    `faults` are what a sealed file raises: the first is kept for the page, and what is still coming is read past.
    """

    chunk_size = CHUNK

    def __init__(
        self, request: HttpRequest, begin: Callable[[], SealedFile], faults: tuple[type[Exception], ...]
    ) -> None:
        super().__init__(request)
        self._begin, self._faults = begin, faults
        self.spooled: SealedFile | None = None
        self.fault: Exception | None = None
        self.is_taken = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Only the first."""
        super().new_file(*args, **kwargs)
        if self.spooled is not None or self.fault is not None:
            raise SkipFile
        try:
            self.spooled = self._begin()
        except self._faults as fault:
            self.fault = fault
            raise SkipFile from None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """It is sealed, and handed on to nobody."""
        try:
            if self.spooled is not None:
                self.spooled.write(raw_data)
        except self._faults as fault:
            self.fault = fault
            raise SkipFile from None

    def file_complete(self, file_size: int) -> Any:
        """A stand-in: the file itself is in the spool."""
        try:
            if self.spooled is not None:
                self.spooled.close()
        except self._faults as fault:
            self.fault = fault
        return UploadedFile(io.BytesIO(), name="brought", size=file_size)

    def throw_away(self) -> None:
        """Nothing came of it, unless its row was written."""
        if self.spooled is not None and not self.is_taken:
            self.spooled.throw_away()


def number_in(told: str, *, otherwise: int = 0) -> int:
    """A whole number of bytes, as browsers write it."""
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= _DIGITS else otherwise


def is_too_large(request: HttpRequest, most: int) -> bool:
    """Told before anything is read: the form says that it holds more than `most` bytes of a file."""
    return number_in(request.headers.get("Content-Length", "")) > most + _AROUND


def sealed_in(
    request: HttpRequest,
    handler: SealingHandler,
    *,
    take: Callable[[int], HttpResponse],
    refused: Callable[[Any], HttpResponse],
    fault: type[Exception],
) -> HttpResponse:
    """Let the file in, and answer as `take` does, which is given its size in bytes, or as `refused` does of a `fault`.

    The token is looked at when the form is here: its file is sealed by then. What is not taken is thrown away.
    """

    @csrf_protect
    def came(request: HttpRequest) -> HttpResponse:
        # To read the form is what brings the file in, where the guard around this has not done it already.
        size = handler.spooled.size if request.FILES and handler.spooled else 0
        try:
            if handler.fault is not None:
                raise handler.fault
            answer = take(size)
        except fault as found:
            return refused(found)
        handler.is_taken = True
        return answer

    request.upload_handlers = [handler]
    try:
        return came(request)
    finally:
        handler.throw_away()
