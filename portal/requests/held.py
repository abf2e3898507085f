"""Steps of what is done to a request: its row held by staff, its words sealed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from portal.keys.models import KeyScope
from portal.keys.person_keys import person_key
from portal.keys.seals import seal
from portal.requests.enums import RequestState
from portal.requests.errors import AlreadyAnswered
from portal.requests.models import Request
from portal.requests.queries import said_place
from portal.walls import Role, scope


@contextmanager
def held_by_staff(request: UUID, staff: Sequence[str], *, more: Sequence[str] = ()) -> Iterator[Request]:
    """The request, locked, in a scope of its person and of the staff's departments (and `more`). AlreadyAnswered."""
    with scope(Role.STAFF, departments=staff):
        person = Request.objects.values_list("person_id", flat=True).get(pk=request)
    with scope(Role.STAFF, persons=[person], departments=[*staff, *more]):
        row = Request.objects.select_for_update().get(pk=request)
        if row.state != RequestState.RECEIVED:
            raise AlreadyAnswered
        yield row


def sealed_words(request: Request, part: str, said: str) -> bytes:
    """`said` under the person's key, for its place in the row."""
    key = person_key(request.person_id, KeyScope.REQUESTS)
    return seal(key, said.encode(), aad=said_place(request.pk, part))
