"""Every call needs its scope: with all the others it is refused, before anything is looked at."""

from collections.abc import Callable
from uuid import uuid4

import httpx2
import pytest
from django.http import HttpRequest
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from consents.urls import urlpatterns as asked
from datasources.urls import urlpatterns as sent
from demo.client import Department
from portal.rest.authentication import caller_of
from portal.rest.models import SCOPES

# {name of the address: (method, path, scope)}. Lists of what may be asked for are read with any token.
NEEDS = {
    "acknowledgement": ("POST", f"changes/{uuid4()}/acknowledgement/", "changes:read"),
    "changes": ("GET", "changes/", "changes:read"),
    "checks": ("POST", "checks/", "consents:check"),
    "consent_requests": ("POST", "consent-requests/", "consents:request"),
    "disclosures": ("POST", "disclosures/", "data:read"),
    "records": ("POST", "datasets/sports-courses/records/", "data:write"),
    "return_address": ("DELETE", f"return-addresses/{uuid4()}/", "consents:request"),
    "return_addresses": ("GET", "return-addresses/", "consents:request"),
    "uses": ("POST", "uses/", "uses:write"),
    "webhook": ("GET", f"webhooks/{uuid4()}/", "webhooks"),
    "webhook_deliveries": ("GET", f"webhooks/{uuid4()}/deliveries/", "webhooks"),
    "webhook_redeliver": ("POST", f"webhooks/{uuid4()}/deliveries/{uuid4()}/redeliver/", "webhooks"),
    "webhook_ping": ("POST", f"webhooks/{uuid4()}/ping/", "webhooks"),
    "webhook_secret": ("POST", f"webhooks/{uuid4()}/rotate-secret/", "webhooks"),
    "webhooks": ("GET", "webhooks/", "webhooks"),
}
ANY = {"api_datasets", "api_purposes"}


def test_every_call_is_here() -> None:
    assert {str(each.name) for each in (*asked, *sent)} == NEEDS.keys() | ANY


@pytest.mark.parametrize("name", NEEDS)
def test_with_every_other_scope_it_is_refused(name: str, department: Callable[..., Department]) -> None:
    method, path, scope = NEEDS[name]
    others = department("sports", "--scopes", *(each for each in SCOPES if each != scope))
    headers = {"Authorization": f"Bearer {others.token()}", "Idempotency-Key": str(uuid4())}
    answer = httpx2.request(method, f"{others.base}/api/v1/{path}", headers=headers)
    assert (answer.status_code, answer.json()["type"].rstrip("/").rpartition("/")[2]) == (403, "not-allowed")


def test_whoever_showed_no_token_is_nobody() -> None:
    with pytest.raises(AuthenticationFailed):
        caller_of(Request(HttpRequest()))
