"""A resident's yes to another city: the data is packed for it, and it gets a code by which it comes for them."""

import secrets
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, transaction

from datasources.transfers.enums import CODE_LIVES
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.requests.enums import RequestState
from portal.requests.kinds import RequestEntry
from portal.requests.leaving.choosing import Chosen, ask_to_leave
from portal.requests.leaving.errors import AnsweredAlready
from portal.requests.leaving.question import Question
from portal.requests.models import HandOver, Request

_BYTES = 32


def agree(
    question: Question, items: tuple[str, ...], *, person: UUID, said: str, language: str, by: Actor, at: datetime
) -> str:
    """The code for the city that asks, within the person's scope; of it only a digest is kept. AnsweredAlready.

    Pressed twice before the city came, the first code leads nowhere any more: there is one request.
    """
    if (before := _before(question)) is not None:
        return _another_code(before, at=at)
    code = secrets.token_urlsafe(_BYTES)
    try:
        with transaction.atomic():
            chosen = Chosen(items, receiver=question.client, for_receiver_only=True)
            request, _ = ask_to_leave(chosen, person=person, said=said, language=language, by=by, at=at)
            _keep(question, request, code, at=at)
            told = {"reference": request.number, "counts": {"to": question.client}, "datasets": _datasets(items)}
            record(RequestEntry.HANDED_TO_CITY, by=by, about=person, at=at, **told)  # type: ignore[arg-type]
    except IntegrityError:
        # The same question was answered meanwhile: in another tab, or by another person in this browser.
        if (before := _before(question)) is None:
            raise AnsweredAlready from None
        return _another_code(before, at=at)
    return code


def _before(question: Question) -> HandOver | None:
    return HandOver.objects.filter(question=question.digest).select_related("request").select_for_update().first()


def _another_code(before: HandOver, *, at: datetime) -> str:
    if before.code_used_at or before.ended_at or before.request.state != RequestState.WORKING:
        raise AnsweredAlready
    code = secrets.token_urlsafe(_BYTES)
    before.code, before.code_until_at = digest_of(code), at + CODE_LIVES
    before.save(update_fields=["code", "code_until_at"])
    return code


def _keep(question: Question, request: Request, code: str, *, at: datetime) -> None:
    HandOver.objects.create(
        request=request,
        person_id=request.person_id,
        client=question.client,
        redirect_uri=question.redirect_uri,
        challenge=question.challenge,
        question=question.digest,
        agreed_at=at,
        code=digest_of(code),
        code_until_at=at + CODE_LIVES,
    )


def _datasets(items: tuple[str, ...]) -> list[str]:
    return sorted({item.partition(":")[0] for item in items})


def hand_over_of(request: Request) -> HandOver | None:
    """None where the person took it along themselves; within their scope."""
    return HandOver.objects.filter(request=request.pk).first()


def digest_of(shown: str) -> bytes:
    """What is kept of a code or a token: it has 256 random bits, so a plain SHA-256 cannot be tried out."""
    return sha256(shown.encode()).digest()
