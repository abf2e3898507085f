"""What happens to the reader's data after they moved away."""

from django.http import HttpResponse
from django.template.response import TemplateResponse

from portal.pages.door import ResidentRequest, own_page
from portal.requests.life.queries import move_of


@own_page
def moved_away(request: ResidentRequest) -> HttpResponse:
    """As the population register told; who moved back reads that nothing changes."""
    return TemplateResponse(request, "pages/moved_away.html", {"move": move_of(request.me)})
