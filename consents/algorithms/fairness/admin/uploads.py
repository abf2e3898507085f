"""A file comes in: sealed piece by piece while it arrives, so that neither Django nor a disk ever has it in plain."""

import io
from typing import Any, cast
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils import timezone

from consents.algorithms.fairness.flaws import Refused
from consents.algorithms.fairness.pieces import LARGEST, PIECE, Arriving

# A form around the file: names of fields, borders, the token.
_AROUND = 64 << 10
_DIGITS = 15


class SealingHandler(FileUploadHandler):
    """Seals the first file of a form; any other is passed over."""

    chunk_size = PIECE

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        departments = list(getattr(request.user, "departments", []))
        self.arriving = Arriving(uuid4(), departments=departments, at=timezone.now())
        self.fault: Refused | None = None
        self._began = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """One file a form."""
        super().new_file(*args, **kwargs)
        if self._began:
            raise SkipFile
        self._began = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """It is sealed, and handed on to nobody."""
        try:
            self.arriving.write(raw_data)
        except Refused as fault:
            self.fault = fault
            raise SkipFile from None

    def file_complete(self, file_size: int) -> Any:
        """A stand-in: the file itself lies sealed in its pieces."""
        self.arriving.close()
        return UploadedFile(io.BytesIO(), name="evaluation", size=file_size)


def is_too_large(request: HttpRequest) -> bool:
    """By what the browser says of it, before a byte of it is read."""
    told = request.headers.get("Content-Length", "")
    known = told.isascii() and told.isdecimal() and len(told) <= _DIGITS
    return not known or int(told) > LARGEST + _AROUND


def arrived(request: HttpRequest) -> Arriving | Refused | None:
    """What the form brought, once it was read; None where it brought nothing."""
    handler = cast("SealingHandler", request.upload_handlers[0])
    if handler.fault is not None:
        return handler.fault
    return handler.arriving if request.FILES and handler.arriving.size else None
