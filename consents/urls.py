"""Addresses of the API over permissions."""

from django.urls import path

from consents.api.catalogue import DatasetsView, PurposesView
from consents.api.checks import ChecksView

urlpatterns = [
    path("checks/", ChecksView.as_view(), name="checks"),
    path("datasets/", DatasetsView.as_view(), name="api_datasets"),
    path("purposes/", PurposesView.as_view(), name="api_purposes"),
]
