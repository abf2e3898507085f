"""Addresses of the API's manners."""

from django.urls import path

from portal.rest import views

urlpatterns = [
    path("oauth/token/", views.token, name="token"),
    path("oauth/revoke/", views.revoke, name="revoke"),
    path(".well-known/jwks.json", views.keys),
    path(".well-known/oauth-authorization-server", views.metadata),
    path("api/v1/docs/", views.reference, name="api_reference"),
    path("api/problems/<slug:slug>/", views.explained, name="problem"),
]
