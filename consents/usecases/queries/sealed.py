"""What a resident wrote, as it stands sealed under their `requests` key."""

from uuid import UUID

from consents.usecases.texts import Said
from consents.usecases.words import Word
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys, person_key
from portal.keys.seals import place, seal, unseal


def said_place(word: UUID) -> bytes:
    """Where it stands."""
    return place("usecases_word", "sealed_said", word)


def sealed_said(word: UUID, said: Said, *, person: UUID) -> bytes:
    """Sealed for its row; within a scope that covers the person."""
    return seal(person_key(person, KeyScope.REQUESTS), said.model_dump_json().encode(), aad=said_place(word))


def said_with(word: Word, key: bytes) -> Said:
    """What the row seals, opened."""
    return Said.model_validate_json(unseal(key, bytes(word.sealed_said or b""), aad=said_place(word.pk)))


def said_in(word: Word) -> Said | None:
    """The same, within a scope that covers the person; None where it is gone, or its key."""
    key = existing_person_keys([word.person_id], KeyScope.REQUESTS).get(word.person_id)
    return said_with(word, key) if key and word.sealed_said else None
