"""Keyed one-way values: blind index, pairwise subject, digest. Unkeyed hashes of identity codes can be tried out."""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from stdnum.exceptions import ValidationError
from stdnum.fi import hetu

from portal.keys.ring import ring

# Signs of the century of birth, after the reform of 2023 (Government decree 690/2022).
_CENTURIES = {"+": 1800, **dict.fromkeys("-YXWVU", 1900), **dict.fromkeys("ABCDEF", 2000)}
# Day, month, year, any century sign of 2023, number, check character (DVV).
_SHAPE = re.compile(r"[0-3]\d[01]\d{3}[-+A-FU-Y]\d{3}[0-9A-Y]", re.ASCII)
_CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_FIRST_NUMBER = 2

_SUBJECT_BYTES = 16
_BLOCK = 64
_INNER, _OUTER = (bytes(byte ^ mask for byte in range(256)) for mask in (0x36, 0x5C))


class NotAnIdentityCode(Exception):
    """This is not a Finnish personal identity code."""


def normal_identity_code(text: str) -> str:
    """The code in capitals without spaces; temporary codes (900–999) are allowed; NotAnIdentityCode otherwise."""
    code = text.strip()
    if not code.isascii():
        # Digits of other scripts have the right sum too, and would be somebody else.
        raise NotAnIdentityCode("This is not a personal identity code.")
    if _holds(normal := code.upper()):
        return normal
    try:
        return str(hetu.validate(code, allow_temporary=True))
    except ValidationError:
        raise NotAnIdentityCode("This is not a personal identity code.") from None


def holds_identity_code(text: str) -> bool:
    """Somewhere in the text stands what has the form and the check character of an identity code."""
    return any(_holds(found) for found in _SHAPE.findall(text.upper()))


def _holds(code: str) -> bool:
    """A code that is beyond doubt: the usual case, ten times as fast as what also tells how a code is wrong."""
    if not _SHAPE.fullmatch(code) or code[10] != _CHECKS[int(code[:6] + code[7:10]) % 31]:
        return False
    try:
        date(_CENTURIES[code[6]] + int(code[4:6]), int(code[2:4]), int(code[:2]))
    except ValueError:
        return False
    return int(code[7:10]) >= _FIRST_NUMBER


def born(identity_code: str) -> date:
    """The day of birth that a code tells; NotAnIdentityCode."""
    code = normal_identity_code(identity_code)
    day, month, year = int(code[:2]), int(code[2:4]), int(code[4:6])
    return date(_CENTURIES[code[6]] + year, month, day)


def blind_index(identity_code: str) -> bytes:
    """32 bytes, HMAC-SHA256 of the normalised code: finds a person without storing the code.

    A newer version of the key is laid over the older ones (the HMAC of what they gave): what is stored can be moved on
    without any code, and an index of a stolen copy tells nothing of those laid over since.
    """
    return _index(normal_identity_code(identity_code))


def blind_indexes(identity_code: str) -> list[bytes]:
    """The blind index, and while the key is being changed those that rows may still carry; the newest first."""
    return _indexes(normal_identity_code(identity_code))


def first_index(identity_code: str) -> bytes:
    """By the oldest version: the same for ever. It is stored nowhere; whoever makes a person holds a lock by it."""
    return _laid_over(normal_identity_code(identity_code))[0]


def index_as_written(code: str) -> bytes | None:
    """The blind index of a code as a department wrote it; None when it has not the shape of an identity code.

    The check character is not looked at: a code that was never issued matches nobody. Six times as fast.
    """
    return writer_of_indexes()(code)


def writer_of_indexes() -> Callable[[str], bytes | None]:
    """`index_as_written` by the keys of now, for thousands of codes: `index_one(code)`."""
    index_of = _indexer()

    def index_one(code: str) -> bytes | None:
        normal = code.strip().upper()
        return index_of(normal) if _SHAPE.fullmatch(normal) else None

    return index_one


def older_as_written(code: str) -> list[bytes]:
    """While the key is being changed, the indexes that rows may still carry for a code that has the shape of one."""
    return _indexes(code.strip().upper())[1:] if is_moving() else []


def is_index_of(code: str, index: bytes) -> bool:
    """The index is that of a code as a department wrote it, by the key of now or the one that is being changed."""
    newest = index_as_written(code)
    return newest is not None and (newest == index or index in older_as_written(code))


def is_moving() -> bool:
    """The key is being changed: rows may carry more than one index."""
    return ring().behind("index") > 0


def index_version() -> int:
    """The version of the index key that new rows carry."""
    return ring().newest("index")[0]


def moved_on(index: bytes, *, version: int) -> bytes:
    """An index of that version as the newest version has it; KeyMissing when the version was never here."""
    held = ring()
    held.version("index", version)
    for newer in sorted(held.secrets["index"]):
        if newer > version:
            index = hmac.digest(held.secrets["index"][newer], index, "sha256")
    return index


def pairwise(department: str, identity_code: str) -> str:
    """The person's pseudonym for one department: 128 bits as 22 characters of base64url, stable, unlike any other's."""
    return _pairwise(department, normal_identity_code(identity_code))


def pairwise_within(department: str, purpose: str, subject: bytes) -> bytes:
    """16 bytes, HMAC-SHA256: of a pseudonym one that stands within a purpose alone, as stable and unlike all others."""
    _, key = ring().newest("pairwise")
    apart = hmac.digest(_department_key(key, department), b"purpose\x1f" + purpose.encode(), "sha256")
    return hmac.digest(apart, subject, "sha256")[:_SUBJECT_BYTES]


def index_and_pairwise(department: str, identity_code: str) -> tuple[bytes, str]:
    """(`blind_index`, `pairwise`) of a code that is looked at once; NotAnIdentityCode."""
    normal = normal_identity_code(identity_code)
    return _index(normal), _pairwise(department, normal)


def indexes_and_pairwise(department: str, identity_codes: Iterable[str]) -> list[tuple[bytes, bytes]]:
    """(`blind_index`, the 16 bytes of `pairwise`) of thousands at once; NotAnIdentityCode when one of them is none."""
    codes = [normal_identity_code(code).encode() for code in identity_codes]
    _, key = ring().newest("pairwise")
    subjects = [mac[:_SUBJECT_BYTES] for mac in _macs(_department_key(key, department), codes)]
    indexes: Sequence[bytes] = codes
    for version in ring().chain("index"):
        indexes = _macs(version, indexes)
    return list(zip(indexes, subjects, strict=True))


def _macs(key: bytes, messages: Sequence[bytes]) -> list[bytes]:
    """HMAC-SHA256 (RFC 2104 §2) of each, with a key of at most a block: what the key alone decides is hashed once."""
    inner, outer = (hashlib.sha256(key.ljust(_BLOCK, b"\0").translate(mask)) for mask in (_INNER, _OUTER))
    found = []
    for message in messages:
        within, around = inner.copy(), outer.copy()
        within.update(message)
        around.update(within.digest())
        found.append(around.digest())
    return found


def _index(normal: str) -> bytes:
    return _indexer()(normal)


def _indexer() -> Callable[[str], bytes]:
    first, *newer = ring().chain("index")
    begun = _begun(first)

    def index_of(normal: str) -> bytes:
        mac = begun.copy()
        mac.update(normal.encode())
        index = mac.finalize()
        for key in newer:
            index = hmac.digest(key, index, "sha256")
        return index

    return index_of


def _laid_over(normal: str) -> list[bytes]:
    """By every version, the oldest first."""
    found = [normal.encode()]
    for key in ring().chain("index"):
        found.append(hmac.digest(key, found[-1], "sha256"))
    return found[1:]


def _indexes(normal: str) -> list[bytes]:
    return _laid_over(normal)[::-1][: ring().behind("index") + 1]


@lru_cache(maxsize=4)
def _begun(key: bytes) -> HMAC:
    """The MAC of nothing yet: to begin one takes three times as long as to go on from here."""
    return HMAC(key, SHA256())


def _pairwise(department: str, normal: str) -> str:
    _, key = ring().newest("pairwise")
    mac = hmac.digest(_department_key(key, department), normal.encode(), "sha256")
    return base64.urlsafe_b64encode(mac[:_SUBJECT_BYTES]).rstrip(b"=").decode()


@lru_cache(maxsize=256)
def _department_key(key: bytes, department: str) -> bytes:
    return hmac.digest(key, department.encode(), "sha256")


def digest(content: bytes, *, of: bytes = b"") -> bytes:
    """32 bytes, keyed BLAKE2b: tells whether content changed without telling the content.

    `of` (up to 16 bytes, a person's id) keeps apart the same content of different people.
    """
    return digester()(content, of)


def digester() -> Callable[[bytes, bytes], bytes]:
    """`digest` by the key of now, for many contents: `digest_one(content, of)`."""
    _, key = ring().newest("digest")

    def digest_one(content: bytes, of: bytes) -> bytes:
        return hashlib.blake2b(content, key=key, salt=of, digest_size=32).digest()

    return digest_one


def opened_mark(person: UUID) -> bytes:
    """16 bytes, HMAC-SHA256: tells whether two openings were of one person, and not of whom."""
    return hmac.digest(ring().newest("digest")[1], b"opened\x1f" + person.bytes, "sha256")[:16]


def second_mark(index: bytes) -> bytes:
    """16 bytes, HMAC-SHA256 of a blind index: by it nobody is found, and the same person is known again."""
    return hmac.digest(ring().newest("digest")[1], b"second\x1f" + index, "sha256")[:16]
