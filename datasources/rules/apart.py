"""What is left out unless a keeper decides otherwise, by what a part is called and looks like, and why.

Names are in Finnish, Swedish or English, as departments write them. Better too much left out than too little: what a
keeper needs, they take in by a choice of their own.
"""

import re
import unicodedata
from enum import StrEnum


class Apart(StrEnum):
    """Why a part is left out. NOTHING: it is not."""

    NOTHING = ""
    WHOSE = "whose"
    SECRET = "secret"  # noqa: S105 - a word
    OTHERS = "others"
    STAFF_TEXT = "staff_text"
    PROTECTED = "protected"
    TECHNICAL = "technical"

    @property
    def is_somebodys(self) -> bool:
        """Not even codes are told of it."""
        return self not in (Apart.NOTHING, Apart.TECHNICAL)

    @property
    def is_never_mapped(self) -> bool:
        """No choice takes it in."""
        return self is Apart.SECRET


def _these(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORDS: tuple[tuple[Apart, frozenset[str]], ...] = (
    (
        Apart.SECRET,
        _these(
            "password passwd pwd passphrase salasana losenord token secret pin pinkoodi pinkod hash salt apikey "
            "credential credentials otp mfa privatekey sessionid cookie tunnusluku"
        ),
    ),
    (Apart.PROTECTED, _these("restricted turvakielto sparrmarkering protected salainen hemlig secrecy")),
    (
        Apart.STAFF_TEXT,
        _these(
            "note notes comment comments remark remarks memo memos observation observations internal muistiinpano "
            "muistiinpanot huomautus huomautukset huomio huomiot kommentti kommentit lisatieto lisatiedot vapaateksti "
            "selite sisainen anteckning anteckningar kommentar kommentarer anmarkning fritext intern"
        ),
    ),
    (
        Apart.TECHNICAL,
        _these(
            "id uuid guid rowid rowversion version createdat updatedat modifiedat created updated modified deleted "
            "luotu muokattu luontiaika muokkausaika tenant etag checksum"
        ),
    ),
    (
        Apart.OTHERS,
        _these(
            "guardian guardians huoltaja huoltajat vardnadshavare parent mother father aiti isa mamma pappa spouse "
            "puoliso maka sibling sisarus syskon contactperson yhteyshenkilo kontaktperson emergency lahiomainen "
            "anhorig reporter ilmoittaja anmalare employee tyontekija anstalld handler kasittelija handlaggare "
            "teacher opettaja larare nurse hoitaja author createdby updatedby modifiedby createduser updateduser "
            "luoja muokkaaja tallentaja"
        ),
    ),
)
# Two words that are one: "created_by", "api_key".
_PAIRS = {"created by", "updated by", "modified by", "api key", "private key", "session id", "contact person", "row id"}
_PAIRS |= {"created at", "updated at", "modified at", "row version", "created user", "updated user"}
_LAST = re.compile(r"[./]|\['|'\]")
_CAMEL = re.compile(r"(?<=[a-zåäö0-9])(?=[A-ZÅÄÖ])")
_APART = re.compile(r"[^a-z0-9]+")
# By what it looks like (rules/offering.py).
_BY_LOOKS = {"long_text": Apart.STAFF_TEXT, "identity_code": Apart.OTHERS}


def words_of(name: str) -> list[str]:
    """The words of the last step of a name, in plain letters: `guardian.streetAddress` is `street`, `address`."""
    last = next((step for step in reversed(_LAST.split(name)) if step.strip("$@")), "")
    plain = unicodedata.normalize("NFKD", _CAMEL.sub(" ", last).casefold())
    told = _APART.sub(" ", "".join(sign for sign in plain if not unicodedata.combining(sign))).split()
    return _joined(told)


def _joined(told: list[str]) -> list[str]:
    joined: list[str] = []
    for word in told:
        if joined and f"{joined[-1]} {word}" in _PAIRS:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def apart_of(name: str, looks: str = "") -> Apart:
    """Why a part of this name and look is left out; NOTHING when nothing speaks against it."""
    words = words_of(name)
    for apart, told in _WORDS:
        if apart is Apart.TECHNICAL:
            # A number of a case is no key of the system's own, though it ends so: `case_id` is left to the keeper.
            if words and (len(words) == 1 or words[-1] == "id") and words[-1] in told:
                return _BY_LOOKS.get(looks, apart)
        elif told.intersection(words):
            return apart
    return _BY_LOOKS.get(looks, Apart.NOTHING)
