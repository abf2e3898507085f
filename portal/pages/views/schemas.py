"""Published schemas of packages between cities: of their list, and of each dataset's rows."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from datasources.transfers.datasets import schema_of
from datasources.transfers.package.crate import published_schema

_TYPE = "application/schema+json"


@require_GET
@cache_control(public=True, max_age=3600)
def dataset(request: HttpRequest, slug: str) -> HttpResponse:
    """/schemas/datasets/<slug>.json."""
    schema = schema_of(slug, url=settings.PUBLIC_URL)
    if schema is None:
        raise Http404
    return JsonResponse(schema, content_type=_TYPE)


@require_GET
@cache_control(public=True, max_age=86400)
def transfer_package(request: HttpRequest) -> HttpResponse:
    """/schemas/transfer-package-1.json."""
    return JsonResponse(published_schema(settings.PUBLIC_URL), content_type=_TYPE)
