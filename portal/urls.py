"""The residents' door: public and personal pages, and the API."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularJSONAPIView

from portal.pages.views import (
    algorithms,
    bringing_packages,
    cases,
    donations,
    errands,
    fetching,
    handing_over,
    public,
    receipts,
    reports,
    rulebook,
    schemas,
    taking,
    ties,
)
from portal.people.suomifi import views as suomifi
from portal.people.views import sign_out
from portal.rest.nowhere import NowhereView

handler404 = "portal.pages.errors.not_found"
handler403 = "portal.pages.errors.not_found"

urlpatterns: list[URLPattern | URLResolver] = [
    # First, for they are called thousands of times while one page is read.
    path("api/v1/", include("consents.urls")),
    path("api/v1/", include("datasources.urls")),
    path("", public.choose_language),
    path("home", public.after_sign_in),
    path("sign-in/suomifi/", suomifi.oauth2_login, name="suomifi_login"),
    path("sign-in/suomifi/callback/", suomifi.oauth2_callback, name="suomifi_callback"),
    # Registered at the makers' of watches, to the letter.
    path("devices/tied/<slug:maker>/", ties.tied, name="tied"),
    # To where departments' services lead people (docs/return-link.md).
    path("errand/", errands.arrive, name="errand_arrive"),
    # Known to the other cities, to the letter.
    path("transfers/arrived", bringing_packages.arrived, name="transfers_arrived"),
    path("sign-out/", sign_out, name="sign_out"),
    path("signed-out/", RedirectView.as_view(url="/fi/signed-out/")),
    path("favicon.ico", public.mark),
    path("city.css", public.city_css, name="city_css"),
    path(".well-known/login-jwks.json", suomifi.login_keys),
    path("browser-reports/", reports.browser_reports),
    path("verify/", receipts.verify_page, name="verify_anywhere"),
    path("schemas/consent-receipt-1.json", receipts.schema),
    path("schemas/donation-form-1.json", donations.schema),
    path("schemas/package-1.json", taking.schema),
    path("use-cases/feed/<slug:language>/", cases.feed, name="feed"),
    path("use-cases/feed/<slug:language>/<slug:case>/", cases.feed, name="case_feed"),
    # Between cities: addresses that other cities know to the letter.
    path("transfers/authorize", handing_over.authorize, name="authorize"),
    path("transfers/token", fetching.token),
    path("transfers/package", fetching.package),
    path("schemas/transfer-package-1.json", schemas.transfer_package),
    path("schemas/datasets/<slug:slug>.json", schemas.dataset, name="dataset_schema"),
    path("schemas/algorithms/<slug:form>.json", algorithms.schema, name="algorithm_schema"),
    # Without a language: addresses that other registers read from.
    path("algorithms.json", algorithms.all_json, name="algorithms_json"),
    path("algorithms.csv", algorithms.all_csv, name="algorithms_csv"),
    path("algorithms/<slug:algorithm>.json", algorithms.one_json, name="algorithm_json"),
    path("algorithms/<slug:algorithm>.csv", algorithms.one_csv, name="algorithm_csv"),
    path("rulebook.json", rulebook.rulebook_json, name="rulebook_json"),
    path("rulebook/<str:version>.json", rulebook.rulebook_version_json, name="rulebook_version_json"),
    path("log/", include("portal.ledger.urls")),
    path("", include("portal.rest.urls")),
    path("api/v1/openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    # Below all other addresses of the API.
    re_path(r"^api/v1/[\s\S]*\Z", NowhereView.as_view()),
    *i18n_patterns(path("", include("portal.pages.urls"))),
]
