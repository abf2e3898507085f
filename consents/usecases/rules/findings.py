"""What may not stand in a text that everyone will read. It names what was found and never repeats it."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from consents.usecases.enums import Found

LONGEST_LINK, MOST_LINKS = 80, 2
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
# 131052-308T: with the separators of 2023 (690/2022), with signs between its parts, whatever its check character.
_CODE = re.compile(r"(?<![0-9a-z])\d{2}[ .]?\d{2}[ .]?\d{2} ?[-+a-fu-y] ?\d{3} ?[0-9a-z](?![0-9a-z])", re.IGNORECASE)
_ACCOUNT = re.compile(r"(?<![0-9a-z])[a-z]{2}\d{2}(?: ?\d{4}){2,6}(?: ?\d{1,4})?(?![0-9])", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:\+|00)\d[\d ()/.-]{6,16}\d|(?<![\d.,:/-])0\d{1,3}[ /-]?\d[\d /-]{3,10}\d(?![\d:.])"
)
_DATE = re.compile(r"\d{1,2}-\d{1,2}-\d{4}")
_EMAIL = re.compile(r"[\w.+-]+ ?(?:@|\(at\)|\[at\]|\(ät\)) ?[\w-]+(?: ?\. ?[\w-]+)+", re.IGNORECASE)
_STREET = re.compile(
    r"(?<!\w)(?!(?:Valta|Kanta|Kehä|Moottori|Rauta|Uima)(?:tie|ranta))[A-ZÅÄÖ][\w-]{2,}"
    r"(?:katu|tie|polku|kuja|kaari|väylä|ranta|aukio|bulevardi|raitti|rinne|kierto|tanhua|portti|"
    r"kadun|tien|polun|kujan|kaaren|gata|gatan|väg|vägen|stig|stigen|gränd|gränden|stranden|brinken)"
    r"\w{0,3} \d{1,4}(?!\d|[.,]\d)"
    r"|(?<!\d)\d{1,4} [A-Z][a-z]+ (?:Street|Road|Lane|Avenue)(?!\w)|(?<!\d)0\d{4} [A-ZÅÄÖ][a-zåäö]{2,}"
)
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MARKUP = re.compile(
    r"<\s*[/!?]?\s*(?:script|iframe|object|embed|style|img|svg|math|a|b|i|u|p|br|div|span|form|input|button|link|meta|"
    r"html|body|video|audio|details|table)\b|javascript\s*:|data\s*:\s*text/html|\{\{|\{%",
    re.IGNORECASE,
)
_REPEATED = re.compile(r"(\S)\1{14,}|(\S{2,20})(?:\s+\2){7,}", re.IGNORECASE)
# Letters and spaces that show nothing, though they are no control signs.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5")
_JOINER, _SOFT_HYPHEN = "\u200d", "\u00ad"
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_MOST_MARKS = 3


def cleaned(text: str) -> str:
    """Composed (NFC), without soft hyphens, spaces at the ends of lines and rows of empty lines."""
    lines = [line.rstrip() for line in unicodedata.normalize("NFC", text).replace(_SOFT_HYPHEN, "").splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def findings(text: str) -> list[Found]:
    """Everything that keeps a text from being sent, in the order of `Found`; a text in any language."""
    seen = _as_read(text)
    return [each for each in Found if each in _CHECKS and _CHECKS[each](text if each is Found.INVISIBLE else seen)]


def _as_read(text: str) -> str:
    """As a reader's eye takes it (NFKC, one kind of dash and space), so that no disguise hides what is in it."""
    folded = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    return re.sub(r"[^\S\n]+", " ", _DASHES.sub("-", folded))


def _phones(text: str) -> Iterator[str]:
    return (found[0] for found in _PHONE.finditer(text) if not _DATE.search(found[0]))


def _has_phone(text: str) -> bool:
    return any(7 <= sum(sign.isdigit() for sign in found) <= 15 for found in _phones(text))  # noqa: PLR2004 - E.164


def _has_odd_links(text: str) -> bool:
    links = _LINK.findall(text)
    return len(links) > MOST_LINKS or any(len(link) > LONGEST_LINK for link in links)


def _has_unseen(text: str) -> bool:
    marks = 0
    for place, sign in enumerate(text):
        kind = unicodedata.category(sign)
        marks = marks + 1 if kind == "Mn" else 0
        if sign in _BLANK or marks > _MOST_MARKS or (kind in _UNSEEN and not _is_meant(text, place)):
            return True
    return False


def _is_meant(text: str, place: int) -> bool:
    """New lines, tabs, soft hyphens, and what ties two pictures into one."""
    if text[place] in "\n\r\t" + _SOFT_HYPHEN:
        return True
    before, after = text[max(0, place - 1) : place], text[place + 1 : place + 2]
    return text[place] == _JOINER and bool(before and after) and unicodedata.category(after) == "So"


_CHECKS: Mapping[Found, Callable[[str], object]] = {
    Found.IDENTITY_CODE: _CODE.search,
    Found.ACCOUNT: _ACCOUNT.search,
    Found.PHONE: _has_phone,
    Found.EMAIL: _EMAIL.search,
    Found.ADDRESS: _STREET.search,
    Found.LINKS: _has_odd_links,
    Found.MARKUP: _MARKUP.search,
    Found.INVISIBLE: _has_unseen,
    Found.REPEATED: _REPEATED.search,
}


def looks_official(name: str, city: frozenset[str]) -> bool:
    """A chosen name that reads as the city's or a moderator's; `city`: the city's own names, in small letters."""
    read = _as_read(name).casefold()
    return any(word in read for word in city | _OFFICIAL)


_OFFICIAL = frozenset(
    (
        "kaupunki",
        "kaupungin",
        "staden",
        "stad ",
        "city",
        "admin",
        "moder",
        "ylläpit",
        "virkail",
        "tjänsteman",
        "official",
    )
)
