"""The staff's door: the back office and its log-in."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from portal.pages.views import public, reports
from portal.people import views
from portal.people.citystaff import views as citystaff
from portal.people.suomifi.views import login_keys
from portal.staff.apps import find_pages

find_pages()
urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/admin/"), name="start"),
    path("favicon.ico", public.mark),
    path("city.css", public.city_css, name="city_css"),
    path("browser-reports/", reports.browser_reports),
    path(".well-known/login-jwks.json", login_keys),
    path("sign-in/", views.staff_sign_in, name="staff_sign_in"),
    # The second step's pages know the entrance and the way out by allauth's names.
    path("sign-in/", views.staff_sign_in, name="account_login"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("sign-in/city/", citystaff.oauth2_login, name="citystaff_login"),
    path("sign-in/city/callback/", citystaff.oauth2_callback, name="citystaff_callback"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("signed-out/", views.staff_sign_in, name="signed_out"),
    path("second-step/picture.svg", views.second_step_picture, name="second_step_picture"),
    path("second-step/", include("allauth.mfa.urls")),
    path("session-ended/", views.staff_sign_in, name="session_ended"),
    path("admin/login/", views.staff_sign_in),
    path("admin/logout/", views.sign_out),
    path("admin/desk/", include("portal.servicepoint.urls")),
    path("admin/", admin.site.urls),
]
