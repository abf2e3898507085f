"""Push: a department sends records of its own register, as many as it has, in one call."""

import hashlib
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack

import msgspec
from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_noop
from rest_framework.request import Request
from rest_framework.views import APIView

from datasources.actions.receiving import Push, begin_push
from datasources.api.streams import BrokeOff, Stalled, blocks_of, seen
from datasources.connectors.push.lines import lines_of
from datasources.connectors.push.records import RecordIn
from datasources.errors import SourceFault
from portal.intake.bodies import connections_of
from portal.rest.authentication import caller_of
from portal.rest.bodies import answered
from portal.rest.idempotency import Attempt, attempt_of, keep, replayed
from portal.rest.long_calls import held, is_known
from portal.rest.problem_kinds import kind
from portal.rest.problems import Refused
from portal.rest.schema import described
from portal.walls import Role, scope

# Of the record, so many lines or bytes are stored in one transaction; a worker that is killed loses no more.
BATCH_LINES, BATCH_BYTES = 5000, 4 << 20
# A server that has lost the client stops asking for the answer: by the third part of it at the latest.
_BREATHS, _BREATH_SECONDS = 3, 0.05
_LINES = re.compile(r'application/x-ndjson(?:\s*;\s*charset="?utf-8"?)?', re.ASCII | re.IGNORECASE)
_STALLED = "Nothing more came for a while. What had come until then was kept."
_BROKE_OFF = "The connection broke before the end. What had come until then was kept."
_FAILED = "The portal could not go on. What had been stored until then was kept."

NOT_LINES = kind(
    "not-lines",
    415,
    gettext_noop("Send lines of JSON."),
    gettext_noop(
        "Send one JSON object a line, in UTF-8, with the header Content-Type: application/x-ndjson, and not packed: "
        "without Content-Encoding."
    ),
)
STALLED = kind(
    "stalled",
    408,
    gettext_noop("Nothing more of the body came."),
    gettext_noop(
        "Each 64 KiB of the body must arrive within 30 seconds, or the connection is closed. "
        "What had arrived was stored. Send the whole body again with the same Idempotency-Key: nothing is stored twice."
    ),
)


class FlawOut(msgspec.Struct):
    """A line, counted from 1, and what is wrong with it; with the code `repeated`, it was taken all the same."""

    line: int
    code: str
    detail: str


class RecordsOut(msgspec.Struct):
    """Every line is `accepted` or `rejected`. `errors` tells of the first 1,000 bad lines, and of as many that repeat a
    key.

    What became of the accepted is not told: copies are kept of people who use the service, and the answer would tell
    who they are.
    """

    received: int
    accepted: int
    rejected: int
    errors: list[FlawOut]


_SUBJECT = "kL3vQ0b8nA1xYc5Rr2eWtg"
_LINE = {
    "subject": _SUBJECT,
    "key": "pass-20417",
    "observed_at": "2026-11-24T10:00:00Z",
    "record": {"product": "Uimahalli, 10 kertaa", "visits_left": 7, "valid_until": "2027-06-30"},
}
_ANSWER = {
    "received": 100000,
    "accepted": 99963,
    "rejected": 37,
    "errors": [{"line": 12, "code": "in_future", "detail": "observed_at lies in the future."}],
}


class RecordsView(APIView):
    """Records of one dataset."""

    needs = "data:write"

    @described(
        "push",
        tag="Records",
        needs=needs,
        takes=RecordIn,
        gives=RecordsOut,
        asked=_LINE,
        answered=_ANSWER,
        once=True,
        lines=True,
        refusals={408: "The body stopped coming, or broke off. Send all of it again with the same key."}
        | {415: "The body is not NDJSON, or is packed."},
    )
    def post(self, request: Request, dataset: str) -> HttpResponseBase:
        """Send records of your own register: one JSON object a line, as many lines as you have, of any length in all.

        Good lines stand and bad lines are told. A record takes the place of what was held under its key; an older
        observation never takes the place of a newer one, so the same body may be sent again. Some thousand lines are
        stored at a time: if the connection breaks, send the whole body again with the same key.
        """
        _must_be_lines(request)
        at, caller = timezone.now(), caller_of(request)
        told = hashlib.blake2b(digest_size=32)
        blocks = seen(_blocks(request), told.update)
        with ExitStack() as stack:
            # Until all of the body has come, it is known by its key alone.
            attempt = attempt_of(request, content=b"")
            stack.enter_context(held(attempt))
            if is_known(attempt, at=at):
                return _again(request, blocks, told)
            try:
                push = begin_push(dataset, by=caller.actor, at=at)
            except SourceFault:
                raise Http404 from None
            stack.callback(push.leave)
            _store(push, blocks)
            attempt = attempt_of(request, content=told.digest())
            ending = _Ending(push, attempt, stack.pop_all(), breaths=0 if _length(request) is not None else _BREATHS)
        return StreamingHttpResponse(ending, content_type="application/json")


def _must_be_lines(request: Request) -> None:
    said, packed = request.META.get("CONTENT_TYPE", ""), request.META.get("HTTP_CONTENT_ENCODING", "identity")
    if not _LINES.fullmatch(said) or packed.lower() != "identity":
        raise Refused(NOT_LINES)


def _length(request: Request) -> int | None:
    told = request.META.get("CONTENT_LENGTH", "")
    return int(told) if told.isascii() and told.isdecimal() else None


def _blocks(request: Request) -> Iterator[bytes]:
    # Not by way of Django, which knows no body without a length and keeps a limit that is for all other calls.
    meta = request.META
    patience = settings.PUSH_PATIENCE_SECONDS
    return blocks_of(meta["wsgi.input"], length=_length(request), patience=patience, connections=connections_of(meta))


def _again(request: Request, blocks: Iterator[bytes], told: "hashlib.blake2b") -> HttpResponse:
    """A push of this key was answered: the same body gets that answer, another one is refused, nothing is stored."""
    try:
        for _ in blocks:
            pass
    except (Stalled, BrokeOff):
        raise Refused(STALLED) from None
    with scope(Role.API):
        known = replayed(attempt_of(request, content=told.digest()), at=timezone.now())
    if known is None:
        raise Refused(STALLED)
    return known


def _store(push: Push, blocks: Iterator[bytes]) -> None:
    try:
        for batch in _batches(lines_of(blocks)):
            push.store(batch, at=timezone.now())
    except Stalled:
        push.break_off(_STALLED, at=timezone.now())
        raise Refused(STALLED) from None
    except BrokeOff:
        push.break_off(_BROKE_OFF, at=timezone.now())
        raise Refused(STALLED) from None
    except Exception:
        push.break_off(_FAILED, at=timezone.now())
        raise


def _batches(lines: Iterator[bytes | None]) -> Iterator[list[tuple[int, bytes | None]]]:
    """Whole lines that came stand, also those of a body that then ends in a fault."""
    batch: list[tuple[int, bytes | None]] = []
    size = 0
    try:
        for number, line in enumerate(lines, 1):
            batch.append((number, line))
            size += len(line or b"")
            if len(batch) >= BATCH_LINES or size >= BATCH_BYTES:
                yield batch
                batch, size = [], 0
    except (Stalled, BrokeOff):
        yield batch
        raise
    yield batch


class _Ending:
    """The answer, once the client is known to be there still: blanks, then the JSON; finished as it is sent.

    A body that comes in chunks and breaks off looks like one that has come to its end. Only the server knows, and it
    stops asking for an answer that nobody waits for.
    """

    def __init__(self, push: Push, attempt: Attempt, held_meanwhile: ExitStack, *, breaths: int) -> None:
        self._push, self._attempt, self._held, self._breaths = push, attempt, held_meanwhile, breaths
        self._has_ended = False

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self._breaths):
            time.sleep(_BREATH_SECONDS)
            yield b"\n"
        yield self._finish()

    def _finish(self) -> bytes:
        push, at = self._push, timezone.now()
        errors = [FlawOut(each.line, each.code, each.sentence) for each in push.flawed]
        received, rejected = push.counts.received, push.refused
        told = answered(RecordsOut(received, received - rejected, rejected, errors))
        with scope(Role.API):
            known = replayed(self._attempt, at=at)
            if known is None:
                push.finish(at=at)
                known = keep(self._attempt, told, at=at)
        self._has_ended = True
        return known.content

    def close(self) -> None:
        """Called by the server whatever happened."""
        with self._held:
            if not self._has_ended:
                self._has_ended = True
                self._push.break_off(_BROKE_OFF, at=timezone.now())
