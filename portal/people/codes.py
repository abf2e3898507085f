"""Identity codes as they stand here: sealed in the person's row, a keyed digest by which a log-in is found."""

from uuid import UUID

from portal.keys.indexes import digest, first_index, normal_identity_code
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_key
from portal.keys.seals import place, seal
from portal.walls import told as tell

# The identity service of residents, as allauth names it.
RESIDENTS = "suomifi"
_IN_TURN = "SELECT pg_advisory_xact_lock(%s)"


def account_id(provider: str, identity_code: str) -> str:
    """By what the answer of an identity service finds a log-in, hexadecimal; NotAnIdentityCode."""
    return digest(f"{provider}\x1f{normal_identity_code(identity_code)}".encode()).hex()


def sealed_code(person: UUID, identity_code: str) -> bytes:
    """As it stands in the person's row; NotAnIdentityCode."""
    key = person_key(person, KeyScope.IDENTITY)
    aad = place("people_person", "sealed_identity_code", person)
    return seal(key, normal_identity_code(identity_code).encode(), aad=aad)


def new_code_place(person: UUID) -> bytes:
    """Where a code stands sealed that the register told, and nobody has confirmed yet."""
    return place("people_person", "sealed_new_code", person)


def hold_code(identity_code: str) -> None:
    """Until the transaction ends nobody else makes a person of this code, or gives it to one.

    One after another: two first sign-ins at once, on either side of a change of the key, are one person.
    """
    tell(_IN_TURN, [int.from_bytes(first_index(identity_code)[:8], "big", signed=True)])
