"""Addresses of the API over permissions."""

from django.urls import path

from consents.api import ChecksView

urlpatterns = [path("checks/", ChecksView.as_view(), name="checks")]
