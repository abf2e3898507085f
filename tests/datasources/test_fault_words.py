"""What went wrong is kept by kind, and told to staff in their own language."""

import inspect
from collections.abc import Callable
from html import unescape

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override

from datasources import errors
from datasources.actions.pulls import pull_source
from datasources.actions.trials import ask_for_trial, run_trial
from datasources.admin.sources import with_sentences
from datasources.enums import FaultKind
from datasources.models import PullKind, TrialKind
from datasources.protocol import Limits
from datasources.rules.faults import kept, kind_of, told
from demo.departments.moods import Mood
from portal.walls import Role, scope
from tests.datasources.conftest import BY, NIGHT, City, source

# These are no failures, or told otherwise.
NO_FAILURES = {errors.NothingNew, errors.Same, errors.SourceFault}
FAULTS = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, errors.SourceFault)]


@pytest.mark.parametrize("fault", [each for each in FAULTS if each not in NO_FAILURES])
def test_every_fault_has_a_kind_of_its_own_or_its_parents(fault: type[errors.SourceFault]) -> None:
    assert kind_of(fault.__new__(fault)) is not FaultKind.OTHER


def test_several_are_told_each_once() -> None:
    kinds = kept([FaultKind.DRIFTED, FaultKind.GARBLED, FaultKind.DRIFTED])
    with override("en"):
        assert told(kinds) == f"{FaultKind.DRIFTED.label} {FaultKind.GARBLED.label}"
    assert (told(""), told("Gone")) == ("", "")


def test_all_kinds_together_fit_their_column() -> None:
    assert len(kept(FaultKind)) <= 200


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("mood", "kind"), [(Mood.DOWN, "Unreachable"), (Mood.SLOW, "TooSlow"), (Mood.WRONG, "Garbled")]
)
def test_a_pull_and_its_source_keep_the_kind(city: City, mood: Mood, kind: str) -> None:
    city.departments.moods.set("library", mood, slow_seconds=4)
    pull = pull_source(source("library").pk, kind=PullKind.NIGHTLY, by=BY, at=NIGHT, limits=Limits.within(2))
    assert (pull.faults, source("library").last_faults) == (kind, kind)
    city.departments.moods.set("library", Mood.OK)
    pull_source(source("library").pk, kind=PullKind.NIGHTLY, by=BY, at=NIGHT)
    assert source("library").last_faults == ""


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("language", "sentence", "closely"),
    [
        ("fi", "Järjestelmä ei vastaa tai on epäkunnossa.", "Verkkorajapinta on epäkunnossa (HTTP 503)."),
        ("sv", "Systemet svarar inte eller är ur funktion.", "Webbgränssnittet är ur funktion (HTTP 503)."),
        (
            "en",
            "The system does not answer, or is out of order.",
            "The web interface is out of order (HTTP 503).",
        ),
    ],
)
def test_a_trial_tells_it_in_the_language_of_whoever_looks(
    city: City, language: str, sentence: str, closely: str
) -> None:
    city.departments.moods.set("library", Mood.DOWN)
    with scope(Role.STAFF, departments=["*"]):
        asked = ask_for_trial(source("library"), TrialKind.CONNECTION, by=BY, at=NIGHT)
    trial = run_trial(asked.pk, by=BY, at=NIGHT)
    with override(language):
        page = render_to_string("components/trial.html", {"trial": with_sentences(trial), "mine": ""})
    assert sentence in page
    assert closely in page


def test_the_lists_and_rows_of_pulls_tell_it_too(city: City, keeper_of: Callable[..., Client]) -> None:
    city.departments.moods.set("library", Mood.DOWN)
    pull = pull_source(source("library").pk, kind=PullKind.NIGHTLY, by=BY, at=NIGHT)
    keeper = keeper_of("library")
    for path in (
        "/admin/datasources/pull/",
        f"/admin/datasources/pull/{pull.pk}/change/",
        "/admin/datasources/source/",
        f"/admin/datasources/source/{source('library').pk}/change/",
    ):
        page = keeper.get(path, follow=True)
        assert page.status_code == 200
        assert str(FaultKind.UNREACHABLE.label) in unescape(page.content.decode())
