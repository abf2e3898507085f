"""The URL table of the residents' door, walked: whose each address is, and what it says to whom."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from consents.actions.answering import give
from consents.actions.traces import Shown
from consents.queries.reading import consents_of
from consents.receipts.reading import receipts_of
from demo.watches import EXPORTS, days
from portal.ledger.actor import resident
from portal.ledger.queries import entries_about
from portal.pages.door import resident_page
from portal.requests.actions import Asked, make_request
from portal.requests.enums import RequestKind
from portal.walls import Role, scope
from tests.arriving.bringing_packages import taken_in
from tests.consents.leading import errand_of
from tests.fairness.lives import published
from tests.pages.conftest import city, resident_in
from tests.requests.erasures import erased, planned
from tests.residents import Resident
from tests.usecases.talking import comments, words
from tests.wearables.bringing import allow, bring, days_ago, newest, read_all, routes_kept

__all__ = ["city", "resident_in"]
Enter = Callable[[str], Resident]

LOG_TILE = r"log/^tile/(?P<level>[0-7])/(?P<number>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?\Z"
# Open to everyone. What is neither here, nor a resident's, nor refused without a token, fails the first test.
OPEN = {
    *("", "home", "city.css", "favicon.ico", "browser-reports/", "signed-out/"),
    *("sign-in/suomifi/", "sign-in/suomifi/callback/", "sign-out/"),
    *(".well-known/login-jwks.json", ".well-known/jwks.json", ".well-known/oauth-authorization-server"),
    *("api/problems/<slug:slug>/", "api/v1/openapi.json", "api/v1/docs/", "oauth/token/", "oauth/revoke/"),
    *(
        "fi/",
        "fi/registers/",
        "fi/registers/<slug:slug>/",
        "fi/algorithms/",
        "fi/algorithms/<slug:algorithm>/",
        "fi/algorithms/<slug:algorithm>/versions/<int:version>/",
        "fi/algorithms/<slug:algorithm>/fairness/<uuid:pk>/",
        "fi/algorithms/<slug:algorithm>/fairness/<uuid:pk>/bundle/",
        "fi/help/",
        "fi/privacy/",
        "fi/seals/",
        "fi/rulebook/",
        "fi/walks/",
        "fi/walks/csv/",
        "fi/rulebook/versions/<str:version>/",
        "fi/signed-out/",
        "fi/session-ended/",
    ),
    *("algorithms.json", "algorithms.csv", "schemas/algorithms/<slug:form>.json"),
    *("algorithms/<slug:algorithm>.json", "algorithms/<slug:algorithm>.csv"),
    *("verify/", "fi/verify/", "schemas/consent-receipt-1.json", "schemas/package-1.json"),
    *("fi/use-cases/", "fi/use-cases/<slug:case>/", "fi/use-cases/effect/", "fi/use-cases/effect/csv/"),
    "fi/use-cases/<slug:case>/effect/csv/",
    *("use-cases/feed/<slug:language>/", "use-cases/feed/<slug:language>/<slug:case>/"),
    *("schemas/transfer-package-1.json", "schemas/datasets/<slug:slug>.json"),
    *("errand/", "schemas/donation-form-1.json"),
    *("fi/donations/", "fi/donations/<slug:donation>/", "fi/donations/<slug:donation>/form/"),
    *("transfers/authorize", "transfers/token", "transfers/package"),
    *("rulebook.json", "rulebook/<str:version>.json"),
    *("log/checkpoint", "log/checkpoints/", "log/proof/inclusion", "log/proof/consistency", "log/key", LOG_TILE),
}
WITH_TOKEN = {
    *("api/v1/checks/", "api/v1/disclosures/", "api/v1/uses/", "api/v1/consent-requests/"),
    *("api/v1/datasets/", "api/v1/purposes/", "api/v1/datasets/<slug:dataset>/records/"),
    *("api/v1/changes/", "api/v1/changes/<uuid:change>/acknowledgement/"),
    r"^api/v1/[\s\S]*\Z",
    *("api/v1/return-addresses/", "api/v1/return-addresses/<uuid:address>/"),
    "api/v1/webhooks/",
    "api/v1/webhooks/<uuid:webhook>/",
    "api/v1/webhooks/<uuid:webhook>/rotate-secret/",
    "api/v1/webhooks/<uuid:webhook>/ping/",
    "api/v1/webhooks/<uuid:webhook>/deliveries/",
    "api/v1/webhooks/<uuid:webhook>/deliveries/<uuid:delivery>/redeliver/",
}
LANGUAGES = ("fi", "sv", "en")
SLUGS = {
    "<slug:department>": "sports",
    "<slug:dataset>": "sports-courses",
    "<slug:slug>": "library-customers",
    "<slug:algorithm>": "exercise-group-suggestion",
    "<slug:form>": "own",
    r"^api/v1/[\s\S]*\Z": "api/v1/no/such/address/",
    "<slug:case>": "swim-reminders",
    "<uuid:comment>": "7c0a8f0e-40a1-4b8a-9c59-1c8a3f0d2b13",
    "<slug:language>": "fi",
    "<slug:measure>": "steps",
    "<slug:maker>": "oura",
    "<slug:purpose>": "exercise-counselling",
    "<int:session>": "0",
    "<str:token>": "no-such-token",
    "<str:ask>": "no-such-question",
    "<int:version>": "1",
    "<str:version>": "1.0",
    "<slug:donation>": "swimming-hall-planning",
    "<uuid:address>": "7c0a8f0e-40a1-4b8a-9c59-1c8a3f0d2b13",
    "<uuid:change>": "7c0a8f0e-40a1-4b8a-9c59-1c8a3f0d2b12",
    "<uuid:webhook>": "7c0a8f0e-40a1-4b8a-9c59-1c8a3f0d2b11",
    "<uuid:delivery>": "0199f2f0-7b11-7d22-8c3e-6d4a6a0e2b11",
}
# Parts of pages: the page they go into says its language.
PARTS = {"fi/data/arriving/"}
ONLY_POST = {
    "fi/rights/erase/copy-again/",
    "fi/people/act/",
    "fi/people/own/",
    "fi/people/earlier/",
    "fi/data/refresh/",
    "fi/session/",
    "fi/devices/ask/<slug:purpose>/",
    "fi/donations/<slug:donation>/ask/",
    "fi/devices/choices/",
    "fi/devices/parts/",
    "fi/move/arrive/from/<slug:slug>/",
    *(f"fi/devices/ties/<slug:maker>/{act}" for act in ("", "cut/", "fetch/")),
    "fi/settings/sessions/<int:session>/end/",
}
# Files to keep: no pages.
BUNDLE = "fi/algorithms/<slug:algorithm>/fairness/<uuid:pk>/bundle/"
RECEIPT_FILES = {f"fi/receipts/<uuid:pk>/{kind}/" for kind in ("json", "pdf", "html")}
# A link that lives for minutes: for a stranger it leads nowhere at all.
LINKS = {"fi/rights/<uuid:pk>/package/<str:token>/"}
FORMS = {"fi/donations/<slug:donation>/form/", "fi/permissions/<uuid:pk>/form/"}
ERRANDS = {"fi/errand/<uuid:pk>/", "fi/errand/<uuid:pk>/back/"}
FILES = RECEIPT_FILES | LINKS | FORMS | {"fi/usage/<uuid:pk>/json/", "fi/rights/<uuid:pk>/receipt/json/", BUNDLE}
FILES |= {"fi/devices/routes/<uuid:pk>/gpx/"}
# For everyone.
TABLES = {"fi/walks/csv/", "fi/use-cases/effect/csv/", "fi/use-cases/<slug:case>/effect/csv/"}
WATCHES = {"fi/devices/files/<uuid:pk>/", "fi/devices/parts/<uuid:pk>/"}
ROUTES = {f"fi/devices/routes/<uuid:pk>/{act}" for act in ("", "gpx/", "remove/")}
KEPT = {f"fi/move/arrive/kept/<uuid:pk>/{act}" for act in ("", "ask/<slug:purpose>/", "remove/")}
KEPT |= {"fi/move/arrive/items/<uuid:pk>/"}
ARRIVED = {"fi/move/arrive/<uuid:pk>/", "fi/move/arrive/<uuid:pk>/rest/"}
RIGHTS = {"fi/rights/<uuid:pk>/", "fi/rights/<uuid:pk>/take-back/", "fi/rights/<uuid:pk>/package/"} | LINKS
ERASED = {"fi/rights/<uuid:pk>/receipt/", "fi/rights/<uuid:pk>/receipt/json/"}
USES = {"fi/usage/<uuid:pk>/", "fi/usage/<uuid:pk>/ask/", "fi/usage/<uuid:pk>/json/"}


def _walk(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, before + str(pattern.pattern))
        else:
            yield before + str(pattern.pattern), pattern


ADDRESSES = dict(_walk(get_resolver("portal.urls")))
PERSONAL = sorted(set(ADDRESSES) - OPEN - WITH_TOKEN)
WITH_ID = [path for path in PERSONAL if "<uuid:pk>" in path]


def filled(path: str, pk: object = "") -> str:
    """An address that leads somewhere."""
    for name, slug in SLUGS.items():
        path = path.replace(name, slug)
    return "/" + path.replace("<uuid:pk>", str(pk))


def _body(content: bytes, pk: object) -> list[str]:
    """What it says, but for the address itself and the form's token."""
    lines = content.decode().replace(str(pk), "").splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line]


@pytest.mark.security("B1")
def test_every_personal_address_passes_by_the_one_door() -> None:
    door = resident_page(lambda request: request).__code__
    past = [path for path in PERSONAL if _innermost(ADDRESSES[path].callback) is not door]
    assert past == []


def _innermost(view: Callable[..., object]) -> object:
    """The code of the guard around a view, under Django's own decorators."""
    while (code := view.__code__) is not resident_page(lambda request: request).__code__:
        if (view := getattr(view, "__wrapped__", None)) is None:  # type: ignore[assignment]
            break
    return code


@pytest.mark.security("B1")
@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_sent_to_sign_in(method: str, city: None) -> None:
    browser = Client(HTTP_HOST="127.0.0.1")
    told = {path: getattr(browser, method)(filled(path, uuid4())) for path in PERSONAL}
    left = ONLY_POST if method == "get" else set()
    wanted = {path: (405, "") if path in left else (404, "") if path in LINKS else (302, "/fi/") for path in PERSONAL}
    assert {path: (each.status_code, _way(each)) for path, each in told.items()} == wanted


def _way(answer: HttpResponse) -> str:
    return answer.headers.get("Location", "").split("?")[0]


@pytest.mark.security("B1")
@pytest.mark.django_db
@pytest.mark.parametrize("path", sorted(WITH_TOKEN))
def test_a_program_without_a_token_is_refused(path: str) -> None:
    assert Client(HTTP_HOST="127.0.0.1").post(filled(path), {}, "application/json").status_code == 401


def rows_of(one: Resident, slug: str, folder: Path) -> dict[str, object]:
    """{address: id of a row that this resident may open there}."""
    with scope(Role.RESIDENT, persons=[one.person]):
        question = consents_of(one.person).get(state="requested", purpose__slug="swimming-reminders")
        given = consents_of(one.person).exclude(pk=question.pk).filter(state="requested").first()
        assert given is not None
        give(given.pk, shown=Shown(given.text_id, "fi"), by=resident(one.person), at=given.requested_at)
        entry = entries_about(one.person).first()
        receipt = receipts_of(one.person).first()
        assert entry is not None
        assert receipt is not None
        asked, _ = make_request(
            Asked(RequestKind.ASK), person=one.person, language="fi", by=resident(one.person), at=given.requested_at
        )
    ids: dict[str, object] = dict.fromkeys(WITH_ID, given.pk)
    ids |= dict.fromkeys(RECEIPT_FILES | {"fi/receipts/<uuid:pk>/"}, receipt.pk)
    ids |= dict.fromkeys(RIGHTS, asked.pk)
    ids |= dict.fromkeys(ERASED, erased(one.person).pk)
    ids["fi/rights/erase/<uuid:pk>/"] = planned(one.person).pk
    comments(one)
    ids["fi/use-cases/yours/<uuid:pk>/"] = words()[-1].pk
    allow(one)
    bring(one, EXPORTS["gpx"](days(days_ago(2), 1)), routes=True)
    read_all(one)
    ids |= dict.fromkeys(WATCHES, newest(one.person).pk) | dict.fromkeys(ROUTES, routes_kept(one)[0].id)
    ids |= dict.fromkeys(ERRANDS, errand_of(one.person, given.purpose_id))
    item = taken_in(one, slug, folder)
    ids |= dict.fromkeys(KEPT, item.pk) | dict.fromkeys(ARRIVED, item.arrival_id)
    return ids | dict.fromkeys(USES, entry.pk) | {"fi/requests/<uuid:pk>/": question.pk}


@pytest.mark.security("V8.2.2", "B1")
@pytest.mark.parametrize("method", ["get", "post"])
def test_anothers_row_looks_like_one_that_is_not_there(method: str, resident_in: Enter, tmp_path: Path) -> None:
    mine, other = resident_in("raili"), resident_in("otso")
    told = {}
    for path, theirs in rows_of(other, "otso", tmp_path).items():
        missing = uuid4()
        refused = getattr(mine.browser, method)(filled(path, theirs))
        absent = getattr(mine.browser, method)(filled(path, missing))
        same = _body(refused.content, theirs) == _body(absent.content, missing)
        told[path] = (refused.status_code, absent.status_code, same)
    assert told == dict.fromkeys(WITH_ID, (404, 404, True))


# About a comment of somebody's, or a proposal in somebody's own words, which is not here.
ABOUT_A_COMMENT = {"fi/use-cases/<slug:case>/comments/<uuid:comment>/report/", "fi/use-cases/<slug:case>/report/"}
# What another city asked: without its question there is nothing to see.
ASKED = {"fi/move/hand-over/<str:ask>/"}
# Acts: whoever only looks is led to the page they belong to.
LEAD_ON = {
    "fi/permissions/<uuid:pk>/renew/",
    "fi/errand/<uuid:pk>/back/",
    "fi/usage/csv/",
    "fi/usage/json/",
    *("fi/rights/correct/", "fi/rights/not-me/"),
    "fi/rights/<uuid:pk>/package/",
    "fi/devices/upload/",
    "fi/move/arrive/upload/",
    "fi/move/arrive/items/<uuid:pk>/",
    "fi/move/arrive/<uuid:pk>/rest/",
    "fi/move/arrive/kept/<uuid:pk>/ask/<slug:purpose>/",
    "fi/devices/parts/<uuid:pk>/",
}


_NO_PAGES = ONLY_POST | LEAD_ON | FILES | TABLES | ASKED | ABOUT_A_COMMENT
PAGES = [path for path in ADDRESSES if path.startswith("fi/") and path not in _NO_PAGES]


def pages_of(one: Resident, slug: str, folder: Path) -> dict[str, object]:
    """{address: id of a row}: every page, with something to see on it."""
    rows = rows_of(one, slug, folder)
    rows |= {"fi/algorithms/<slug:algorithm>/fairness/<uuid:pk>/": published().pk}
    return {path: rows.get(path, "") for path in PAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_rendered_whole_in_every_language(language: str, resident_in: Enter, tmp_path: Path) -> None:
    raili = resident_in("raili")
    pages = pages_of(raili, "raili", tmp_path)
    told = {}
    for path, pk in pages.items():
        answer = raili.browser.get(filled(path, pk).replace("/fi/", f"/{language}/", 1))
        page = answer.content.decode()
        left = [bad for bad in ("{{", "{%", "<style", "style=", "onclick", "None<", "<script>") if bad in page]
        told[path] = (answer.status_code, f'lang="{language}"' in page, left)
    assert told == {path: (200, path not in PARTS, []) for path in pages}
