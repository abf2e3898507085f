"""Browsers tell what the policy kept them from: little of it is kept, and nothing that is about anybody."""

import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from portal.pages.views import reports
from portal.privacy import browser_reports
from portal.privacy.models import BrowserReport

pytestmark = pytest.mark.django_db
PAGE = "http://127.0.0.1:8000/en/permissions/7c0a8f0e-40a1-4b8a-9c59-1c8a3f0d2b12/?code=010190-900P"
OLD = "application/csp-report"
NEW = "application/reports+json"


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch) -> Any:
    """tell(body): how a browser is answered; what others told in this minute counts for nobody."""
    counted = iter(range(1, 10_000))
    monkeypatch.setattr(reports, "count", lambda *_, **__: next(counted))

    def told(body: object, kind: str = OLD, *, host: str = "127.0.0.1") -> int:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = Client(HTTP_HOST=host).post("/browser-reports/", sent, content_type=kind)
        return answer.status_code

    return told


def old(blocked: str, *, page: str = PAGE, directive: str = "script-src-elem") -> dict[str, Any]:
    told = {"document-uri": page, "referrer": PAGE, "effective-directive": directive, "blocked-uri": blocked}
    return {"csp-report": told | {"script-sample": "Raili Uimonen", "line-number": 7}}


def kept() -> list[tuple[str, str, str, int]]:
    return list(BrowserReport.objects.order_by("id").values_list("directive", "blocked", "route", "number"))


@pytest.mark.security("V3.4.7", "B23")
def test_an_older_browsers_report_is_kept_without_path_code_or_sample(tell: Any) -> None:
    assert tell(old("https://evil.example/steal?who=010190-900P")) == 204
    assert kept() == [("script-src-elem", "https://evil.example", "en/permissions/<uuid:pk>/", 1)]
    everything = json.dumps(list(BrowserReport.objects.values()), default=str)
    assert [word for word in ("010190", "Raili", "7c0a8f0e", "steal") if word in everything] == []


def test_a_newer_browsers_reports_are_kept_alike_and_counted(tell: Any) -> None:
    body = {"effectiveDirective": "style-src-attr", "blockedURL": "inline", "documentURL": PAGE, "sample": "x"}
    assert tell([{"type": "csp-violation", "body": body, "user_agent": "x"}] * 2, NEW) == 204
    assert kept() == [("style-src-attr", "inline", "en/permissions/<uuid:pk>/", 2)]


def test_the_staffs_door_has_its_own(tell: Any) -> None:
    assert tell(old("data", page="http://localhost:8000/admin/"), host="localhost") == 204
    assert list(BrowserReport.objects.values_list("door", "blocked")) == [("staff", "data")]


@pytest.mark.parametrize("blocked", ["010190-900P", "javascript:alert(1)", "https://x y/", "chrome-extension://abc"])
def test_whatever_is_no_place_is_told_as_other(blocked: str, tell: Any) -> None:
    tell(old(blocked, page="https://elsewhere.example/who/010190-900P"))
    assert [(row[1], row[2]) for row in kept()] == [("other", "other")]


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"csp-report": 1}', b"\xff", b"[" * 5000])
def test_what_no_browser_sends_is_refused_and_not_kept(body: bytes, tell: Any) -> None:
    assert (tell(body), kept()) == (400, [])


def test_more_than_a_report_holds_is_refused(tell: Any) -> None:
    assert (tell(old("https://x.example/" + "a" * 20_000)), kept()) == (413, [])


def test_more_kinds_than_a_day_may_hold_are_not_kept_and_known_ones_go_on_counting(
    tell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser_reports, "MOST_A_DAY", 2)
    for place in ("a", "b", "c", "a"):
        assert tell(old(f"https://{place}.example/")) == 204
    assert [(row[1], row[3]) for row in kept()] == [("https://a.example", 2), ("https://b.example", 1)]


def test_who_goes_on_and_on_is_told_to_wait(tell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [tell(old("inline")) for _ in range(31)]
    assert (answers[29], answers[30], kept()[0][3]) == (204, 429, 30)


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_it_is_only_told_never_asked(method: str) -> None:
    assert getattr(Client(HTTP_HOST="127.0.0.1"), method)("/browser-reports/").status_code == 405


@pytest.mark.security("V3.4.7")
@pytest.mark.parametrize(("host", "path"), [("127.0.0.1", "/en/"), ("localhost", "/sign-in/")])
def test_pages_name_the_address(host: str, path: str, settings: LazySettings) -> None:
    answer = Client(HTTP_HOST=host).get(path)
    assert answer["Reporting-Endpoints"] == 'own="/browser-reports/"'
    told = {part.strip() for part in answer["Content-Security-Policy"].split(";")}
    assert {"report-uri /browser-reports/", "report-to own"} <= told
