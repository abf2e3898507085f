"""Addresses of the API over what the city holds."""

from django.urls import path

from datasources.api.records import RecordsView

urlpatterns = [path("datasets/<slug:dataset>/records/", RecordsView.as_view(), name="records")]
