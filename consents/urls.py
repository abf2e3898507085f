"""Addresses of the API over permissions."""

from django.urls import path

from consents.api.catalogue import DatasetsView, PurposesView
from consents.api.changes import AcknowledgementView, ChangesView
from consents.api.checks import ChecksView
from consents.api.disclosures import DisclosuresView
from consents.api.requests import ConsentRequestsView
from consents.api.uses import UsesView

urlpatterns = [
    path("checks/", ChecksView.as_view(), name="checks"),
    path("disclosures/", DisclosuresView.as_view(), name="disclosures"),
    path("uses/", UsesView.as_view(), name="uses"),
    path("consent-requests/", ConsentRequestsView.as_view(), name="consent_requests"),
    path("changes/", ChangesView.as_view(), name="changes"),
    path("changes/<uuid:change>/acknowledgement/", AcknowledgementView.as_view(), name="acknowledgement"),
    path("datasets/", DatasetsView.as_view(), name="api_datasets"),
    path("purposes/", PurposesView.as_view(), name="api_purposes"),
]
