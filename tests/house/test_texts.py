"""What residents read is there in three languages, in words that people know, and tells nothing that it must not."""

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from portal.ledger.kinds import all_kinds
from portal.pages.sentences import WHAT
from tests.house.sources import ROOT, files, product_code, templates
from tests.messages import LANGUAGES, faults, read, wanted

# Words that officials like and people stumble over, and words of Sweden that mean something else here, or nothing.
REFUSED = {
    "fi": r"mikäli|koskien|liittyen|osalta|toimesta|johdosta|taholta|suoritt?a\w*|kysei(nen|s)\w*|mainit\w+",
    "sv": r"angående|beträffande|avseende|medelst|erforderlig\w*|erhåll\w*|tillhandahåll\w*|ifrågavarande|dylik\w*"
    r"|vidta\w*|personnum\w*|förskola\w*|fritids|skyddad identitet|sekretessmarkering\w*|folkbokföring\w*|god man"
    r"|bankid|integritetsskyddsmyndigheten|kommunstyrelsen|loggdata|lagringstid\w*",
    "en": r"regarding|pursuant|prior to|in order to|utilis\w+|facilitat\w+|shall",
}
# Each of these also means something else: a permission is taken back, a form is left.
NOT_ON_A_BUTTON = r"Peruuta|Avbryt|Cancel"
NEVER_TOLD = r"turvakiel\w*|spärrmarkering\w*"


def _said(value: Any, language: str) -> Iterator[str]:
    """Every text of one language in a TOML tree, where a language's texts stand under its code."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key == language:
                yield from _strings(part)
            elif key not in LANGUAGES:
                yield from _said(part, language)
    elif isinstance(value, list):
        for part in value:
            yield from _said(part, language)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)


def _texts(language: str) -> list[str]:
    """The interface, the catalogue and the purposes."""
    strings = (message.string for message in read(language) if message.id)
    said = [text or "" for each in strings for text in (each if isinstance(each, tuple | list) else [each])]
    for path in files():
        if path.suffix == ".toml" and "catalogue" in path.parts:
            said += _said(tomllib.loads((ROOT / path).read_text()), language)
    return said


def _with(pattern: str, texts: list[str]) -> list[str]:
    found = re.compile(rf"\b({pattern})\b", re.IGNORECASE)
    return [text for text in texts if found.search(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_there_and_whole(language: str) -> None:
    assert list(faults(language, wanted())) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_hard_or_from_elsewhere(language: str) -> None:
    texts = _texts(language)
    assert len(texts) > 300
    assert _with(REFUSED[language], texts) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_tells_of_a_protected_address(language: str) -> None:
    assert _with(NEVER_TOLD, [*_texts(language), *(text for _, text in templates())]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_button_says_cancel(language: str) -> None:
    assert [text for text in _texts(language) if re.search(rf"\b({NOT_ON_A_BUTTON})\b", text)] == []


def test_every_kind_of_entry_has_its_sentence() -> None:
    for path in (path for path, _ in product_code() if path.name == "kinds.py"):
        importlib.import_module(".".join(path.with_suffix("").parts))
    assert set(WHAT) == {kind.value for kind in all_kinds()}


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_sentence_of_the_log_is_told_in_each_language(language: str) -> None:
    with translation.override("en"):
        english = {kind: str(sentence) for kind, sentence in WHAT.items()}
    with translation.override(language):
        assert [kind for kind, sentence in WHAT.items() if str(sentence) == english[kind]] == []


def test_no_text_hides_in_another() -> None:
    """Whoever gathers the messages does not look into an f-string: such a text is never translated."""
    calls = {"gettext", "gettext_lazy", "ngettext", "pgettext", "_"}
    hidden = [
        f"{path}:{call.lineno}"
        for path, tree in product_code()
        for joined in ast.walk(tree)
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in calls
        if call.args and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []
