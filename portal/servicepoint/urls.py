"""Addresses of the desk's pages: none holds anything of a person."""

from django.urls import path

from portal.servicepoint.views import opened as views
from portal.servicepoint.views import second

urlpatterns = [
    path("", views.start, name="desk"),
    path("open/", views.before, name="desk_before"),
    path("second/", second.second, name="desk_second"),
    path("agree/", second.agreeing, name="desk_agree"),
    path("person/", views.person, name="desk_person"),
    path("close/", views.close, name="desk_close"),
    path("purposes/<uuid:pk>/answer/", views.answer, name="desk_answer"),
    path("purposes/<uuid:pk>/stop/", views.stop, name="desk_stop"),
    path("receipts/<uuid:pk>/", views.receipt, name="desk_receipt"),
    path("receipts/<uuid:pk>/pdf/", views.receipt_pdf, name="desk_receipt_pdf"),
]
