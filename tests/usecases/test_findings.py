"""What may not be published is found whatever its disguise, named, and never repeated; ordinary words pass."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consents.usecases.enums import Found
from consents.usecases.rules.findings import cleaned, findings, looks_official
from tests.residents import Resident
from tests.usecases.talking import comments, words

Enter = Callable[[str], Resident]

FOUND = [
    (Found.IDENTITY_CODE, "Tunnukseni on 131052-308T, kiitos."),
    (Found.IDENTITY_CODE, "131052–308t"),
    (Found.IDENTITY_CODE, "131052A308T"),
    (Found.IDENTITY_CODE, "131052 - 308T"),
    (Found.IDENTITY_CODE, "１３１０５２-３０８T"),
    (Found.IDENTITY_CODE, "13\u200b1052-308T"),
    (Found.IDENTITY_CODE, "13.10.52-308T"),
    (Found.IDENTITY_CODE, "010101Y901X"),
    (Found.ACCOUNT, "Tili FI21 1234 5600 0007 85"),
    (Found.ACCOUNT, "FI2112345600000785"),
    (Found.PHONE, "Soita 040 123 4567"),
    (Found.PHONE, "+358 40 1234567"),
    (Found.PHONE, "09-1234567"),
    (Found.PHONE, "0401234567"),
    (Found.EMAIL, "raili.uimonen@example.fi"),
    (Found.EMAIL, "raili (at) example.fi"),
    (Found.ADDRESS, "Asun osoitteessa Merituulentie 36"),
    (Found.ADDRESS, "Jag bor på Sjövindsvägen 36 A"),
    (Found.ADDRESS, "02100 Espoo"),
    (Found.ADDRESS, "12 Harbour Street"),
    (Found.LINKS, "https://example.fi/" + "a" * 90),
    (Found.LINKS, "http://a.fi http://b.fi www.c.fi"),
    (Found.MARKUP, "<script>alert(1)</script>"),
    (Found.MARKUP, "Katso <a href=x>tästä"),
    (Found.MARKUP, "javascript:alert(1)"),
    (Found.INVISIBLE, "Hei\u202eolleh"),
    (Found.INVISIBLE, "a\u200bb"),
    (Found.INVISIBLE, "a\x00b"),
    (Found.INVISIBLE, "\u3164"),
    (Found.INVISIBLE, "a\u0300\u0300\u0300\u0300\u0300"),
    (Found.REPEATED, "!" * 30),
    (Found.REPEATED, "osta " * 20),
]


@pytest.mark.parametrize(("kind", "text"), FOUND)
def test_it_is_found(kind: Found, text: str) -> None:
    assert kind in findings(text)


@pytest.mark.parametrize(
    "text",
    [
        "Muistutus 1.9.2026 klo 08.00–16.00, noin 12 000 asukasta ja 3,5 prosenttia.",
        "Laki 1503/2016 ja 434/2003 14 §. Säästö 1 200 euroa vuodessa, 30–40 minuuttia.",
        "Valtatie 1 on tukossa, kantatie 50 ei. Tie 5 on kunnossa.",
        "Lue lisää: https://www.hel.fi/fi/uutiset",
        "Hyvä! 👩‍👩‍👧 ja 👍🏽.\n\nToinen kappale.",
        "Ålänningar och åbobor säger: år 2026 är bra.",
        "x < y, ja a > b. Päiväys 05-06-2026.",
        "Ei\u00adkatkea",
        "",
    ],
)
def test_ordinary_words_pass(text: str) -> None:
    assert findings(text) == []


@given(st.text(alphabet="0123456789 -+ABCabc\u200b\u00adäö.@/\n", max_size=40), st.text(max_size=20))
def test_a_code_is_found_wherever_it_stands(before: str, after: str) -> None:
    assert Found.IDENTITY_CODE in findings(f"{before} 131052-308T {after}")


@given(st.text(max_size=300))
def test_any_text_is_judged_and_cleaned_once(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)
    findings(text)


@pytest.mark.parametrize(("name", "official"), [("Uimari", False), ("Espoon kaupunki", True), ("ＡＤＭＩＮ", True)])
def test_a_name_does_not_look_like_the_citys(name: str, official: bool) -> None:
    assert looks_official(name, frozenset({"espoo", "espoon"})) is official


@pytest.mark.parametrize("text", ["Koodini on 131052-308T", "Soita 040 123 4567", "raili@example.fi"])
def test_the_sentence_names_it_and_does_not_repeat_it(text: str, resident_in: Enter) -> None:
    answer = comments(resident_in("raili"), text=text)
    page = answer.content.decode()
    summary = page[page.index('role="alert"') : page.index("<h1>")]
    assert (answer.status_code, words()) == (422, [])
    assert [part for part in ("131052", "040", "raili@") if part in summary] == []
    assert "Everyone would read it." in summary


def test_a_megabyte_is_refused_and_not_sent_back(resident_in: Enter) -> None:
    answer = comments(resident_in("raili"), text="sana " * 200_000)
    assert (answer.status_code, words(), len(answer.content) < 50_000) == (422, [], True)
    assert "The text is too long. Write 2000 characters at the most." in answer.content.decode()


def test_a_chosen_name_is_checked_too(resident_in: Enter) -> None:
    raili = resident_in("raili")
    told = {
        alias: comments(raili, shown="alias", alias=alias).status_code for alias in ("", "Esbo stad", "040 1234567")
    }
    assert told == {"": 422, "Esbo stad": 422, "040 1234567": 422}
