"""An algorithm used it: what a department tells of that over real HTTP, what is refused, and who has objected."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consents.usecases.rules.effect import FEWEST
from demo.client import Department
from demo.uses import batches, guardians
from tests.portal_server import Running
from tests.rest.test_checks import signed_in
from tests.rest.test_disclosures import CODES, SCOPES, call, log_of, wanted

Made = Callable[..., Department]
ALGORITHM = PURPOSE = "exercise-group-suggestion"
WORDS = {"fi": "Ehdotus: uintiryhmä.", "sv": "Förslag: simgruppen.", "en": "Suggested: the swimming group."}
REASON = {"fi": "Kävit uimassa.", "sv": "Du har simmat.", "en": "You went swimming in the autumn."}


def outcome(**changes: Any) -> dict[str, Any]:
    told = {"result": WORDS, "reasons": [REASON], "decided_by": "person", "at": "2026-11-30T10:05:00Z"}
    return {**told, **changes}


def use(code: str, **changes: Any) -> dict[str, Any]:
    told = {
        "subject": {"identity_code": code},
        "at": "2026-11-30T10:00:00Z",
        "unit": "Liikuntaneuvonta",
        "role": "liikuntaneuvoja",
        "purpose": PURPOSE,
        "datasets": ["sports-courses"],
        "algorithm": ALGORITHM,
        "outcome": outcome(),
    }
    return {name: value for name, value in {**told, **changes}.items() if value is not None}


def flaws(told: Any) -> tuple[int, list[str]]:
    return told.status_code, [flaw["pointer"] for flaw in told.json().get("errors", [])]


def test_the_resident_reads_what_came_of_it_and_who_decided(portal: Running, department: Made) -> None:
    browser = signed_in(portal, "p0055")
    told = call(department("sports", *SCOPES), "uses/", {"uses": [use(CODES["p0055"]), use(CODES["lempi"])]})
    assert (told.status_code, told.json()) == (201, {"received": 2})
    log = browser.open(f"{portal.base}/en/usage/?how=algorithm")
    assert log.text.count("An algorithm used your data.") == 1
    row = browser.open(log.link("Details"))
    for part in (WORDS["en"], REASON["en"], "A person decided.", "Exercise group suggestion", "Object to this"):
        assert part in row.text
    assert WORDS["fi"] not in row.text
    assert "It has concerned you once." in browser.open(f"{portal.base}/en/algorithms/{ALGORITHM}/").text


def test_what_the_departments_of_the_demo_tell_is_taken(portal: Running, department: Made) -> None:
    codes = [CODES[slug] for slug in guardians()]
    assert len(codes) >= FEWEST
    taken = [
        call(department(name, *SCOPES), "uses/", {"uses": uses}).json() == {"received": len(uses)}
        for name, _, uses in batches(datetime.now(UTC), codes)
    ]
    assert (len(taken), all(taken)) == (12, True)


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"algorithm": "no-such"}, "algorithm"),
        ({"algorithm": "preschool-place-proposal"}, "algorithm"),
        ({"algorithm": "ai-experiment-2017"}, "algorithm"),
        ({"algorithm": None}, "algorithm"),
        ({"algorithm": "Not A Slug"}, "algorithm"),
        ({"purpose": "swimming-reminders"}, "algorithm"),
        ({"outcome": None}, "outcome"),
        ({"outcome": outcome(decided_by="program")}, "outcome/decided_by"),
        ({"outcome": outcome(decided_by="nobody")}, "outcome/decided_by"),
        ({"outcome": outcome(reasons=[])}, "outcome/reasons"),
        ({"outcome": outcome(reasons=[REASON] * 6)}, "outcome/reasons"),
        ({"outcome": outcome(result={"fi": "x", "sv": "x"})}, "outcome/result"),
        ({"outcome": outcome(result=WORDS | {"en": "x" * 301})}, "outcome/result/en"),
        ({"outcome": outcome(result=WORDS | {"en": "a\u202eb"})}, "outcome/result/en"),
        ({"outcome": outcome(reasons=[REASON, REASON | {"sv": f"Om {CODES['raili']}."}])}, "outcome/reasons/1"),
        ({"outcome": outcome(at="2026-11-30T10:05:00")}, "outcome/at"),
        ({"outcome": outcome(at="2026-11-30T09:59:00Z")}, "outcome/at"),
        ({"outcome": outcome(at="2031-01-01T00:00:00Z")}, "outcome/at"),
        ({"outcome": outcome(score=0.7)}, "outcome/score"),
    ],
)
def test_one_wrong_means_none_taken_and_the_member_is_named(
    wrong: dict[str, Any], pointer: str, portal: Running, department: Made
) -> None:
    browser = signed_in(portal, "lempi")
    before = log_of(browser, portal.base).count("An algorithm used your data.")
    sports = department("sports", *SCOPES)
    told = call(sports, "uses/", {"uses": [use(CODES["lempi"]), use(CODES["lempi"], **wrong)]})
    assert flaws(told) == (400, [f"/uses/1/{pointer}"])
    assert log_of(browser, portal.base).count("An algorithm used your data.") == before


@pytest.mark.parametrize("path", ["checks/", "disclosures/"])
@pytest.mark.parametrize("algorithm", ["no-such", "preschool-place-proposal", "ai-experiment-2017"])
def test_an_algorithm_that_may_not_asks_in_vain(path: str, algorithm: str, department: Made) -> None:
    told = wanted(CODES["veikko"], algorithm=algorithm, purpose=PURPOSE)
    if path == "checks/":
        told["subjects"] = [told.pop("subject")]
        del told["case"]
    assert flaws(call(department("sports", *SCOPES), path, told)) == (400, ["/algorithm"])


def objected(portal: Running, browser: Any) -> Any:
    page = browser.open(f"{portal.base}/en/algorithms/{ALGORITHM}/object/")
    return browser.send(page, page.forms[-1])


def test_a_use_after_an_objection_is_refused_and_seen_and_one_before_it_is_taken(
    portal: Running, department: Made
) -> None:
    browser, sports = signed_in(portal, "p0053"), department("sports", *SCOPES)
    objected(portal, browser)
    now = datetime.now(UTC) + timedelta(seconds=1)
    late = {"at": now.isoformat(), "outcome": outcome(at=now.isoformat())}
    told = call(sports, "uses/", {"uses": [use(CODES["veikko"]), use(CODES["p0053"], **late)]})
    assert flaws(told) == (409, ["/uses/1/algorithm"])
    assert told.json()["type"].endswith("/algorithm-stopped/")
    assert "although you had objected. It was not accepted." in log_of(browser, portal.base)
    assert call(sports, "uses/", {"uses": [use(CODES["p0053"])]}).status_code == 201
