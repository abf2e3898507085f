"""Everything that was done to a text: who, when, and which words."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from consents.admin.manners import frame
from consents.enums import StepKind
from consents.forms import LABELS, LANGUAGE_NAMES
from consents.models import PurposeText, TextStep
from consents.publishing.differences import differences
from consents.publishing.scopes import sorted_scope


@dataclass(frozen=True)
class Done:
    """One step as the page shows it; `words` are (language, part, marked words)."""

    step: TextStep
    mine: bool
    words: list[tuple[Any, Any, tuple[tuple[str, str], ...]]]
    data_changed: bool


def _done(text: PurposeText, mine: str) -> list[Done]:
    """Oldest first; a saving is compared with the one before, and the first with the version before."""
    before = PurposeText.objects.filter(purpose=text.purpose_id, version__lt=text.version).first()
    parts, scope = (before.parts, before.scope) if before else ({}, {})
    found = []
    for step in text.steps.all():
        words, data_changed = [], False
        if step.kind == StepKind.SAVED:
            words = [
                (LANGUAGE_NAMES[each.language], LABELS[each.part], each.words)
                for each in differences(parts, step.parts or {})
            ]
            # What came with the catalogue names no data of its own: there is nothing to compare with.
            data_changed = scope is not None and sorted_scope(scope) != sorted_scope(step.scope or {})
            parts, scope = step.parts or {}, step.scope
        found.append(Done(step, step.by == mine, words, data_changed))
    return found


def history(request: HttpRequest, text: PurposeText, each: dict[str, Any]) -> HttpResponse:
    """Newest first, with what was taken out and put in marked."""
    steps = reversed(_done(text, request.user.get_username()))
    context = {**each, **frame(request, text.purpose, title=_("History"), text=text, steps=list(steps))}
    return TemplateResponse(request, "admin/consents/text/history.html", context)
