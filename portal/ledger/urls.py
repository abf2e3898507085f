"""Addresses of the log for machines: no language, as C2SP tlog-tiles has them."""

from django.urls import path, re_path

from portal.ledger import views

_TILE = r"^tile/(?P<level>[0-7])/(?P<number>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?\Z"

urlpatterns = [
    path("checkpoint", views.checkpoint),
    path("checkpoints/", views.checkpoints),
    re_path(
        r"^tile/(?P<level>[0-7])/(?P<number>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?\Z", views.tile
    ),
    path("proof/inclusion", views.inclusion_proof),
    path("proof/consistency", views.consistency_proof),
    path("key", views.key),
]
