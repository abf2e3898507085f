"""The log for machines, open to everyone: seals, the tree's hashes, proofs and keys. None of it tells of a person.

Addresses of seals and hashes are those of C2SP tlog-tiles, with the prefix /log. Entries themselves are not published.
"""

import re
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from portal.ledger.checkpoints import newest_checkpoint, note_over, verifiers
from portal.ledger.cosignatures import newest_cosigned, with_cosignatures
from portal.ledger.merkle import SIZE
from portal.ledger.proofs import consistency, inclusion, index_of, leaf_at
from portal.ledger.queries import seals
from portal.ledger.tiles import WIDTH, read
from portal.throttle import count, wait

_PAGE = 100
_LARGEST = 2**62
_TEXT = "text/plain; charset=utf-8"
_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
# What a signed size or a tile of a width says is the same for ever.
_FOR_EVER, _NOW = "public, max-age=31536000, immutable", "no-cache"
View = Callable[..., HttpResponse]


class NotAnswered(Exception):
    """Nothing that can be answered was asked; the status and a sentence for the one who wrote the program."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def _public(view: View) -> View:
    """One of these addresses: read only, so often from one address, nothing in it that a browser would run."""

    @require_safe
    @wraps(view)
    def answered(request: HttpRequest, **parts: Any) -> HttpResponse:
        now = time.time()
        if count("log", get_adapter().get_client_ip(request), now=now, step=10) > settings.LOG_READS_PER_MINUTE:
            answer: HttpResponse = JsonResponse({"error": "Too many questions; ask again in a minute."}, status=429)
            answer["Retry-After"] = str(wait(now))
        else:
            try:
                answer = view(request, **parts)
            except NotAnswered as told:
                answer = JsonResponse({"error": str(told)}, status=told.status)
        answer.setdefault("Cache-Control", _NOW)
        answer["Content-Security-Policy"] = _POLICY
        return answer

    return answered


@_public
def checkpoint(request: HttpRequest) -> HttpResponse:
    """/log/checkpoint: the newest seal, a signed note; `?cosigned`: the newest that a witness has cosigned."""
    note = newest_cosigned() if "cosigned" in request.GET else _newest()
    if note is None:
        raise NotAnswered(404, "Nothing has been sealed yet.")
    return HttpResponse(note, content_type=_TEXT)


@_public
def checkpoints(request: HttpRequest) -> HttpResponse:
    """/log/checkpoints/: every seal, newest first; `?before=<size>` for older ones."""
    before = _asked(request, "before", default=_LARGEST)
    found = list(seals().filter(size__lt=before).values("size", "signed_at", "note")[: _PAGE + 1])
    more = f"/log/checkpoints/?before={found[_PAGE - 1]['size']}" if len(found) > _PAGE else None
    for each, note in zip(found, with_cosignatures((each["size"], each["note"]) for each in found), strict=True):
        each["note"] = note
    return JsonResponse({"checkpoints": found[:_PAGE], "next": more})


@_public
def tile(request: HttpRequest, level: str, number: str, width: str | None = None) -> HttpResponse:
    """/log/tile/<level>/<number>, with .p/<width> where it is not full: 32 bytes a hash."""
    place, wanted = (int(level), int(re.sub("[x/]", "", number))), int(width or WIDTH)
    if not 0 < wanted <= WIDTH or (width and wanted == WIDTH) or place[1] > _LARGEST >> 8:
        raise NotAnswered(404, "There is no such tile.")
    hashes = read([place]).get(place, b"")[: wanted * SIZE]
    if len(hashes) < wanted * SIZE:
        raise NotAnswered(404, "The tile has not so many hashes yet.")
    return HttpResponse(hashes, content_type="application/octet-stream", headers={"Cache-Control": _FOR_EVER})


@_public
def inclusion_proof(request: HttpRequest) -> HttpResponse:
    """/log/proof/inclusion?index=7 or ?leaf=<hex>, with &size=...: RFC 9162 §2.1.3."""
    size = _size(request, "size")
    index = _index(request)
    leaf = leaf_at(index) if index < size else None
    if leaf is None:
        raise NotAnswered(404, "A tree of this size has no such leaf.")
    told = {"index": index, "size": size, "leaf": leaf.hex(), "proof": [each.hex() for each in inclusion(index, size)]}
    return _proof(told | {"checkpoint": _note_over(size)}, fixed="size" in request.GET)


@_public
def consistency_proof(request: HttpRequest) -> HttpResponse:
    """/log/proof/consistency?old=5, with &new=7: RFC 9162 §2.1.4."""
    new = _size(request, "new")
    old = _asked(request, "old")
    if not 0 < old <= new:
        raise NotAnswered(400, "old must be from 1 up to new.")
    told = {"old": old, "new": new, "proof": [each.hex() for each in consistency(old, new)]}
    return _proof(told | {"checkpoints": [_note_over(old), _note_over(new)]}, fixed="new" in request.GET)


@_public
def key(request: HttpRequest) -> HttpResponse:
    """/log/key: the keys that seals are verified with, as programs for signed notes take them, the newest last."""
    return HttpResponse("".join(f"{each.told}\n" for each in verifiers()), content_type=_TEXT)


def _newest() -> str | None:
    newest = seals().values_list("size", "note").first()
    return with_cosignatures([newest])[0] if newest else None


def _note_over(size: int) -> str | None:
    note = note_over(size)
    return with_cosignatures([(size, note)])[0] if note else None


def _proof(told: dict[str, Any], *, fixed: bool) -> HttpResponse:
    return JsonResponse(told, headers={"Cache-Control": _FOR_EVER if fixed else _NOW})


def _size(request: HttpRequest, name: str) -> int:
    """The size that was asked for, or the newest that is sealed."""
    head = newest_checkpoint().size
    size = _asked(request, name, default=head)
    if size > head:
        raise NotAnswered(404, "So many entries are not sealed yet.")
    return size


def _index(request: HttpRequest) -> int:
    if "leaf" not in request.GET:
        return _asked(request, "index")
    told = request.GET["leaf"]
    if not re.fullmatch("[0-9a-f]{64}", told):
        raise NotAnswered(400, "leaf must be 64 hex digits.")
    if (index := index_of(bytes.fromhex(told))) is None:
        raise NotAnswered(404, "The log has no such leaf.")
    return index


def _asked(request: HttpRequest, name: str, *, default: int | None = None) -> int:
    told = request.GET.get(name)
    if told is None and default is not None:
        return default
    if told is None or not re.fullmatch("[0-9]{1,18}", told):
        raise NotAnswered(400, f"{name} must be a whole number.")
    return int(told)
