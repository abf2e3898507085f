"""Receipts on the pages: after an act, to keep in three forms; and the check that is open to everyone."""

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import jsonschema
import pytest
import rfc8785
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet

from consents.actions.answering import change, give, withdraw
from consents.actions.traces import Shown
from consents.queries.reading import consents_of
from consents.receipts.reading import opened, receipts_of
from portal.ledger.actor import resident
from portal.walls import Role, scope
from tests.pages.test_queries import IN_TESTS
from tests.residents import CODES, Resident

Enter = Callable[[str], Resident]
LANGUAGES = ("fi", "sv", "en")
PASTED = {"Accept": "text/html"}
# Twelve, as a page may take, and the giving back of the scope, which there is in tests only.
MOST = 14


def answered(one: Resident, *, times: int = 1, back: bool = False) -> list[UUID]:
    """Ids of the receipts of a yes, of as many changes as to make `times`, and of taking it back."""
    with scope(Role.RESIDENT, persons=[one.person]):
        consent = consents_of(one.person).get(purpose__slug="swimming-reminders")
        shown, by, at = Shown(consent.text_id, "fi"), resident(one.person), consent.requested_at
        give(consent.pk, shown=shown, by=by, at=at)
        optional = [f"{row.dataset.slug}.{row.optional[0]}" for row in consent.purpose.datasets.all() if row.optional]
        for number in range(1, times):
            later = at + timedelta(hours=number)
            change(consent.pk, shown=shown, optional=optional if number % 2 else [], by=by, at=later)
        if back:
            withdraw(consent.pk, shown=shown, by=by, at=at + timedelta(days=1))
        return [receipt.pk for receipt in receipts_of(one.person)]


def file_of(one: Resident, receipt: UUID) -> bytes:
    with scope(Role.RESIDENT, persons=[one.person]):
        return opened(receipts_of(one.person).get(pk=receipt)).file


@pytest.fixture
def stranger(city: None) -> Client:
    """Who has not signed in."""
    return Client(HTTP_HOST="127.0.0.1")


@pytest.mark.parametrize(("language", "title"), [("fi", "Kuitti: "), ("sv", "Kvitto: "), ("en", "Receipt: ")])
def test_an_answer_leads_to_its_receipt(language: str, title: str, resident_in: Enter) -> None:
    raili = resident_in("raili")
    with scope(Role.RESIDENT, persons=[raili.person]):
        question = consents_of(raili.person).get(purpose__slug="swimming-reminders")
    said = {"text": str(question.text_id), "answer": "no"}
    saved = raili.browser.post(f"/{language}/requests/{question.pk}/", said, follow=True).content.decode()
    link = re.findall(rf'href="(/{language}/receipts/[0-9a-f-]+/)"', saved)[0]
    page = raili.browser.get(link).content.decode()
    assert (f"<h1>{title}" in page, f'{link}json/"' in page, f'{link}pdf/"' in page) == (True, True, True)


def test_the_permission_lists_its_receipts(resident_in: Enter) -> None:
    raili = resident_in("raili")
    receipts = answered(raili, back=True)
    with scope(Role.RESIDENT, persons=[raili.person]):
        consent = consents_of(raili.person).get(purpose__slug="swimming-reminders")
    page = raili.browser.get(f"/fi/permissions/{consent.pk}/").content.decode()
    assert re.findall(r"/fi/receipts/([0-9a-f-]+)/", page) == [str(receipt) for receipt in reversed(receipts)]


@pytest.mark.parametrize("path", ["/fi/permissions/{consent}/", "/fi/receipts/{receipt}/"])
def test_a_page_takes_as_many_statements_for_three_receipts_as_for_one(path: str, resident_in: Enter) -> None:
    told = []
    for slug, times in (("raili", 1), ("otso", 3)):
        one = resident_in(slug)
        receipts = answered(one, times=times)
        with scope(Role.RESIDENT, persons=[one.person]):
            consent = consents_of(one.person).get(purpose__slug="swimming-reminders").pk
        # The first page of a session also notes that it is in use.
        one.browser.get(path.format(consent=consent, receipt=receipts[-1]))
        with CaptureQueriesContext(connection) as counted:
            assert one.browser.get(path.format(consent=consent, receipt=receipts[-1])).status_code == 200
        told.append((len(receipts), sum(not IN_TESTS.search(query["sql"]) for query in counted)))
    assert [number for number, _ in told] == [1, 3]
    assert (told[0][1], told[0][1] <= MOST) == (told[1][1], True)


def test_the_downloaded_file_is_the_signed_one_and_as_the_published_schema_says(
    resident_in: Enter,
) -> None:
    raili = resident_in("raili")
    (receipt,) = answered(raili)
    answer = raili.browser.get(f"/fi/receipts/{receipt}/json/")
    schema = raili.browser.get("/schemas/consent-receipt-1.json").json()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(answer.json())
    assert (answer.content == file_of(raili, receipt), answer["Cache-Control"]) == (True, "no-store")
    assert answer.json()["receipt"]["schema_version"] == schema["$id"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_the_older_shape_it_says_the_same(language: str, resident_in: Enter) -> None:
    raili = resident_in("raili")
    (receipt,) = answered(raili)
    told = raili.browser.get(f"/{language}/receipts/{receipt}/json/?profile=kantara-1.1").json()
    signed = json.loads(file_of(raili, receipt))["receipt"]
    name = signed["consent_record"]["pii_processing"]["purpose"]["name"][language]
    assert (told["version"], told["consentReceiptID"], told["language"]) == ("KI-CR-v1.1.0", str(receipt), language)
    assert (told["services"][0]["service"], told["services"][0]["purposes"][0]["consentType"]) == (name, "EXPLICIT")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_printed_receipt_is_accessible_and_carries_the_signed_file(language: str, resident_in: Enter) -> None:
    raili = resident_in("raili")
    (receipt,) = answered(raili)
    pdf = raili.browser.get(f"/{language}/receipts/{receipt}/pdf/").content
    parts = (b"pdfuaid:part", b"/MarkInfo", b"/StructTreeRoot", b"/EmbeddedFile", b"receipt.json")
    assert (pdf[:5], [part for part in parts if part not in pdf]) == (b"%PDF-", [])
    assert f"/Lang({language})".encode() in pdf


def test_the_stored_page_stands_alone_and_what_is_in_it_verifies(resident_in: Enter, stranger: Client) -> None:
    raili = resident_in("raili")
    (receipt,) = answered(raili)
    page = raili.browser.get(f"/sv/receipts/{receipt}/html/").content.decode()
    assert [bad for bad in ("<script", "<link", "src=", "{{") if bad in page] == []
    pasted = re.findall(r"<code>(.*)</code>", page, re.DOTALL)[0].replace("&quot;", '"').replace("&#x27;", "'")
    answer = stranger.post("/verify/", {"text": pasted.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")})
    assert answer.json()["genuine"] is True


def test_no_form_of_a_receipt_holds_the_identity_code(resident_in: Enter) -> None:
    raili = resident_in("raili")
    (receipt,) = answered(raili)
    for kind in ("", "json/", "html/", "pdf/"):
        assert CODES["raili"].encode() not in raili.browser.get(f"/fi/receipts/{receipt}/{kind}").content


def _ways(file: bytes) -> dict[str, dict[str, Any]]:
    """How a file may be brought: by the page's form, and by curl -F, --data-binary and -d."""
    return {
        "file": {"data": {"file": SimpleUploadedFile("receipt.json", file, "application/json"), "text": ""}},
        "curl -F": {"data": {"receipt": SimpleUploadedFile("r", file)}},
        "text": {"data": {"text": file.decode()}},
        "json": {"data": file, "content_type": "application/json"},
        "curl -d": {"data": file, "content_type": "application/x-www-form-urlencoded"},
        "bare": {"data": file, "content_type": "text/plain"},
    }


@pytest.mark.parametrize("way", _ways(b"{}"))
def test_whichever_way_a_receipt_is_brought_the_check_says_the_same(
    way: str, resident_in: Enter, stranger: Client
) -> None:
    raili = resident_in("raili")
    (receipt,) = answered(raili)
    answer = stranger.post("/verify/", **_ways(file_of(raili, receipt))[way])
    told = answer.json()
    assert (answer.status_code, told["genuine"], told["signature"], told["schema"]) == (200, True, True, True)
    assert (told["newer_event"], told["event_type"], told["receipt_id"]) == (False, "given", str(receipt))


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fi", "Luvalle on tapahtunut jotain tätä uudempaa."),
        ("sv", "Något nyare har hänt med samtycket."),
        ("en", "Something newer has happened to this permission."),
    ],
)
def test_an_old_receipt_of_a_permission_taken_back_is_told_to_be_old(
    language: str, sentence: str, resident_in: Enter, stranger: Client
) -> None:
    raili = resident_in("raili")
    old, latest = answered(raili, back=True)
    page = stranger.post(
        f"/{language}/verify/", {"text": file_of(raili, old).decode()}, headers=PASTED
    ).content.decode()
    now = stranger.post("/verify/", {"text": file_of(raili, latest).decode()}).json()
    assert (sentence in page, now["newer_event"]) == (True, False)


def test_the_check_tells_nothing_beyond_the_receipt(resident_in: Enter, stranger: Client) -> None:
    raili = resident_in("raili")
    old, latest = answered(raili, back=True)
    told = stranger.post("/verify/", {"text": file_of(raili, old).decode()}).content.decode()
    page = stranger.post("/fi/verify/", {"text": file_of(raili, old).decode()}, headers=PASTED).content.decode()
    assert [secret for secret in (str(latest), str(raili.person), "withdrawn") if secret in told + page] == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fi", "Kuitti ei ole aito: sitä on muutettu allekirjoituksen jälkeen."),
        ("sv", "Kvittot är inte äkta: det har ändrats efter att det undertecknades."),
        ("en", "This receipt is not genuine: it was changed after it was signed."),
    ],
)
def test_a_changed_receipt_is_refused_in_the_readers_language(
    language: str, sentence: str, resident_in: Enter, stranger: Client
) -> None:
    raili = resident_in("raili")
    (receipt,) = answered(raili)
    changed = file_of(raili, receipt).replace(b'"covered":false', b'"covered":true', 1).decode()
    page = stranger.post(f"/{language}/verify/", {"text": changed}, headers=PASTED)
    reply = stranger.post("/verify/", {"text": changed}, HTTP_ACCEPT_LANGUAGE=language).json()
    assert (page.status_code, sentence in page.content.decode(), reply["message"]) == (422, True, sentence)


@pytest.mark.parametrize(
    ("brought", "status", "fault"),
    [
        ({"data": {}}, 422, "empty"),
        ({"data": b"", "content_type": "application/json"}, 422, "empty"),
        ({"data": b"\x00\x01", "content_type": "application/octet-stream"}, 422, "not_a_receipt"),
        ({"data": {"text": "hello"}}, 422, "not_a_receipt"),
        ({"data": b"hello", "content_type": "application/x-www-form-urlencoded"}, 422, "not_a_receipt"),
        ({"data": b"[" * 9000, "content_type": "application/json"}, 422, "not_a_receipt"),
        ({"data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=x"}, 422, "empty"),
        ({"data": b"--x", "content_type": "multipart/form-data"}, 422, "not_a_receipt"),
        ({"data": b"a=1", "content_type": "multipart/form-data; boundary=\xe4"}, 422, "not_a_receipt"),
        ({"data": b"&" * 5000 + b"a=b", "content_type": "application/x-www-form-urlencoded"}, 422, "not_a_receipt"),
        ({"data": b"a=%ff", "content_type": "application/x-www-form-urlencoded"}, 422, "not_a_receipt"),
        ({"data": {"file": io.BytesIO(b" " * 300_000)}}, 413, "too_big"),
        ({"data": b'{"receipt":{},"signature":"e30..x"}', "content_type": "application/json"}, 422, "unknown_key"),
    ],
)
def test_whatever_is_brought_a_sentence_answers(
    brought: dict[str, Any], status: int, fault: str, stranger: Client
) -> None:
    answer = stranger.post("/verify/", **brought)
    told = answer.json()
    assert (answer.status_code, told["fault"], told["genuine"]) == (status, fault, False)
    assert told["message"].endswith(".")


def test_a_charset_that_does_not_exist_is_no_fault_of_ours(stranger: Client) -> None:
    kind = "multipart/form-data; boundary=x; charset=nonsense"
    body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\r\n--x--\r\n'
    answers = [stranger.generic("POST", "/verify/", body, kind)]
    answers.append(
        stranger.generic("POST", "/verify/", b"a=%ff", "application/x-www-form-urlencoded; charset=nonsense")
    )
    assert [answer.status_code for answer in answers] == [422, 422]


@pytest.mark.security("V2.4.1")
def test_one_address_may_check_only_so_often(settings: LazySettings, stranger: Client) -> None:
    settings.VERIFICATIONS_PER_MINUTE = 2
    answers = [stranger.post("/verify/", {}, REMOTE_ADDR="192.0.2.77") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert answers[-1].json()["fault"] == "too_often"
    assert 0 < int(answers[-1]["Retry-After"]) <= 60


def test_the_address_in_the_code_leads_to_the_page_in_the_readers_language(stranger: Client) -> None:
    answer = stranger.get("/verify/", HTTP_ACCEPT_LANGUAGE="sv")
    assert (answer.status_code, answer["Location"]) == (302, "/sv/verify/")


def test_the_key_set_holds_the_key_of_a_receipt(resident_in: Enter, stranger: Client) -> None:
    raili = resident_in("raili")
    (receipt,) = answered(raili)
    told = stranger.post("/verify/", {"text": file_of(raili, receipt).decode()}).json()
    keys = stranger.get("/.well-known/jwks.json").json()["keys"]
    assert told["key"] in {key["kid"] for key in keys}
    assert [key for key in keys if "d" in key] == []
    assert json.loads(file_of(raili, receipt))["receipt"]["verify_at"].endswith("/verify/")


def test_a_receipt_is_verified_by_hand_as_the_documentation_says(resident_in: Enter, stranger: Client) -> None:
    raili = resident_in("raili")
    (receipt,) = answered(raili)
    file = json.loads(file_of(raili, receipt))
    keys = KeySet.import_key_set(stranger.get("/.well-known/jwks.json").json())
    signature, payload = file["signature"].encode(), rfc8785.dumps(file["receipt"])
    jws.deserialize_compact(signature, keys, algorithms=["ES256"], payload=payload)
    with pytest.raises(BadSignatureError):
        jws.deserialize_compact(signature, keys, algorithms=["ES256"], payload=payload + b" ")
