"""An algorithm is to leave one's data alone: objected to where it may be, said no to where it rests on permission."""

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse

from consents.algorithms.objecting import Stoppable, stoppable
from consents.queries.programs import standing_against
from portal.i18n.languages import language_now
from portal.pages.door import ResidentRequest, not_shown, resident_page
from portal.pages.forms import StopAlgorithmForm
from portal.pages.matters import covers
from portal.pages.views.limiting import sent
from portal.requests.enums import RequestKind
from portal.requests.limiting import Limit


@resident_page
def object_to_algorithm(request: ResidentRequest, algorithm: str) -> HttpResponse:
    """GDPR 21, and 7(3) of a part: from the press on the next check, disclosure and use by it are refused."""
    found = stoppable(algorithm, language_now())
    if found is None:
        raise Http404
    if not covers(request, found.department):
        return not_shown(request)
    standing = standing_against(request.person, algorithm)
    weighed = found.basis not in {"", "a"}
    form = StopAlgorithmForm(request.POST if request.method == "POST" else None, weighed=weighed)
    if standing is None and found.basis and form.is_valid():
        return _send(request, found, form.cleaned_data["said"])
    context = {"algorithm": found, "form": form, "standing": standing, "weighed": weighed}
    return TemplateResponse(request, "pages/object_to_algorithm.html", context, status=422 if form.errors else 200)


def _send(request: ResidentRequest, found: Stoppable, said: str) -> HttpResponse:
    limit = Limit(RequestKind.OBJECT, found.department, found.ground, said, algorithm=found.slug)
    return sent(request, limit, language=language_now())
