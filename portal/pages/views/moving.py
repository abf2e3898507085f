"""What happens to somebody's data after they moved away."""

from django.http import HttpResponse
from django.template.response import TemplateResponse

from portal.pages.door import ResidentRequest, not_shown, resident_page
from portal.pages.matters import shows_records
from portal.requests.life.queries import move_of


@resident_page
def moved_away(request: ResidentRequest) -> HttpResponse:
    """As the population register told; who moved back reads that nothing changes.

    A guardian reads it of a child whose data they see.
    """
    if not shows_records(request):
        return not_shown(request)
    return TemplateResponse(request, "pages/moved_away.html", {"move": move_of(request.person)})
