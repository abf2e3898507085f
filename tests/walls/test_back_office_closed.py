"""The back office to somebody who has come in and has no right there: every page of it is closed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db.models import Model
from django.urls import URLPattern, URLResolver
from django.utils import timezone

from consents.actions.limiting import Wanted, hold_back
from consents.donations.keeping import draft_outcome
from consents.enums import Ground
from consents.errands.keeping import propose_address
from consents.manuscripts.models import Manuscript
from consents.models import Purpose
from portal.ledger.actor import Actor, ActorKind, Right, resident
from portal.people.reviews import draw_for_review
from portal.requests.actions import Asked, make_request
from portal.requests.breach_models import Breach
from portal.requests.breaches import draft_breach
from portal.requests.enums import RequestKind
from portal.requests.erasing.holding import Held, make_hold
from portal.rest.models import Client as Program
from portal.servicepoint.urls import urlpatterns as desk
from portal.staff.apps import find_pages
from portal.walls import Role, scope
from tests.consents.test_donations import HALLS, REPORT
from tests.fairness.lives import published
from tests.house.sources import PRODUCT
from tests.pages.conftest import city, resident_in
from tests.residents import Resident
from tests.staffing import Hire, hire
from tests.usecases.talking import comments

__all__ = ["city", "hire", "resident_in"]
# What everyone who has come in may do: read the front page, and go.
OPEN = {"index", "logout", "login", "jsi18n", "password_change", "password_change_done"}
# A right of the office of ones own: a program's client is looked up by its key, which nobody there has.
KEEPER = Actor(ActorKind.STAFF, "keeper-1", Right.OFFICE, unit="sports", role="keeper")
# One of each kind, or nobody could tell whether a page is closed or its row is not there.
_MADE = {
    *("usecases.Word", "consents.Outcome", "erasing.LegalHold", "requests.Breach", "algorithms.Evaluation"),
    *("requests.Request", "consents.ReturnAddress", "consents.Restriction", "rest.Client", "people.OpeningReview"),
    *("consents.Purpose", "consents.PurposeText", "algorithms.Algorithm", "algorithms.AlgorithmVersion"),
    *("usecases.Case", "datasources.Source", "datasources.Register", "datasources.Dataset"),
}


def _one_of_each(raili: Resident) -> None:
    now = timezone.now()
    comments(raili)
    published()
    with scope(Role.RESIDENT, persons=[raili.person]):
        told: dict[str, Any] = {"person": raili.person, "by": resident(raili.person), "at": now}
        asked, _ = make_request(Asked(RequestKind.ASK, department="sports"), language="fi", **told)
        hold_back(Wanted("sports", Ground.ACCURACY, register="sports-customers"), request=asked.pk, **told)
    with scope(Role.STAFF, departments=["*"]):
        draft_outcome(Purpose.objects.get(slug=HALLS), parts=REPORT, by=KEEPER, at=now)
        make_hold(Held("r", "l", "c", now.date() + timedelta(days=9), register="sports-customers"), by=KEEPER, at=now)
        words = dict.fromkeys(("nature", "consequences", "measures", "told_fi", "told_sv", "told_en"), "x")
        draft_breach(Breach(from_at=now - timedelta(days=1), until_at=now, known_at=now, **words), by=KEEPER, at=now)
        program = Program.objects.get()
        propose_address(program.pk, "sports", "https://sports.example/back/", by=KEEPER, at=now)
        draw_for_review(uuid4(), by=KEEPER, at=now)


def _pages(patterns: list[Any], before: str = "/admin/") -> Iterator[tuple[str, str]]:
    """(name, route) of every page."""
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _pages(each.url_patterns, route)
        elif isinstance(each, URLPattern) and each.name and each.name not in OPEN:
            yield each.name, route


def _rows() -> dict[str, Model]:
    """{beginning of the names of its pages: a row that there is}."""
    find_pages()
    found = {}
    for model in admin.site._registry:
        if model.__module__.split(".")[0] not in PRODUCT:
            continue
        with scope(Role.STAFF, departments=["*"]):
            row = model._default_manager.first()
        if row is not None:
            found[f"{model._meta.app_label}_{model._meta.model_name}_"] = row
    with scope(Role.STAFF, departments=["*"]):
        # It has more pages than others.
        purpose = Purpose.objects.get(slug=HALLS)
        return found | {"consents_purpose_": purpose, "desk_": purpose}


def _filled(route: str, row: Model, texts: dict[Any, Manuscript]) -> str:
    told = {"<path:object_id>": row.pk, "<uuid:pk>": row.pk, "<slug:language>": "fi", "<int:version>": 1}
    if row.pk in texts:
        told["<uuid:row_pk>"] = texts[row.pk].pk
    for name, value in told.items():
        route = route.replace(name, str(value))
    return route


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_opens_to_whoever_has_no_right(
    method: str, hire: Hire, resident_in: Any, settings: Any, tmp_path: Any
) -> None:
    settings.REVIEWED_OPENINGS_PERCENT = 100
    call_command("make_client", "sports", "--out", str(tmp_path / "key.json"), verbosity=0)
    _one_of_each(resident_in("raili"))
    rows = _rows()
    assert {row._meta.label for row in rows.values()} >= _MADE
    with scope(Role.STAFF, departments=["*"]):
        kinds = {type(row) for row in rows.values() if isinstance(row, Manuscript)}
        texts = {text.subject.pk: text for kind in kinds for text in kind._default_manager.all()}
    stranger = hire("nobody", "*")
    opened = {}
    for name, route in (*_pages(admin.site.get_urls()), *_pages(desk, "/admin/desk/")):
        row = next((row for begins, row in rows.items() if name.startswith(begins)), None)
        address = route if row is None else _filled(route, row, texts)
        if "<" in address:
            # There is nothing of it to look at.
            continue
        answer = getattr(stranger, method)(address)
        if answer.status_code not in {403, 404, 405}:
            opened[name] = (address, answer.status_code)
    assert opened == {}
