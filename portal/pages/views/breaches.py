"""What went wrong with the reader's own data, as they were told (GDPR 34)."""

from django.http import HttpResponse
from django.template.response import TemplateResponse

from portal.i18n.languages import language_now
from portal.pages.door import ResidentRequest, own_page
from portal.requests.breaches import breaches_told


@own_page
def breaches(request: ResidentRequest) -> HttpResponse:
    """Newest first, in the reader's language."""
    language = language_now()
    told = [(at, texts[language]) for at, texts in breaches_told(request.me)]
    return TemplateResponse(request, "pages/breaches.html", {"breaches": told})
