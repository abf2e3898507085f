"""`check_consents`: every row is what its events add up to, and one that is not is named and left alone."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from consents.models import Consent
from portal.walls import Role, scope
from tests.consents.asked import NOW, OPTIONAL, Asked


@pytest.fixture
def asked(city: None) -> Asked:
    found = Asked()
    found.give(OPTIONAL, at=NOW)
    return found


def test_rows_that_are_in_line_are_counted(asked: Asked) -> None:
    said = StringIO()
    call_command("check_consents", stdout=said)
    assert said.getvalue().strip() == "Permissions that are what their events add up to: 1."


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        ({"state": "suspended"}, "state"),
        ({"fields": ["sports-courses.course"]}, "fields"),
        ({"datasets": ["library-loans"]}, "datasets"),
        ({"valid_until": NOW + timedelta(days=9999)}, "valid_until"),
        ({"requested_at": NOW - timedelta(days=2)}, "requested_at"),
        ({"answered_at": NOW - timedelta(days=1)}, "answered_at"),
    ],
)
def test_a_row_that_says_otherwise_is_named_and_left_alone(asked: Asked, wrong: dict[str, object], names: str) -> None:
    with scope(Role.WORKER):
        Consent.objects.filter(pk=asked.id).update(**wrong)
    said = StringIO()
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("check_consents", stderr=said)
    assert said.getvalue().strip() == f"{asked.id}: {names}"
    assert str(asked.person) not in said.getvalue()
    with scope(Role.WORKER):
        assert Consent.objects.filter(pk=asked.id, **wrong).exists()
