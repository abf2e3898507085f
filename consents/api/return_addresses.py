"""Return addresses: where this system may have residents led back to after a question (docs/return-link.md)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

import msgspec
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_noop
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consents.errands.keeping import end_address, propose_address
from consents.errands.reading import addresses_of
from consents.errors import NoSuchReturnAddress, NotAReturnAddress, TooManyReturnAddresses
from consents.models import ReturnAddress
from portal.rest.authentication import Caller, caller_of
from portal.rest.bodies import body_of
from portal.rest.idempotency import once
from portal.rest.problem_kinds import kind
from portal.rest.problems import BadRequest, Flaw, Refused
from portal.rest.schema import described
from portal.walls import Role, scope

TOO_MANY_RETURN_ADDRESSES = kind(
    "too-many-return-addresses",
    409,
    gettext_noop("This system has twenty return addresses, and may have no more."),
    gettext_noop("End one that is no longer needed. An address that ends with a slash covers what lies below it."),
)
NEEDS = "consents:request"
_described = partial(described, tag="Permissions", needs=NEEDS)
_ADDRESS = {
    "id": "3f0d2a54-6b8e-4c0e-9a51-0d8b7f1d2a11",
    "address": "https://sports.example/courses/",
    "confirmed": False,
    "proposed_at": "2026-11-24T10:00:00Z",
    "confirmed_at": None,
}


class ReturnAddressIn(msgspec.Struct, forbid_unknown_fields=True):
    """https, a host, and a plain path: no query, no fragment. One that ends with a slash covers what lies below it."""

    address: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


class ReturnAddressOut(msgspec.Struct):
    """An address; people are led back to it once a staff member has confirmed it."""

    id: UUID
    address: str
    confirmed: bool
    proposed_at: datetime
    confirmed_at: datetime | None


class ReturnAddressesOut(msgspec.Struct):
    """All that stand, the oldest first."""

    addresses: list[ReturnAddressOut]


@contextmanager
def _acting(request: Request) -> Iterator[Caller]:
    """The caller, within a scope of its department; what cannot be done is answered as a problem."""
    caller = caller_of(request)
    try:
        with scope(Role.API, departments=[caller.department]):
            yield caller
    except NoSuchReturnAddress:
        raise Http404 from None
    except NotAReturnAddress as fault:
        raise BadRequest(Flaw("/address", str(fault))) from None
    except TooManyReturnAddresses:
        raise Refused(TOO_MANY_RETURN_ADDRESSES) from None


def _told(row: ReturnAddress) -> ReturnAddressOut:
    return ReturnAddressOut(row.pk, row.address, row.confirmed_at is not None, row.proposed_at, row.confirmed_at)


class ReturnAddressesView(APIView):
    """All of them, and a new one."""

    needs = NEEDS

    @_described("return_addresses", gives=ReturnAddressesOut, answered={"addresses": [_ADDRESS]})
    def get(self, request: Request) -> Response:
        """Where this system may have residents led back to, and which of these wait for a second person."""
        with _acting(request) as caller:
            return Response(ReturnAddressesOut([_told(row) for row in addresses_of(caller.client)]))

    @_described(
        "propose_return_address",
        takes=ReturnAddressIn,
        asked={"address": _ADDRESS["address"]},
        gives=ReturnAddressOut,
        answered=_ADDRESS,
        once=True,
        status=201,
    )
    @once
    def post(self, request: Request) -> Response:
        """Propose an address. It works when a register keeper of your department has confirmed it."""
        asked = body_of(request, ReturnAddressIn)
        with _acting(request) as caller:
            row = propose_address(caller.client, caller.department, asked.address, by=caller.actor, at=timezone.now())
        return Response(_told(row), status=201)


class ReturnAddressView(APIView):
    """One of them."""

    needs = NEEDS

    @_described("end_return_address", status=204)
    def delete(self, request: Request, address: UUID) -> Response:
        """Nobody is led back there any more, from this moment."""
        with _acting(request) as caller:
            end_address(address, client=caller.client, by=caller.actor, at=timezone.now())
        return Response(status=204)
