"""What an entry's bytes are made of, taken apart without changing a byte: for proofs and for the verifier. Pure."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import uuid_utils

# An id that was just made; Python's own UUID takes five times as long to make and to write.
Id = UUID | uuid_utils.UUID

_OPEN = b'{"at":%b,"commitment":%b,"id":%b,"kind":%b,"v":%b}'
_PRIVATE = (
    b'{"actor":%b,"counts":%b,"datasets":%b,"department":%b,"details":%b,"purpose":%b,"reference":%b,"subject":%b}'
)
_WHOLE = (
    b'{"actor":%b,"at":%b,"commitment":%b,"counts":%b,"datasets":%b,"department":%b,"details":%b,"id":%b,"kind":%b,'
    b'"purpose":%b,"reference":%b,"subject":%b,"v":%b}'
)


class Parts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Each member as it stands, in the order of RFC 8785."""

    actor: msgspec.Raw
    at: msgspec.Raw
    commitment: msgspec.Raw
    counts: msgspec.Raw
    datasets: msgspec.Raw
    department: msgspec.Raw
    details: msgspec.Raw
    id: msgspec.Raw
    kind: msgspec.Raw
    purpose: msgspec.Raw
    reference: msgspec.Raw
    subject: msgspec.Raw
    v: msgspec.Raw

    @property
    def opened(self) -> bytes:
        """The open part, which the leaf is the hash of."""
        return _OPEN % (self.at, self.commitment, self.id, self.kind, self.v)

    @property
    def private(self) -> bytes:
        """What the commitment is over."""
        return _PRIVATE % (
            *(self.actor, self.counts, self.datasets, self.department),
            *(self.details, self.purpose, self.reference, self.subject),
        )

    @property
    def whole(self) -> bytes:
        """All of it: the very bytes it was read from, when those are canonical."""
        return _WHOLE % (
            *(self.actor, self.at, self.commitment, self.counts, self.datasets, self.department, self.details),
            *(self.id, self.kind, self.purpose, self.reference, self.subject, self.v),
        )

    def with_look_up(self, entry: bytes, kind: bytes, subject: bytes, department: bytes) -> bytes:
        """All of it, with these four in place of what it says itself; each is JSON."""
        return _WHOLE % (
            *(self.actor, self.at, self.commitment, self.counts, self.datasets, department, self.details),
            *(entry, kind, self.purpose, self.reference, subject, self.v),
        )

    def keeps_its_word(self, salt: bytes) -> bool:
        """The private part is the one that was committed to."""
        return bytes(self.commitment)[1:-1] == hashlib.sha256(salt + self.private).hexdigest().encode()


# Of SHA-256, in bytes.
_BLOCK = 64
_decoder = msgspec.json.Decoder(Parts)


def parts_of(entry_body: bytes) -> Parts:
    """An entry's members; msgspec.DecodeError when the bytes are none of an entry's."""
    return _decoder.decode(entry_body)


class _Open(msgspec.Struct, frozen=True):
    at: str
    commitment: str
    id: str
    kind: str
    v: int


_opener = msgspec.json.Decoder(_Open)


def open_part(entry_body: bytes) -> bytes:
    """The canonical open part of an entry in any order; msgspec.DecodeError when it has none."""
    return msgspec.json.encode(_opener.decode(entry_body))


def salt_of(log_key: bytes, entry: Id) -> bytes:
    """32 bytes that make a commitment untellable: worked out, never stored."""
    return hmac.digest(log_key, entry.bytes, "sha256")


def least_id(moment: datetime) -> UUID:
    """The least UUIDv7 of that moment (RFC 9562 §5.7): ids made before it are smaller, all others are not."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def month_of(entry: UUID) -> str:
    """`YYYY_MM` that an id (UUIDv7) was made in."""
    return datetime.fromtimestamp((entry.int >> 80) / 1000, UTC).strftime("%Y_%m")


# The hex of a salt, by an entry's id as it is written.
Salter = Callable[[str], str]


def salter(log_key: bytes) -> Salter:
    """`salt_of` for many entries of one key of 32 bytes, whose two pads are hashed once (RFC 2104 section 4)."""
    padded = log_key.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def salt(entry: str) -> str:
        within, around = inner.copy(), outer.copy()
        within.update(bytes.fromhex(entry.replace("-", "")))
        around.update(within.digest())
        return around.hexdigest()

    return salt
