"""The city's own malware scanner, where one is set: clamd by TCP. Set and silent, nothing is taken."""

import socket
import struct
from contextlib import suppress

from django.conf import settings

from portal.requests.evidence import Flaw, NotEvidence

_SECONDS = 10
_CHUNK = 64 * 1024


def scan(content: bytes) -> None:
    """Passes what is clean, or where no scanner is set. NotEvidence: infected, or not scanned.

    Protocol: `zINSTREAM`, chunks behind their length (4 bytes, big-endian), a length of 0; the answer ends with a zero
    byte (clamd(8)).
    """
    if not settings.MALWARE_SCANNER:
        return
    answer = b""
    with suppress(OSError):
        answer = _asked(content)
    if answer.endswith(b" FOUND"):
        raise NotEvidence(Flaw.INFECTED)
    if answer != b"stream: OK":
        raise NotEvidence(Flaw.NOT_SCANNED)


def _asked(content: bytes) -> bytes:
    host, _, port = settings.MALWARE_SCANNER.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=_SECONDS) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        for at in range(0, len(content), _CHUNK):
            chunk = content[at : at + _CHUNK]
            scanner.sendall(struct.pack(">I", len(chunk)) + chunk)
        scanner.sendall(struct.pack(">I", 0))
        answer = b""
        while not answer.endswith(b"\0") and (more := scanner.recv(1024)):
            answer += more
            if len(answer) > _CHUNK:
                break
    return answer.rstrip(b"\0")
