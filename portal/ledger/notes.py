"""Checkpoints as signed notes (C2SP signed-note and tlog-checkpoint): what is signed, by whom, and whether. Pure."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

# The signature types of a signed note: of Ed25519, and of a cosignature by it (C2SP tlog-cosignature).
_ED25519, _COSIGNATURE = b"\x01", b"\x04"
_ID, _TIME, _KEY = 4, 8, 32
_BODY = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n", re.ASCII)
_SIGNATURE = re.compile("— ([^ +\n]+) ([A-Za-z0-9+/]+=*)\n")
_SIGNATURES = re.compile(f"(?:{_SIGNATURE.pattern})+")


class NoteBroken(Exception):
    """This is no checkpoint that one of these keys signed."""


@dataclass(frozen=True)
class Head:
    """What a checkpoint says: whose log, how many leaves, and the 32 bytes over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed: three lines."""
        return f"{self.origin}\n{self.size}\n{_encoded(self.root)}\n"


@dataclass(frozen=True)
class Verifier:
    """Whose signatures are believed: the name is the log's origin; `public` are 32 bytes."""

    TYPE: ClassVar[bytes] = _ED25519
    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that a signature line names its key by."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.TYPE + self.public).digest()[:_ID]

    @property
    def told(self) -> str:
        """As programs for signed notes take it: `<name>+<id>+<key>`."""
        return f"{self.name}+{self.id.hex()}+{_encoded(self.TYPE + self.public)}"


class Cosigner(Verifier):
    """A witness: it signs when it saw that a log had grown to what a checkpoint says."""

    TYPE: ClassVar[bytes] = _COSIGNATURE

    @classmethod
    def of(cls, told: str) -> "Cosigner":
        """From `<name>+<id>+<key>`; NoteBroken when it is no such key, or its id is another's."""
        name, _, rest = told.partition("+")
        content = _decoded(rest.partition("+")[2])
        found = cls(name, content[1:])
        if content[:1] != cls.TYPE or len(found.public) != _KEY or not name or found.told != told:
            raise NoteBroken("This is no key of a witness (Ed25519, cosignature/v1).")
        return found


def cosigned_text(text: str, seconds: int) -> bytes:
    """What a witness signs of a checkpoint's text, with the seconds since 1970."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def cosigned(note: str, line: str, by: Cosigner) -> datetime | None:
    """When this witness cosigned the checkpoint, as the signature line says; None where it does not hold."""
    found = _SIGNATURE.fullmatch(line)
    content = _decoded(found[2]) if found and found[1] == by.name else b""
    seconds = int.from_bytes(content[_ID : _ID + _TIME], "big")
    if content[:_ID] != by.id or not seconds:
        return None
    text = note.partition("\n\n")[0] + "\n"
    try:
        Ed25519PublicKey.from_public_bytes(by.public).verify(content[_ID + _TIME :], cosigned_text(text, seconds))
        return datetime.fromtimestamp(seconds, UTC)
    except (InvalidSignature, ValueError, OverflowError, OSError):
        return None


def signature_lines(text: str) -> list[str]:
    """The lines of it that are signatures of a note, each with its end."""
    return [line[0] for line in _SIGNATURE.finditer(text)]


def signed(head: Head, key: Ed25519PrivateKey) -> str:
    """The note: the three lines, an empty one, and the signature's."""
    signature = key.sign(head.text.encode())
    by = Verifier(head.origin, key.public_key().public_bytes_raw())
    return f"{head.text}\n— {by.name} {_encoded(by.id + signature)}\n"


def opened(note: str, verifiers: Iterable[Verifier]) -> Head:
    """What the note says, when one of these signed it; NoteBroken otherwise. Signatures of others are passed over."""
    text, _, lines = note.partition("\n\n")
    text += "\n"
    body = _BODY.fullmatch(text)
    if body is None or not _SIGNATURES.fullmatch(lines):
        raise NoteBroken("It has not the form of a checkpoint.")
    head = Head(body[1], int(body[2]), base64.b64decode(body[3]))
    if head.text != text or not any(_holds(each, text, lines) for each in verifiers if each.name == head.origin):
        raise NoteBroken("No key of ours has signed it.")
    return head


def _holds(by: Verifier, text: str, lines: str) -> bool:
    signatures = [_decoded(line[2]) for line in _SIGNATURE.finditer(lines) if line[1] == by.name]
    for each in signatures:
        if each[:_ID] == by.id:
            try:
                Ed25519PublicKey.from_public_bytes(by.public).verify(each[_ID:], text.encode())
            except InvalidSignature:
                return False
            return True
    return False


def _decoded(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""
    # Another spelling of the same bytes is none.
    return content if _encoded(content) == text else b""


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()
