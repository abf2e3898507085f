"""The whole text of one version, at an address that stays."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from consents.models import PurposeText
from consents.queries.texts import field_names, fields_asked, published_texts, text_last_answered
from portal.pages.data_names import listed
from portal.pages.door import ResidentRequest, resident_page
from portal.pages.matters import consents
from portal.pages.permission_cards import in_language
from portal.pages.readability import readability_of
from portal.pages.text_changes import changes_between, marked_parts


def _compared_with(text: PurposeText, answered: PurposeText | None, texts: list[PurposeText]) -> PurposeText | None:
    """The version last answered, when the text is newer; else the one just before."""
    if answered and answered.version < text.version:
        return answered
    return next((each for each in texts if each.version < text.version), None)


@resident_page
def permission_text(request: ResidentRequest, pk: UUID, version: int) -> HttpResponse:
    """Every part, with what changed marked; which data; how readable it is."""
    consent = get_object_or_404(consents(request), pk=pk)
    texts = published_texts(consent)
    text = next((each for each in texts if each.version == version), None)
    if text is None:
        raise Http404
    data = fields_asked(text) or ()
    answered = text_last_answered(consent)
    before = _compared_with(text, answered, texts)
    return TemplateResponse(
        request,
        "pages/permission_text.html",
        {
            "consent_id": consent.pk,
            "recipient": consent.purpose.department.name,
            "text": in_language(text),
            "version": text.version,
            "published_at": text.published_at,
            "parts": marked_parts(text, before),
            "changes": changes_between(before, text) if before else None,
            "before_answered": bool(before and answered and before.pk == answered.pk),
            "data": listed(field_names(data), data),
            "readability": readability_of(text),
            "other_versions": [each for each in texts if each.pk != text.pk],
        },
    )
