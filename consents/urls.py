"""Addresses of the API over permissions."""

from django.urls import path

from consents.api.catalogue import DatasetsView, PurposesView
from consents.api.changes import AcknowledgementView, ChangesView
from consents.api.checks import ChecksView
from consents.api.disclosures import DisclosuresView
from consents.api.requests import ConsentRequestsView
from consents.api.return_addresses import ReturnAddressesView, ReturnAddressView
from consents.api.uses import UsesView
from consents.api.webhooks import (
    DeliveriesView,
    PingView,
    RedeliverView,
    SecretView,
    WebhooksView,
    WebhookView,
)

urlpatterns = [
    path("checks/", ChecksView.as_view(), name="checks"),
    path("datasets/", DatasetsView.as_view(), name="api_datasets"),
    path("purposes/", PurposesView.as_view(), name="api_purposes"),
    path("disclosures/", DisclosuresView.as_view(), name="disclosures"),
    path("uses/", UsesView.as_view(), name="uses"),
    path("return-addresses/", ReturnAddressesView.as_view(), name="return_addresses"),
    path("return-addresses/<uuid:address>/", ReturnAddressView.as_view(), name="return_address"),
    path("consent-requests/", ConsentRequestsView.as_view(), name="consent_requests"),
    path("changes/", ChangesView.as_view(), name="changes"),
    path("changes/<uuid:change>/acknowledgement/", AcknowledgementView.as_view(), name="acknowledgement"),
    path("webhooks/", WebhooksView.as_view(), name="webhooks"),
    path("webhooks/<uuid:webhook>/", WebhookView.as_view(), name="webhook"),
    path("webhooks/<uuid:webhook>/rotate-secret/", SecretView.as_view(), name="webhook_secret"),
    path("webhooks/<uuid:webhook>/ping/", PingView.as_view(), name="webhook_ping"),
    path("webhooks/<uuid:webhook>/deliveries/", DeliveriesView.as_view(), name="webhook_deliveries"),
    path(
        "webhooks/<uuid:webhook>/deliveries/<uuid:delivery>/redeliver/",
        RedeliverView.as_view(),
        name="webhook_redeliver",
    ),
]
