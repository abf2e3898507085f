"""Checkpoints as signed notes (C2SP signed-note and tlog-checkpoint): what is signed, by whom, and whether. Pure."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

# The signature type of Ed25519 in a signed note.
_ED25519 = b"\x01"
_ID = 4
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

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that a signature line names its key by."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID]

    @property
    def told(self) -> str:
        """As programs for signed notes take it: `<name>+<id>+<key>`."""
        return f"{self.name}+{self.id.hex()}+{_encoded(_ED25519 + self.public)}"


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
